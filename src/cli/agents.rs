//! `agents`: every known agent, where it looks, and whether it is used here.

use std::fmt::Write;
use std::path::PathBuf;

use serde::Serialize;

use super::{Context, Outcome, target};
use crate::error::{Result, escape_in_line};
use crate::install::agents::{self, Scope};

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
    user: Option<PathBuf>,
    project: Option<PathBuf>,
    detected: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let surroundings = target::surroundings(context);
    let known: Vec<Known> = agents::all()?
        .into_iter()
        .map(|agent| Known {
            user: agent.directory(Scope::User, &surroundings).ok(),
            project: agent.directory(Scope::Project, &surroundings).ok(),
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
        let show = |path: &Option<PathBuf>| {
            path.as_ref().map_or("-".to_owned(), |path| escape_in_line(&path.display().to_string()).to_string())
        };
        let _ = writeln!(text, "{mark} {:width$}  {}  {}", agent.id, show(&agent.user), show(&agent.project));
    }
    context.ui.data(text)?;
    context.ui.note("* is used here: a folder of its own exists");
    Ok(Outcome::Clean)
}
