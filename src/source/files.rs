//! The one view that discovery and loading have of a source: folders with entries, whatever they are stored in.

use std::path::PathBuf;

use crate::error::Result;

/// Something that holds files: a commit, a folder on disk, the bundle.
pub trait Files: Sync {
    /// The top.
    fn root(&self) -> Handle;

    /// What a folder holds, sorted by name.
    fn list(&self, folder: &Handle) -> Result<Vec<Entry>>;

    /// The bytes of a file, or what a link says; `limit` bounds what is read, and more is an error.
    fn read(&self, file: &Handle, limit: u64) -> Result<Vec<u8>>;

    /// The same of what is no folder in a listing, and what it was when it was read.
    fn take(&self, entry: &Entry, limit: u64) -> Result<(EntryKind, Vec<u8>)> {
        Ok((entry.kind, self.read(&entry.handle, limit)?))
    }

    /// Whether files may have to be brought one by one.
    fn comes_in_parts(&self) -> bool {
        false
    }

    /// Makes ready what will be read, for sources that bring many files faster than one by one.
    fn bring(&self, _files: &[Handle]) -> Result<()> {
        Ok(())
    }

    /// The entry of this name, for sources that find it faster than by listing.
    fn entry(&self, folder: &Handle, name: &str) -> Result<Option<Entry>> {
        Ok(self.list(folder)?.into_iter().find(|entry| entry.name == name.as_bytes()))
    }
}

/// Where a file or folder is in its source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Handle {
    /// An object of a git repository.
    Object([u8; 20]),
    /// A path on disk.
    Path(PathBuf),
    /// A path in the bundle.
    Bundled(&'static str),
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As it is stored: any bytes a hostile source puts there.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: EntryKind,
    /// Where it is.
    pub handle: Handle,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder.
    Folder,
    /// A file. Of a folder's files only [`Files::take`] says which may be run.
    File,
    /// A file that may be run.
    Executable,
    /// A symbolic link.
    Link,
    /// A repository inside the repository.
    Submodule,
    /// A socket, a device, a pipe, or something this program does not know.
    Other,
}

impl EntryKind {
    /// Whether it holds bytes of its own.
    pub fn is_file(self) -> bool {
        matches!(self, Self::File | Self::Executable)
    }
}

/// Whether two folders hold the same, as deep as they are looked into.
pub(super) fn is_same(files: &dyn Files, one: &Handle, other: &Handle, depth: usize) -> Result<bool> {
    // An object's name is its content, so there is nothing to look into.
    if one == other || matches!(one, Handle::Object(_)) {
        return Ok(one == other);
    }
    let (mine, theirs) = (files.list(one)?, files.list(other)?);
    if mine.len() != theirs.len() {
        return Ok(false);
    }
    for (mine, theirs) in mine.iter().zip(&theirs) {
        let alike = mine.name == theirs.name && mine.kind == theirs.kind;
        let same = match mine.kind {
            _ if !alike => false,
            EntryKind::Folder => depth > 0 && is_same(files, &mine.handle, &theirs.handle, depth - 1)?,
            _ => files.take(mine, crate::fs::MAX_FILE)? == files.take(theirs, crate::fs::MAX_FILE)?,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}
