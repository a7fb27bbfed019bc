//! What is on the disk where skills are installed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::digest::{Digest, FileDigest, TreeDigest};
use super::guard;
use super::litter::is_litter;
use super::lock::{self, Locked};
use super::naming::DirectoryName;
use super::seal::{Sealing, Seals};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{Entry, Kind, OpenDir, RelativePath, content, open_dir};
use crate::source::folder::is_executable;
use crate::source::tree::FileKind;

/// What stands on the disk where a skill is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OnDisk {
    /// Nothing.
    Absent,
    /// Something that is no folder.
    NoFolder,
    /// A folder.
    Folder {
        /// Its files.
        files: TreeDigest,
        /// What in it is neither file nor link nor folder.
        strange: Vec<String>,
        /// The mode that all files have where none is kept.
        one_mode: Option<FileKind>,
    },
}

impl OnDisk {
    /// Whether it is a folder with the files that have this digest together, litter aside.
    pub fn is(&self, digest: Digest) -> bool {
        let Self::Folder { files, strange, .. } = self else { return false };
        let without_litter = || {
            let own = files.0.iter().filter(|(path, _)| !is_litter(path.as_str()));
            TreeDigest(own.map(|(path, file)| (path.clone(), *file)).collect())
        };
        // A skill may bring some itself.
        strange.iter().all(|path| is_litter(path)) && (files.total() == digest || without_litter().total() == digest)
    }
}

/// A skills directory in which skills are compared with what was installed.
#[derive(Debug)]
pub struct Disk {
    path: PathBuf,
    /// Nothing where there is no such directory.
    opened: Option<OpenDir>,
    one_mode: Option<FileKind>,
    seals: Seals,
}

impl Disk {
    /// Opens it, and looks whether modes are kept there. Skills that `seals` know and nobody has touched are not read.
    pub fn open(directory: &Path, seals: Seals) -> Result<Self> {
        let opened = match open_dir(directory) {
            Ok(opened) => Some(opened),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let one_mode = one_mode(directory);
        // Where modes are not kept, what was installed is not what is seen.
        let seals = if one_mode.is_none() { seals } else { Seals::default() };
        Ok(Self { path: directory.to_owned(), opened, one_mode, seals })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads what has this name in it.
    pub fn read(&self, name: &DirectoryName) -> Result<OnDisk> {
        let Some(directory) = &self.opened else { return Ok(OnDisk::Absent) };
        let mut found = on_disk_in(directory, name.as_str())?;
        if let OnDisk::Folder { one_mode, .. } = &mut found {
            *one_mode = self.one_mode;
        }
        Ok(found)
    }

    /// The same, where the lock may say what is there: a skill that nobody has touched is not read.
    pub fn look(&self, name: &DirectoryName, locked: Option<&Locked>) -> Result<OnDisk> {
        match (&self.opened, locked) {
            (Some(directory), Some(locked)) if self.seals.hold(directory, name, locked) => {
                Ok(OnDisk::Folder { files: locked.files.clone(), strange: Vec::new(), one_mode: None })
            }
            _ => self.read(name),
        }
    }

    /// Remembers the skills that a command puts in place, and forgets those that it takes away.
    pub fn sealing<'a>(
        &'a self,
        put: BTreeMap<&'a DirectoryName, &'a Locked>,
        gone: Vec<&'a DirectoryName>,
    ) -> Sealing<'a> {
        Sealing::of(&self.seals, self.opened.as_ref(), put, gone)
    }
}

/// Reads what is at `path`, with the modes that are seen.
pub fn on_disk(path: &Path) -> Result<OnDisk> {
    found(OpenDir::open_no_link(path), path)
}

/// Reads what has this name in a folder, with the modes that are seen.
pub fn on_disk_in(directory: &OpenDir, name: &str) -> Result<OnDisk> {
    found(directory.below(name.as_ref()), &directory.path().join(name))
}

fn found(opened: io::Result<OpenDir>, path: &Path) -> Result<OnDisk> {
    let folder = match opened {
        Ok(folder) => folder,
        Err(error) => {
            return match path.symlink_metadata() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(OnDisk::Absent),
                Ok(metadata) if !metadata.is_dir() => Ok(OnDisk::NoFolder),
                Ok(_) | Err(_) => Err(Error::io("read", path, error)),
            };
        }
    };
    let (mut files, mut strange) = (TreeDigest::default(), Vec::new());
    read_folder(&folder, "", &mut files, &mut strange)?;
    Ok(OnDisk::Folder { files, strange, one_mode: None })
}

/// Reads a folder with as few calls as it takes: this is done for every skill before anything is changed.
fn read_folder(folder: &OpenDir, prefix: &str, digests: &mut TreeDigest, strange: &mut Vec<String>) -> Result<()> {
    let entries = folder.entries().map_err(|error| Error::io("read", folder.path(), error))?;
    for Entry { name, kind } in &entries {
        let failed = |error| Error::io("read", &folder.path().join(name), error);
        let shown = name.to_string_lossy();
        let path = if prefix.is_empty() { shown.to_string() } else { format!("{prefix}/{shown}") };
        let relative = name.to_str().and_then(|_| RelativePath::new(&path).ok());
        let (relative, digest) = match (kind, relative) {
            (Kind::Folder, _) => {
                let below = folder.below(name).map_err(failed)?;
                read_folder(&below, &path, digests, strange)?;
                continue;
            }
            (Kind::Other, _) | (_, None) => {
                strange.push(path);
                continue;
            }
            (Kind::Link, Some(relative)) => (relative, link_digest(&folder.path().join(name))),
            (Kind::File, Some(relative)) => (relative, folder.file(name).and_then(|file| file_digest(&file))),
        };
        digests.0.insert(relative, digest.map_err(failed)?);
    }
    if entries.is_empty() && !prefix.is_empty() {
        // No skill is installed with an empty folder.
        strange.push(prefix.to_owned());
    }
    Ok(())
}

/// Whether anything in the folder `name`, which holds `files`, may have changed since `time`, by what the file system remembers of its
/// entries: nothing is read. What is new is seen by the folder that it is in.
pub fn may_have_changed(directory: &OpenDir, name: &str, files: &TreeDigest, time: SystemTime) -> bool {
    let is_new = |path: &str| directory.stamp(path).map_or(true, |stamp| stamp.anything >= time);
    // A folder that was renamed may count as changed by then; what it holds was not.
    directory.stamp(name).map_or(true, |stamp| stamp.content >= time)
        || files
            .folders()
            .into_iter()
            .chain(files.0.keys().map(RelativePath::as_str))
            .any(|path| is_new(&format!("{name}/{path}")))
}

fn link_digest(path: &Path) -> io::Result<FileDigest> {
    let target = std::fs::read_link(path)?;
    Ok(FileDigest { mode: FileKind::Link, sha256: Digest::of(target.as_os_str().as_encoded_bytes()) })
}

fn file_digest(file: &File) -> io::Result<FileDigest> {
    let metadata = file.metadata()?;
    let mode = if is_executable(&metadata) { FileKind::Executable } else { FileKind::Plain };
    Ok(FileDigest { mode, sha256: Digest::of_all(content(file, &metadata))? })
}

/// The mode that all files have in a skills directory whose file system keeps none. Ours are made as ones that nobody may run.
pub fn one_mode(directory: &Path) -> Option<FileKind> {
    if cfg!(not(unix)) {
        return Some(FileKind::Plain);
    }
    let mut ours = [guard::FILE_NAME, lock::FILE_NAME].into_iter();
    let ours = ours.find_map(|name| directory.join(name).symlink_metadata().ok())?;
    is_executable(&ours).then_some(FileKind::Executable)
}
