//! `search`: skills by what they say of themselves.

use serde::Serialize;

use super::lookup::{self, Found};
use super::{Context, Outcome};
use crate::error::{Result, escape};
use crate::manifest::Manifest;

/// Find skills whose name or description has all the words
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
    let words: Vec<String> =
        args.query.iter().flat_map(|query| query.split_whitespace()).map(str::to_lowercase).collect();
    let (found, failed) = lookup::all(args.source.as_deref(), context)?;
    for error in &failed {
        context.ui.detail(format_args!("passed over: {error}"));
    }
    let mut hits: Vec<Hit> = found.iter().filter_map(|found| Hit::of(found, &words)).collect();
    hits.sort_by(|one, other| (one.rank, &one.name, &one.source).cmp(&(other.rank, &other.name, &other.source)));
    if args.json {
        context.ui.json(&hits)?;
    } else {
        for hit in &hits {
            let line = format!("{}  ({})\n    {}", hit.name, hit.source, hit.description);
            context.ui.line(escape(&line))?;
        }
        context.ui.note(format_args!("{} of {} skills", hits.len(), found.len()));
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
        let text = format!("{name} {}", description.to_lowercase());
        words.iter().all(|word| text.contains(word)).then(|| {
            let rank = words.iter().filter(|word| !name.contains(word.as_str())).count();
            Self { name, description, source: found.source.clone(), rank }
        })
    }
}
