//! One run after another of the user's own `git` in one repository of the cache: its arguments, its surroundings, and what it may cost.
//!
//! The program is only ever given vectors of arguments, never a line for a shell, and a URL only behind a name in its configuration,
//! so that nothing in a locator can become an option. It knows no limits of its own: what it has received is looked at while it runs,
//! and it is ended when that is too much or takes too long.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::source::access::OnProgress;
use crate::source::ssh::Ssh;
use crate::source::url::RepositoryUrl;
use crate::source::user_git;
use crate::source::{Access, FetchLimits, Progress};
use crate::words::escape;

/// How often what was received is looked at.
const LOOK: Duration = Duration::from_millis(25);

/// What the server is called. The user's settings may have an `origin`, and of two URLs of one name the first is fetched from.
pub(super) const REMOTE: &str = "skillpress";

/// One repository of the cache and how `git` is run in it.
#[derive(Clone)]
pub(super) struct Git {
    folder: PathBuf,
    url: String,
    may_ask: bool,
    ssh: Ssh,
    /// Its command where nobody can be asked, once it is known.
    silent_ssh: OnceLock<String>,
    limits: FetchLimits,
    progress: OnProgress,
    begun: OnceLock<Begun>,
}

/// How it was when the program was first run.
#[derive(Clone, Copy)]
struct Begun {
    at: Instant,
    /// Bytes that were here already.
    bytes: u64,
}

impl std::fmt::Debug for Git {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Git").field("folder", &self.folder).field("url", &self.url).finish_non_exhaustive()
    }
}

impl Git {
    /// Its time runs, and what it receives counts, from its first run on.
    pub(super) fn new(folder: PathBuf, url: &RepositoryUrl, access: &Access) -> Self {
        Self {
            folder,
            url: url.to_string(),
            may_ask: access.credentials.may_ask,
            ssh: access.credentials.ssh.clone(),
            silent_ssh: OnceLock::new(),
            limits: access.fetch,
            progress: Arc::clone(&access.progress),
            begun: OnceLock::new(),
        }
    }

    /// What the user's settings say.
    fn setting(&self, name: &str) -> Option<String> {
        let mut command = user_git::command(self.may_ask);
        command.current_dir(&self.folder).env("GIT_DIR", &self.folder).args(["config", "--get", name]);
        let output = command.stdin(Stdio::null()).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The program with its arguments, not yet started.
    fn command(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = user_git::command(self.may_ask);
        command
            .current_dir(&self.folder)
            .env("GIT_DIR", &self.folder)
            .env("GIT_ALLOW_PROTOCOL", "http:https:ssh")
            .env("GIT_PROTOCOL_FROM_USER", "0")
            .env("LC_ALL", "C")
            .env("GIT_NO_LAZY_FETCH", "1");
        for setting in [
            format!("remote.{REMOTE}.url={}", self.url),
            format!("remote.{REMOTE}.promisor=true"),
            format!("remote.{REMOTE}.partialclonefilter=blob:none"),
            "core.hooksPath=/dev/null".to_owned(),
            "gc.auto=0".to_owned(),
            "maintenance.auto=false".to_owned(),
            // What is asked for by its id is not there, and what is there says nothing about it.
            "fetch.negotiationAlgorithm=noop".to_owned(),
            // What comes is kept as a pack, whose growth can be seen.
            "fetch.unpackLimit=1".to_owned(),
        ] {
            command.arg("-c").arg(setting);
        }
        if !self.may_ask {
            let ssh = self.silent_ssh.get_or_init(|| self.ssh.silent(|name| self.setting(name)));
            command.env("GIT_SSH_COMMAND", ssh);
        }
        command.args(arguments);
        command
    }

    /// Runs it to its end, or to the end of what it may cost.
    pub(super) fn run(
        &self,
        arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
        input: Option<String>,
    ) -> Result<Vec<u8>> {
        let begun = *self.begun.get_or_init(|| Begun { at: Instant::now(), bytes: received(&self.folder) });
        let mut command = self.command(arguments);
        command
            .stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(not_there)?;
        if let Some((mut stdin, input)) = child.stdin.take().zip(input) {
            // A program that ends early says why on its other stream.
            std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
        }
        let limit = self.limits.bytes;
        let stdout = child.stdout.take().map(|stdout| std::thread::spawn(move || collect(stdout, limit)));
        let heard = Arc::new(Heard::default());
        let listener = child.stderr.take().map(|stderr| {
            let heard = Arc::clone(&heard);
            std::thread::spawn(move || listen(stderr, &heard))
        });
        let came = || received(&self.folder).saturating_sub(begun.bytes);
        let mut looked = Instant::now();
        let status = loop {
            match child.try_wait().map_err(not_there)? {
                Some(status) if ended(stdout.as_ref()) => break status,
                _ if begun.at.elapsed() > self.limits.time => {
                    self.end(&mut child);
                    return Err(self.limits.too_slow(&self.url));
                }
                _ if looked.elapsed() >= LOOK => {
                    let bytes = came();
                    if bytes > limit {
                        self.end(&mut child);
                        // It may have come to its end before it was told.
                        if came() > limit {
                            fs::remove_dir_all(&self.folder)?;
                        }
                        return Err(self.limits.too_large(&self.url));
                    }
                    heard.tell(bytes, &self.progress);
                    looked = Instant::now();
                }
                _ => std::thread::sleep(Duration::from_millis(1)),
            }
        };
        let stdout = stdout.and_then(|reader| reader.join().ok()).unwrap_or_default();
        let bytes = came();
        if bytes > limit || stdout.len() as u64 > limit {
            // It was faster than we looked. What it brought must not be there the next time.
            fs::remove_dir_all(&self.folder)?;
            return Err(self.limits.too_large(&self.url));
        }
        if status.success() {
            heard.tell(bytes, &self.progress);
            return Ok(stdout);
        }
        // All that it said has been written, but what it has started may hold the stream, such as an ssh that keeps a connection for
        // the next one.
        let ended_at = Instant::now();
        while !ended(listener.as_ref()) && ended_at.elapsed() < Duration::from_secs(1) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let said = heard.said();
        let because = escape(said.trim()).to_string();
        if is_disk_full(&said) {
            return Err(Error::io("write", &self.folder, io::ErrorKind::StorageFull.into()).because(because));
        }
        Err(Error::new(ErrorKind::Network, format!("git cannot fetch {}", self.url))
            .because(because)
            .hint("check the name and the network; for a private repository check that `git ls-remote` can reach it"))
    }

    /// Ends a run in the middle, and removes what it leaves half done.
    fn end(&self, child: &mut Child) {
        user_git::stop(child);
        for folder in ["objects/pack", "objects"] {
            for path in names(&self.folder.join(folder), |name| name.starts_with("tmp_")) {
                let _ = fs::remove_file(&path);
            }
        }
    }
}

/// Bytes of all that a repository has received, and of what it is receiving.
fn received(repository: &Path) -> u64 {
    let is_pack = |name: &str| name.starts_with("tmp_pack") || name.strip_suffix(".pack").is_some();
    let packs = names(&repository.join("objects/pack"), is_pack);
    packs.iter().filter_map(|path| path.metadata().ok()).map(|metadata| metadata.len()).sum()
}

fn names(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_name().to_str().is_some_and(&wanted)).map(|entry| entry.path()).collect()
}

/// What the program says.
#[derive(Debug, Default)]
struct Heard {
    objects: AtomicUsize,
    total: AtomicUsize,
    /// All that is no progress.
    said: Mutex<Vec<u8>>,
}

impl Heard {
    fn tell(&self, bytes: u64, progress: &OnProgress) {
        let (objects, total) = (self.objects.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        if total > 0 {
            progress(Progress { objects, total, bytes });
        }
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// Takes one line: `Receiving objects:  42% (5/12), 1.20 MiB | 2.00 MiB/s`.
    fn hear(&self, line: &[u8]) {
        /// A server may say as much as it likes; nobody reads more than this.
        const KEPT: usize = 16 << 10;
        let text = String::from_utf8_lossy(line);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_progress(&text) && said.len() < KEPT {
            said.extend_from_slice(line);
            said.push(b'\n');
        }
        let counts = text.strip_prefix("Receiving objects:").and_then(|rest| {
            let (objects, total) = rest.split_once('(')?.1.split_once(')')?.0.split_once('/')?;
            Some((objects.parse().ok()?, total.parse().ok()?))
        });
        if let Some((objects, total)) = counts {
            self.objects.store(objects, Ordering::Relaxed);
            self.total.store(total, Ordering::Relaxed);
        }
    }
}

/// Reads what a program says to people, line by line.
fn listen(mut from: impl Read, heard: &Heard) {
    /// Nobody reads longer lines.
    const LONGEST: usize = 16 << 10;
    let mut line = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut chunk) {
        for byte in &chunk[..read] {
            match byte {
                // Progress is written over itself.
                b'\r' | b'\n' => {
                    heard.hear(&line);
                    line.clear();
                }
                byte if line.len() < LONGEST => line.push(*byte),
                _ => {}
            }
        }
    }
    heard.hear(&line);
}

fn is_progress(line: &str) -> bool {
    let line = line.strip_prefix("remote: ").unwrap_or(line).trim();
    line.contains("% (") || line.ends_with(", done.") || line.starts_with("Total ") || line.is_empty()
}

/// Whether it is our disk that is full, and not the server's.
fn is_disk_full(said: &str) -> bool {
    let mut own = said.lines().filter(|line| !line.starts_with("remote: "));
    own.any(|line| line.ends_with("No space left on device") || line.ends_with("Disk quota exceeded"))
}

/// Reads to the end, or one byte further than the limit.
fn collect(from: impl Read, limit: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = from.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    bytes
}

fn ended<T>(thread: Option<&JoinHandle<T>>) -> bool {
    thread.is_none_or(JoinHandle::is_finished)
}

/// The failure to start the program.
fn not_there(error: std::io::Error) -> Error {
    let missing = error.kind() == std::io::ErrorKind::NotFound;
    let error = Error::new(ErrorKind::NotFound, "cannot run git").because(error);
    if missing { error.hint("ssh and --fetch git need the git program; https works without it") } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_from_what_is_said() {
        let heard = Heard::default();
        listen(
            &b"remote: Counting objects:  50% (1/2)\rremote: Counting objects: 100% (2/2), done.\n\
               Receiving objects:  42% (5/12)\rReceiving objects:  83% (10/12), 1.20 MiB | 2.00 MiB/s\r\
               remote: Total 12 (delta 0), reused 3 (delta 0)\nremote: Repository is archived.\nfatal: early EOF"[..],
            &heard,
        );
        assert_eq!(heard.said(), "remote: Repository is archived.\nfatal: early EOF\n");
        assert_eq!((heard.objects.into_inner(), heard.total.into_inner()), (10, 12));
    }
}
