//! Seals: what the file system says of installed skills, so that those that nobody has touched need not be read before every change.
//!
//! A seal is a digest over what identifies a skill's files and folders, their sizes and times, and over the digest of its tree, made
//! when a command has put the skill in place. It holds while all of that is the same; git's index knows an untouched working tree in the
//! same way. Only what was changed last before the lock was written gets one. The lock is written after the files, so whatever is
//! changed later has a later time, however coarse the times of the file system are.
//!
//! Seals lie in the user's cache, and everything is read where there are none. `verify` never asks them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::digest::Digest;
use super::lock::{self, Lock, Locked};
use super::naming::DirectoryName;
use crate::fs::{self, OpenDir};

/// So few skills are read in no time, and nothing is written for them.
const FEW: usize = 32;

/// The seals of one skills directory.
#[derive(Debug, Default)]
pub struct Seals {
    /// Where they are kept, if there is a place for them.
    file: Option<PathBuf>,
    known: BTreeMap<DirectoryName, Digest>,
}

impl Seals {
    /// Those of the skills that the lock of a directory knows, below the folder for what can be made again.
    pub fn of(directory: &Path, lock: &Lock, cache: Option<&Path>) -> Self {
        let (Some(cache), Ok(directory)) = (cache, directory.canonicalize()) else { return Self::default() };
        let name = Digest::of(directory.as_os_str().as_encoded_bytes());
        let file = folder(cache).join(format!("{name}.json"));
        let read = || serde_json::from_slice(&fs::read(&file).ok()?).ok();
        let known = if lock.skills.is_empty() { None } else { read() };
        Self { known: known.unwrap_or_default(), file: Some(file) }
    }

    /// Whether a skill is as it was installed, for all that the file system says.
    pub(super) fn hold(&self, directory: &OpenDir, name: &DirectoryName, locked: &Locked) -> bool {
        let known = self.known.get(name);
        known.is_some_and(|known| look(directory, name, locked).is_some_and(|seen| seen.seal == *known))
    }
}

/// New seals, taken while a command puts skills in place.
#[derive(Debug)]
pub struct Sealing<'a> {
    seals: &'a Seals,
    /// Nothing where none are kept.
    directory: Option<&'a OpenDir>,
    put: BTreeMap<&'a DirectoryName, &'a Locked>,
    gone: Vec<&'a DirectoryName>,
    seen: Mutex<Vec<(&'a DirectoryName, Seen)>>,
}

impl<'a> Sealing<'a> {
    pub(super) fn of(
        seals: &'a Seals,
        directory: Option<&'a OpenDir>,
        put: BTreeMap<&'a DirectoryName, &'a Locked>,
        gone: Vec<&'a DirectoryName>,
    ) -> Self {
        let are_few = seals.known.len() + put.len() <= FEW;
        let directory = directory.filter(|_| seals.file.is_some() && !are_few);
        Self { seals, directory, put, gone, seen: Mutex::default() }
    }

    /// Looks at a skill that is in its place now.
    pub fn look(&self, name: &DirectoryName) {
        let (Some(directory), Some((name, locked))) = (self.directory, self.put.get_key_value(name)) else { return };
        if let Some(seen) = look(directory, name, locked) {
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).push((name, seen));
        }
    }

    /// Keeps the seals of what was looked at, once the lock is written, and forgets those of what is gone. Whether that works is of no
    /// account: a seal that does not belong to what is on the disk does not hold.
    pub fn keep(self) {
        let Some(file) = &self.seals.file else { return };
        let mut known = self.seals.known.clone();
        known.retain(|name, _| !self.put.contains_key(name));
        for name in self.gone {
            known.remove(name);
        }
        let lock = self.directory.and_then(|directory| directory.stamp(lock::FILE_NAME).ok());
        let seen = self.seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        let early = seen.into_iter().filter(|(_, seen)| lock.is_some_and(|lock| seen.changed < lock.content));
        // Faster than to insert one after the other.
        known.append(&mut early.map(|(name, seen)| (name.clone(), seen.seal)).collect());
        if known == self.seals.known {
            return;
        }
        if known.len() <= FEW {
            let _ = fs::remove_file(file);
        } else if let (Some(folder), Ok(text)) = (file.parent(), serde_json::to_vec(&known)) {
            let _ = fs::create_dir_all(folder).and_then(|()| fs::write_unsynced(file, &text));
        }
    }
}

/// What the file system says of a skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    seal: Digest,
    /// When anything of it changed last.
    changed: SystemTime,
}

/// The folder of all seals, below the folder for what can be made again.
pub fn folder(cache: &Path) -> PathBuf {
    cache.join("seals")
}

/// Looks at a skill; nothing when something of it is missing.
fn look(directory: &OpenDir, name: &DirectoryName, locked: &Locked) -> Option<Seen> {
    let (mut text, mut changed) = (locked.digest.to_string(), SystemTime::UNIX_EPOCH);
    let mut add = |path: &str, is_folder: bool| {
        let stamp = directory.stamp(path).ok().filter(|stamp| stamp.inode != 0)?;
        // A folder's other times change when it is moved, and its size is none of ours.
        let (time, size) = if is_folder { (stamp.content, 0) } else { (stamp.anything, stamp.size) };
        let nanoseconds = time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_nanos();
        changed = changed.max(time);
        write!(text, " {} {size} {nanoseconds}", stamp.inode).ok()
    };
    add(name.as_str(), true)?;
    for folder in locked.files.folders() {
        add(&format!("{name}/{folder}"), true)?;
    }
    for path in locked.files.0.keys() {
        add(&format!("{name}/{path}"), false)?;
    }
    Some(Seen { seal: Digest::of(text.as_bytes()), changed })
}

#[cfg(test)]
mod tests;
