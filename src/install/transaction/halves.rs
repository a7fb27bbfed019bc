//! The two folders in which a transaction works, and what is found in them of what was there before.

use std::path::Path;
use std::time::SystemTime;

use super::super::disk::{self, OnDisk};
use super::super::lock::Lock;
use super::journal::{Kind, Operation};
use crate::error::Result;
use crate::fs::{OpenDir, open_dir_no_link};

/// The folders in the working folder: what is to be put somewhere, and what was taken away.
pub(super) struct Halves {
    pub(super) new: OpenDir,
    pub(super) old: OpenDir,
}

impl Halves {
    /// Those of a working folder; links are none.
    pub(super) fn of(work: &Path) -> Result<Self> {
        Ok(Self { new: open_dir_no_link(&work.join("new"))?, old: open_dir_no_link(&work.join("old"))? })
    }

    /// The one that holds what was there before an operation: an exchange leaves it where the new one was.
    pub(super) fn half(&self, operation: &Operation) -> &OpenDir {
        let is_old = operation.kind == Kind::Remove || self.old.stamp(operation.directory.as_str()).is_ok();
        if is_old { &self.old } else { &self.new }
    }

    /// Whether a folder that was as it was installed when the plan was made is so no more. What has not changed since the time given is
    /// not read; without one everything is.
    pub(super) fn was_edited_late(&self, operation: &Operation, since: Option<(SystemTime, &Lock)>) -> bool {
        if operation.kind == Kind::Put || operation.edited {
            return false;
        }
        // Where modes are not kept, the digest of what is on the disk is another one anyway: what nobody vouches for is kept.
        if cfg!(not(unix)) {
            return since.is_none();
        }
        let (half, name) = (self.half(operation), operation.directory.as_str());
        let is_untouched = || {
            let (since, lock) = since?;
            let files = &lock.skills.get(&operation.directory)?.files;
            (!disk::may_have_changed(half, name, files, since)).then_some(())
        };
        if is_untouched().is_some() {
            return false;
        }
        match disk::on_disk_in(half, name) {
            Ok(OnDisk::Absent) => false,
            Ok(found) => !operation.before.is_some_and(|before| found.is(before)),
            Err(_) => true,
        }
    }
}
