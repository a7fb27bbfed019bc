//! Files and folders: bounded reads, atomic writes, paths that cannot leave their folder. The only file that writes.
//!
//! A write goes to a temporary file in the target's own folder and is renamed over the target, so a reader sees the old bytes or
//! the new ones and a crash leaves no half-written file.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

/// No manifest, template or configuration file is larger than this many bytes.
pub const MAX_FILE: u64 = 256 << 20;

/// Reads a whole file of at most [`MAX_FILE`] bytes.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let read = || -> io::Result<Vec<u8>> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        if len > MAX_FILE {
            return Err(io::Error::other(format!("it has {len} bytes, and at most {MAX_FILE} are read")));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0));
        file.take(MAX_FILE).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|error| Error::io("read", path, error))
}

/// Reads a whole file that must be UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Error::new(ErrorKind::Invalid, format!("cannot read {}: byte {at} is not UTF-8", path.display()))
            .hint("save the file as UTF-8")
    })
}

/// Writes a file so that it holds either what it held or `bytes`, never part of it. Its permissions stay as they were.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let write = || -> io::Result<()> {
        let mut staged = tempfile::Builder::new().prefix(".skillpress-").tempfile_in(folder)?;
        staged.write_all(bytes)?;
        let permissions = match fs::metadata(path) {
            Ok(metadata) => metadata.permissions(),
            Err(_) => default_file_permissions(staged.as_file())?,
        };
        staged.as_file().set_permissions(permissions)?;
        staged.as_file().sync_data()?;
        staged.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().map_err(|error| Error::io("write", path, error))
}

/// Creates a folder and those above it.
pub fn create_dir_all(path: &Path) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
    fs::create_dir_all(path).map_err(|error| Error::io("create the folder", path, error))
}

/// Temporary files are private; a file that a user asked for is readable as any other that they create.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have to ask")]
fn default_file_permissions(_file: &File) -> io::Result<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn default_file_permissions(file: &File) -> io::Result<fs::Permissions> {
    Ok(file.metadata()?.permissions())
}

/// A path below some folder, with `/` between its parts: never absolute, never `..`, never empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct RelativePath(String);

impl RelativePath {
    /// Takes a path whose every part is a plain name.
    pub fn new(path: &str) -> Result<Self> {
        let plain = !path.is_empty()
            && !path.contains(['\\', '\0'])
            && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
            && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        if plain {
            return Ok(Self(path.to_owned()));
        }
        Err(Error::new(ErrorKind::Refused, format!("the path {path:?} does not stay inside its folder")))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// This path below `folder`.
    pub fn below(&self, folder: &Path) -> PathBuf {
        folder.join(&self.0)
    }
}

impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_cannot_leave() {
        for path in ["a", "a/b.md", "a b/…"] {
            assert_eq!(RelativePath::new(path).unwrap().as_str(), path);
        }
        for path in ["", "/a", "../a", "a/../b", "a//b", "a/", "./a", "a\\b", "a\0"] {
            assert!(RelativePath::new(path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn writes_replace_whole_files_and_keep_their_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        write_atomic(&path, b"one").unwrap();
        write_atomic(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let error = write_atomic(&folder.path().join("none/a"), b"x").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
}
