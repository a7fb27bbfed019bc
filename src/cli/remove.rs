//! `remove`: installed skills, and only those.

use std::collections::BTreeMap;

use super::installed::Meant;
use super::skills;
use super::target::TargetArgs;
use super::{Context, Outcome, list};
use crate::error::Result;
use crate::install::plan::{Plan, Terms};
use crate::install::target::Target;

/// Remove installed skills
///
/// What was not installed by skillpress is listed and left alone. A skill that was edited here is left alone and named; --force removes
/// it and keeps the edits in the trash folder.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Installed skills; names may be globs
    #[arg(value_name = "SKILL", required_unless_present = "all", conflicts_with = "all")]
    words: Vec<String>,
    /// Remove every skill that skillpress installed
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    change: skills::ChangeArgs,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ui = context.ui;
    let mut meant = Meant::of(&args.words)?;
    let mut failed = Vec::new();
    let done = skills::in_each(args.target.installed(context)?, &mut failed, |target, _| {
        remove(args, &mut meant, target, context)
    });
    failed.extend(meant.unknown());
    skills::say_if_nothing(&done, &failed, ui);
    let outcome = skills::report(&done, failed, args.change.dry_run, args.change.json, ui);
    std::mem::forget(done);
    outcome
}

/// Removes from one skills directory.
fn remove(args: &Args, meant: &mut Meant, target: Target, context: &Context) -> Result<Option<skills::Done>> {
    let ui = context.ui;
    let Some((opened, names)) = meant.open(&target, args.change, args.target.patience(context), context)? else {
        return Ok(None);
    };
    let lock = &opened.lock;
    let plan = Plan::remove(&opened.disk, lock, &names, Terms { force: args.change.force, bring_back: false })?;
    let done = skills::apply(&opened, target, plan, &BTreeMap::new(), context)?;
    // The thousands that went need not be told from the rest.
    let left = if args.all { list::unmanaged(&done.target.directory, lock).unwrap_or_default() } else { Vec::new() };
    if !left.is_empty() {
        ui.note(format_args!("left alone, since skillpress did not install them: {}", left.join(", ")));
    }
    opened.leave();
    std::mem::forget(names);
    Ok(Some(done))
}
