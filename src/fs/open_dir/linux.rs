//! Folders by the calls that Linux has for them.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, RawDir, RenameFlags, mkdirat, openat, renameat_with, statat, unlinkat,
};
use rustix::io::{Errno, retry_on_intr};

use super::{Entry, Kind, Moved, Stamp};

/// The standard library takes 32 KiB for every folder from the heap, and they come and go thousands of times.
const BUFFER: usize = 8 * 1024;

#[derive(Debug)]
pub(super) struct Opened(OwnedFd);

impl Opened {
    const FLAGS: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);

    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        Ok(Self(retry_on_intr(|| openat(CWD, folder, Self::FLAGS, Mode::empty()))?))
    }

    pub(super) fn open_no_link(folder: &Path) -> io::Result<Self> {
        Ok(Self(retry_on_intr(|| openat(CWD, folder, Self::FLAGS | OFlags::NOFOLLOW, Mode::empty()))?))
    }

    pub(super) fn below(&self, name: &OsStr) -> io::Result<Self> {
        Ok(Self(retry_on_intr(|| openat(&self.0, name, Self::FLAGS | OFlags::NOFOLLOW, Mode::empty()))?))
    }

    pub(super) fn entries(&self) -> io::Result<Vec<Entry>> {
        let mut buffer = [MaybeUninit::uninit(); BUFFER];
        let mut listing = RawDir::new(&self.0, &mut buffer);
        let mut entries = Vec::new();
        while let Some(entry) = listing.next() {
            let entry = match entry {
                Err(Errno::INTR) => continue,
                entry => entry?,
            };
            let name = entry.file_name().to_bytes();
            if matches!(name, b"." | b"..") {
                continue;
            }
            let name = OsStr::from_bytes(name);
            let file_type = match entry.file_type() {
                // Some file systems do not say it in a listing.
                FileType::Unknown => FileType::from_raw_mode(self.stat(name)?.st_mode),
                file_type => file_type,
            };
            entries.push(Entry { name: OsString::from(name), kind: kind_of(file_type) });
        }
        Ok(entries)
    }

    pub(super) fn file(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        Ok(File::from(retry_on_intr(|| openat(&self.0, name, flags, Mode::empty()))?))
    }

    pub(super) fn stamp(&self, path: &str) -> io::Result<Stamp> {
        let stat = self.stat(OsStr::new(path))?;
        let time = |seconds: i64, nanoseconds: u64| {
            let part = Duration::from_nanos(nanoseconds);
            match u64::try_from(seconds) {
                Ok(seconds) => SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) + part,
                Err(_) => SystemTime::UNIX_EPOCH - Duration::from_secs(seconds.unsigned_abs()) + part,
            }
        };
        let (content, of_inode) = (time(stat.st_mtime, stat.st_mtime_nsec), time(stat.st_ctime, stat.st_ctime_nsec));
        Ok(Stamp { inode: stat.st_ino, size: stat.st_size.unsigned_abs(), content, anything: content.max(of_inode) })
    }

    pub(super) fn create_dir(&self, path: &str) -> io::Result<()> {
        Ok(mkdirat(&self.0, path, Mode::from_raw_mode(0o777))?)
    }

    pub(super) fn create_file(&self, path: &str, executable: bool) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(if executable { 0o777 } else { 0o666 });
        Ok(File::from(retry_on_intr(|| openat(&self.0, path, flags, mode))?))
    }

    pub(super) fn move_as(&self, name: &str, to: &Self, new_name: &str) -> io::Result<Moved> {
        match renameat_with(&self.0, name, &to.0, new_name, RenameFlags::NOREPLACE) {
            Ok(()) => Ok(Moved::Now),
            Err(Errno::NOENT) => Ok(Moved::Missing),
            Err(Errno::EXIST | Errno::NOTEMPTY) => Ok(Moved::Taken),
            // Not every file system can do it in one.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                if self.stat(OsStr::new(name)).is_err() {
                    return Ok(Moved::Missing);
                }
                if to.stat(OsStr::new(new_name)).is_ok() {
                    return Ok(Moved::Taken);
                }
                rustix::fs::renameat(&self.0, name, &to.0, new_name)?;
                Ok(Moved::Now)
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn remove_known<'a>(&self, name: &str, files: impl Iterator<Item = &'a str>) {
        let Ok(open) = self.below(OsStr::new(name)) else { return };
        for file in files {
            let _ = unlinkat(&open.0, file, AtFlags::empty());
        }
        drop(open);
        let _ = unlinkat(&self.0, name, AtFlags::REMOVEDIR);
    }

    fn stat(&self, name: &OsStr) -> io::Result<rustix::fs::Stat> {
        Ok(statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW)?)
    }
}

fn kind_of(file_type: FileType) -> Kind {
    match file_type {
        FileType::Directory => Kind::Folder,
        FileType::RegularFile => Kind::File,
        FileType::Symlink => Kind::Link,
        _ => Kind::Other,
    }
}
