//! Folders by what the standard library has for every system.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{Entry, Kind};

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

    #[cfg_attr(not(unix), expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "no mode says it there"))]
    pub(super) fn is_executable(&self, name: &OsStr) -> io::Result<bool> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            Ok(fs::symlink_metadata(self.0.join(name))?.permissions().mode() & 0o100 != 0)
        }
        #[cfg(not(unix))]
        {
            let _ = name;
            Ok(false)
        }
    }
}
