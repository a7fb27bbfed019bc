//! `remove`: installed skills, and only those.

use std::collections::BTreeMap;

use super::installed::Meant;
use super::skills;
use super::target::TargetArgs;
use super::{Context, Outcome, list};
use crate::error::Result;
use crate::install::lock::Lock;
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
    let done = skills::in_each(args.target.targets(context)?, &mut failed, |target, _| {
        remove(args, &mut meant, target, context)
    });
    failed.extend(meant.unknown());
    if done.iter().all(|done| done.plan.steps.is_empty() && done.plan.refused.is_empty()) && failed.is_empty() {
        ui.note("nothing is installed here");
    }
    let outcome = skills::report(&done, failed, args.change.dry_run, args.change.json, ui);
    std::mem::forget(done);
    outcome
}

/// Removes from one skills directory.
fn remove(args: &Args, meant: &mut Meant, target: Target, context: &Context) -> Result<Option<skills::Done>> {
    let ui = context.ui;
    if !target.directory.is_dir() {
        meant.folders(&Lock::default(), &target.directory);
        return Ok(None);
    }
    let opened = skills::open_unless(args.change.dry_run, &target.directory, args.target.patience(context), context)?;
    let lock = &opened.lock;
    let names = meant.folders(lock, &target.directory);
    let plan = Plan::remove(&target.directory, lock, &names, Terms { force: args.change.force, bring_back: false })?;
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
