//! Fetching with the user's own `git`: for ssh, which needs their agent and settings, and for servers that only those reach. Only the
//! wanted files travel (`--filter=blob:none`).
//!
//! How the program is run, and within which limits, is the matter of [`super::child`].

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use git2::Oid;

use super::child::{Git, not_there};
use super::refs::{self, Advertised, Target};
use super::{CommitId, Engine, Opened, Resolved, kind_of};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::source::Access;
use crate::source::files::{Entry, EntryKind, Files, Handle};
use crate::source::locator::Wanted;
use crate::source::url::RepositoryUrl;

/// The engine that runs `git`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Program;

impl Engine for Program {
    fn fetch(&self, url: &RepositoryUrl, wanted: &[Option<Wanted>], access: &Access) -> Result<Vec<Result<Opened>>> {
        let slot = access.cache()?.slot(url);
        let git = Git::new(slot.filtered_repository(), url, access);
        let refs_file = slot.filtered_refs_file();
        let lock = slot.lock(access.fetch.time)?;
        let is_there = git.folder.join("HEAD").is_file();
        if access.offline && !is_there {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("{url} was never fetched, and --offline forbids to do it now"),
            )
            .hint("run the command once without --offline, with the same --fetch"));
        }
        if !is_there {
            fs::create_dir_all(&git.folder)?;
            git.run(["init", "--quiet", "--bare", "--template="], None)?;
        }
        // What a repository is asked for first is mostly what its own branch holds, which can be had without asking for its refs.
        let first = if is_there || wanted.iter().any(Option::is_some) { None } else { git.bring_head()? };
        let listed = match first {
            Some(id) => format!("{id}\tHEAD\n").into_bytes(),
            None if access.offline => fs::read(&refs_file)?,
            None => git.run(["ls-remote", "--quiet", "origin"], None)?,
        };
        let advertised = advertised(&listed);
        let targets: Vec<Result<Target>> =
            wanted.iter().map(|wanted| refs::resolve(&advertised, wanted.as_ref(), &git.url)).collect();
        let missing: Vec<&Target> = targets.iter().flatten().filter(|target| !git.has(target.id)).collect();
        if !missing.is_empty() && !access.offline {
            git.bring(&missing)?;
        }
        if !access.offline {
            fs::write_atomic(&refs_file, &listed)?;
        }
        drop(lock);
        Ok(targets.into_iter().map(|target| git.open(target?)).collect())
    }
}

/// What every fetch is told. Without `--progress` it says nothing to those who are no terminal.
const FETCH: [&str; 6] =
    ["fetch", "--progress", "--filter=blob:none", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"];

impl Git {
    /// Brings the commit and the folders of the branch that the server calls its own. Nothing where that does not go: to ask for the
    /// refs says why.
    fn bring_head(&self) -> Result<Option<Oid>> {
        let words = FETCH.iter().copied().chain(["--depth=1", "origin", "+HEAD:refs/skillpress/head"]);
        match self.run(words, None) {
            Ok(_) => {}
            // What is too large once is too large twice.
            Err(error) if error.kind() == ErrorKind::Refused => return Err(error),
            Err(_) => return Ok(None),
        }
        let id = self.run(["rev-parse", "--verify", "refs/skillpress/head"], None)?;
        Ok(Oid::from_str(String::from_utf8_lossy(&id).trim()).ok())
    }

    /// Brings commits and folders; files come when they are read.
    fn bring(&self, targets: &[&Target]) -> Result<()> {
        let wanted = targets.iter().map(|target| match &target.full_name {
            Some(name) => format!("+{name}:refs/skillpress/{}", target.id),
            None => format!("+{}:refs/skillpress/{}", target.id, target.id),
        });
        let words =
            FETCH.iter().map(ToString::to_string).chain(["--depth=1".to_owned(), "origin".to_owned()]).chain(wanted);
        let result = self.run(words, None);
        if result.is_err() && targets.iter().any(|target| target.full_name.is_none()) {
            // Not every server gives commits that no ref points at; their history has them.
            let all = ["origin", "+refs/heads/*:refs/skillpress/heads/*", "+refs/tags/*:refs/skillpress/tags/*"];
            let deepen: &[&str] = if self.folder.join("shallow").exists() { &["--unshallow"] } else { &[] };
            return self.run(FETCH.iter().chain(deepen).chain(&all), None).map(drop);
        }
        result.map(drop)
    }

    fn open(&self, target: Target) -> Result<Opened> {
        let objects = Objects::new(self.clone())?;
        let commit = objects.ask(&format!("{}^{{commit}}", target.id))?;
        let (tree, _, _) = objects.request(&format!("{}^{{tree}}", target.id), u64::MAX - 1)?;
        let resolved = Resolved { commit: CommitId::new(&commit)?, name: target.name, path: target.path };
        Ok((Box::new(Filtered { git: self.clone(), objects, tree: handle(&tree)? }), resolved))
    }
}

/// One commit's files, which are brought when they are asked for.
#[derive(Debug)]
struct Filtered {
    git: Git,
    objects: Objects,
    tree: Handle,
}

impl Files for Filtered {
    fn root(&self) -> Handle {
        self.tree.clone()
    }

    fn list(&self, folder: &Handle) -> Result<Vec<Entry>> {
        let (_, kind, bytes) = self.objects.request(&hex(folder)?, crate::fs::MAX_FILE)?;
        if kind != "tree" {
            return Err(Error::new(ErrorKind::Invalid, "the repository names something a folder that is none"));
        }
        parse_tree(&bytes)
    }

    fn read(&self, file: &Handle, limit: u64) -> Result<Vec<u8>> {
        let (_, kind, bytes) = self.objects.request(&hex(file)?, limit)?;
        if kind != "blob" {
            return Err(Error::new(ErrorKind::Refused, "the repository names something a file that is none"));
        }
        Ok(bytes)
    }

    fn comes_in_parts(&self) -> bool {
        true
    }

    fn bring(&self, files: &[Handle]) -> Result<()> {
        if self.git.offline || files.is_empty() {
            return Ok(());
        }
        let mut ids: Vec<String> = files.iter().map(hex).collect::<Result<_>>()?;
        ids.sort_unstable();
        ids.dedup();
        let checked = self.git.command(["cat-file", "--batch-check=%(objectname)", "--buffer"]);
        let missing = missing(checked, &ids).unwrap_or(ids);
        if missing.is_empty() {
            return Ok(());
        }
        let words = FETCH.iter().chain(&["--stdin", "origin"]);
        self.git.run(words, Some(missing.join("\n") + "\n")).map(drop)
    }
}

/// Which of these objects are not here yet.
fn missing(mut command: Command, ids: &[String]) -> Option<Vec<String>> {
    command.env("GIT_NO_LAZY_FETCH", "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let mut stdin = child.stdin.take()?;
    let input = ids.join("\n") + "\n";
    let feeder = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().ok()?;
    feeder.join().ok()?.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.lines().filter_map(|line| line.strip_suffix(" missing")).map(str::to_owned).collect())
}

/// A running `git cat-file --batch`: one process for any number of objects.
#[derive(Debug)]
struct Objects {
    url: String,
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    child: Child,
}

impl Objects {
    fn new(git: Git) -> Result<Self> {
        let mut command = git.command(["cat-file", "--batch"]);
        // What is needed was brought before; one object after the other would come without limits.
        command.env("GIT_NO_LAZY_FETCH", "1");
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(not_there)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::new(ErrorKind::Io, "git has no standard input and output"));
        };
        Ok(Self { url: git.url, pipes: Mutex::new((stdin, BufReader::new(stdout))), child })
    }

    /// The id of an object.
    fn ask(&self, name: &str) -> Result<String> {
        Ok(self.request(name, u64::MAX - 1)?.0)
    }

    /// Id, kind and bytes of an object.
    fn request(&self, name: &str, limit: u64) -> Result<(String, String, Vec<u8>)> {
        let broken = |error: std::io::Error| {
            Error::new(ErrorKind::Damaged, format!("git stopped reading {}", self.url)).because(error)
        };
        let mut pipes = self.pipes.lock().unwrap_or_else(PoisonError::into_inner);
        let (stdin, stdout) = &mut *pipes;
        stdin.write_all(format!("{name}\n").as_bytes()).and_then(|()| stdin.flush()).map_err(broken)?;
        let mut line = String::new();
        stdout.read_line(&mut line).map_err(broken)?;
        let mut words = line.split_whitespace();
        let (Some(id), Some(kind), Some(Ok(size))) = (words.next(), words.next(), words.next().map(str::parse::<u64>))
        else {
            return Err(Error::new(ErrorKind::NotFound, format!("{} has no object {name}", self.url))
                .hint("what was fetched does not have it; --offline forbids to ask the server"));
        };
        if size > limit {
            // What follows on the pipe is of no use to anybody; neither is the pipe.
            return Err(super::super::too_large(id));
        }
        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0) + 1];
        stdout.read_exact(&mut bytes).map_err(broken)?;
        bytes.pop();
        Ok((id.to_owned(), kind.to_owned(), bytes))
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// Entries of a tree as git stores them: `mode name NUL id`.
fn parse_tree(mut bytes: &[u8]) -> Result<Vec<Entry>> {
    const ID: usize = 20;
    let broken = || Error::new(ErrorKind::Invalid, "the repository has a folder that cannot be read");
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let blank = memchr::memchr(b' ', bytes).ok_or_else(broken)?;
        let end = memchr::memchr(0, bytes).filter(|end| *end > blank).ok_or_else(broken)?;
        let mode = std::str::from_utf8(&bytes[..blank])
            .ok()
            .and_then(|mode| i32::from_str_radix(mode, 8).ok())
            .ok_or_else(broken)?;
        let id = bytes.get(end + 1..end + 1 + ID).ok_or_else(broken)?;
        let mut object = [0; ID];
        object.copy_from_slice(id);
        let kind: EntryKind = kind_of(mode);
        entries.push(Entry { name: bytes[blank + 1..end].to_vec(), kind, handle: Handle::Object(object) });
        bytes = &bytes[end + 1 + ID..];
    }
    Ok(entries)
}

/// `<id> TAB <ref>` lines.
fn advertised(listed: &[u8]) -> Vec<Advertised> {
    let text = String::from_utf8_lossy(listed);
    let one = |line: &str| {
        let (id, name) = line.split_once('\t')?;
        Some(Advertised { name: name.to_owned(), id: Oid::from_str(id).ok()? })
    };
    text.lines().filter_map(one).collect()
}

fn handle(id: &str) -> Result<Handle> {
    Oid::from_str(id).map(super::handle).map_err(|error| super::failed("this is no object id", error))
}

fn hex(handle: &Handle) -> Result<String> {
    super::oid(handle).map(|id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_are_read_as_git_writes_them() {
        let mut bytes = b"40000 a b\0".to_vec();
        bytes.extend([1; 20]);
        bytes.extend(b"100755 run\0");
        bytes.extend([2; 20]);
        let entries = parse_tree(&bytes).unwrap();
        assert_eq!((entries[0].kind, entries[0].name.as_slice()), (EntryKind::Folder, b"a b".as_slice()));
        assert_eq!((entries[1].kind, &entries[1].handle), (EntryKind::Executable, &Handle::Object([2; 20])));
        assert!(parse_tree(&bytes[..40]).is_err());
        assert!(parse_tree(b"x").is_err());
    }
}
