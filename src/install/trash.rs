//! Where folders go that hold the user's edits: nothing that somebody wrote by hand is ever deleted.

use std::path::{Path, PathBuf};

use super::naming::DirectoryName;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{self, Moved, OpenDir, open_dir};

/// Where folders go that hold the user's edits.
#[derive(Debug, Clone, Default)]
pub struct Trash(Option<PathBuf>);

impl Trash {
    /// The trash folder below the folder for what must outlive a command; without one edits cannot be put aside.
    pub fn below(state: Option<&Path>) -> Self {
        Self(state.map(|state| state.join("trash")))
    }

    /// Makes the folder that the edits of a skill go to.
    pub(super) fn make(&self, name: &DirectoryName) -> Result<()> {
        fs::create_dir_all(self.folder(name)?)
    }

    /// Moves what has this name in a folder to a place that nothing has yet, also on another file system, and gives that place: none
    /// when there is no such thing. It is there as a whole or not at all; a copy leaves what was copied.
    pub(super) fn take(&self, from: &OpenDir, name: &DirectoryName) -> Result<Option<PathBuf>> {
        let folder = self.folder(name)?;
        fs::create_dir_all(folder)?;
        let trash = open_dir(folder)?;
        match move_in(from, name, &trash) {
            Err(error) if fs::is_cross_device(&error) => {}
            result => return result,
        }
        let draft = fs::draft_folder(folder)?;
        fs::copy(&from.path().join(name.as_str()), &draft.path().join(name.as_str()))?;
        fs::sync_file_system(folder)?;
        let place = move_in(&open_dir(draft.path())?, name, &trash)?;
        fs::sync_dir(folder)?;
        Ok(place)
    }

    fn folder(&self, name: &DirectoryName) -> Result<&Path> {
        self.0.as_deref().ok_or_else(|| {
            Error::new(
                ErrorKind::Refused,
                format!("{name} was edited, and there is no place for the edits: HOME is no absolute path"),
            )
            .hint("set HOME to an absolute path")
        })
    }
}

/// Gives it the next number that is free, whoever else is looking for one.
fn move_in(from: &OpenDir, name: &DirectoryName, trash: &OpenDir) -> Result<Option<PathBuf>> {
    for number in 1..u32::MAX {
        let place = format!("{name}.{number}");
        match from.move_as(name.as_str(), trash, &place)? {
            Moved::Now => return Ok(Some(trash.path().join(place))),
            Moved::Missing => return Ok(None),
            Moved::Taken => {}
        }
    }
    Err(Error::new(ErrorKind::Io, format!("{} is full", trash.path().display())))
}
