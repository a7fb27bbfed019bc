//! What would change in a skills directory, and why: a plain value that is printed or applied.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::disk::{Disk, OnDisk};
use super::lock::{Lock, Locked};
use super::naming::DirectoryName;
use super::seal::Sealing;
use super::verify::{self, Edit};
use crate::error::{Error, Result};
use crate::words::escape;

/// Folders that one thread looks at before it takes more.
const AT_ONCE: usize = 64;

/// What one command changes in one skills directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The skills directory.
    pub directory: PathBuf,
    /// One for each skill that the command is about, by folder.
    pub steps: Vec<Step>,
    /// What cannot be done, and why.
    pub refused: Vec<Refusal>,
}

/// What happens to one skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its folder in the skills directory.
    pub directory: DirectoryName,
    /// What happens.
    pub action: Action,
    /// What the lock says of it afterwards; nothing when it is removed.
    #[serde(flatten)]
    pub locked: Option<Arc<Locked>>,
    /// Edits of the user that go to the trash folder.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub put_aside: Vec<Edit>,
    /// Edits of the user that stay where they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Edit>,
}

impl Step {
    /// Whether it takes the skill's files.
    pub fn puts_files(&self) -> bool {
        matches!(self.action, Action::Install | Action::Replace)
    }
}

/// What happens to one skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Its folder is made.
    Install,
    /// Its folder is replaced.
    Replace,
    /// Its folder is removed.
    Remove,
    /// Its files are what they should be; only the lock learns of it.
    Record,
    /// Nothing.
    Unchanged,
}

/// Something that is not done, because it would lose what the user has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The folder it is about.
    pub directory: DirectoryName,
    /// Why.
    pub why: String,
    /// What to do about it.
    pub hint: String,
}

/// Why a plan is made; what is refused depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Edits may be put aside, and other skills' folders taken.
    pub force: bool,
    /// A folder that the user removed is made again.
    pub bring_back: bool,
}

impl Plan {
    /// Plans to bring skills to the state that their future lock entries describe.
    pub fn put(disk: &Disk, lock: &Lock, wanted: BTreeMap<DirectoryName, Arc<Locked>>, terms: Terms) -> Result<Self> {
        let mut plan = Self::with_room(disk.path(), wanted.len());
        let names = Names::of(disk.path(), lock)?;
        let mut planned = BTreeMap::new();
        let on_disk = |name: &DirectoryName| {
            if names.has(name) {
                disk.look(name, lock.skills.get(name).map(|locked| &**locked))
            } else {
                Ok(OnDisk::Absent)
            }
        };
        let wanted: Vec<(DirectoryName, Arc<Locked>)> = wanted.into_iter().collect();
        let found: Vec<Result<OnDisk>> =
            wanted.par_iter().with_max_len(AT_ONCE).map(|(name, _)| on_disk(name)).collect();
        for ((name, locked), found) in wanted.into_iter().zip(found) {
            let folded = name.folded();
            let other_spelling = names.other_spelling(&folded, &name);
            if let Some(first) = planned.insert(folded, name.clone()) {
                plan.refuse(name, format!("some file systems take its folder for {first}"), "install one of the two");
                continue;
            }
            if let Some(other) = other_spelling {
                plan.refuse(
                    name,
                    format!("some file systems take its folder for {other:?}, which is there"),
                    "remove or rename that one first",
                );
                continue;
            }
            match found {
                Ok(found) => plan.put_one(lock, name, locked, &found, terms),
                Err(error) => plan.refuse_unread(name, &error),
            }
        }
        Ok(plan)
    }

    fn put_one(&mut self, lock: &Lock, name: DirectoryName, locked: Arc<Locked>, found: &OnDisk, terms: Terms) {
        const FORCE: &str = "--force replaces it and keeps what was there in the trash folder";
        let before = lock.skills.get(&name);
        let as_wanted = verify::edits(found, &locked).is_empty();
        let step = |action, locked, put_aside| Step {
            directory: name.clone(),
            action,
            locked: Some(locked),
            put_aside,
            kept: Vec::new(),
        };
        let Some(before) = before else {
            match found {
                OnDisk::Absent => self.steps.push(step(Action::Install, locked, Vec::new())),
                _ if as_wanted => self.steps.push(step(Action::Record, locked, Vec::new())),
                _ if terms.force => {
                    let edits = everything(found);
                    self.steps.push(step(Action::Replace, locked, edits));
                }
                _ => self.refuse(
                    name,
                    "its folder is there already, and skillpress did not install it".to_owned(),
                    FORCE,
                ),
            }
            return;
        };
        if before.source != locked.source && !terms.force {
            let why = format!("its folder holds the skill {} from {}", before.name, before.source);
            self.refuse(name, why, "remove that one first, or --force to replace it");
            return;
        }
        if as_wanted {
            let action = if *before == locked { Action::Unchanged } else { Action::Record };
            self.steps.push(step(action, locked, Vec::new()));
            return;
        }
        let edits = verify::edits(found, before);
        if matches!(found, OnDisk::Absent) {
            if terms.bring_back {
                self.steps.push(step(Action::Install, locked, Vec::new()));
            } else {
                let hint = format!(
                    "`skillpress sync` brings it back, `skillpress update {name} --force` as its source has it now; \
                     `skillpress remove {name}` forgets it"
                );
                self.refuse(name, "its folder is missing".to_owned(), &hint);
            }
        } else if edits.is_empty() {
            self.steps.push(step(Action::Replace, locked, Vec::new()));
        } else if terms.force {
            self.steps.push(step(Action::Replace, locked, edits));
        } else if before.digest == locked.digest {
            let kept = Step {
                directory: name,
                action: Action::Unchanged,
                locked: Some(before.clone()),
                put_aside: Vec::new(),
                kept: edits,
            };
            self.steps.push(kept);
        } else {
            self.refuse(name, format!("it was edited here: {}", shown(&edits)), FORCE);
        }
    }

    /// Plans to bring skills back to what the lock says of them; edits are in the way here even when nothing is new.
    pub fn restore(disk: &Disk, lock: &Lock, terms: Terms) -> Result<Self> {
        let mut plan = Self::put(disk, lock, lock.skills.clone(), terms)?;
        let (kept, steps) = std::mem::take(&mut plan.steps).into_iter().partition(|step| !step.kept.is_empty());
        plan.steps = steps;
        let kept: Vec<Step> = kept;
        for step in kept {
            let why = format!("it was edited here: {}", shown(&step.kept));
            plan.refuse(step.directory, why, "--force brings it back and keeps the edits in the trash folder");
        }
        Ok(plan)
    }

    /// Plans to remove skills that were installed.
    pub fn remove(disk: &Disk, lock: &Lock, names: &BTreeSet<DirectoryName>, terms: Terms) -> Result<Self> {
        let mut plan = Self::with_room(disk.path(), names.len());
        let names: Vec<&DirectoryName> = names.iter().collect();
        let step = |name: &DirectoryName, locked: &Locked| {
            let found = disk.look(name, Some(locked)).map_err(|error| (name.clone(), error))?;
            let mut edits = verify::edits(&found, locked);
            // Nothing is lost of what is not there.
            edits.retain(|edit| edit.what != verify::Change::Missing);
            let action = if found == OnDisk::Absent { Action::Record } else { Action::Remove };
            Ok(Step { directory: name.clone(), action, locked: None, put_aside: edits, kept: Vec::new() })
        };
        let steps: Vec<Result<Step, (DirectoryName, Error)>> = names
            .into_par_iter()
            .with_max_len(AT_ONCE)
            .filter_map(|name| Some(step(name, lock.skills.get(name)?)))
            .collect();
        for step in steps {
            let step = match step {
                Ok(step) => step,
                Err((name, error)) => {
                    plan.refuse_unread(name, &error);
                    continue;
                }
            };
            if !step.put_aside.is_empty() && !terms.force {
                let why = format!("it was edited here: {}", shown(&step.put_aside));
                plan.refuse(step.directory, why, "--force removes it and keeps the edits in the trash folder");
                continue;
            }
            plan.steps.push(step);
        }
        Ok(plan)
    }

    /// What the lock says when the plan is carried out.
    pub fn lock_after(&self, before: &Lock) -> Lock {
        let changed: BTreeSet<&DirectoryName> = self.steps.iter().map(|step| &step.directory).collect();
        let same = before.skills.iter().filter(|(name, _)| !changed.contains(name));
        let same = same.map(|(name, locked)| (name.clone(), locked.clone()));
        let new = self.steps.iter().filter_map(|step| Some((step.directory.clone(), step.locked.clone()?)));
        Lock { skills: same.chain(new).collect() }
    }

    /// Has the disk remember what is put in place and taken away while it is carried out.
    pub fn sealing<'a>(&'a self, disk: &'a Disk) -> Sealing<'a> {
        let put = self.steps.iter().filter(|step| step.puts_files());
        let put = put.filter_map(|step| Some((&step.directory, step.locked.as_deref()?)));
        let gone = self.steps.iter().filter(|step| step.locked.is_none()).map(|step| &step.directory);
        disk.sealing(put.collect(), gone.collect())
    }

    /// Whether it changes anything at all.
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| step.action == Action::Unchanged)
    }

    fn with_room(directory: &Path, skills: usize) -> Self {
        Self { directory: directory.to_owned(), steps: Vec::with_capacity(skills), refused: Vec::new() }
    }

    /// One folder that cannot be read is no reason to leave the others as they are.
    fn refuse_unread(&mut self, directory: DirectoryName, error: &Error) {
        self.refuse(directory, error.in_full(), error.help().unwrap_or("see what is wrong with it first"));
    }

    fn refuse(&mut self, directory: DirectoryName, why: String, hint: &str) {
        self.refused.push(Refusal { directory, why, hint: hint.to_owned() });
    }
}

/// The names that are taken, as a folding file system sees them.
struct Names {
    /// What is there or was installed, as it is spelled.
    taken: BTreeMap<String, String>,
    /// What is there.
    there: HashSet<String>,
}

impl Names {
    fn of(directory: &Path, lock: &Lock) -> Result<Self> {
        let taken = lock.skills.keys().map(|name| (name.folded(), name.to_string())).collect();
        let mut names = Self { taken, there: HashSet::new() };
        match std::fs::read_dir(directory) {
            Ok(entries) => {
                for entry in entries {
                    let name = entry.map_err(|error| Error::io("read", directory, error))?.file_name();
                    let shown = name.to_string_lossy();
                    let folded = crate::source::safe::folded(&shown);
                    names.taken.entry(folded.clone()).or_insert_with(|| escape(&shown).to_string());
                    names.there.insert(folded);
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("read", directory, error)),
        }
        Ok(names)
    }

    fn other_spelling(&self, folded: &str, name: &DirectoryName) -> Option<&str> {
        self.taken.get(folded).map(String::as_str).filter(|there| *there != name.as_str())
    }

    /// Whether something may have this name.
    fn has(&self, name: &DirectoryName) -> bool {
        self.there.contains(&name.folded())
    }
}

/// A folder of the user that is put aside as a whole.
fn everything(found: &OnDisk) -> Vec<Edit> {
    match found {
        OnDisk::Folder { files, strange, .. } => {
            let all = files.0.keys().map(ToString::to_string).chain(strange.iter().cloned());
            all.map(|path| Edit { path, what: verify::Change::Added }).collect()
        }
        _ => vec![Edit { path: ".".to_owned(), what: verify::Change::Added }],
    }
}

/// Edits in a few words.
pub fn shown(edits: &[Edit]) -> String {
    const SHOWN: usize = 3;
    let shown = |edit: &Edit| {
        let path = if edit.path == "." { "its folder" } else { &edit.path };
        format!("{path} {}", edit.what.as_str())
    };
    let some: Vec<String> = edits.iter().take(SHOWN).map(shown).collect();
    let more = edits.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", some.join(", ")) } else { some.join(", ") }
}
