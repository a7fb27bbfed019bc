//! How the commands about installed skills change a skills directory, and how they say what they did.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::ui::Ui;
use super::{Context, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::install::disk::Disk;
use crate::install::guard::Guard;
use crate::install::lock::Lock;
use crate::install::naming::DirectoryName;
use crate::install::plan::{self, Action, Plan, Step};
use crate::install::prepared::Prepared;
use crate::install::rendering::Renderer;
use crate::install::seal::Seals;
use crate::install::target::Target;
use crate::install::transaction::{self, Applied, Recovered};
use crate::install::trash::Trash;
use crate::source::tree::Tree;
use crate::words::escape_in_line;

/// How a command that changes something is run.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct ChangeArgs {
    /// Replace or remove what was edited here; the edits are kept in the trash folder
    #[arg(long)]
    pub(crate) force: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print what was done as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// A skills directory that nobody else changes while this lives.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The right to change it; none when it is only looked at.
    guard: Option<Guard>,
    pub(crate) lock: Lock,
    pub(crate) disk: Disk,
}

impl Opened {
    /// Ends a command that is the last thing the process does: thousands of skills are given back faster with it than one by one.
    pub(crate) fn leave(self) {
        drop(self.guard);
        std::mem::forget((self.lock, self.disk));
    }
}

/// Takes a skills directory to change it: waits for others, and repairs what an interrupted command has left.
fn open(directory: &Path, patience: Duration, context: &Context) -> Result<Opened> {
    let ui = context.ui;
    let waiting =
        |holder: &str| ui.note(format_args!("waiting for {holder}, which is changing {}", directory.display()));
    let guard = Guard::take(directory, patience, &waiting)?;
    if let Some(recovered) = transaction::recover(&guard, directory, &trash(context))? {
        match recovered {
            Recovered::Undone(applied) => {
                ui.note(format_args!("removed what an interrupted command had left in {}", directory.display()));
                say_put_aside(&applied, ui);
            }
            Recovered::Finished(applied) => {
                ui.note(format_args!("finished what an interrupted command had begun in {}", directory.display()));
                say_put_aside(&applied, ui);
            }
        }
    }
    let lock = Lock::read(directory)?;
    let disk = disk(directory, &lock, context)?;
    Ok(Opened { guard: Some(guard), lock, disk })
}

fn disk(directory: &Path, lock: &Lock, context: &Context) -> Result<Disk> {
    Disk::open(directory, Seals::of(directory, lock, context.places.cache().ok()))
}

/// Takes a skills directory to change it, or only reads its lock when nothing is to change.
pub(crate) fn open_unless(dry_run: bool, directory: &Path, patience: Duration, context: &Context) -> Result<Opened> {
    if dry_run {
        let lock = read(directory, patience, context)?;
        let disk = disk(directory, &lock, context)?;
        Ok(Opened { guard: None, lock, disk })
    } else {
        open(directory, patience, context)
    }
}

/// Reads the lock of a skills directory; only what an interrupted command has left is repaired first.
pub(crate) fn read(directory: &Path, patience: Duration, context: &Context) -> Result<Lock> {
    if transaction::is_interrupted(directory) || Guard::is_in_use(directory) {
        return match open(directory, patience, context) {
            Ok(opened) => Ok(opened.lock),
            // Who may not write can still look.
            Err(error) if error.kind() == ErrorKind::Io => Lock::read(directory),
            Err(error) => Err(error),
        };
    }
    Lock::read(directory)
}

/// How the lock of a skills directory says where a template is.
pub(crate) fn template_path(renderer: &Renderer, directory: &Path, context: &Context) -> Result<String> {
    let places = &context.places;
    let together: Vec<&Path> = [Some(places.project()), places.home().ok()].into_iter().flatten().collect();
    renderer.path_from(directory, &together)
}

/// Where edits go.
fn trash(context: &Context) -> Trash {
    Trash::below(context.places.state().ok())
}

/// What a command did, or would do, to one skills directory.
#[derive(Debug, Serialize)]
pub(crate) struct Done {
    #[serde(flatten)]
    pub(crate) target: Target,
    #[serde(flatten)]
    pub(crate) plan: Shown,
    #[serde(flatten)]
    pub(crate) applied: Applied,
    #[serde(flatten)]
    pub(crate) cost: Cost,
}

/// What all that is installed in one directory costs an agent's context.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Cost {
    #[serde(rename = "installed")]
    pub(crate) count: usize,
    #[serde(rename = "startup_tokens")]
    pub(crate) startup: usize,
}

impl Cost {
    pub(crate) fn of(lock: &Lock) -> Self {
        Self { count: lock.skills.len(), startup: lock.skills.values().map(|locked| locked.tokens.startup).sum() }
    }

    /// What it is when the plan is carried out.
    fn after(plan: &Plan, before: &Lock) -> Self {
        let mut cost = Self::of(before);
        for step in &plan.steps {
            if let Some(locked) = before.skills.get(&step.directory) {
                cost.count -= 1;
                cost.startup -= locked.tokens.startup;
            }
            if let Some(locked) = &step.locked {
                cost.count += 1;
                cost.startup += locked.tokens.startup;
            }
        }
        cost
    }
}

/// A plan without the place that [`Target`] has already.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    pub(crate) steps: Vec<Step>,
    pub(crate) refused: Vec<plan::Refusal>,
}

/// A failure as data.
#[derive(Debug, Serialize)]
struct Failure {
    error: String,
    causes: Vec<String>,
    hint: Option<String>,
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    dry_run: bool,
    directories: &'a [Done],
    failed: Vec<Failure>,
}

/// Does something in one skills directory after the other. What goes wrong in one is among the failures, and the others are handled; what
/// goes wrong in all of them for the same reason is there once.
pub(crate) fn in_each<T>(
    targets: Vec<Target>,
    failed: &mut Vec<Error>,
    mut work: impl FnMut(Target, &mut Vec<Error>) -> Result<Option<T>>,
) -> Vec<T> {
    let mut done = Vec::with_capacity(targets.len());
    for target in targets {
        match work(target, failed) {
            Ok(one) => done.extend(one),
            Err(error) => failed.push(error),
        }
    }
    let mut known = HashSet::new();
    failed.retain(|error| known.insert(error.in_full()));
    done
}

/// Says what failed and gives the outcome; `sound` is what it is without failures.
pub(crate) fn outcome(mut failed: Vec<Error>, went_through: bool, sound: Outcome, ui: Ui) -> Result<Outcome> {
    let last = failed.pop();
    for error in &failed {
        ui.error(error);
    }
    match last {
        None => Ok(sound),
        Some(error) if went_through => {
            ui.error(&error);
            Ok(Outcome::Findings)
        }
        Some(error) => Err(error),
    }
}

/// Applies a plan, unless it is only to be shown. The files of what is put are in `ready`.
pub(crate) fn apply(
    opened: &Opened,
    target: Target,
    plan: Plan,
    ready: &BTreeMap<DirectoryName, Prepared>,
    context: &Context,
) -> Result<Done> {
    let tree = |step: &Step| -> Result<&Tree> {
        let unplanned = || Error::new(ErrorKind::Invalid, format!("{} was not planned", step.directory));
        ready.get(&step.directory).map(|ready| &ready.tree).ok_or_else(unplanned)
    };
    let applied = match &opened.guard {
        Some(guard) => {
            let sealing = plan.sealing(&opened.disk);
            let look = |name: &DirectoryName| sealing.look(name);
            let applied = transaction::apply(guard, &plan, &opened.lock, &tree, &look, &trash(context))?;
            sealing.keep();
            applied
        }
        None => Applied::default(),
    };
    let cost = Cost::after(&plan, &opened.lock);
    Ok(Done { target, cost, plan: Shown { steps: plan.steps, refused: plan.refused }, applied })
}

/// Says that there was nothing to do anything to.
pub(crate) fn say_if_nothing(done: &[Done], failed: &[Error], ui: Ui) {
    if done.iter().all(|done| done.plan.steps.is_empty() && done.plan.refused.is_empty()) && failed.is_empty() {
        ui.note("nothing is installed here");
    }
}

/// Prints what was done and gives the outcome: all, some or nothing of it went through.
pub(crate) fn report(done: &[Done], mut failed: Vec<Error>, dry_run: bool, json: bool, ui: Ui) -> Result<Outcome> {
    let went_through = done.iter().any(|done| !done.plan.steps.is_empty());
    for done in done {
        for refusal in &done.plan.refused {
            let place = done.target.directory.join(refusal.directory.as_str());
            failed.push(
                Error::new(ErrorKind::Refused, format!("{}: {}", place.display(), escape_in_line(&refusal.why)))
                    .hint(refusal.hint.clone()),
            );
        }
    }
    if json {
        let failure = |error: &Error| Failure {
            error: error.to_string(),
            causes: error.causes().map(ToString::to_string).collect(),
            hint: error.help().map(str::to_owned),
        };
        ui.json(&Report { dry_run, directories: done, failed: failed.iter().map(failure).collect() })?;
    } else if !ui.is_quiet() {
        for done in done {
            say_done(done, dry_run, ui)?;
        }
    }
    outcome(failed, went_through, Outcome::Clean, ui)
}

fn say_done(done: &Done, dry_run: bool, ui: Ui) -> Result<()> {
    let place = escape_in_line(&done.target.directory.display().to_string()).to_string();
    let would = if dry_run { "would be " } else { "" };
    let mut unchanged = 0;
    // One write for all of it: there may be thousands of lines.
    let mut text = String::new();
    for step in &done.plan.steps {
        let verb = match step.action {
            Action::Install => "installed",
            Action::Replace => "updated",
            Action::Remove => "removed",
            Action::Record => "recorded",
            Action::Unchanged => {
                unchanged += 1;
                if !step.kept.is_empty() {
                    ui.warning(format_args!(
                        "{} was edited here and stays as it is: {}",
                        step.directory,
                        escape_in_line(&plan::shown(&step.kept))
                    ));
                }
                continue;
            }
        };
        match &step.locked {
            Some(locked) => {
                let commit = locked.commit.as_ref().map(|commit| format!(" at {}", commit.short())).unwrap_or_default();
                let _ = writeln!(
                    text,
                    "{would}{verb} {} from {}{commit} in {}/{}",
                    locked.name,
                    escape_in_line(&locked.source.to_string()),
                    place,
                    step.directory
                );
            }
            None if step.action == Action::Record => {
                let _ = writeln!(text, "{would}forgotten {place}/{}, whose folder is gone", step.directory);
            }
            None => drop(writeln!(text, "{would}{verb} {}/{}", place, step.directory)),
        }
    }
    ui.data(text)?;
    if unchanged > 0 {
        let what = if unchanged == 1 { "1 skill".to_owned() } else { format!("{unchanged} skills") };
        let is = if unchanged == 1 { "is" } else { "are" };
        ui.line(format_args!("{what} in {place} {is} up to date"))?;
    }
    say_put_aside(&done.applied, ui);
    for link in &done.applied.copied_links {
        ui.note(format_args!("{link} is a link in the source and a copy here: this system has no links for everybody"));
    }
    Ok(())
}

fn say_put_aside(applied: &Applied, ui: Ui) {
    for path in &applied.put_aside {
        ui.note(format_args!("what you had edited is in {}", path.display()));
    }
}

/// What the names and descriptions of everything installed here cost, in words, once it is worth saying.
pub(crate) fn say_cost(cost: Cost, directory: &Path, ui: Ui) {
    /// Clients are told to stop at so many folders.
    const TOO_MANY: usize = 2_000;
    let Cost { count, startup } = cost;
    if count > 0 {
        let skills = if count == 1 { "1 skill costs".to_owned() } else { format!("{count} skills cost") };
        ui.note(format_args!("{skills} about {startup} tokens in every session (estimated)"));
    }
    if count > TOO_MANY {
        ui.warning(format_args!(
            "{} holds {count} skills; agents stop reading at about {TOO_MANY}",
            directory.display()
        ));
    }
}
