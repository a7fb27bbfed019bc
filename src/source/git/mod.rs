//! Git repositories as sources: commits are read straight from the object database, nothing is ever checked out.
//!
//! Nothing else names `git2` but `worktree.rs`, which asks what has changed.

mod answer;
mod child;
mod direct;
mod fetch;
mod http;
mod program;
mod protocol;
mod refs;
mod remote;
mod store;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use git2::{ErrorClass, ErrorCode, ObjectType, Oid, Repository};
use serde::{Deserialize, Serialize};

use super::files::{Entry, EntryKind, Files, Handle};
use super::locator::{RefName, Wanted};
use super::worktree;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::RelativePath;

#[cfg(any(test, fuzzing))]
pub use answer::take_for_any_answer;
pub(crate) use fetch::{forget, open};

/// The id of a commit: forty hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct CommitId(String);

impl CommitId {
    /// Takes a full id.
    pub fn new(id: &str) -> Result<Self> {
        if id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Ok(Self(id.to_ascii_lowercase()));
        }
        Err(Error::new(ErrorKind::Usage, format!("{id:?} is no commit id: those have forty hexadecimal digits")))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As much of it as people write.
    pub fn short(&self) -> &str {
        &self.0[..10]
    }

    fn oid(&self) -> Result<Oid> {
        Oid::from_str(&self.0).map_err(|error| failed("this is no object id", error))
    }
}

impl From<Oid> for CommitId {
    fn from(oid: Oid) -> Self {
        Self(oid.to_string())
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CommitId {
    type Error = Error;

    fn try_from(id: String) -> Result<Self> {
        Self::new(&id)
    }
}

/// A commit and the folder of it that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The commit.
    pub commit: CommitId,
    /// The name that led to it, when the repository was asked for one.
    pub name: Option<RefName>,
    /// The path that stood behind the ref in a browser's URL.
    pub path: Option<RelativePath>,
}

/// One commit's files. A repository serves one thread at a time, so each thread that reads takes one of its own.
pub(crate) struct Commit {
    path: PathBuf,
    idle: Mutex<Vec<Repository>>,
    tree: Oid,
}

impl fmt::Debug for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Commit").field("tree", &self.tree).finish_non_exhaustive()
    }
}

impl Commit {
    pub(crate) fn open(repository: Repository, id: &CommitId) -> Result<Self> {
        let tree = repository
            .find_commit(id.oid()?)
            .and_then(|commit| commit.tree())
            .map_err(|error| failed(&format!("cannot read commit {}", id.short()), error))?
            .id();
        // Packed objects carry check sums of their own; git does not compute their ids on every reading either.
        git2::opts::strict_hash_verification(false);
        Ok(Self { path: repository.path().to_owned(), idle: Mutex::new(vec![repository]), tree })
    }

    /// Whether an object of it is here.
    pub(super) fn has(&self, object: &Handle) -> Result<bool> {
        let id = oid(object)?;
        self.with(|repository| {
            let odb = repository.odb().map_err(|error| failed("cannot read the repository", error))?;
            Ok(odb.exists(id))
        })
    }

    fn with<T>(&self, work: impl FnOnce(&Repository) -> Result<T>) -> Result<T> {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = idle().pop();
        let repository = match taken {
            Some(repository) => repository,
            None => {
                Repository::open(&self.path).map_err(|error| failed("cannot open the repository once more", error))?
            }
        };
        let result = work(&repository);
        idle().push(repository);
        result
    }
}

impl Files for Commit {
    fn root(&self) -> Handle {
        handle(self.tree)
    }

    fn list(&self, folder: &Handle) -> Result<Vec<Entry>> {
        self.with(|repository| {
            let tree = find_tree(repository, folder)?;
            Ok(tree.iter().map(|entry| entry_of(&entry)).collect())
        })
    }

    fn read(&self, file: &Handle, limit: u64) -> Result<Vec<u8>> {
        let unreadable = |error| failed("cannot read a file of the repository", error);
        let id = oid(file)?;
        self.with(|repository| {
            let odb = repository.odb().map_err(unreadable)?;
            // A few bytes may say that gigabytes come of them, so the size is asked for before anything is inflated.
            if odb.read_header(id).map_err(unreadable)?.0 as u64 > limit {
                return Err(super::too_large());
            }
            let object = odb.read(id).map_err(unreadable)?;
            if object.kind() != ObjectType::Blob {
                return Err(Error::new(ErrorKind::Refused, "the repository names something a file that is none"));
            }
            Ok(object.data().to_vec())
        })
    }

    fn entry(&self, folder: &Handle, name: &str) -> Result<Option<Entry>> {
        self.with(|repository| {
            let tree = find_tree(repository, folder)?;
            // The quick search needs sorted entries, which a tree made by hand need not have.
            let found = tree.get_name(name).map(|entry| entry_of(&entry));
            let by_hand = || tree.iter().find(|entry| entry.name_bytes() == name.as_bytes());
            Ok(found.or_else(|| by_hand().map(|entry| entry_of(&entry))))
        })
    }
}

fn find_tree<'a>(repository: &'a Repository, folder: &Handle) -> Result<git2::Tree<'a>> {
    repository.find_tree(oid(folder)?).map_err(|error| failed("cannot read a folder of the repository", error))
}

fn entry_of(entry: &git2::TreeEntry<'_>) -> Entry {
    Entry { name: entry.name_bytes().to_vec(), kind: kind_of(entry.filemode_raw()), handle: handle(entry.id()) }
}

/// What a mode in a tree says.
fn kind_of(mode: i32) -> EntryKind {
    match mode {
        0o040_000 => EntryKind::Folder,
        0o100_755 => EntryKind::Executable,
        0o120_000 => EntryKind::Link,
        0o160_000 => EntryKind::Submodule,
        mode if mode & 0o170_000 == 0o100_000 => EntryKind::File,
        _ => EntryKind::Other,
    }
}

fn handle(id: Oid) -> Handle {
    let mut bytes = [0; 20];
    bytes.copy_from_slice(&id.as_bytes()[..20]);
    Handle::Object(bytes)
}

fn oid(handle: &Handle) -> Result<Oid> {
    match handle {
        Handle::Object(bytes) => Oid::from_bytes(bytes).map_err(|error| failed("this is no object id", error)),
        _ => Err(Error::new(ErrorKind::Invalid, "this is no object of a repository")),
    }
}

/// A commit's files, and how they were asked for.
pub(crate) type Opened = (Box<dyn Files + Sync>, Resolved);

/// Opens the repository that `folder` is or lies in, and finds the commit that is wanted. The path is where in it `folder` is.
pub(crate) fn open_in_place(
    folder: &Path,
    wanted: Option<&Wanted>,
) -> Result<(Commit, Resolved, Option<RelativePath>)> {
    let repository = Repository::discover(folder);
    let repository = repository.map_err(|error| match error.code() {
        ErrorCode::NotFound if !folder.exists() => {
            Error::new(ErrorKind::NotFound, format!("there is no repository at {}", folder.display()))
                .hint("check the path")
        }
        ErrorCode::NotFound => Error::new(ErrorKind::NotFound, format!("{} is not a git repository", folder.display()))
            .hint("leave out the ref to use the folder as it is"),
        ErrorCode::Owner => worktree::of_another_user(folder, error),
        _ => failed(&format!("cannot open the repository at {}", folder.display()), error)
            .hint_unless_there("clone it with git, and install from the clone's folder as it is, without a ref"),
    })?;
    let below = repository.workdir().and_then(|top| {
        let top = top.canonicalize().ok()?;
        let below = folder.canonicalize().ok()?.strip_prefix(top).ok()?.to_str()?.replace('\\', "/");
        RelativePath::new(&below).ok()
    });
    let resolved = refs::resolve_local(&repository, wanted, &folder.display().to_string())?;
    Ok((Commit::open(repository, &resolved.commit)?, resolved, below))
}

/// Whether a folder is a repository without working files.
pub(crate) fn is_bare(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir() && folder.join("refs").is_dir()
}

/// A failure of libgit2 in our words, with its own as the cause.
fn failed(what: &str, error: git2::Error) -> Error {
    let kind = match (error.class(), error.code()) {
        (class, ErrorCode::NotFound) if class != ErrorClass::Odb => ErrorKind::NotFound,
        (ErrorClass::Net | ErrorClass::Http | ErrorClass::Ssh, _) => ErrorKind::Network,
        (ErrorClass::Os | ErrorClass::Filesystem, _) => ErrorKind::Io,
        (ErrorClass::Config, _) => ErrorKind::Usage,
        (ErrorClass::Odb | ErrorClass::Zlib | ErrorClass::Object | ErrorClass::Indexer | ErrorClass::Repository, _) => {
            ErrorKind::Damaged
        }
        _ => ErrorKind::Invalid,
    };
    let is_setting = error.class() == ErrorClass::Config;
    let failed = Error::new(kind, what).because(error);
    if is_setting {
        failed.hint("correct that file; `git config --list` tells whether git can read it")
    } else {
        failed
    }
}
