//! The one way in which a skills directory changes: all of a plan or nothing of it, whatever happens in between.
//!
//! Everything new is written to a working folder inside the skills directory, so that moving it into place is a rename on the same
//! file system, and is synced once. Then a journal is written: from that moment the transaction is carried out, by us or by the next
//! command. Folders are exchanged, renamed or, where neither can be, copied, then the lock is replaced, then the journal goes. A failure on
//! the way undoes what was done. Each step can be told from the disk to be done or not, so that doing it again is harmless.

mod halves;
mod journal;
mod work;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use self::journal::{Journal, Kind, Operation};
use self::work::Work;
use super::disk;
use super::guard::Guard;
use super::lock::{self, Lock, Locked};
use super::naming::DirectoryName;
use super::plan::{Action, Plan, Step};
use super::trash::Trash;
use crate::error::Result;
use crate::fs;
use crate::source::tree::Tree;

/// The name of the working folder.
const WORK: &str = ".skillpress.work";

/// What a transaction did besides its plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Applied {
    /// Folders with the user's edits, where they are now.
    #[serde(serialize_with = "as_texts")]
    pub put_aside: Vec<PathBuf>,
    /// Links that had to become copies, since the system has none.
    pub copied_links: Vec<String>,
}

/// Not every path is text, and JSON has nothing else.
fn as_texts<S: serde::Serializer>(paths: &[PathBuf], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(|path| path.to_string_lossy()))
}

/// What was found of a command that did not end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recovered {
    /// It is as it was before, and its working files were removed.
    Undone(Applied),
    /// It was carried out.
    Finished(Applied),
}

/// Whether a command was interrupted here.
pub fn is_interrupted(directory: &Path) -> bool {
    fs::exists(&directory.join(WORK))
}

/// Carries out a plan. `tree` gives the files of the steps that put some; `placed` is told of each folder that is in its place, while
/// others are still moved.
pub fn apply<'a>(
    guard: &Guard,
    plan: &Plan,
    before: &Lock,
    tree: &(dyn Fn(&Step) -> Result<&'a Tree> + Sync),
    placed: &(dyn Fn(&DirectoryName) + Sync),
    trash: &Trash,
) -> Result<Applied> {
    if plan.is_empty() {
        return Ok(Applied::default());
    }
    let work = Work::of(&plan.directory);
    // What is looked for on the disk is what can be seen there.
    let one_mode = disk::one_mode(&plan.directory);
    let shown = |locked: &Arc<Locked>| one_mode.map_or(locked.digest, |_| locked.files.total_in(one_mode));
    let mut operations = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        let kind = match step.action {
            Action::Install => Kind::Put,
            Action::Replace => Kind::Replace,
            Action::Remove => Kind::Remove,
            Action::Record | Action::Unchanged => continue,
        };
        let edited = !step.put_aside.is_empty();
        if edited {
            trash.make(&step.directory)?;
        }
        let digest = step.locked.as_ref().map(shown);
        let before = before.skills.get(&step.directory).map(shown);
        operations.push(Operation { directory: step.directory.clone(), kind, digest, before, edited });
    }
    if operations.is_empty() {
        fs::write_atomic(&Lock::path(&plan.directory), &plan.lock_after(before).to_bytes(&plan.directory)?)?;
        return Ok(Applied::default());
    }
    let journal = Journal { operations };
    let staged = std::thread::scope(|scope| {
        // Both are long when there are thousands of skills.
        let texts =
            scope.spawn(|| rayon::join(|| plan.lock_after(before).to_bytes(&plan.directory), || journal.to_bytes()));
        let copied = work.stage(plan, tree)?;
        let (lock, bytes) = texts.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        work.commit(&lock?, &bytes?, &journal).map(|()| copied)
    });
    let copied_links = match staged {
        Ok(copied) => copied,
        Err(error) => {
            let _ = work.discard();
            return Err(error);
        }
    };
    let late = match work.forward(&journal, guard.since().map(|since| (since, before)), placed) {
        Ok(late) => late,
        Err(error) => {
            return Err(match work.backward(&journal, trash).and_then(|_| work.discard()) {
                Ok(()) => error,
                Err(_) => error.hint("the next skillpress command on this directory finishes or undoes what was begun"),
            });
        }
    };
    let put_aside = work.put_aside(&journal, &late, trash)?;
    // From here on a crash leaves rubbish and nothing to carry out.
    fs::remove_file(&work.journal_file())?;
    work.remove_known(&journal, before);
    let _ = work.discard();
    Ok(Applied { put_aside, copied_links })
}

/// Finishes or undoes what an interrupted command has left. Nothing outside of the skills directory and the trash is touched, whatever
/// stands in the working folder: it may have come with a repository.
pub fn recover(_guard: &Guard, directory: &Path, trash: &Trash) -> Result<Option<Recovered>> {
    let work = Work::of(directory);
    if !work.is_there()? {
        return Ok(None);
    }
    let Some(journal) = work.journal()? else {
        work.discard()?;
        return Ok(Some(Recovered::Undone(Applied::default())));
    };
    let late = match work.forward(&journal, None, &|_| ()) {
        Ok(late) => late,
        Err(error) => {
            let put_aside = work.backward(&journal, trash).map_err(|_| error)?;
            work.discard()?;
            return Ok(Some(Recovered::Undone(Applied { put_aside, copied_links: Vec::new() })));
        }
    };
    let put_aside = work.put_aside(&journal, &late, trash)?;
    work.discard()?;
    Ok(Some(Recovered::Finished(Applied { put_aside, copied_links: Vec::new() })))
}

/// The names that a skills directory may have of ours, so that nobody takes them for skills.
pub const OUR_FILES: [&str; 3] = [lock::FILE_NAME, super::guard::FILE_NAME, WORK];

#[cfg(test)]
mod tests;
