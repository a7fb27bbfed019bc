//! `update`: installed skills to where their refs are now.

use std::collections::BTreeMap;

use super::lifecycle::{self, State};
use super::skills::{self, TargetArgs};
use super::{Context, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::install::plan::{Plan, Step, Terms};

/// Bring installed skills to the newest state of their sources
///
/// Skills from one repository are fetched together. A skill that was edited here is left alone and named; --force replaces it and
/// keeps the edits in the trash folder.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Installed skills, all of them when none are named; names may be globs
    #[arg(value_name = "SKILL")]
    words: Vec<String>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    change: skills::ChangeArgs,
    /// Update in spite of what this rule finds; may be given several times
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    allow: Vec<String>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let patterns = lifecycle::patterns(&args.words)?;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for target in args.target.targets(context)? {
        if !target.directory.is_dir() {
            failed.extend(skills::unknown(&patterns, &crate::install::lock::Lock::default(), &target.directory));
            continue;
        }
        let (opened, lock) = skills::open_unless(args.change.dry_run, &target.directory, context.ui)?;
        failed.extend(skills::unknown(&patterns, &lock, &target.directory));
        let names = lifecycle::chosen(&patterns, &lock);
        let available = lifecycle::with_access(context, |access| {
            lifecycle::available(&lock, &names, State::Newest, Some(&args.allow), access)
        });
        let (mut entries, mut trees) = (BTreeMap::new(), BTreeMap::new());
        for (name, available) in available {
            match available {
                Ok(available) => {
                    trees.insert(name.clone(), available.tree);
                    entries.insert(name, available.locked);
                }
                Err(error) => failed.push(error),
            }
        }
        let plan = Plan::put(&target.directory, &lock, entries, Terms { force: args.change.force, bring_back: false })?;
        let tree = |step: &Step| {
            trees
                .get(&step.directory)
                .cloned()
                .ok_or_else(|| Error::new(ErrorKind::Invalid, format!("{} was not planned", step.directory)))
        };
        done.push(skills::apply(opened.as_ref(), target, plan, &tree, context)?);
    }
    if done.iter().all(|done| done.plan.steps.is_empty() && done.plan.refused.is_empty()) && failed.is_empty() {
        context.ui.note("nothing is installed here");
    }
    skills::report(&done, failed, args.change.dry_run, args.change.json, context.ui)
}
