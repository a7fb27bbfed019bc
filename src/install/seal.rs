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
use std::time::SystemTime;

use rayon::prelude::*;

use super::digest::Digest;
use super::lock::{self, Locked};
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
    /// Those of a skills directory, below the folder for what can be made again.
    pub fn of(directory: &Path, cache: Option<&Path>) -> Self {
        let (Some(cache), Ok(directory)) = (cache, directory.canonicalize()) else { return Self::default() };
        let name = Digest::of(directory.as_os_str().as_encoded_bytes());
        let file = folder(cache).join(format!("{name}.json"));
        let known = fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        Self { file: Some(file), known }
    }

    /// Whether a skill is as it was installed, for all that the file system says.
    pub(super) fn hold(&self, directory: &OpenDir, name: &DirectoryName, locked: &Locked) -> bool {
        self.known.get(name).is_some_and(|known| seal(directory, name, locked, None).as_ref() == Some(known))
    }

    /// Seals what a command has put in place, and forgets what it has taken away. Whether that works is of no account: a seal that does
    /// not belong to what is on the disk does not hold.
    pub(super) fn renew(&self, directory: &OpenDir, put: &[(&DirectoryName, &Locked)], gone: &[&DirectoryName]) {
        let (Some(file), Ok(lock)) = (&self.file, directory.stamp(lock::FILE_NAME)) else { return };
        let new: Vec<(DirectoryName, Option<Digest>)> = put
            .par_iter()
            .map(|(name, locked)| ((*name).clone(), seal(directory, name, locked, Some(lock.content))))
            .collect();
        let mut known = self.known.clone();
        for (name, seal) in new.into_iter().chain(gone.iter().map(|name| ((*name).clone(), None))) {
            match seal {
                Some(seal) => drop(known.insert(name, seal)),
                None => drop(known.remove(&name)),
            }
        }
        if known == self.known {
            return;
        }
        if known.len() <= FEW {
            let _ = fs::remove_file(file);
        } else if let (Some(folder), Ok(text)) = (file.parent(), serde_json::to_vec(&known)) {
            let _ = fs::create_dir_all(folder).and_then(|()| fs::write_unsynced(file, &text));
        }
    }
}

/// The folder of all seals, below the folder for what can be made again.
pub fn folder(cache: &Path) -> PathBuf {
    cache.join("seals")
}

/// The seal of a skill; none when something of it is missing, or was changed at `before` or later.
fn seal(directory: &OpenDir, name: &DirectoryName, locked: &Locked, before: Option<SystemTime>) -> Option<Digest> {
    let mut text = locked.digest.to_string();
    let mut add = |path: &str, is_folder: bool| {
        let stamp = directory.stamp(path).ok().filter(|stamp| stamp.inode != 0)?;
        // A folder's other times change when it is moved, and its size is none of ours.
        let (time, size) = if is_folder { (stamp.content, 0) } else { (stamp.anything, stamp.size) };
        let nanoseconds = time.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_nanos();
        let is_early = before.is_none_or(|before| time < before);
        is_early.then(|| write!(text, " {} {size} {nanoseconds}", stamp.inode).ok())?
    };
    add(name.as_str(), true)?;
    for folder in locked.files.folders() {
        add(&format!("{name}/{folder}"), true)?;
    }
    for path in locked.files.0.keys() {
        add(&format!("{name}/{path}"), false)?;
    }
    Some(Digest::of(text.as_bytes()))
}

#[cfg(test)]
mod tests;
