//! Folders by the calls that Linux has for them.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, openat, statat};
use rustix::io::{Errno, retry_on_intr};

use super::{Entry, Kind};

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

    pub(super) fn is_executable(&self, name: &OsStr) -> io::Result<bool> {
        Ok(Mode::from_raw_mode(self.stat(name)?.st_mode).contains(Mode::XUSR))
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
