//! The one way in which a skills directory changes: all of a plan or nothing of it, whatever happens in between.
//!
//! Everything new is written to a working folder inside the skills directory, so that moving it into place is a rename on the same
//! file system, and is synced once. Then a journal is written: from that moment the transaction is carried out, by us or by the next
//! command. Folders are exchanged or renamed, then the lock is replaced, then the journal goes. A failure on the way undoes what was
//! done. Each step can be told from the disk to be done or not, so that doing it again is harmless.

mod halves;
mod journal;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread::ScopedJoinHandle;
use std::time::SystemTime;

use rayon::prelude::*;
use serde::Serialize;

use self::halves::{Halves, open};
use self::journal::{Journal, Kind, Operation};
use super::guard::Guard;
use super::lock::{self, Lock};
use super::naming::DirectoryName;
use super::plan::{Action, Plan, Step};
use super::staging::write_tree;
use super::trash::{Trash, move_folder};
use super::verify::{self, OnDisk};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{self, Moved, OpenDir, RelativePath};
use crate::source::tree::Tree;

/// The name of the working folder.
const WORK: &str = ".skillpress.work";

/// Folders that one thread looks at or removes before it takes more.
const AT_ONCE: usize = 64;

/// What a transaction did besides its plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Applied {
    /// Folders with the user's edits, where they are now.
    pub put_aside: Vec<PathBuf>,
    /// Links that had to become copies, since the system has none.
    pub copied_links: Vec<String>,
}

/// What was found of a command that did not end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recovered {
    /// It had not changed anything yet; its working files were removed.
    Undone,
    /// It was carried out.
    Finished(Applied),
}

/// Whether a command was interrupted here.
pub fn is_interrupted(directory: &Path) -> bool {
    fs::exists(&directory.join(WORK))
}

/// Carries out a plan. `tree` gives the files of the steps that put some.
pub fn apply<'a>(
    guard: &Guard,
    plan: &Plan,
    before: &Lock,
    tree: &(dyn Fn(&Step) -> Result<&'a Tree> + Sync),
    trash: &Trash,
) -> Result<Applied> {
    if plan.is_empty() {
        return Ok(Applied::default());
    }
    let work = Work { directory: plan.directory.clone(), folder: plan.directory.join(WORK) };
    let (mut operations, mut promised) = (Vec::with_capacity(plan.steps.len()), BTreeSet::new());
    for step in &plan.steps {
        let kind = match step.action {
            Action::Install => Kind::Put,
            Action::Replace => Kind::Replace,
            Action::Remove => Kind::Remove,
            Action::Record | Action::Unchanged => continue,
        };
        let place =
            if step.put_aside.is_empty() { None } else { Some(trash.place_for(&step.directory, &mut promised)?) };
        let digest = step.locked.as_ref().map(|locked| locked.digest);
        let was = before.skills.get(&step.directory).map(|locked| locked.digest);
        operations.push(Operation { directory: step.directory.clone(), kind, digest, before: was, trash: place });
    }
    if operations.is_empty() {
        fs::write_atomic(&Lock::path(&plan.directory), &plan.lock_after(before).to_bytes()?)?;
        return Ok(Applied::default());
    }
    let journal = Journal { operations, trash: trash.clone() };
    let staged = std::thread::scope(|scope| {
        // Both are long when there are thousands of skills, and one hand is enough for them.
        let texts = scope.spawn(|| Ok((plan.lock_after(before).to_bytes()?, journal.to_bytes()?)));
        let copied = work.stage(plan, tree)?;
        let (lock, bytes) = texts.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        work.commit(&lock, &bytes, &journal).map(|()| copied)
    });
    let copied_links = match staged {
        Ok(copied) => copied,
        Err(error) => {
            // What cannot be removed now is removed by the next command.
            let _ = work.discard();
            return Err(error);
        }
    };
    let late = match work.forward(&journal, guard.since().map(|since| (since, before))) {
        Ok(late) => late,
        Err(error) => {
            return Err(match work.backward(&journal).and_then(|()| work.discard()) {
                Ok(()) => error,
                Err(_) => error.hint("the next skillpress command on this directory finishes or undoes what was begun"),
            });
        }
    };
    let put_aside = work.put_aside(&journal, &late)?;
    // From here on a crash leaves rubbish and nothing to carry out.
    fs::remove_file(&work.journal_file())?;
    work.remove_known(&journal, before);
    work.discard()?;
    Ok(Applied { put_aside, copied_links })
}

/// Finishes or undoes what an interrupted command has left.
pub fn recover(_guard: &Guard, directory: &Path) -> Result<Option<Recovered>> {
    let work = Work { directory: directory.to_owned(), folder: directory.join(WORK) };
    if !fs::exists(&work.folder) {
        return Ok(None);
    }
    let Some(journal) = work.journal()? else {
        work.discard()?;
        return Ok(Some(Recovered::Undone));
    };
    let late = match work.forward(&journal, None) {
        Ok(late) => late,
        Err(error) => {
            work.backward(&journal).map_err(|_| error)?;
            work.discard()?;
            return Ok(Some(Recovered::Undone));
        }
    };
    let put_aside = work.put_aside(&journal, &late)?;
    work.discard()?;
    Ok(Some(Recovered::Finished(Applied { put_aside, copied_links: Vec::new() })))
}

struct Work {
    directory: PathBuf,
    folder: PathBuf,
}

impl Work {
    fn staged(&self, name: &DirectoryName) -> PathBuf {
        self.folder.join("new").join(name.as_str())
    }

    fn old(&self, name: &DirectoryName) -> PathBuf {
        self.folder.join("old").join(name.as_str())
    }

    fn place(&self, name: &DirectoryName) -> PathBuf {
        self.directory.join(name.as_str())
    }

    fn journal_file(&self) -> PathBuf {
        self.folder.join("journal")
    }

    fn lock_file(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// Writes all that is new; nothing outside the working folder is touched.
    fn stage<'a>(&self, plan: &Plan, tree: &(dyn Fn(&Step) -> Result<&'a Tree> + Sync)) -> Result<Vec<String>> {
        fs::create_dir(&self.folder)?;
        fs::create_dir(&self.folder.join("new"))?;
        fs::create_dir(&self.folder.join("old"))?;
        let steps: Vec<&Step> =
            plan.steps.iter().filter(|step| matches!(step.action, Action::Install | Action::Replace)).collect();
        let new = Halves::of(&self.folder)?.new;
        let stage = |step: &&Step| -> Result<Vec<String>> { write_tree(tree(step)?, &new, step.directory.as_str()) };
        // Tests make single operations fail, which takes one thread that does one thing after the other.
        let staged: Vec<Vec<String>> = if cfg!(test) || steps.len() < 8 {
            steps.iter().map(stage).collect::<Result<_>>()?
        } else {
            self.stage_many(&steps, &stage)?
        };
        Ok(staged.concat())
    }

    /// Stages skills in batches: what is written of one goes to the disk while the next is written, so that the sync before the
    /// journal has little to wait for.
    fn stage_many(
        &self,
        steps: &[&Step],
        stage: &(dyn Fn(&&Step) -> Result<Vec<String>> + Sync),
    ) -> Result<Vec<Vec<String>>> {
        const BATCH: usize = 1024;
        std::thread::scope(|scope| {
            let mut staged = Vec::with_capacity(steps.len());
            let mut syncing: Option<ScopedJoinHandle<'_, ()>> = None;
            for batch in steps.chunks(BATCH) {
                if !staged.is_empty() && syncing.as_ref().is_none_or(ScopedJoinHandle::is_finished) {
                    // Whether it works is seen when all is there.
                    syncing = Some(scope.spawn(|| drop(fs::sync_file_system(&self.folder))));
                }
                let these: Result<Vec<_>> = batch.par_iter().with_max_len(8).map(stage).collect();
                staged.extend(these?);
            }
            Ok(staged)
        })
    }

    /// From the end of this on the transaction is carried out.
    fn commit(&self, lock: &[u8], bytes: &[u8], journal: &Journal) -> Result<()> {
        let draft = self.folder.join("journal.draft");
        fs::write_new(&self.lock_file(), lock, false)?;
        fs::write_new(&draft, bytes, false)?;
        if journal.operations.iter().all(|operation| operation.kind == Kind::Remove) {
            fs::sync_file(&self.lock_file())?;
            fs::sync_file(&draft)?;
        } else {
            fs::sync_file_system(&self.directory)?;
        }
        fs::rename(&draft, &self.journal_file())?;
        fs::sync_dir(&self.folder)
    }

    fn journal(&self) -> Result<Option<Journal>> {
        let path = self.journal_file();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            Error::new(ErrorKind::Invalid, format!("cannot read the journal {}", path.display()))
                .because(error)
                .hint(format!("an earlier command was interrupted; look into {} and remove it", self.folder.display()))
        })
    }

    /// Does what is not done yet; the lock comes last. Gives the folders that were edited after the plan and before they were taken
    /// away; see [`Halves::was_edited_late`] about `since`.
    fn forward<'j>(&self, journal: &'j Journal, since: Option<(SystemTime, &Lock)>) -> Result<Vec<&'j Operation>> {
        // Without the new lock in the working folder everything was done.
        let is_done = !fs::exists(&self.lock_file());
        let halves = match Halves::of(&self.folder) {
            Ok(halves) => halves,
            // What is gone has been looked at before.
            Err(error) if is_done && error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let directory = open(&self.directory)?;
        let late = Mutex::new(Vec::new());
        let look = |operations: &'j [Operation]| {
            let edited = operations.iter().filter(|operation| halves.was_edited_late(operation, since));
            let edited: Vec<&Operation> = edited.collect();
            late.lock().unwrap_or_else(PoisonError::into_inner).extend(edited);
        };
        // The system moves one folder at a time, so the other hands look at those that were moved.
        rayon::in_place_scope(|scope| {
            for operations in journal.operations.chunks(AT_ONCE) {
                if !is_done {
                    operations.iter().try_for_each(|operation| self.carry_out(operation, &halves, &directory))?;
                }
                if journal.trash.is_somewhere() {
                    scope.spawn(|_| look(operations));
                }
            }
            Ok::<_, Error>(())
        })?;
        if !is_done {
            // A lock that outlives a power failure must not name what does not.
            fs::sync_dir(&self.directory)?;
            fs::rename(&self.lock_file(), &Lock::path(&self.directory))?;
        }
        fs::sync_dir(&self.directory)?;
        let mut late = late.into_inner().unwrap_or_else(PoisonError::into_inner);
        late.sort_by(|one, other| one.directory.cmp(&other.directory));
        Ok(late)
    }

    fn carry_out(&self, operation: &Operation, halves: &Halves, directory: &OpenDir) -> Result<()> {
        let name = operation.directory.as_str();
        match operation.kind {
            Kind::Put if halves.new.move_new(name, directory)? == Moved::Taken => {
                let place = self.place(&operation.directory);
                Err(Error::new(ErrorKind::Refused, format!("{} appeared while it was installed", place.display())))
            }
            // What is not there any more was moved before.
            Kind::Put => Ok(()),
            Kind::Remove => directory.move_new(name, &halves.old).map(drop),
            Kind::Replace => self.replace(operation),
        }
    }

    fn replace(&self, operation: &Operation) -> Result<()> {
        let name = &operation.directory;
        let (new, old, place) = (self.staged(name), self.old(name), self.place(name));
        if !fs::exists(&new) {
            return Ok(());
        }
        if !fs::exists(&place) {
            return fs::rename(&new, &place);
        }
        if self.is_new(operation) && !fs::exchange(&new, &place)? {
            fs::rename(&place, &old)?;
            fs::rename(&new, &place)?;
        }
        Ok(())
    }

    /// Undoes what was done; only while the old lock stands.
    fn backward(&self, journal: &Journal) -> Result<()> {
        if !fs::exists(&self.lock_file()) {
            return Err(Error::new(ErrorKind::Invalid, "it is done and cannot be undone"));
        }
        for operation in journal.operations.iter().rev() {
            let name = &operation.directory;
            let (new, old, place) = (self.staged(name), self.old(name), self.place(name));
            match operation.kind {
                Kind::Put if !fs::exists(&new) && fs::exists(&place) => fs::rename(&place, &new)?,
                Kind::Remove if fs::exists(&old) && !fs::exists(&place) => fs::rename(&old, &place)?,
                Kind::Replace if fs::exists(&old) => {
                    if fs::exists(&place) {
                        fs::rename(&place, &new)?;
                    }
                    fs::rename(&old, &place)?;
                }
                Kind::Replace if fs::exists(&new) && !self.is_new(operation) => drop(fs::exchange(&new, &place)?),
                _ => {}
            }
        }
        fs::sync_dir(&self.directory)
    }

    /// Whether the staged folder still is the new one: after an exchange it is the old.
    fn is_new(&self, operation: &Operation) -> bool {
        match verify::on_disk(&self.staged(&operation.directory)) {
            Ok(OnDisk::Folder(files, strange)) => strange.is_empty() && Some(files.total()) == operation.digest,
            _ => false,
        }
    }

    /// Moves what the user edited to its place in the trash, also what was edited late.
    fn put_aside(&self, journal: &Journal, late: &[&Operation]) -> Result<Vec<PathBuf>> {
        let mut moved = Vec::new();
        let halves = match Halves::of(&self.folder) {
            Ok(halves) => halves,
            // What is gone has been looked at before.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(moved),
            Err(error) => return Err(error),
        };
        for operation in &journal.operations {
            let Some(trash) = &operation.trash else { continue };
            let from = halves.taken_away(operation);
            if fs::exists(&from) {
                move_folder(&from, trash)?;
            }
            moved.push(trash.clone());
        }
        let mut promised = journal.operations.iter().filter_map(|operation| operation.trash.clone()).collect();
        for operation in late {
            let place = journal.trash.place_for(&operation.directory, &mut promised)?;
            move_folder(&halves.taken_away(operation), &place)?;
            moved.push(place);
        }
        Ok(moved)
    }

    /// Removes the folders that were taken away by the files that the lock knows in them. Whatever else is there is left to
    /// [`Work::discard`].
    fn remove_known(&self, journal: &Journal, before: &Lock) {
        let Ok(halves) = Halves::of(&self.folder) else { return };
        let remove = |operation: &Operation| {
            let known = before.skills.get(&operation.directory).filter(|_| operation.kind != Kind::Put);
            if let Some(known) = known {
                let files = known.files.0.keys().map(RelativePath::as_str);
                let _ = halves.half(operation).remove_known(operation.directory.as_str(), files);
            }
        };
        // See `stage` about tests.
        if cfg!(test) {
            journal.operations.iter().for_each(remove);
        } else {
            journal.operations.par_iter().with_max_len(AT_ONCE).for_each(remove);
        }
    }

    /// Removes the working folder, the journal first: without it the rest means nothing.
    fn discard(&self) -> Result<()> {
        fs::remove_file(&self.journal_file())?;
        if !cfg!(test) {
            // Many folders go faster by several hands; what is left goes below.
            for half in ["old", "new"] {
                let entries: Vec<PathBuf> = std::fs::read_dir(self.folder.join(half))
                    .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
                    .unwrap_or_default();
                if entries.len() > 16 {
                    entries.par_iter().for_each(|entry| drop(fs::remove_dir_all(entry)));
                }
            }
        }
        fs::remove_dir_all(&self.folder)
    }
}

/// The names that a skills directory may have of ours, so that nobody takes them for skills.
pub const OUR_FILES: [&str; 3] = [lock::FILE_NAME, super::guard::FILE_NAME, WORK];

#[cfg(test)]
mod tests;
