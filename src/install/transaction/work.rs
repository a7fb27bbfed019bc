//! What a transaction does on the disk, step by step. Each step can be told from the disk to be done or not.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread::ScopedJoinHandle;
use std::time::SystemTime;

use rayon::prelude::*;

use super::super::disk::{self, OnDisk};
use super::super::lock::Lock;
use super::super::naming::DirectoryName;
use super::super::plan::{Plan, Step};
use super::super::staging::write_tree;
use super::super::trash::Trash;
use super::WORK;
use super::halves::Halves;
use super::journal::{Journal, Kind, Operation};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{self, Moved, OpenDir, RelativePath, open_dir};
use crate::source::tree::Tree;

/// Folders that one thread looks at or removes before it takes more.
const AT_ONCE: usize = 64;

/// Folders that are made before one thread fills them.
const FILLED_AT_ONCE: usize = 8;

/// A skills directory and the working folder in it.
pub(super) struct Work {
    directory: PathBuf,
    folder: PathBuf,
}

impl Work {
    pub(super) fn of(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), folder: directory.join(WORK) }
    }

    fn staged(&self, name: &DirectoryName) -> PathBuf {
        self.folder.join("new").join(name.as_str())
    }

    fn old(&self, name: &DirectoryName) -> PathBuf {
        self.folder.join("old").join(name.as_str())
    }

    fn place(&self, name: &DirectoryName) -> PathBuf {
        self.directory.join(name.as_str())
    }

    pub(super) fn journal_file(&self) -> PathBuf {
        self.folder.join("journal")
    }

    fn lock_file(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// Whether somebody has left a working folder. Links in it that lead elsewhere are an error: this program makes none.
    pub(super) fn is_there(&self) -> Result<bool> {
        let folders = [self.folder.clone(), self.folder.join("new"), self.folder.join("old")];
        let files = [self.journal_file(), self.lock_file()];
        let differs =
            |path: &&PathBuf, is_it: fn(&Metadata) -> bool| path.symlink_metadata().is_ok_and(|found| !is_it(&found));
        let folder = folders.iter().find(|path| differs(path, Metadata::is_dir));
        let Some(other) = folder.or_else(|| files.iter().find(|path| differs(path, Metadata::is_file))) else {
            return Ok(fs::exists(&self.folder));
        };
        let message = format!("{} is not what skillpress has put there", other.display());
        let hint = format!("it may have come with a repository; look into {} and remove it", self.folder.display());
        Err(Error::new(ErrorKind::Refused, message).hint(hint))
    }

    /// Writes all that is new; nothing outside the working folder is touched.
    pub(super) fn stage<'a>(
        &self,
        plan: &Plan,
        tree: &(dyn Fn(&Step) -> Result<&'a Tree> + Sync),
    ) -> Result<Vec<String>> {
        fs::create_dir(&self.folder)?;
        fs::create_dir(&self.folder.join("new"))?;
        fs::create_dir(&self.folder.join("old"))?;
        let steps: Vec<&Step> = plan.steps.iter().filter(|step| step.puts_files()).collect();
        let new = Halves::of(&self.folder)?.new;
        let make = |step: &Step| new.create_dir(step.directory.as_str());
        let fill = |step: &Step| write_tree(tree(step)?, &new, step.directory.as_str());
        // Tests make single operations fail, which takes one thread that does one thing after the other.
        if cfg!(test) || steps.len() < FILLED_AT_ONCE {
            let staged: Result<Vec<_>> = steps.into_iter().map(|step| make(step).and_then(|()| fill(step))).collect();
            return Ok(staged?.concat());
        }
        self.stage_many(&steps, &make, &fill)
    }

    /// Stages skills in batches: what is written of one goes to the disk while the next is written, so that the sync before the
    /// journal has little to wait for.
    fn stage_many(
        &self,
        steps: &[&Step],
        make: &dyn Fn(&Step) -> Result<()>,
        fill: &(dyn Fn(&Step) -> Result<Vec<String>> + Sync),
    ) -> Result<Vec<String>> {
        const BATCH: usize = 1024;
        let staged = Mutex::new(Ok(Vec::new()));
        let fill_all = |steps: &[&Step]| {
            let filled: Result<Vec<_>> = steps.iter().map(|step| fill(step)).collect();
            let mut staged = staged.lock().unwrap_or_else(PoisonError::into_inner);
            match (&mut *staged, filled) {
                (Ok(staged), Ok(filled)) => staged.extend(filled.concat()),
                (Ok(_), Err(error)) => *staged = Err(error),
                (Err(_), _) => {}
            }
        };
        std::thread::scope(|scope| {
            let mut syncing: Option<ScopedJoinHandle<'_, ()>> = None;
            for (number, batch) in steps.chunks(BATCH).enumerate() {
                if number > 0 && syncing.as_ref().is_none_or(ScopedJoinHandle::is_finished) {
                    // Whether it works is seen when all is there.
                    syncing = Some(scope.spawn(|| drop(fs::sync_file_system(&self.folder))));
                }
                // The system makes one folder at a time in another one, so the other hands fill those that were made.
                rayon::in_place_scope(|scope| {
                    for steps in batch.chunks(FILLED_AT_ONCE) {
                        steps.iter().try_for_each(|step| make(step))?;
                        scope.spawn(|_| fill_all(steps));
                    }
                    Ok::<_, Error>(())
                })?;
            }
            Ok::<_, Error>(())
        })?;
        let mut copied = staged.into_inner().unwrap_or_else(PoisonError::into_inner)?;
        copied.sort();
        Ok(copied)
    }

    /// From the end of this on the transaction is carried out.
    pub(super) fn commit(&self, lock: &[u8], bytes: &[u8], journal: &Journal) -> Result<()> {
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

    pub(super) fn journal(&self) -> Result<Option<Journal>> {
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
    /// away; see [`Halves::was_edited_late`] about `since`. `placed` is told of each that is in its place.
    pub(super) fn forward<'j>(
        &self,
        journal: &'j Journal,
        since: Option<(SystemTime, &Lock)>,
        placed: &(dyn Fn(&DirectoryName) + Sync),
    ) -> Result<Vec<&'j Operation>> {
        // Without the new lock in the working folder everything was done.
        let is_done = !fs::exists(&self.lock_file());
        let halves = match Halves::of(&self.folder) {
            Ok(halves) => halves,
            // What is gone has been looked at before.
            Err(error) if is_done && error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let directory = open_dir(&self.directory)?;
        let late = Mutex::new(Vec::new());
        let look = |operations: &'j [Operation]| {
            let edited = operations.iter().filter(|operation| halves.was_edited_late(operation, since));
            let edited: Vec<&Operation> = edited.collect();
            late.lock().unwrap_or_else(PoisonError::into_inner).extend(edited);
            let put = operations.iter().filter(|operation| operation.kind != Kind::Remove);
            put.for_each(|operation| placed(&operation.directory));
        };
        // The system moves one folder at a time, so the other hands look at those that were moved.
        rayon::in_place_scope(|scope| {
            for operations in journal.operations.chunks(AT_ONCE) {
                if !is_done {
                    operations.iter().try_for_each(|operation| self.carry_out(operation, &halves, &directory))?;
                }
                scope.spawn(|_| look(operations));
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
            Kind::Remove => self.take_away(&operation.directory, halves, directory),
            Kind::Replace => self.replace(operation, halves, directory),
        }
    }

    fn replace(&self, operation: &Operation, halves: &Halves, directory: &OpenDir) -> Result<()> {
        let name = &operation.directory;
        let (new, old, place) = (self.staged(name), self.old(name), self.place(name));
        if !fs::exists(&new) {
            return Ok(());
        }
        if fs::exists(&old) && !self.is_away(name)? {
            let message = format!("{} and {} cannot both have been there", old.display(), place.display());
            return Err(Error::new(ErrorKind::Refused, message));
        }
        if !fs::exists(&place) {
            return fs::rename(&new, &place);
        }
        if is_new(&new, operation) && !fs::exchange(&new, &place)? {
            self.take_away(name, halves, directory)?;
            fs::rename(&new, &place)?;
        }
        Ok(())
    }

    /// Moves a folder to the old ones. Not every one can be moved where layers lie over each other, as in a container: such a one is
    /// copied as a whole before it is removed.
    fn take_away(&self, name: &DirectoryName, halves: &Halves, directory: &OpenDir) -> Result<()> {
        match directory.move_new(name.as_str(), &halves.old) {
            Ok(Moved::Taken) => self.is_away(name).map(drop),
            Err(error) if fs::is_cross_device(&error) => {
                let draft = fs::draft_folder(&self.folder)?;
                let (copy, old, place) = (draft.path().join(name.as_str()), self.old(name), self.place(name));
                fs::copy(&place, &copy)?;
                fs::sync_file_system(&self.folder)?;
                fs::rename(&copy, &old)?;
                if self.is_away(name)? {
                    return Ok(());
                }
                fs::remove_dir_all(&old)?;
                Err(Error::new(ErrorKind::Refused, format!("{} changed while it was copied", place.display())))
            }
            result => result.map(drop),
        }
    }

    /// Whether a folder that is among the old ones is no more at its place; what a copy left there is removed.
    fn is_away(&self, name: &DirectoryName) -> Result<bool> {
        let (old, place) = (self.old(name), self.place(name));
        if is_rest(&place, &old) {
            fs::remove_dir_all(&place)?;
        }
        Ok(!fs::exists(&place))
    }

    /// Undoes what was done; only while the old lock stands. What is not as it was put there is somebody's work by now: it stays, or goes
    /// to the trash where something else comes back to its place. Gives the places in the trash.
    pub(super) fn backward(&self, journal: &Journal, trash: &Trash) -> Result<Vec<PathBuf>> {
        if !fs::exists(&self.lock_file()) {
            return Err(Error::new(ErrorKind::Invalid, "it is done and cannot be undone"));
        }
        let directory = open_dir(&self.directory)?;
        let mut moved = Vec::new();
        for operation in journal.operations.iter().rev() {
            let name = &operation.directory;
            let (new, old, place) = (self.staged(name), self.old(name), self.place(name));
            match operation.kind {
                Kind::Put if !fs::exists(&new) && is_new(&place, operation) => fs::rename(&place, &new)?,
                Kind::Remove if fs::exists(&old) && self.is_away(name)? => fs::rename(&old, &place)?,
                Kind::Replace if fs::exists(&old) => {
                    if !self.is_away(name)? {
                        if !fs::exists(&new) && is_new(&place, operation) {
                            fs::rename(&place, &new)?;
                        } else {
                            moved.extend(trash.take(&directory, name)?);
                        }
                    }
                    fs::rename(&old, &place)?;
                }
                // After an exchange the old one stands where the new one was.
                Kind::Replace if fs::exists(&new) && !is_new(&new, operation) => {
                    if !is_new(&place, operation) {
                        moved.extend(trash.take(&directory, name)?);
                        fs::rename(&new, &place)?;
                    } else if !fs::exchange(&new, &place)? {
                        return Err(Error::new(ErrorKind::Io, "folders were exchanged that cannot be exchanged back"));
                    }
                }
                _ => {}
            }
        }
        fs::sync_dir(&self.directory).map(|()| moved)
    }

    /// Moves what the user edited to the trash, also what was edited late.
    pub(super) fn put_aside(&self, journal: &Journal, late: &[&Operation], trash: &Trash) -> Result<Vec<PathBuf>> {
        let mut moved = Vec::new();
        let edited = journal.operations.iter().filter(|operation| operation.edited);
        let mut edited = edited.chain(late.iter().copied()).peekable();
        if edited.peek().is_none() {
            return Ok(moved);
        }
        let halves = Halves::of(&self.folder)?;
        for operation in edited {
            // What is not there any more was moved before.
            moved.extend(trash.take(halves.half(operation), &operation.directory)?);
        }
        Ok(moved)
    }

    /// Removes the folders that were taken away by the files that the lock knows in them. Whatever else is there is left to
    /// [`Work::discard`].
    pub(super) fn remove_known(&self, journal: &Journal, before: &Lock) {
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
    pub(super) fn discard(&self) -> Result<()> {
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

/// Whether a folder is what an operation puts in place.
fn is_new(folder: &Path, operation: &Operation) -> bool {
    let found = disk::on_disk(folder);
    operation.digest.is_some_and(|digest| found.is_ok_and(|found| found.is(digest)))
}

/// Whether all that is in a folder is in another one as well.
fn is_rest(folder: &Path, of: &Path) -> bool {
    let (Ok(OnDisk::Folder { files: rest, strange, .. }), Ok(OnDisk::Folder { files: all, .. })) =
        (disk::on_disk(folder), disk::on_disk(of))
    else {
        return false;
    };
    rest.0.iter().all(|(path, file)| all.0.get(path) == Some(file))
        && strange.iter().all(|path| fs::exists(&of.join(path)))
}
