//! Where fetched repositories are kept: one bare repository a URL, shared by all processes of the user under a file lock.
//!
//! Nothing in here is precious. What is damaged is removed and fetched again.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::url::RepositoryUrl;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::words::number;

/// The folder of all cached repositories.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

/// One cached repository, as `cache list` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cached {
    /// Its URL.
    pub url: String,
    /// Its folder.
    #[serde(serialize_with = "crate::fs::as_text")]
    pub folder: PathBuf,
    /// What it takes on the disk.
    pub bytes: u64,
}

/// The place of one repository.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    folder: PathBuf,
    url: String,
}

const URL_FILE: &str = "url";
const LOCK_FILE: &str = "lock";

/// How long cleaning waits for whoever is fetching.
const CLEANING: Duration = Duration::from_mins(1);

impl Cache {
    /// The cache below a folder that need not be there yet.
    pub fn below(folder: &Path) -> Self {
        Self { root: folder.join("git") }
    }

    /// The folder of all cached repositories.
    pub fn folder(&self) -> &Path {
        &self.root
    }

    pub(crate) fn slot(&self, url: &RepositoryUrl) -> Slot {
        let shown = url.to_string();
        let digest = Sha256::digest(shown.as_bytes());
        let hash = digest.iter().take(8).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
        let name = url.owner_and_repository().map_or("repository", |(_, name)| name);
        let name: String = name
            .chars()
            .filter(|character| character.is_ascii_alphanumeric() || "-_".contains(*character))
            .take(40)
            .collect();
        Slot { folder: self.root.join(format!("{name}-{hash:016x}")), url: shown }
    }

    /// Every cached repository, by URL.
    pub fn list(&self) -> Result<Vec<Cached>> {
        let entries = match std::fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::io("read", &self.root, error)),
        };
        let mut cached = Vec::new();
        for entry in entries {
            let folder = entry.map_err(|error| Error::io("read", &self.root, error))?.path();
            let Ok(url) = std::fs::read_to_string(folder.join(URL_FILE)) else { continue };
            let sizes = walkdir::WalkDir::new(&folder).into_iter().filter_map(|entry| entry.ok()?.metadata().ok());
            let bytes = sizes.filter(std::fs::Metadata::is_file).map(|metadata| metadata.len()).sum();
            cached.push(Cached { url: url.trim().to_owned(), folder, bytes });
        }
        cached.sort_by(|one, other| one.url.cmp(&other.url));
        Ok(cached)
    }

    /// Removes every cached repository, waiting for those that are in use.
    pub fn clean(&self) -> Result<Vec<Cached>> {
        let cached = self.list()?;
        for one in &cached {
            let slot = Slot { folder: one.folder.clone(), url: one.url.clone() };
            let lock = slot.lock(CLEANING)?;
            slot.remove()?;
            drop(lock);
        }
        fs::remove_empty_dir(&self.root);
        Ok(cached)
    }
}

impl Slot {
    pub(crate) fn repository(&self) -> PathBuf {
        self.folder.join("repository")
    }

    pub(crate) fn refs_file(&self) -> PathBuf {
        self.folder.join("refs.json")
    }

    pub(crate) fn is_there(&self) -> bool {
        self.repository().is_dir()
    }

    /// Waits until no other process writes here, but not for ever, and keeps others from it while the value lives.
    pub(crate) fn lock(&self, patience: Duration) -> Result<File> {
        let path = self.folder.join(LOCK_FILE);
        let started = Instant::now();
        let open = || fs::create_dir_all(&self.folder).and_then(|()| fs::open_lock_file(&path));
        // The folder may be cleaned away while it is made, and before it is locked: then the lock is on a file that nobody finds again.
        for _ in 0..100 {
            let Ok(file) = open() else { continue };
            while let Err(error) = file.try_lock() {
                match error {
                    TryLockError::WouldBlock if started.elapsed() < patience => {
                        std::thread::sleep(Duration::from_millis(10));
                    }
                    TryLockError::WouldBlock => {
                        let message = format!("another process is fetching {}", self.url);
                        return Err(Error::new(ErrorKind::Busy, message)
                            .because(format!("waited {} for {}", number(patience.as_secs(), "second"), path.display()))
                            .hint("let it end, or end it, and run the command again"));
                    }
                    TryLockError::Error(error) => return Err(Error::io("lock", &path, error)),
                }
            }
            if fs::is_same_file(&file, &path) {
                if !self.folder.join(URL_FILE).exists() {
                    fs::write_atomic(&self.folder.join(URL_FILE), format!("{}\n", self.url).as_bytes())?;
                }
                return Ok(file);
            }
        }
        open()?;
        Err(Error::new(
            ErrorKind::Busy,
            format!("the cache at {} is being cleaned again and again", self.folder.display()),
        ))
    }

    /// Removes all of it, the lock last: from then on somebody else may have the folder, who makes a lock of their own in it.
    pub(crate) fn remove(&self) -> Result<()> {
        self.discard()?;
        fs::remove_file(&self.folder.join(URL_FILE))?;
        fs::remove_file(&self.folder.join(LOCK_FILE))?;
        fs::remove_empty_dir(&self.folder);
        Ok(())
    }

    /// Removes what was fetched; the lock stays.
    pub(crate) fn discard(&self) -> Result<()> {
        fs::remove_dir_all(&self.repository())?;
        fs::remove_file(&self.refs_file())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_is_cleaned_while_others_come_back_to_it() {
        let root = tempfile::tempdir().unwrap();
        let cache = Cache::below(root.path());
        let slot = cache.slot(&RepositoryUrl::new("https://example.org/o/r").unwrap());
        let come_back = || (0..1_000).for_each(|_| drop(slot.lock(CLEANING).unwrap()));
        std::thread::scope(|scope| {
            let fetching = [(); 4].map(|()| scope.spawn(come_back));
            while fetching.iter().any(|one| !one.is_finished()) {
                cache.clean().unwrap();
            }
        });
        cache.clean().unwrap();
        assert!(!cache.folder().exists());
    }
}
