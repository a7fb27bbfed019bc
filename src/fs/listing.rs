//! What stands in a folder, for those who look into thousands of folders with a file or two in each.
//!
//! There the cost of one folder is its calls, the memory that its listing takes, and the way to it from the top. So a folder is
//! opened once, its entries come through a small buffer, and its files are opened from where it is.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::Path;

#[cfg(target_os = "linux")]
use linux::Opened;
#[cfg(not(target_os = "linux"))]
use portable::Opened;

/// A folder and what stood in it when it was listed.
#[derive(Debug)]
pub struct Listing {
    /// What it holds, in no order.
    pub entries: Vec<Entry>,
    folder: Opened,
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// As the system has it.
    pub name: OsString,
    /// What it is.
    pub kind: Kind,
}

/// What an entry is by itself: a link is a link, wherever it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// A symbolic link.
    Link,
    /// A socket, a device, a pipe.
    Other,
}

impl Listing {
    /// Lists a folder, or the one that a link leads to.
    pub fn of(folder: &Path) -> io::Result<Self> {
        Self::opened(Opened::open(folder)?)
    }

    /// Lists a folder; a link to one is an error.
    pub fn of_no_link(folder: &Path) -> io::Result<Self> {
        Self::opened(Opened::open_no_link(folder)?)
    }

    /// Lists a folder in this one; a link to one is an error.
    pub fn below(&self, name: &OsStr) -> io::Result<Self> {
        Self::opened(self.folder.below(name)?)
    }

    fn opened(folder: Opened) -> io::Result<Self> {
        Ok(Self { entries: folder.entries()?, folder })
    }

    /// Opens a file in this folder, without waiting for who writes to a pipe; a link is an error.
    pub fn file(&self, name: &OsStr) -> io::Result<File> {
        self.folder.file(name)
    }

    /// Whether the owner may run a file in this folder.
    pub fn is_executable(&self, name: &OsStr) -> io::Result<bool> {
        self.folder.is_executable(name)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests make what is listed")]

    use super::*;

    fn portable(folder: &Path) -> Vec<Entry> {
        let mut entries = portable::Opened::open(folder).unwrap().entries().unwrap();
        entries.sort();
        entries
    }

    fn listed(folder: &Path) -> Vec<Entry> {
        let mut entries = Listing::of(folder).unwrap().entries;
        entries.sort();
        entries
    }

    #[test]
    fn every_entry_of_many_is_listed_once() {
        let folder = tempfile::tempdir().unwrap();
        // Several times what one buffer holds, with names of any length.
        for at in 0..1_500_usize {
            std::fs::write(folder.path().join(format!("{at}{}", "x".repeat(at % 200))), "").unwrap();
        }
        let entries = listed(folder.path());
        assert_eq!(entries.len(), 1_500);
        assert!(entries.iter().all(|entry| entry.kind == Kind::File));
        assert_eq!(entries, portable(folder.path()));
        assert!(listed(&folder.path().join("..")).iter().any(|entry| entry.kind == Kind::Folder));
    }

    #[cfg(unix)]
    #[test]
    fn entries_are_what_they_are_by_themselves() {
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::fs::symlink;
        use std::os::unix::net::UnixListener;

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &[u8]| folder.path().join(OsStr::from_bytes(name));
        std::fs::create_dir(at(b"folder")).unwrap();
        std::fs::write(at(b"folder/file"), "below").unwrap();
        std::fs::write(at(b".hidden"), "").unwrap();
        symlink("folder", at(b"to-folder")).unwrap();
        symlink("nowhere", at(b"to-nothing")).unwrap();
        let _socket = UnixListener::bind(at(b"socket")).unwrap();
        let mut expected = vec![
            (b".hidden".as_slice(), Kind::File),
            (b"folder", Kind::Folder),
            (b"socket", Kind::Other),
            (b"to-folder", Kind::Link),
            (b"to-nothing", Kind::Link),
        ];
        // Not every file system takes a name that is no text.
        if std::fs::write(at(b"caf\xe9"), "").is_ok() {
            expected.insert(1, (b"caf\xe9", Kind::File));
        }
        let entries = listed(folder.path());
        let found: Vec<(&[u8], Kind)> = entries.iter().map(|entry| (entry.name.as_bytes(), entry.kind)).collect();
        assert_eq!(found, expected);
        assert_eq!(entries, portable(folder.path()));
        // Where one asks for no link, none is followed.
        assert_eq!(listed(&at(b"to-folder")).len(), 1);
        assert!(Listing::of_no_link(&at(b"to-folder")).is_err());
        let listing = Listing::of_no_link(folder.path()).unwrap();
        assert!(listing.below(OsStr::new("to-folder")).is_err());
        assert!(listing.file(OsStr::new("to-nothing")).is_err());
        let below = listing.below(OsStr::new("folder")).unwrap();
        assert_eq!(std::io::read_to_string(below.file(OsStr::new("file")).unwrap()).unwrap(), "below");
    }

    #[cfg(unix)]
    #[test]
    fn who_may_run_a_file_is_asked_for() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        for (name, mode, expected) in [("plain", 0o644, false), ("run", 0o755, true), ("others", 0o611, false)] {
            let path = folder.path().join(name);
            std::fs::write(&path, "").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let listing = Listing::of(folder.path()).unwrap();
            assert_eq!(listing.is_executable(OsStr::new(name)).unwrap(), expected, "{name}");
            let portable = portable::Opened::open(folder.path()).unwrap();
            assert_eq!(portable.is_executable(OsStr::new(name)).unwrap(), expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(Listing::of(&file).unwrap_err().kind(), io::ErrorKind::NotADirectory);
        assert_eq!(Listing::of_no_link(&folder.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
