//! `verify`: what is installed against what was installed. Nothing is written.

use rayon::prelude::*;
use serde::Serialize;

use super::installed::InstalledArgs;
use super::skills;
use super::target::{TargetArgs, must_be_there};
use super::{Context, Outcome};
use crate::error::Result;
use crate::install::disk::Disk;
use crate::install::naming::DirectoryName;
use crate::install::seal::Seals;
use crate::install::verify::{self, Edit};
use crate::words::escape_in_line;

/// Check that installed skills are as they were installed
///
/// Missing, changed and added files and changed modes are shown; the exit code is 1 when there are any.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installed: InstalledArgs,
    #[command(flatten)]
    target: TargetArgs,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Verified {
    skills_directory: String,
    directory: String,
    edits: Vec<Edit>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ui = context.ui;
    let mut meant = args.installed.meant()?;
    let mut failed = Vec::new();
    let all = skills::in_each(args.target.installed(context)?, &mut failed, |target, failed| {
        if args.target.is_exact() {
            must_be_there(&target.directory)?;
        }
        let lock = skills::read(&target.directory, args.target.patience(context), context)?;
        let names: Vec<DirectoryName> = meant.folders(&lock, &target.directory).into_iter().collect();
        let disk = Disk::open(&target.directory, Seals::default())?;
        let verified: Vec<Result<Verified>> = names
            .par_iter()
            .filter_map(|name| {
                let locked = lock.skills.get(name)?;
                Some(disk.read(name).map(|found| Verified {
                    skills_directory: target.directory.display().to_string(),
                    directory: name.to_string(),
                    edits: verify::edits(&found, locked),
                }))
            })
            .collect();
        let (sound, broken): (Vec<_>, Vec<_>) = verified.into_iter().partition(Result::is_ok);
        failed.extend(broken.into_iter().filter_map(Result::err));
        Ok(Some(sound.into_iter().flatten().collect::<Vec<_>>()))
    });
    failed.extend(meant.unknown());
    let all: Vec<Verified> = all.into_iter().flatten().collect();
    let sound = all.iter().filter(|one| one.edits.is_empty()).count();
    if args.json {
        ui.json(&all)?;
    } else {
        for one in &all {
            for edit in &one.edits {
                ui.line(escape_in_line(&format!(
                    "{}/{}/{}: {}",
                    one.skills_directory,
                    one.directory,
                    edit.path,
                    edit.what.as_str()
                )))?;
            }
        }
        if !all.is_empty() || failed.is_empty() {
            let are = if all.len() == 1 { "skill is as it was" } else { "skills are as they were" };
            ui.note(format_args!("{sound} of {} installed {are} installed", all.len()));
        }
    }
    let outcome = if sound == all.len() { Outcome::Clean } else { Outcome::Findings };
    skills::outcome(failed, !all.is_empty(), outcome, ui)
}
