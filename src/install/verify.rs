//! An installed skill against what was installed: which files are missing, changed, new, or of another mode.

use serde::Serialize;

use super::disk::OnDisk;
use super::litter::is_litter;
use super::lock::Locked;
use crate::fs::RelativePath;
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
    let added = files.0.keys().filter(|path| !locked.files.0.contains_key(path)).map(RelativePath::as_str);
    for path in added.chain(strange.iter().map(String::as_str)).filter(|path| !is_litter(path)) {
        edits.push(Edit { path: escape(path).to_string(), what: Change::Added });
    }
    edits.sort_by(|one, other| one.path.cmp(&other.path));
    edits
}
