//! One process at a time changes a skills directory.
//!
//! The lock is an advisory one on a file of its own, `.skillpress.busy`, which says who holds it and is gone when nobody does. A
//! process that is killed leaves the file behind, but not the lock on it.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::words::number;

/// The name of the file that says who is at work.
pub const FILE_NAME: &str = ".skillpress.busy";

/// How long to go on where the file is removed and made again by others all the time.
const AGAIN: Duration = Duration::from_secs(10);

/// The right to change one skills directory; given back when it is dropped.
#[derive(Debug)]
pub struct Guard {
    path: PathBuf,
    file: File,
    /// Folders that were made for it, the innermost first.
    made: Vec<PathBuf>,
}

impl Guard {
    /// Waits for its turn at most so long; `waiting` hears who is before us, once.
    pub fn take(directory: &Path, patience: Duration, waiting: &dyn Fn(&str)) -> Result<Self> {
        let path = directory.join(FILE_NAME);
        let started = Instant::now();
        let mut said = false;
        let mut made = Vec::new();
        loop {
            let missing: Vec<PathBuf> =
                directory.ancestors().take_while(|folder| !fs::exists(folder)).map(Path::to_owned).collect();
            if let Err(error) = fs::create_dir_all(directory) {
                drop_empty(&missing);
                return Err(error.hint_unless_there("choose another place with --dir, --agent or --scope"));
            }
            if !missing.is_empty() {
                made = missing;
            }
            let file = match fs::open_lock_file(&path) {
                Ok(file) => file,
                Err(error) if path.is_symlink() => {
                    drop_empty(&made);
                    return Err(error.hint("skillpress makes no links; look at it and remove it"));
                }
                // The folder was removed by whoever had made it and found it empty.
                Err(error) if error.kind() == ErrorKind::NotFound && started.elapsed() < patience => continue,
                Err(error) => {
                    drop_empty(&made);
                    return Err(error.hint_unless_there("choose another place with --dir, --agent or --scope"));
                }
            };
            match file.try_lock() {
                Ok(()) if fs::is_same_file(&file, &path) => {
                    let mut guard = Self { path, file, made };
                    guard.sign();
                    return Ok(guard);
                }
                // Who held it before us has removed the file: the lock is on something that nobody finds.
                Ok(()) if started.elapsed() < patience.saturating_add(AGAIN) => {}
                Ok(()) => {
                    let message = format!("{} is removed again and again", path.display());
                    return Err(
                        Error::new(ErrorKind::Busy, message).hint("see who does that, and run the command again")
                    );
                }
                Err(std::fs::TryLockError::WouldBlock) => {
                    let holder = holder(&path);
                    if started.elapsed() >= patience {
                        return Err(Error::new(
                            ErrorKind::Busy,
                            format!("{} is being changed by {holder}", directory.display()),
                        )
                        .because(format!("waited {}", number(patience.as_secs(), "second")))
                        .hint("let it end, or end it, and run the command again"));
                    }
                    if !said && started.elapsed() > Duration::from_millis(300) {
                        waiting(&holder);
                        said = true;
                    }
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(std::fs::TryLockError::Error(error)) => return Err(Error::io("lock", &path, error)),
            }
        }
    }

    /// Whether somebody is at work here, or was and did not end well.
    pub fn is_in_use(directory: &Path) -> bool {
        fs::exists(&directory.join(FILE_NAME))
    }

    /// When the work began, by the clock of the file system that the directory is on.
    pub fn since(&self) -> Option<SystemTime> {
        self.file.metadata().and_then(|metadata| metadata.modified()).ok()
    }

    /// Says who we are. Nothing depends on it.
    fn sign(&mut self) {
        let text = format!("process {}\n", std::process::id());
        let _ =
            self.file.set_len(0).and_then(|()| self.file.rewind()).and_then(|()| self.file.write_all(text.as_bytes()));
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // While we hold the lock nobody else can; whoever waits sees that the file is gone and makes another.
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
        drop_empty(&self.made);
    }
}

fn drop_empty(folders: &[PathBuf]) {
    for folder in folders {
        if !fs::remove_empty_dir(folder) {
            break;
        }
    }
}

fn holder(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let text = text.trim();
    if text.starts_with("process ") { text.to_owned() } else { "another process".to_owned() }
}
