//! `agents`: every known agent, where it looks, and whether it is used here.

use std::fmt::Write;

use serde::Serialize;

use super::{Context, Outcome, target};
use crate::error::Result;
use crate::install::agents::{self, Agent, Scope};
use crate::words::escape_in_line;

/// List the known agents, their skills directories, and which of them are used here
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Known {
    id: String,
    name: String,
    user: Option<String>,
    project: Option<String>,
    detected: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let surroundings = target::surroundings(context);
    let directory = |agent: &Agent, scope| Some(agent.directory(scope, &surroundings).ok()?.display().to_string());
    let known: Vec<Known> = agents::all()?
        .into_iter()
        .map(|agent| Known {
            user: directory(&agent, Scope::User),
            project: directory(&agent, Scope::Project),
            detected: agent.is_detected(&surroundings),
            id: agent.id,
            name: agent.name,
        })
        .collect();
    if args.json {
        context.ui.json(&known)?;
        return Ok(Outcome::Clean);
    }
    let width = known.iter().map(|agent| agent.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for agent in &known {
        let mark = if agent.detected { '*' } else { ' ' };
        let [user, project] = [&agent.user, &agent.project].map(|path| escape_in_line(path.as_deref().unwrap_or("-")));
        let _ = writeln!(text, "{mark} {:width$}  {user}  {project}", agent.id);
    }
    context.ui.data(text)?;
    context.ui.note("* is used here: a folder of its own exists");
    Ok(Outcome::Clean)
}
