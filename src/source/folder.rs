//! Folders on disk as sources. Links are never followed: what they lead to is not a part of the source.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::files::{Entry, EntryKind, Files, Handle};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{Kind, OpenDir, content};

/// A folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Opens a folder that must be there.
    pub fn open(root: &Path) -> Result<Self> {
        let metadata = fs::metadata(root).map_err(|error| {
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            let error = Error::io("read the source", root, error);
            if missing { error.hint("check the path; OWNER/REPO on a forge is written without `./`") } else { error }
        })?;
        if !metadata.is_dir() {
            return Err(Error::new(ErrorKind::Usage, format!("{} is not a folder", root.display()))
                .hint("name the folder that holds SKILL.md, or one that holds skills"));
        }
        Ok(Self { root: root.to_owned() })
    }
}

impl Files for Folder {
    fn root(&self) -> Handle {
        Handle::Path(self.root.clone())
    }

    fn list(&self, folder: &Handle) -> Result<Vec<Entry>> {
        let Handle::Path(folder) = folder else { return Ok(Vec::new()) };
        let list = || -> std::io::Result<Vec<Entry>> {
            // Whoever names the source may do so by a link.
            let open = if *folder == self.root { OpenDir::open(folder) } else { OpenDir::open_no_link(folder) }?;
            let entry = |entry: crate::fs::Entry| {
                let kind = match entry.kind {
                    Kind::Folder => EntryKind::Folder,
                    Kind::Link => EntryKind::Link,
                    Kind::Other => EntryKind::Other,
                    Kind::File => EntryKind::File,
                };
                Entry { name: name_bytes(&entry.name), kind, handle: Handle::Path(folder.join(&entry.name)) }
            };
            Ok(open.entries()?.into_iter().map(entry).collect())
        };
        let mut entries = list().map_err(|error| Error::io("read", folder, error))?;
        entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    fn read(&self, file: &Handle, limit: u64) -> Result<Vec<u8>> {
        let Handle::Path(path) = file else { return Ok(Vec::new()) };
        read(path, limit).map(|(_, bytes)| bytes)
    }

    fn take(&self, entry: &Entry, limit: u64) -> Result<(EntryKind, Vec<u8>)> {
        let Handle::Path(path) = &entry.handle else { return Ok((entry.kind, Vec::new())) };
        read(path, limit)
    }

    fn entry(&self, folder: &Handle, name: &str) -> Result<Option<Entry>> {
        let Handle::Path(folder) = folder else { return Ok(None) };
        let path = folder.join(name);
        match fs::symlink_metadata(&path) {
            Ok(metadata) => {
                let kind = kind_of(&metadata);
                Ok(Some(Entry { name: name.as_bytes().to_vec(), kind, handle: Handle::Path(path) }))
            }
            Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
                Ok(None)
            }
            Err(error) => Err(Error::io("read", &path, error)),
        }
    }
}

/// Reads a file or a link, and says which it is.
fn read(path: &Path, limit: u64) -> Result<(EntryKind, Vec<u8>)> {
    let failed = |error| Error::io("read", path, error);
    let Some(file) = open_unless_link(path).map_err(failed)? else {
        let target = fs::read_link(path).map_err(failed)?;
        return Ok((EntryKind::Link, name_bytes(target.as_os_str())));
    };
    let metadata = file.metadata().map_err(failed)?;
    let kind = kind_of(&metadata);
    if !kind.is_file() {
        return Err(Error::new(ErrorKind::Refused, format!("{} is no file any more", path.display())));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(limit)).unwrap_or(0) + 1);
    content(&file, &metadata).take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit {
        return Err(super::too_large());
    }
    Ok((kind, bytes))
}

/// Opens what is there, without waiting for who writes to a pipe; nothing when it is a link.
#[cfg(unix)]
fn open_unless_link(path: &Path) -> std::io::Result<Option<File>> {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::OFlags;
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    #[expect(clippy::disallowed_methods, reason = "it is opened for reading")]
    let mut options = File::options();
    match options.read(true).custom_flags(flags).open(path) {
        Ok(file) => Ok(Some(file)),
        // Of a link the systems say that there are too many, or too few.
        Err(_) if fs::symlink_metadata(path)?.is_symlink() => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn open_unless_link(path: &Path) -> std::io::Result<Option<File>> {
    if fs::symlink_metadata(path)?.is_symlink() { Ok(None) } else { File::open(path).map(Some) }
}

fn kind_of(metadata: &fs::Metadata) -> EntryKind {
    let kind = metadata.file_type();
    if kind.is_dir() {
        EntryKind::Folder
    } else if kind.is_symlink() {
        EntryKind::Link
    } else if !kind.is_file() {
        EntryKind::Other
    } else if is_executable(metadata) {
        EntryKind::Executable
    } else {
        EntryKind::File
    }
}

/// Whether the owner may run the file.
#[cfg(unix)]
pub(crate) fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o100 != 0
}

/// No system besides Unix keeps this in a file's permissions.
#[cfg(not(unix))]
pub(crate) fn is_executable(_metadata: &fs::Metadata) -> bool {
    false
}

#[cfg(unix)]
fn name_bytes(name: &std::ffi::OsStr) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    name.as_bytes().to_vec()
}

#[cfg(not(unix))]
fn name_bytes(name: &std::ffi::OsStr) -> Vec<u8> {
    name.to_string_lossy().into_owned().into_bytes()
}
