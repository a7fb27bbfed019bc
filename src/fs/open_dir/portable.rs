//! Folders by what the standard library has for every system.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{Entry, Kind, Moved, Stamp};

#[derive(Debug)]
pub(super) struct Opened(PathBuf);

#[cfg_attr(target_os = "linux", expect(dead_code, reason = "tests there only compare some of it"))]
impl Opened {
    #[expect(clippy::unnecessary_wraps, reason = "other systems have to ask")]
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        Ok(Self(folder.to_owned()))
    }

    pub(super) fn open_no_link(folder: &Path) -> io::Result<Self> {
        if fs::symlink_metadata(folder)?.is_symlink() {
            return Err(io::Error::from(io::ErrorKind::NotADirectory));
        }
        Self::open(folder)
    }

    pub(super) fn below(&self, name: &OsStr) -> io::Result<Self> {
        Self::open_no_link(&self.0.join(name))
    }

    pub(super) fn entries(&self) -> io::Result<Vec<Entry>> {
        let entry = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            let file_type = entry.file_type()?;
            let kind = if file_type.is_dir() {
                Kind::Folder
            } else if file_type.is_symlink() {
                Kind::Link
            } else if file_type.is_file() {
                Kind::File
            } else {
                Kind::Other
            };
            Ok(Entry { name: entry.file_name(), kind })
        };
        fs::read_dir(&self.0)?.map(entry).collect()
    }

    pub(super) fn file(&self, name: &OsStr) -> io::Result<File> {
        let path = self.0.join(name);
        // A pipe would wait for ever.
        if !fs::symlink_metadata(&path)?.is_file() {
            return Err(io::Error::other("it is no file any more"));
        }
        File::open(path)
    }

    pub(super) fn stamp(&self, path: &str) -> io::Result<Stamp> {
        let metadata = fs::symlink_metadata(self.0.join(path))?;
        let content = metadata.modified()?;
        let mut stamp = Stamp { inode: 0, size: metadata.len(), content, anything: content };
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            use std::time::{Duration, SystemTime};
            stamp.inode = metadata.ino();
            if let (Ok(seconds), Ok(nanoseconds)) = (metadata.ctime().try_into(), metadata.ctime_nsec().try_into()) {
                let of_inode = SystemTime::UNIX_EPOCH + Duration::new(seconds, nanoseconds);
                stamp.anything = content.max(of_inode);
            }
        }
        Ok(stamp)
    }

    pub(super) fn create_dir(&self, path: &str) -> io::Result<()> {
        #[expect(clippy::disallowed_methods, reason = "this is a part of the file that writes")]
        fs::create_dir(self.0.join(path))
    }

    pub(super) fn create_file(&self, path: &str, executable: bool) -> io::Result<File> {
        super::super::create_file(&self.0.join(path), executable)
    }

    pub(super) fn move_as(&self, name: &str, to: &Self, new_name: &str) -> io::Result<Moved> {
        let (from, to) = (self.0.join(name), to.0.join(new_name));
        #[cfg(target_os = "macos")]
        {
            use rustix::fs::{CWD, RenameFlags, renameat_with};
            use rustix::io::Errno;
            match renameat_with(CWD, &from, CWD, &to, RenameFlags::NOREPLACE) {
                Ok(()) => return Ok(Moved::Now),
                Err(Errno::NOENT) => return Ok(Moved::Missing),
                Err(Errno::EXIST | Errno::NOTEMPTY) => return Ok(Moved::Taken),
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if fs::symlink_metadata(&from).is_err() {
            return Ok(Moved::Missing);
        }
        if fs::symlink_metadata(&to).is_ok() {
            return Ok(Moved::Taken);
        }
        #[expect(clippy::disallowed_methods, reason = "this is a part of the file that writes")]
        fs::rename(&from, &to).map(|()| Moved::Now)
    }

    #[expect(clippy::unused_self, reason = "it is only faster, and what stays is removed in another way")]
    pub(super) fn remove_known<'a>(&self, _name: &str, _files: impl Iterator<Item = &'a str>) {}
}
