//! `search`: skills by what they say of themselves.

use serde::Serialize;

use super::lookup::{self, All, Found};
use super::{Context, Outcome, skills};
use crate::error::Result;
use crate::manifest::Manifest;
use crate::words::{escape, escape_in_line, grouped, number};

/// Find skills whose name or description has all the words
///
/// The exit code is 1 when there is none.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Words, in any case and order
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// Search this source instead of the configured ones
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Print the skills as JSON
    #[arg(long)]
    json: bool,
}

/// A skill that has all the words.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Hit {
    name: String,
    description: String,
    source: String,
    #[serde(skip)]
    rank: usize,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ui = context.ui;
    let words: Vec<String> =
        args.query.iter().flat_map(|query| query.split_whitespace()).map(str::to_lowercase).collect();
    let All { found, unread, mut unopened } = lookup::all(args.source.as_deref(), context)?;
    let mut hits: Vec<Hit> = found.iter().filter_map(|found| Hit::of(found, &words)).collect();
    hits.sort_by(|one, other| (one.rank, &one.name, &one.source).cmp(&(other.rank, &other.name, &other.source)));
    if args.json {
        ui.json(&hits)?;
    } else {
        for hit in &hits {
            let line = format!("{}  ({})\n    {}", hit.name, escape_in_line(&hit.source), hit.description);
            ui.line(escape(&line))?;
        }
    }
    let mut passed_over = unread;
    if !hits.is_empty() {
        passed_over.append(&mut unopened);
    }
    for error in &passed_over {
        ui.warning(format_args!("passed over: {}", error.in_full()));
    }
    if !unopened.is_empty() {
        // They may have what was not found.
        return skills::outcome(unopened, false, Outcome::Findings, ui);
    }
    if !args.json {
        ui.note(format_args!("{} of {}", grouped(hits.len()), number(found.len(), "skill")));
    }
    Ok(if hits.is_empty() { Outcome::Findings } else { Outcome::Clean })
}

impl Hit {
    /// Names come before descriptions: a skill ranks by how many words its name lacks.
    fn of(found: &Found, words: &[String]) -> Option<Self> {
        let manifest = Manifest::read(found.package.tree.manifest().unwrap_or_default());
        let name = found.package.name.to_string();
        let description = manifest.description().unwrap_or_default();
        let description = description.split_whitespace().collect::<Vec<_>>().join(" ");
        let called = name.to_lowercase();
        let text = format!("{called} {}", description.to_lowercase());
        words.iter().all(|word| text.contains(word)).then(|| {
            let rank = words.iter().filter(|word| !called.contains(word.as_str())).count();
            Self { name, description, source: found.source.clone(), rank }
        })
    }
}
