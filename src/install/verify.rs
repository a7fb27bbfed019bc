//! An installed skill against what was installed: which files are missing, changed, new, or of another mode.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use serde::Serialize;

use super::digest::{Digest, FileDigest, TreeDigest};
use super::guard;
use super::lock::{self, Locked};
use super::naming::DirectoryName;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{Entry, Kind, OpenDir, RelativePath, content, open_dir};
use crate::source::folder::is_executable;
use crate::source::tree::FileKind;
use crate::words::escape;

/// One file that is not as it was installed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Below the skill's folder.
    pub path: String,
    /// What became of it.
    pub what: Change,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is not there.
    Missing,
    /// It says something else.
    Changed,
    /// It was not installed.
    Added,
    /// It may be run and should not, or the other way round.
    Mode,
}

impl Change {
    /// As it is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Mode => "mode changed",
        }
    }
}

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

/// A skills directory in which skills are compared with what was installed.
#[derive(Debug)]
pub struct Disk {
    /// Nothing where there is no such directory.
    opened: Option<OpenDir>,
    one_mode: Option<FileKind>,
}

impl Disk {
    /// Opens it, and looks whether modes are kept there.
    pub fn open(directory: &Path) -> Result<Self> {
        let opened = match open_dir(directory) {
            Ok(opened) => Some(opened),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self { opened, one_mode: one_mode(directory) })
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
    let is_new = |path: &str| directory.times(path).map_or(true, |times| times.anything >= time);
    let mut folders = BTreeSet::new();
    for path in files.0.keys() {
        folders.extend(path.as_str().match_indices('/').map(|(at, _)| &path.as_str()[..at]));
    }
    // A folder that was renamed may count as changed by then; what it holds was not.
    directory.times(name).map_or(true, |times| times.content >= time)
        || folders
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

/// Compares what is on the disk with what was installed.
pub fn edits(found: &OnDisk, locked: &Locked) -> Vec<Edit> {
    let (files, strange, one_mode) = match found {
        OnDisk::Absent => return vec![Edit { path: ".".to_owned(), what: Change::Missing }],
        OnDisk::NoFolder => return vec![Edit { path: ".".to_owned(), what: Change::Changed }],
        OnDisk::Folder { files, strange, one_mode } => (files, strange, *one_mode),
    };
    let mut edits = Vec::new();
    for (path, expected) in &locked.files.0 {
        let what = match files.0.get(path) {
            None => Change::Missing,
            Some(file) if file.sha256 != expected.sha256 => Change::Changed,
            Some(file) if cfg!(unix) && file.mode != expected.mode.shown_in(one_mode) => Change::Mode,
            Some(_) => continue,
        };
        edits.push(Edit { path: path.to_string(), what });
    }
    let added = files.0.keys().filter(|path| !locked.files.0.contains_key(path)).map(ToString::to_string);
    for path in added.chain(strange.iter().cloned()) {
        edits.push(Edit { path: escape(&path).to_string(), what: Change::Added });
    }
    edits.sort_by(|one, other| one.path.cmp(&other.path));
    edits
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
