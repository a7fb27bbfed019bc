//! Files and folders: bounded reads, atomic writes, a folder that is opened once (`open_dir`), copies (`copy`), and one type of path
//! (`relative`) that cannot leave its folder. The only place that writes.
//!
//! A write goes to a new file in the target's own folder, which is renamed over the target (`replace`), so a reader sees the old bytes or
//! the new ones and a crash leaves no half-written file.

mod copy;
mod open_dir;
mod relative;
mod replace;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
pub use copy::copy;
pub use open_dir::{Entry, Kind, Moved, OpenDir, Stamp, open_dir, open_dir_no_link};
pub use relative::{RelativePath, way};

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

/// What a file holds, to be read from its start. It ends where the file did when `metadata` was taken, so that nobody has to ask for
/// more and be told that there is none; only files that do not know their length are read until they end.
pub fn content<'a>(file: &'a File, metadata: &fs::Metadata) -> impl Read + 'a {
    file.take(if metadata.len() == 0 { u64::MAX } else { metadata.len() })
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
    step("write", path, || replace::replace(path, bytes, true))
}

/// Writes as [`write_atomic`] does without waiting for the disk, for what can be done without: after a power failure it may be gone.
pub fn write_unsynced(path: &Path, bytes: &[u8]) -> Result<()> {
    step("write", path, || replace::replace(path, bytes, false))
}

/// Writes as [`write_atomic`] does, and a link stays one: the file that it leads to is written. What is no file, such as `/dev/null` or a
/// pipe, takes the bytes and stays what it is.
pub fn write_linked(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
        return step("write", path, || fs::OpenOptions::new().write(true).open(path)?.write_all(bytes));
    }
    if !path.is_symlink() {
        return write_atomic(path, bytes);
    }
    let file = fs::canonicalize(path).map_err(|error| Error::io("find", path, error))?;
    write_atomic(&file, bytes)
}

/// Creates a folder and those above it.
pub fn create_dir_all(path: &Path) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
    let made = step("create the folder", path, || fs::create_dir_all(path));
    let leads_nowhere = |folder: &&Path| folder.is_symlink() && !folder.exists();
    made.map_err(|error| match path.ancestors().find(leads_nowhere) {
        Some(link) => {
            error.hint(format!("{} is a link that leads nowhere: make what it leads to, or remove it", link.display()))
        }
        None => error,
    })
}

/// Creates a folder that must not be there yet, below one that must.
pub fn create_dir(path: &Path) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
    step("create the folder", path, || fs::create_dir(path))
}

/// A folder in another one for what is not whole yet; gone with the value.
pub fn draft_folder(folder: &Path) -> Result<tempfile::TempDir> {
    tempfile::Builder::new()
        .prefix(".skillpress-")
        .tempdir_in(folder)
        .map_err(|error| Error::io("create a folder in", folder, error))
}

/// Writes a file that must not be there yet. It is not synced: whoever writes many syncs once, with [`sync_file_system`].
pub fn write_new(path: &Path, bytes: &[u8], executable: bool) -> Result<()> {
    step("write", path, || create_file(path, executable)?.write_all(bytes))
}

fn create_file(path: &Path, executable: bool) -> io::Result<File> {
    #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if executable { 0o777 } else { 0o666 });
    #[cfg(not(unix))]
    let _ = executable;
    options.open(path)
}

/// Makes a symbolic link, or gives `false` where the system has none that everybody may make.
pub fn symlink(target: &Path, path: &Path) -> Result<bool> {
    #[cfg(unix)]
    {
        #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
        step("make the link", path, || std::os::unix::fs::symlink(target, path)).map(|()| true)
    }
    #[cfg(not(unix))]
    {
        let _ = (target, path);
        Ok(false)
    }
}

/// Gives `from` the name `to`; a file at `to` is replaced.
pub fn rename(from: &Path, to: &Path) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
    step("move into place", to, || fs::rename(from, to))
}

/// Swaps two folders at once, or gives `false` where the system cannot.
pub fn exchange(one: &Path, other: &Path) -> Result<bool> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        let mut can = true;
        let done = step("exchange", other, || match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                can = false;
                Ok(())
            }
            result => result.map_err(io::Error::from),
        });
        match done {
            // In a container, what an earlier layer has stays where it is.
            Err(error) if is_cross_device(&error) => Ok(false),
            done => done.map(|()| can),
        }
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    {
        let _ = (one, other);
        Ok(false)
    }
}

/// Removes a file or a link; one that is not there is no failure.
pub fn remove_file(path: &Path) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
    step("remove", path, || absent_is_fine(fs::remove_file(path)))
}

/// Removes a folder and all in it, following no links; one that is not there is no failure.
pub fn remove_dir_all(path: &Path) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
    step("remove", path, || absent_is_fine(fs::remove_dir_all(path)))
}

/// Removes a folder if nothing is in it, and says whether it did.
pub fn remove_empty_dir(path: &Path) -> bool {
    #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
    fs::remove_dir(path).is_ok()
}

/// Brings all that was written to the file system of `folder` to its disk: one call for any number of files.
pub fn sync_file_system(folder: &Path) -> Result<()> {
    step("sync", folder, || {
        let folder = File::open(folder)?;
        // Tests sync thousands of times, and what they write need not outlive a power failure.
        #[cfg(all(any(target_os = "linux", target_os = "android"), not(test)))]
        rustix::fs::syncfs(&folder)?;
        #[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
        {
            let _ = folder;
            rustix::fs::sync();
        }
        #[cfg(any(not(unix), test))]
        let _ = folder;
        Ok(())
    })
}

/// Brings one file to the disk.
pub fn sync_file(path: &Path) -> Result<()> {
    // See `sync_file_system` about tests.
    step("sync", path, || if cfg!(test) { Ok(()) } else { File::open(path)?.sync_all() })
}

/// Brings the names in a folder to the disk.
pub fn sync_dir(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    step("sync", folder, || if cfg!(test) { Ok(()) } else { File::open(folder)?.sync_all() })?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Opens a file for an advisory lock, creating it when it is not there. A link is an error: what it leads to is somebody else's.
pub fn open_lock_file(path: &Path) -> Result<File> {
    let mut opened = None;
    step("open", path, || {
        #[expect(clippy::disallowed_methods, reason = "this is the file that writes")]
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::custom_flags(
            &mut options,
            rustix::fs::OFlags::NOFOLLOW.bits().cast_signed(),
        );
        opened = Some(options.open(path)?);
        Ok(())
    })?;
    opened.ok_or_else(|| Error::new(ErrorKind::Io, format!("cannot open {}", path.display())))
}

/// Whether an open file is the one that has this name now, and not one that was removed or replaced.
pub fn is_same_file(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let (Ok(open), Ok(named)) = (file.metadata(), fs::symlink_metadata(path)) else { return false };
        (open.dev(), open.ino()) == (named.dev(), named.ino())
    }
    #[cfg(not(unix))]
    {
        // An open file cannot be removed there.
        let _ = file;
        path.exists()
    }
}

/// Whether something has this name, be it a link that leads nowhere.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Whether a failure says that two paths are on different file systems, or in different layers of one.
pub fn is_cross_device(error: &Error) -> bool {
    error
        .causes()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|io| io.kind() == io::ErrorKind::CrossesDevices)
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// A path for JSON, which has only text; not every path is.
pub fn as_text<S: serde::Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// One operation on the disk: where tests make it fail, and where its failure gets its words.
fn step(action: &str, path: &Path, operation: impl FnOnce() -> io::Result<()>) -> Result<()> {
    #[cfg(test)]
    fault::before(action, path).map_err(|error| Error::io(action, path, error))?;
    operation().map_err(|error| Error::io(action, path, error))
}

/// Failures on demand, so that every single operation can be seen to fail.
#[cfg(test)]
pub(crate) mod fault {
    use std::cell::Cell;
    use std::io;
    use std::path::Path;

    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub(crate) enum Fault {
        /// One operation fails; those after it work.
        Once,
        /// From one operation on nothing works any more, as after a crash.
        Crash,
    }

    thread_local! {
        static PLAN: Cell<Option<(usize, Fault)>> = const { Cell::new(None) };
        static COUNT: Cell<usize> = const { Cell::new(0) };
        static LAYERS: Cell<bool> = const { Cell::new(false) };
    }

    /// Runs `work` as on a file system of layers, where an installed folder cannot be moved.
    pub(crate) fn in_layers<T>(work: impl FnOnce() -> T) -> T {
        LAYERS.set(true);
        let result = work();
        LAYERS.set(false);
        result
    }

    /// Runs `work` with the operation number `at` failing, and gives its result and how many operations there were.
    pub(crate) fn with<T>(at: usize, fault: Fault, work: impl FnOnce() -> T) -> (T, usize) {
        COUNT.set(0);
        PLAN.set(Some((at, fault)));
        let result = work();
        PLAN.set(None);
        (result, COUNT.get())
    }

    pub(super) fn before(action: &str, path: &Path) -> io::Result<()> {
        let count = COUNT.get();
        COUNT.set(count + 1);
        let is_taken_away = action == "move to" && path.parent().is_some_and(|folder| folder.ends_with("old"));
        if LAYERS.get() && (action == "exchange" || is_taken_away) {
            return Err(io::Error::from(io::ErrorKind::CrossesDevices));
        }
        match PLAN.get() {
            Some((at, Fault::Once)) if count == at => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Some((at, Fault::Crash)) if count >= at => Err(io::Error::from(io::ErrorKind::StorageFull)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[cfg(unix)]
    #[test]
    fn a_pipe_takes_what_is_written_and_a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (file, link, pipe) = (path("file"), path("link"), path("pipe"));
        write_atomic(&file, b"one").unwrap();
        symlink(Path::new("file"), &link).unwrap();
        write_linked(&link, b"two").unwrap();
        assert_eq!((link.is_symlink(), read(&file).unwrap()), (true, b"two".to_vec()));

        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        write_linked(&pipe, b"three").unwrap();
        assert!(std::os::unix::fs::FileTypeExt::is_fifo(&fs::metadata(&pipe).unwrap().file_type()));
        assert_eq!(reader.join().unwrap(), b"three");
    }
}
