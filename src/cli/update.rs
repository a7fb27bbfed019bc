//! `update`: installed skills to where their refs are now.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::installed::{InstalledArgs, Meant};
use super::lifecycle::{self, Question, State};
use super::skills;
use super::sources;
use super::target::TargetArgs;
use super::{Context, Outcome};
use crate::error::{Error, Result};
use crate::install::plan::{Plan, Terms};
use crate::install::rendering::{Renderer, Templates};
use crate::install::target::Target;

/// Bring installed skills to the newest state of their sources
///
/// Skills from one repository are fetched together. A skill that was edited here is left alone and named; --force replaces it and
/// keeps the edits in the trash folder, and brings back a folder that is missing. A skill that was rendered when it was installed is
/// rendered again, with the same template.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    installed: InstalledArgs,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    fetch: sources::FetchArgs,
    #[command(flatten)]
    change: skills::ChangeArgs,
    /// Render those that were rendered when they were installed with this template from now on
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Update in spite of what this rule finds; may be given several times
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = super::inspect::rule)]
    allow: Vec<String>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let mut meant = args.installed.meant()?;
    let renderer = args.template.as_deref().map(Renderer::load).transpose()?.map(Arc::new);
    let mut failed = Vec::new();
    let done = skills::in_each(args.target.installed(context)?, &mut failed, |target, failed| {
        update(args, &mut meant, renderer.as_ref(), target, failed, context)
    });
    failed.extend(meant.unknown());
    skills::say_if_nothing(&done, &failed, context.ui);
    skills::report(&done, failed, args.change.dry_run, args.change.json, context.ui)
}

/// Updates one skills directory; skills that cannot be had are in `failed`.
fn update(
    args: &Args,
    meant: &mut Meant,
    renderer: Option<&Arc<Renderer>>,
    target: Target,
    failed: &mut Vec<Error>,
    context: &Context,
) -> Result<Option<skills::Done>> {
    let Some((opened, names)) = meant.open(&target, args.change, args.target.patience(context), context)? else {
        return Ok(None);
    };
    let lock = &opened.lock;
    let templates = match renderer {
        Some(renderer) => {
            let path = skills::template_path(renderer, &target.directory, context)?;
            Templates::instead(renderer.clone(), path)
        }
        None => Templates::of(lock, &target.directory),
    };
    let question = Question { state: State::Newest, allowed: Some(&args.allow), templates: Some(&templates) };
    let available = sources::with_access(args.fetch, context, |access| {
        lifecycle::available(lock, &names, question, access, context.ui)
    });
    let mut ready = BTreeMap::new();
    for (name, available) in available {
        match available {
            Ok(available) => drop(ready.insert(name, available)),
            Err(error) => failed.push(error),
        }
    }
    let entries = ready.iter().map(|(name, available)| (name.clone(), available.locked.clone())).collect();
    let plan =
        Plan::put(&opened.disk, lock, entries, Terms { force: args.change.force, bring_back: args.change.force })?;
    skills::apply(&opened, target, plan, &ready, context).map(Some)
}
