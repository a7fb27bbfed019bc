//! An installed skill against what was installed: which files are missing, changed, new, or of another mode.

use std::path::Path;

use serde::Serialize;

use super::digest::{Digest, FileDigest, TreeDigest};
use super::lock::Locked;
use crate::error::{Error, Result, escape};
use crate::fs::RelativePath;
use crate::source::files::{EntryKind, Files, Handle};
use crate::source::folder::Folder;
use crate::source::tree::FileKind;

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
    /// A folder with these files, and what in it is neither file nor link nor folder.
    Folder(TreeDigest, Vec<String>),
}

/// Reads what is at `path`.
pub fn on_disk(path: &Path) -> Result<OnDisk> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(OnDisk::Absent),
        Err(error) => return Err(Error::io("read", path, error)),
        Ok(metadata) if !metadata.is_dir() => return Ok(OnDisk::NoFolder),
        Ok(_) => {}
    }
    let (mut digests, mut strange) = (TreeDigest::default(), Vec::new());
    let folder = Folder::open(path)?;
    read_folder(&folder, &folder.root(), "", &mut digests, &mut strange)?;
    Ok(OnDisk::Folder(digests, strange))
}

fn read_folder(
    folder: &Folder,
    at: &Handle,
    prefix: &str,
    digests: &mut TreeDigest,
    strange: &mut Vec<String>,
) -> Result<()> {
    let entries = folder.list(at)?;
    if entries.is_empty() && !prefix.is_empty() {
        // No skill is installed with an empty folder.
        strange.push(prefix.to_owned());
    }
    for entry in entries {
        let name = String::from_utf8_lossy(&entry.name);
        let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}/{name}") };
        let kind = match entry.kind {
            EntryKind::Folder => {
                read_folder(folder, &entry.handle, &path, digests, strange)?;
                continue;
            }
            EntryKind::File => FileKind::Plain,
            EntryKind::Executable => FileKind::Executable,
            EntryKind::Link => FileKind::Link,
            EntryKind::Submodule | EntryKind::Other => {
                strange.push(path);
                continue;
            }
        };
        match (std::str::from_utf8(&entry.name).map(|_| RelativePath::new(&path)), kind) {
            (Ok(Ok(path)), kind) => {
                let sha256 = Digest::of(&folder.read(&entry.handle, u64::MAX - 1)?);
                digests.0.insert(path, FileDigest { mode: kind, sha256 });
            }
            _ => strange.push(path),
        }
    }
    Ok(())
}

/// Compares what is on the disk with what was installed.
pub fn edits(found: &OnDisk, locked: &Locked) -> Vec<Edit> {
    let (digests, strange) = match found {
        OnDisk::Absent | OnDisk::NoFolder => return vec![Edit { path: ".".to_owned(), what: Change::Missing }],
        OnDisk::Folder(digests, strange) => (digests, strange),
    };
    let mut edits = Vec::new();
    for (path, expected) in &locked.files.0 {
        let what = match digests.0.get(path) {
            None => Change::Missing,
            Some(file) if file.sha256 != expected.sha256 => Change::Changed,
            Some(file) if differs(file.mode, expected.mode) => Change::Mode,
            Some(_) => continue,
        };
        edits.push(Edit { path: path.to_string(), what });
    }
    let added = digests.0.keys().filter(|path| !locked.files.0.contains_key(path)).map(ToString::to_string);
    for path in added.chain(strange.iter().cloned()) {
        edits.push(Edit { path: escape(&path).to_string(), what: Change::Added });
    }
    edits.sort_by(|one, other| one.path.cmp(&other.path));
    edits
}

/// Modes are only kept where the system has them.
fn differs(found: FileKind, expected: FileKind) -> bool {
    cfg!(unix) && found != expected
}
