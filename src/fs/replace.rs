//! Files that take the place of others as a whole.
//!
//! The new file is written beside the old one. On Linux it has no name while that goes on, so nothing is left of it when the program is
//! ended meanwhile; where there are no such files it has a hidden name of its own.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

/// How many files of ours are called that have no place yet.
const PREFIX: &str = ".skillpress-";

/// Writes a file in place of what is at `path`, with its mode.
pub(super) fn replace(path: &Path, bytes: &[u8], synced: bool) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let fill = |mut file: &File| {
        if let Ok(metadata) = fs::metadata(path) {
            file.set_permissions(metadata.permissions())?;
        }
        file.write_all(bytes)?;
        if synced { file.sync_data() } else { Ok(()) }
    };
    let mut builder = Builder::new();
    builder.prefix(PREFIX);
    #[cfg(target_os = "linux")]
    if let Some(file) = unnamed(folder) {
        fill(&file)?;
        if let Ok(named) = builder.make_in(folder, |name| take_name(&file, name)) {
            return named.persist(path).map(drop).map_err(|error| error.error);
        }
    }
    // Temporary files are private; a file that a user asked for is readable as any other that they create.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let named = builder.tempfile_in(folder)?;
    fill(named.as_file())?;
    named.persist(path).map(drop).map_err(|error| error.error)
}

/// A file that is in no folder; nothing where the file system has none.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path) -> Option<File> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    open(folder, flags, Mode::from_raw_mode(0o666)).ok().map(File::from)
}

#[cfg(target_os = "linux")]
fn take_name(file: &File, name: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    use std::os::fd::AsRawFd;
    let here = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(linkat(CWD, here, CWD, name, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_being_written_is_in_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let listed = || fs::read_dir(folder.path()).unwrap().count();
        let Some(mut file) = unnamed(folder.path()) else { return };
        file.write_all(b"one").unwrap();
        assert_eq!(listed(), 0);
        take_name(&file, &folder.path().join("a")).unwrap();
        assert_eq!((listed(), fs::read(folder.path().join("a")).unwrap()), (1, b"one".to_vec()));
        assert_eq!(take_name(&file, &folder.path().join("a")).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }
}
