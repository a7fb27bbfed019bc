//! A folder that is opened once, for those who go through thousands of folders with a file or two in each.
//!
//! There the cost of one folder is its calls, the memory that its listing takes, and the way to it from the top. So its entries come
//! through a small buffer, and what is in it is read, written, moved and removed from where it is.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(any(not(target_os = "linux"), test))]
mod portable;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::step;
use crate::error::{Error, Result};

#[cfg(target_os = "linux")]
use linux::Opened;
#[cfg(not(target_os = "linux"))]
use portable::Opened;

/// A folder that is open.
#[derive(Debug)]
pub struct OpenDir {
    path: PathBuf,
    opened: Opened,
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

/// What became of an entry that was to be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// It is where it should be.
    Now,
    /// It is not there.
    Missing,
    /// Something of its name is there already.
    Taken,
}

/// What the file system knows of an entry besides what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// What no other entry of the file system has; 0 where it has no such thing.
    pub inode: u64,
    /// In bytes.
    pub size: u64,
    /// When what it holds changed last.
    pub content: SystemTime,
    /// When anything of it changed last, also what is known about it, where the system says so.
    pub anything: SystemTime,
}

impl OpenDir {
    /// Opens a folder, or the one that a link leads to.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), opened: Opened::open(path)? })
    }

    /// Opens a folder; a link to one is an error.
    pub fn open_no_link(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), opened: Opened::open_no_link(path)? })
    }

    /// Opens a folder in this one; a link to one is an error.
    pub fn below(&self, name: &OsStr) -> io::Result<Self> {
        Ok(Self { path: self.path.join(name), opened: self.opened.below(name)? })
    }

    /// Where it was when it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds, in no order.
    pub fn entries(&self) -> io::Result<Vec<Entry>> {
        self.opened.entries()
    }

    /// Opens a file in it, without waiting for who writes to a pipe; a link is an error.
    pub fn file(&self, name: &OsStr) -> io::Result<File> {
        self.opened.file(name)
    }

    /// What is known of something below it; of a link, the link.
    pub fn stamp(&self, path: &str) -> io::Result<Stamp> {
        self.opened.stamp(path)
    }

    /// Makes a folder below it, which must not be there yet.
    pub fn create_dir(&self, path: &str) -> Result<()> {
        step("create the folder", &self.path.join(path), || self.opened.create_dir(path))
    }

    /// Writes a file below it, which must not be there yet. It is not synced: see [`super::sync_file_system`].
    pub fn write_new(&self, path: &str, bytes: &[u8], executable: bool) -> Result<()> {
        step("write", &self.path.join(path), || self.opened.create_file(path, executable)?.write_all(bytes))
    }

    /// Moves an entry to another folder unless something has its name there, with one call where the system can.
    pub fn move_new(&self, name: &str, to: &Self) -> Result<Moved> {
        self.move_as(name, to, name)
    }

    /// The same under another name.
    pub fn move_as(&self, name: &str, to: &Self, new_name: &str) -> Result<Moved> {
        let mut moved = Moved::Now;
        step("move to", &to.path.join(new_name), || {
            moved = self.opened.move_as(name, &to.opened, new_name)?;
            Ok(())
        })?;
        Ok(moved)
    }

    /// Removes a folder in it by the files that are known in it. What else is there stays, and so does the folder then.
    ///
    /// That takes fewer calls than to list it first. Nothing outside the folder is removed, also when a link has taken its place.
    pub fn remove_known<'a>(&self, name: &str, files: impl Iterator<Item = &'a str>) -> Result<()> {
        step("remove", &self.path.join(name), || {
            self.opened.remove_known(name, files.filter(|file| !file.contains('/')));
            Ok(())
        })
    }
}

/// Opens a folder that must be there, or the one that a link leads to.
pub fn open_dir(path: &Path) -> Result<OpenDir> {
    OpenDir::open(path).map_err(|error| Error::io("read", path, error))
}

/// Opens a folder that must be there and be no link.
pub fn open_dir_no_link(path: &Path) -> Result<OpenDir> {
    OpenDir::open_no_link(path).map_err(|error| Error::io("read", path, error))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests make what is listed")]

    use super::*;
    use crate::source::folder::is_executable;

    fn portable(folder: &Path) -> Vec<Entry> {
        let mut entries = portable::Opened::open(folder).unwrap().entries().unwrap();
        entries.sort();
        entries
    }

    fn listed(folder: &Path) -> Vec<Entry> {
        let mut entries = OpenDir::open(folder).unwrap().entries().unwrap();
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
        assert!(OpenDir::open_no_link(&at(b"to-folder")).is_err());
        let open = OpenDir::open_no_link(folder.path()).unwrap();
        assert!(open.below(OsStr::new("to-folder")).is_err());
        assert!(open.file(OsStr::new("to-nothing")).is_err());
        let below = open.below(OsStr::new("folder")).unwrap();
        assert_eq!(std::io::read_to_string(below.file(OsStr::new("file")).unwrap()).unwrap(), "below");
    }

    #[test]
    fn what_is_no_folder_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(OpenDir::open(&file).unwrap_err().kind(), io::ErrorKind::NotADirectory);
        assert_eq!(OpenDir::open_no_link(&folder.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn nothing_is_replaced_by_what_moves() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        for folder in ["from", "from/a", "from/b", "to", "to/b"] {
            std::fs::create_dir(at(folder)).unwrap();
        }
        let (from, to) = (OpenDir::open(&at("from")).unwrap(), OpenDir::open(&at("to")).unwrap());
        let moved = ["a", "a", "b"].map(|name| from.move_new(name, &to).unwrap());
        assert_eq!(moved, [Moved::Now, Moved::Missing, Moved::Taken]);
        let moved = ["a", "c"].map(|new| from.move_as("b", &to, new).unwrap());
        assert_eq!(moved, [Moved::Taken, Moved::Now]);
        assert_eq!(to.move_as("c", &from, "b").unwrap(), Moved::Now);
        assert!(
            super::super::exists(&at("to/a"))
                && super::super::exists(&at("from/b"))
                && !super::super::exists(&at("from/a"))
        );
    }

    #[cfg(unix)]
    #[test]
    fn only_what_is_known_goes_with_a_folder() {
        use std::os::unix::fs::symlink;

        let root = tempfile::tempdir().unwrap();
        let open = OpenDir::open(root.path()).unwrap();
        let at = |path: &str| root.path().join(path);
        let make = |folder: &str, files: &[&str]| {
            std::fs::create_dir_all(at(folder)).unwrap();
            for file in files {
                std::fs::write(at(folder).join(file), "").unwrap();
            }
        };
        let remove = |folder: &str| open.remove_known(folder, ["a", "sub/b", "missing"].into_iter()).unwrap();
        make("whole", &["a"]);
        remove("whole");
        assert!(!super::super::exists(&at("whole")));
        make("more", &["a", "unknown"]);
        remove("more");
        assert!(!super::super::exists(&at("more/a")) && super::super::exists(&at("more/unknown")));
        make("kept/sub", &["b"]);
        remove("kept");
        assert!(super::super::exists(&at("kept/sub/b")));
        // What a link leads to is not in the folder: neither when the folder is one, nor when one stands in it.
        make("outside", &["a", "b"]);
        symlink("outside", at("link")).unwrap();
        remove("link");
        std::fs::create_dir(at("linked")).unwrap();
        symlink("../outside", at("linked/sub")).unwrap();
        symlink("../outside/a", at("linked/a")).unwrap();
        remove("linked");
        assert!(
            super::super::exists(&at("outside/a"))
                && super::super::exists(&at("outside/b"))
                && super::super::exists(&at("link"))
        );
        assert!(!super::super::exists(&at("linked/a")) && super::super::exists(&at("linked/sub")));
        // A folder of a known name is no file.
        make("nested/a", &["b"]);
        remove("nested");
        assert!(super::super::exists(&at("nested/a/b")));
        remove("none");
    }

    #[test]
    fn what_is_written_is_there_and_replaces_nothing() {
        let root = tempfile::tempdir().unwrap();
        let open = OpenDir::open(root.path()).unwrap();
        open.create_dir("a").unwrap();
        open.write_new("a/run", b"one", true).unwrap();
        open.write_new("a/plain", b"two", false).unwrap();
        assert!(open.create_dir("a").is_err() && open.write_new("a/run", b"three", true).is_err());
        assert_eq!(std::fs::read(root.path().join("a/run")).unwrap(), b"one");
        let metadata = |name: &str| std::fs::metadata(root.path().join(name)).unwrap();
        let runs = ["a/run", "a/plain"].map(|name| is_executable(&metadata(name)));
        assert_eq!(runs, [cfg!(unix), false]);
        let before = open.stamp("a/run").unwrap();
        assert_eq!(before.content, metadata("a/run").modified().unwrap());
        assert!(before.anything >= before.content && open.stamp("a/none").is_err());
        let portable = portable::Opened::open(root.path()).unwrap();
        assert_eq!(portable.stamp("a/run").unwrap(), before);
    }
}
