//! Where folders go that hold the user's edits: nothing that somebody wrote by hand is ever deleted.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::naming::DirectoryName;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::source::files::{EntryKind, Files, Handle};
use crate::source::folder::Folder;

/// Where folders go that hold the user's edits.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trash(Option<PathBuf>);

impl Trash {
    /// The trash folder below the folder for what must outlive a command; without one edits cannot be put aside.
    pub fn below(state: Option<&Path>) -> Self {
        Self(state.map(|state| state.join("trash")))
    }

    /// Whether there is a place for edits.
    pub fn is_somewhere(&self) -> bool {
        self.0.is_some()
    }

    /// A place that nothing has yet and that is not promised to anything else; now it is.
    pub(super) fn place_for(&self, name: &DirectoryName, promised: &mut BTreeSet<PathBuf>) -> Result<PathBuf> {
        let trash = self.0.as_ref().ok_or_else(|| {
            Error::new(
                ErrorKind::Refused,
                format!("{name} was edited, and there is no place for the edits: HOME is not set"),
            )
            .hint("set HOME or XDG_STATE_HOME")
        })?;
        let places = (1..u32::MAX).map(|number| trash.join(format!("{name}.{number}")));
        let place = places.into_iter().find(|place| !fs::exists(place) && promised.insert(place.clone()));
        place.ok_or_else(|| Error::new(ErrorKind::Io, format!("{} is full", trash.display())))
    }
}

/// Moves a folder, also to another file system; it is at `to` as a whole or not at all.
pub(super) fn move_folder(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::rename(from, to) {
        Err(error) if fs::is_cross_device(&error) => {}
        result => return result,
    }
    let draft = to.with_extension("draft");
    fs::remove_dir_all(&draft)?;
    if from.is_symlink() || !from.is_dir() {
        let target = std::fs::read_link(from).map_err(|error| Error::io("read", from, error))?;
        fs::symlink(&target.to_string_lossy(), &draft)?;
    } else {
        let folder = Folder::open(from)?;
        copy_folder(&folder, &folder.root(), &draft)?;
    }
    fs::rename(&draft, to)?;
    fs::sync_file_system(to.parent().unwrap_or(to))
}

fn copy_folder(folder: &Folder, at: &Handle, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    for entry in folder.list(at)? {
        let Handle::Path(path) = &entry.handle else { continue };
        let Some(name) = path.file_name() else { continue };
        let to = to.join(name);
        match entry.kind {
            EntryKind::Folder => copy_folder(folder, &entry.handle, &to)?,
            EntryKind::File | EntryKind::Executable => {
                fs::write_new(&to, &folder.read(&entry.handle, u64::MAX - 1)?, entry.kind == EntryKind::Executable)?;
            }
            EntryKind::Link => {
                let target = folder.read(&entry.handle, u64::MAX - 1)?;
                fs::symlink(&String::from_utf8_lossy(&target), &to)?;
            }
            EntryKind::Submodule | EntryKind::Other => {
                return Err(Error::new(
                    ErrorKind::Refused,
                    format!("{} is no file and cannot be kept", path.display()),
                )
                .hint("move it away and run the command again"));
            }
        }
    }
    Ok(())
}
