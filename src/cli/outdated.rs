//! `outdated`: which installed skills have something newer where they came from. Nothing is written.

use serde::Serialize;

use super::installed::InstalledArgs;
use super::lifecycle::{self, Question, State};
use super::skills;
use super::sources;
use super::target::TargetArgs;
use super::{Context, Outcome};
use crate::error::Result;
use crate::words::{escape_in_line, number};

/// Show which installed skills are behind their sources
///
/// Nothing of what is installed changes. The exit code is 1 when something is outdated.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installed: InstalledArgs,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    fetch: sources::FetchArgs,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Outdated {
    skills_directory: String,
    directory: String,
    name: String,
    source: String,
    installed: Option<String>,
    available: Option<String>,
}

/// Whether a skill was rendered does not matter here: its source is compared with what its source was.
const ASKED: Question<'_> = Question { state: State::Newest, allowed: None, templates: None };

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ui = context.ui;
    let mut meant = args.installed.meant()?;
    let (mut outdated, mut failed) = (Vec::new(), Vec::new());
    let mut looked_at = 0;
    skills::in_each(args.target.installed(context)?, &mut failed, |target, failed| {
        let lock = skills::read(&target.directory, args.target.patience(context), context)?;
        let names = meant.folders(&lock, &target.directory);
        let available = sources::with_access(args.fetch, context, |access| {
            lifecycle::available(&lock, &names, ASKED, access, context.ui)
        });
        for (name, available) in available {
            let (Ok(now), Some(then)) = (&available, lock.skills.get(&name)) else {
                failed.extend(available.err());
                continue;
            };
            looked_at += 1;
            if now.locked.digest != then.unrendered() {
                outdated.push(Outdated {
                    skills_directory: target.directory.display().to_string(),
                    directory: name.to_string(),
                    name: then.name.to_string(),
                    source: then.source.to_string(),
                    installed: then.commit.as_ref().map(ToString::to_string),
                    available: now.locked.commit.as_ref().map(ToString::to_string),
                });
            }
        }
        Ok(None::<()>)
    });
    failed.extend(meant.unknown());
    if args.json {
        ui.json(&outdated)?;
    }
    for one in &outdated {
        if !args.json {
            let short =
                |commit: &Option<String>| commit.as_ref().map_or("files".to_owned(), |commit| commit[..10].to_owned());
            let line =
                format!("{}: {} -> {} ({})", one.directory, short(&one.installed), short(&one.available), one.source);
            ui.line(escape_in_line(&line))?;
        }
    }
    if outdated.is_empty() && failed.is_empty() {
        ui.note(format_args!("{}, none is outdated", number(looked_at, "installed skill")));
    }
    let outcome = if outdated.is_empty() { Outcome::Clean } else { Outcome::Findings };
    skills::outcome(failed, looked_at > 0, outcome, ui)
}
