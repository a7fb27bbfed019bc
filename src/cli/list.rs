//! `list`: what is installed, what it costs, and what else lies there.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::listing::{self, Entry};
use super::skills;
use super::target::{TargetArgs, surroundings};
use super::{Context, Outcome};
use crate::error::{Error, Result};
use crate::install::agents::{self, Scope};
use crate::install::lock::{Lock, Locked};
use crate::install::target::{Shared, Target};
use crate::install::transaction::OUR_FILES;
use crate::manifest::FILE_NAME;
use crate::words::escape_in_line;

/// Show what is installed, where it came from, and what it costs an agent's context
///
/// Without --agent, --scope and --dir every skills directory of this project and its user is shown that holds something.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Listed {
    #[serde(flatten)]
    target: Target,
    skills: Vec<Skill>,
    /// Folders with a manifest that were not installed by this program.
    unmanaged: Vec<String>,
    /// Estimated tokens of all names and descriptions.
    startup_tokens: usize,
}

#[derive(Debug, Serialize)]
struct Skill {
    directory: String,
    /// Whether the folder is called otherwise than the skill, which the specification does not want.
    differs: bool,
    missing: bool,
    #[serde(flatten)]
    locked: Summary,
}

#[derive(Debug, Serialize)]
struct Summary {
    name: String,
    source: String,
    path: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    commit: Option<String>,
    /// The template that it was rendered with.
    template: Option<String>,
    digest: String,
    tokens: crate::manifest::skill::Tokens,
}

impl From<Locked> for Summary {
    fn from(locked: Locked) -> Self {
        Self {
            name: locked.name.to_string(),
            source: locked.source.to_string(),
            path: locked.path.map(|path| path.to_string()),
            reference: locked.reference.map(|name| name.to_string()),
            commit: locked.commit.map(|commit| commit.to_string()),
            template: locked.template.map(|rendering| rendering.path),
            digest: locked.digest.to_string(),
            tokens: locked.tokens,
        }
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ui = context.ui;
    let mut failed = Vec::new();
    let listed = skills::in_each(targets(args, context)?, &mut failed, |target, _| {
        let lock = skills::read(&target.directory, args.target.patience(context), context)?;
        let holds_something = |one: &Listed| !one.skills.is_empty() || !one.unmanaged.is_empty();
        Ok(Some(listed(target, lock)?).filter(|one| args.target.is_given() || holds_something(one)))
    });
    if args.json {
        ui.json(&listed)?;
    } else {
        for one in &listed {
            print(one, context)?;
        }
        if listed.iter().all(|one| one.skills.is_empty() && one.unmanaged.is_empty()) && failed.is_empty() {
            ui.note("nothing is installed here");
        }
    }
    skills::outcome(failed, !listed.is_empty(), Outcome::Clean, ui)
}

/// Those that were named, or else all that hold something.
fn targets(args: &Args, context: &Context) -> Result<Vec<Target>> {
    if args.target.is_given() {
        return args.target.installed(context);
    }
    let mut shared = Shared::default();
    let surroundings = surroundings(context);
    for agent in agents::all()? {
        let directories = [Scope::User, Scope::Project].map(|scope| agent.directory(scope, &surroundings));
        for directory in directories.into_iter().flatten().filter(|directory| is_in_use(directory)) {
            shared.add(directory, &agent.id);
        }
    }
    Ok(shared.targets)
}

/// A folder called `skills` in a project is often something else; with our lock in it it is ours.
fn is_in_use(directory: &Path) -> bool {
    let is_hidden = directory.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
    Lock::is_in(directory) || (is_hidden && directory.is_dir())
}

fn listed(target: Target, lock: Lock) -> Result<Listed> {
    let unmanaged = unmanaged(&target.directory, &lock)?;
    let startup_tokens = lock.skills.values().map(|locked| locked.tokens.startup).sum();
    let skill = |(directory, locked): (crate::install::naming::DirectoryName, Arc<Locked>)| Skill {
        differs: directory.as_str() != locked.name.as_str(),
        missing: !target.directory.join(directory.as_str()).join(FILE_NAME).exists(),
        directory: directory.to_string(),
        locked: Arc::unwrap_or_clone(locked).into(),
    };
    let skills = lock.skills.into_iter().map(skill).collect();
    Ok(Listed { target, skills, unmanaged, startup_tokens })
}

/// Skills that somebody else put there, by their folders.
pub(crate) fn unmanaged(directory: &Path, lock: &Lock) -> Result<Vec<String>> {
    let entries = match listing::sorted(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read", directory, error)),
    };
    let mut found = Vec::new();
    for entry in &entries {
        let name = entry.name.to_string_lossy();
        if !lock.skills.contains_key(name.as_ref()) && !OUR_FILES.contains(&name.as_ref()) {
            find_skills(entry, &name, 1, &mut found);
        }
    }
    Ok(found)
}

/// Looks for skills as agents do, which look into folders some levels down and, on some systems, for a manifest in any case.
fn find_skills(entry: &Entry, path: &str, depth: usize, found: &mut Vec<String>) {
    const DEEPEST: usize = 6;
    let Ok(kind) = entry.file_type() else { return };
    if kind.is_file() || entry.name == ".git" {
        return;
    }
    // What cannot be read, the user's agents cannot read either.
    let entries = listing::sorted(&entry.path()).unwrap_or_default();
    if listing::manifest_among(&entries).is_some() {
        found.push(path.to_owned());
    } else if kind.is_dir() && depth < DEEPEST {
        for entry in &entries {
            find_skills(entry, &format!("{path}/{}", entry.name.to_string_lossy()), depth + 1, found);
        }
    }
}

fn print(listed: &Listed, context: &Context) -> Result<()> {
    use std::fmt::Write;
    let ui = context.ui;
    let agents =
        if listed.target.agents.is_empty() { String::new() } else { format!(" ({})", listed.target.agents.join(", ")) };
    // One write for all of it: there may be thousands of lines.
    let mut text = format!("{}{agents}\n", escape_in_line(&listed.target.directory.display().to_string()));
    let width = listed.skills.iter().map(|skill| skill.locked.name.len()).max().unwrap_or(0).min(40);
    for skill in &listed.skills {
        let locked = &skill.locked;
        let at = locked.commit.as_ref().map(|commit| format!("@{}", &commit[..10])).unwrap_or_default();
        let mut notes = Vec::new();
        if skill.differs {
            notes.push(format!("in {}", skill.directory));
        }
        if let Some(template) = &locked.template {
            notes.push(format!("rendered with {template}"));
        }
        if skill.missing {
            notes.push("missing".to_owned());
        }
        let notes = if notes.is_empty() { String::new() } else { format!("  [{}]", notes.join("; ")) };
        let tokens = format!("{} + {} tokens", locked.tokens.startup, locked.tokens.body);
        let _ = writeln!(
            text,
            "  {:width$}  {:>18}  {}{at}{}",
            locked.name,
            tokens,
            escape_in_line(&locked.source),
            escape_in_line(&notes)
        );
    }
    for name in &listed.unmanaged {
        let _ = writeln!(text, "  {}  (not installed by skillpress)", escape_in_line(name));
    }
    ui.data(text)?;
    let cost = skills::Cost { count: listed.skills.len(), startup: listed.startup_tokens };
    skills::say_cost(cost, &listed.target.directory, ui);
    Ok(())
}
