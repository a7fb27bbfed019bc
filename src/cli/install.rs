//! `install`: from sources into skills directories.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::inspect::findings;
use super::request::{Answer, Request, RequestArgs};
use super::skills;
use super::sources;
use super::target::TargetArgs;
use super::{Context, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::install::inspect;
use crate::install::lock::Locked;
use crate::install::naming::DirectoryName;
use crate::install::plan::{Plan, Terms};
use crate::install::prepared::Prepared;
use crate::install::rendering::Renderer;
use crate::install::target::Target;
use crate::source::Origin;

/// Install skills from a repository, a folder or the bundle
///
/// The first word is a source when it has a `/`, `:` or `\`, starts with `.` or `~`, or is `bundled`; every other word is a skill. With no
/// source, names are looked up in the configured ones in order. With --template every directory gets a rendering for its own agent; skills
/// that are about no application stay as they are.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    #[command(flatten)]
    request: RequestArgs,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    fetch: sources::FetchArgs,
    /// Render each app skill through this template; `agent` and `agents` in it are who reads the skill
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Replace what is in the way; edits are kept in the trash folder
    #[arg(long)]
    force: bool,
    /// Fail where the lock would change
    #[arg(long)]
    locked: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let request = Request::of(&args.request, context)?;
    let renderer = args.template.as_deref().map(Renderer::load).transpose()?;
    let targets = args.target.targets(context)?;
    let access = args.fetch.on(sources::access(context));
    let Answer { ready: wanted, mut failed } = request.answer(context, &access)?;
    context.ui.end_progress();
    let mut as_they_are = BTreeSet::new();
    let done = skills::in_each(targets, &mut failed, |target, failed| {
        let ready;
        let wanted = match &renderer {
            Some(renderer) => {
                let path = skills::template_path(renderer, &target.directory, context)?;
                ready = render(&wanted, renderer, &path, &target, &request.allowed, failed, &mut as_they_are);
                &ready
            }
            None => &wanted,
        };
        let entries = entries(wanted, &target, failed);
        if entries.is_empty() {
            return Ok(None);
        }
        install(wanted, entries, target, args, context).map(Some)
    });
    if !as_they_are.is_empty() {
        let names: Vec<&str> = as_they_are.iter().map(String::as_str).collect();
        context.ui.note(format_args!("no app skills, and not rendered: {}", names.join(", ")));
    }
    let outcome = skills::report(&done, failed, args.dry_run, args.json, context.ui)?;
    if !args.dry_run {
        for one in &done {
            skills::say_cost(one.cost, &one.target.directory, context.ui);
        }
    }
    // The process ends here, and to give back the files of thousands of skills takes longer than to name them.
    std::mem::forget((wanted, done));
    Ok(outcome)
}

/// Everything as the readers of one directory are to see it. What cannot be rendered is in `failed`, what is no app skill in
/// `as_they_are`.
fn render(
    wanted: &BTreeMap<DirectoryName, Prepared>,
    renderer: &Renderer,
    path: &str,
    target: &Target,
    allowed: &[String],
    failed: &mut Vec<Error>,
    as_they_are: &mut BTreeSet<String>,
) -> BTreeMap<DirectoryName, Prepared> {
    let all: Vec<(&DirectoryName, &Prepared)> = wanted.iter().collect();
    let render = |(name, one): (&DirectoryName, &Prepared)| {
        let mine = renderer.rendered(one, &target.agents, path)?;
        if let Some(mine) = &mine {
            inspect::inspect(mine.locked.name.as_str(), &mine.tree, &findings, allowed)?;
        }
        Ok((name.clone(), mine))
    };
    let results: Vec<Result<(DirectoryName, Option<Prepared>)>> = all.into_par_iter().map(render).collect();
    let mut ready = BTreeMap::new();
    for one in results {
        match one {
            Ok((name, Some(mine))) => drop(ready.insert(name, mine)),
            Ok((name, None)) => {
                if let Some(one) = wanted.get(&name) {
                    as_they_are.insert(one.locked.name.to_string());
                    ready.insert(name, one.clone());
                }
            }
            Err(error) => failed.push(error),
        }
    }
    ready
}

/// What the lock is to say. A skill whose source is the very folder that it would be installed to is in `failed`: as an installed one it
/// would be removed some day, and it is the only one there is.
fn entries(
    wanted: &BTreeMap<DirectoryName, Prepared>,
    target: &Target,
    failed: &mut Vec<Error>,
) -> BTreeMap<DirectoryName, Arc<Locked>> {
    let directory = target.directory.canonicalize().ok();
    let mut real: HashMap<&Path, Option<PathBuf>> = HashMap::new();
    let mut entries = BTreeMap::new();
    for (name, one) in wanted {
        let locked = &one.locked;
        if let (Origin::Folder(folder), None, Some(directory)) = (&locked.source, &locked.commit, &directory) {
            let folder = real.entry(folder).or_insert_with(|| folder.canonicalize().ok());
            let skill = locked.path.as_ref().map_or_else(PathBuf::new, |path| PathBuf::from(path.as_str()));
            let there = directory.join(name.as_str());
            if folder.as_ref().is_some_and(|folder| there.as_path() == folder.join(&skill)) {
                let message = format!("{name} would be installed over itself: its source is {}", there.display());
                failed.push(Error::new(ErrorKind::Refused, message).hint("choose another directory with --dir"));
                continue;
            }
        }
        entries.insert(name.clone(), Arc::clone(locked));
    }
    entries
}

fn install(
    wanted: &BTreeMap<DirectoryName, Prepared>,
    entries: BTreeMap<DirectoryName, Arc<Locked>>,
    target: Target,
    args: &Args,
    context: &Context,
) -> Result<skills::Done> {
    let opened = skills::open_unless(args.dry_run, &target.directory, args.target.patience(context), context)?;
    let lock = &opened.lock;
    let terms = Terms { force: args.force, bring_back: true };
    let plan = Plan::put(&opened.disk, lock, entries, terms)?;
    if args.locked && plan.lock_after(lock) != *lock {
        return Err(Error::new(
            ErrorKind::Refused,
            format!("the lock of {} would change, and --locked forbids it", target.directory.display()),
        )
        .hint("run without --locked, look at the change and commit it"));
    }
    skills::apply(&opened, target, plan, wanted, context)
}
