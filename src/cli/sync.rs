//! `sync`: the skills directory as its lock describes it, for another machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::lifecycle::{self, Question, State};
use super::skills;
use super::sources;
use super::target::TargetArgs;
use super::{Context, Outcome, list};
use crate::error::{Error, ErrorKind, Result};
use crate::install::lock::Lock;
use crate::install::naming::DirectoryName;
use crate::install::plan::{Plan, Terms};
use crate::install::rendering::{Renderer, Templates};
use crate::install::target::Target;
use crate::install::transaction;

/// Make a skills directory what its lock says, from the recorded commits
///
/// Only what is missing or changed is fetched. With --locked nothing else is accepted: no missing lock, no edits, no skills that the
/// lock does not know.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    fetch: sources::FetchArgs,
    #[command(flatten)]
    change: skills::ChangeArgs,
    /// Where the template is that skills were rendered with, when it is not where it was
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Refuse anything that the lock does not describe, for CI
    #[arg(long)]
    locked: bool,
    /// Accept what this rule finds; may be given several times
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = super::inspect::rule)]
    allow: Vec<String>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let renderer = args.template.as_deref().map(Renderer::load).transpose()?.map(Arc::new);
    let mut failed = Vec::new();
    let mut targets = args.target.installed(context)?;
    // Of the agents that are found on a machine not all need have skills.
    if !args.target.is_exact() && !args.locked && targets.iter().any(has_lock) {
        targets.retain(has_lock);
    }
    let done = skills::in_each(targets, &mut failed, |target, failed| {
        sync(args, renderer.as_ref(), target, failed, context).map(Some)
    });
    skills::report(&done, failed, args.change.dry_run, args.change.json, context.ui)
}

/// Whether there is a lock, or there may be one when what was interrupted is finished.
fn has_lock(target: &Target) -> bool {
    Lock::is_in(&target.directory) || transaction::is_interrupted(&target.directory)
}

/// Brings one skills directory to what its lock says; skills that cannot be had are in `failed`.
fn sync(
    args: &Args,
    renderer: Option<&Arc<Renderer>>,
    target: Target,
    failed: &mut Vec<Error>,
    context: &Context,
) -> Result<skills::Done> {
    let open = || skills::open_unless(args.change.dry_run, &target.directory, args.target.patience(context), context);
    let opened = has_lock(&target).then(open).transpose()?.filter(|_| has_lock(&target));
    let Some(opened) = opened else {
        let message = format!("there is no lock in {}", target.directory.display());
        return Err(Error::new(ErrorKind::NotFound, message)
            .hint("install something there, or bring the lock from where it was committed"));
    };
    let lock = &opened.lock;
    if args.locked {
        let unmanaged = list::unmanaged(&target.directory, lock)?;
        if let Some(first) = unmanaged.first() {
            let message = format!("{} holds {first}, which the lock does not know", target.directory.display());
            return Err(Error::new(ErrorKind::Refused, message).hint("remove it, or run without --locked"));
        }
    }
    let templates = match renderer {
        Some(renderer) => Templates::at(renderer.clone()),
        None => Templates::of(lock, &target.directory),
    };
    let terms = Terms { force: args.change.force, bring_back: true };
    let mut plan = Plan::restore(&opened.disk, lock, terms)?;
    if args.locked
        && let Some(refused) = plan.refused.first()
    {
        return Err(Error::new(ErrorKind::Refused, format!("{}: {}", refused.directory, refused.why))
            .hint(refused.hint.clone()));
    }
    let wanted: BTreeSet<DirectoryName> =
        plan.steps.iter().filter(|step| step.puts_files()).map(|step| step.directory.clone()).collect();
    let question = Question { state: State::Recorded, allowed: Some(&args.allow), templates: Some(&templates) };
    let available = sources::with_access(args.fetch, context, |access| {
        lifecycle::available(lock, &wanted, question, access, context.ui)
    });
    let mut ready = BTreeMap::new();
    for (name, available) in available {
        match available {
            Ok(available) => drop(ready.insert(name, available)),
            Err(error) if args.locked => return Err(error),
            Err(error) => failed.push(error),
        }
    }
    plan.steps.retain(|step| !step.puts_files() || ready.contains_key(&step.directory));
    skills::apply(&opened, target, plan, &ready, context)
}
