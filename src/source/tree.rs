//! Checked trees: the files of one skill, of which it is known that writing them harms nobody.
//!
//! Everything that a hostile source can put into a tree is refused here, before anything is written. No code after this looks at
//! the names again: [`RelativePath`] and this check are what law 4 rests on.

use std::collections::HashMap;

use super::files::{Entry, EntryKind, Files, Handle};
use super::installed::{self, LOCK_FILE};
use super::safe;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::RelativePath;
use crate::words::escape;

/// How long a path may be that a link leads to: as long as the systems take one.
const MAX_LINK: u64 = 4095;

/// The files of one skill, sorted by path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    /// At least one, the manifest.
    pub files: Vec<TreeFile>,
}

/// One file of a skill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// Below the skill's folder.
    pub path: RelativePath,
    /// What it is.
    pub kind: FileKind,
    /// Its bytes; of a link, the path it leads to.
    pub bytes: Vec<u8>,
}

/// What is kept of a file's mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum FileKind {
    /// A plain file.
    #[serde(rename = "100644")]
    Plain,
    /// A file that may be run.
    #[serde(rename = "100755")]
    Executable,
    /// A symbolic link to a file or folder of the same skill.
    #[serde(rename = "120000")]
    Link,
}

impl FileKind {
    /// The mode as git writes it.
    pub fn mode(self) -> &'static str {
        match self {
            Self::Plain => "100644",
            Self::Executable => "100755",
            Self::Link => "120000",
        }
    }

    /// What it is seen as on a file system that keeps no modes and gives all files one.
    #[must_use]
    pub fn shown_in(self, one_mode: Option<Self>) -> Self {
        if self == Self::Link { self } else { one_mode.unwrap_or(self) }
    }
}

/// What one skill may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files.
    pub files: usize,
    /// Bytes of all files together.
    pub bytes: u64,
    /// Folders inside folders.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 10_000, bytes: 256 << 20, depth: 32 }
    }
}

impl Tree {
    /// Reads and checks the skill at `root`, where `entries` are, if that is known; `skip` says which paths are no part of it.
    pub fn load(
        files: &dyn Files,
        root: &Handle,
        entries: Option<&[Entry]>,
        limits: Limits,
        skip: &dyn Fn(&str, EntryKind) -> bool,
    ) -> Result<Self> {
        let mut loader =
            Loader { files, limits, skip, left: limits.bytes, seen: HashMap::new(), tree: Self::default() };
        match entries {
            Some(entries) => loader.entries(entries, None, 0)?,
            None => loader.folder(root, None, 0)?,
        }
        let mut tree = loader.tree;
        tree.files.sort_by(|one, other| one.path.cmp(&other.path));
        tree.check_links()?;
        Ok(tree)
    }

    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<&TreeFile> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|at| &self.files[at])
    }

    /// The bytes of the manifest.
    pub fn manifest(&self) -> Option<&[u8]> {
        self.file(crate::manifest::FILE_NAME)
            .filter(|file| file.kind != FileKind::Link)
            .map(|file| file.bytes.as_slice())
    }

    /// The bytes of the manifest, for whoever takes them and puts them back.
    pub(crate) fn manifest_mut(&mut self) -> Option<&mut Vec<u8>> {
        let at = self.files.binary_search_by(|file| file.path.as_str().cmp(crate::manifest::FILE_NAME)).ok()?;
        Some(&mut self.files[at]).filter(|file| file.kind != FileKind::Link).map(|file| &mut file.bytes)
    }

    /// Bytes of all files.
    pub fn len(&self) -> usize {
        self.files.iter().map(|file| file.bytes.len()).sum()
    }

    /// Whether there are no files.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// A link is kept when it leads straight to a file or folder of this skill. One that leads through another link is not: what
    /// `..` means behind a link is not what is written.
    fn check_links(&self) -> Result<()> {
        for link in self.files.iter().filter(|file| file.kind == FileKind::Link) {
            let target = String::from_utf8_lossy(&link.bytes);
            let refuse = |why: &str| {
                let message =
                    format!("refused: the link {} leads to {:?}, {why}", link.path, escape(&target).to_string());
                Err(Error::new(ErrorKind::Refused, message).hint(
                    "a skill may hold links to its own files only; ask its author to replace this one by the file",
                ))
            };
            let mut resolved: Vec<&str> = link.path.parts().collect();
            resolved.pop();
            if target.starts_with('/')
                || target.contains(['\\', ':', '\0'])
                || std::str::from_utf8(&link.bytes).is_err()
            {
                return refuse("which is not below the skill's folder");
            }
            for part in target.split('/') {
                match part {
                    ".." if resolved.pop().is_none() => return refuse("which is outside the skill"),
                    "" | "." | ".." => {}
                    part => resolved.push(part),
                }
                let here = resolved.join("/");
                if self.file(&here).is_some_and(|file| file.kind == FileKind::Link) {
                    return refuse("which leads through another link");
                }
            }
            let here = resolved.join("/");
            let is_folder = || self.files.iter().any(|file| file.path.as_str().starts_with(&format!("{here}/")));
            if here.is_empty() || link.path.as_str().starts_with(&format!("{here}/")) {
                return refuse("a folder that holds the link itself");
            }
            if self.file(&here).is_none() && !is_folder() {
                return refuse("and nothing of that name is in the skill");
            }
        }
        Ok(())
    }
}

struct Loader<'a> {
    files: &'a dyn Files,
    limits: Limits,
    skip: &'a dyn Fn(&str, EntryKind) -> bool,
    left: u64,
    /// Every path as a folding file system sees it, with the path that was first.
    seen: HashMap<String, String>,
    tree: Tree,
}

impl Loader<'_> {
    fn folder(&mut self, folder: &Handle, path: Option<&RelativePath>, depth: usize) -> Result<()> {
        if depth > self.limits.depth {
            let shown = path.map_or("", RelativePath::as_str);
            return Err(refused(&format!("folders are nested more than {} deep at {shown}", self.limits.depth)));
        }
        self.entries(&self.files.list(folder)?, path, depth)
    }

    fn entries(&mut self, entries: &[Entry], path: Option<&RelativePath>, depth: usize) -> Result<()> {
        // A skills directory may lie in the skill, and the skill be installed there: it would hold itself, once more each time.
        let lock = entries.iter().find(|entry| entry.name == LOCK_FILE.as_bytes());
        let copies = installed::copies(self.files, lock)?;
        let is_copy = |entry: &Entry| std::str::from_utf8(&entry.name).is_ok_and(|name| copies.contains(name));
        for entry in entries.iter().filter(|entry| !installed::is_ours(&entry.name) && !is_copy(entry)) {
            self.entry(entry, path, depth)?;
        }
        Ok(())
    }

    fn entry(&mut self, entry: &Entry, folder: Option<&RelativePath>, depth: usize) -> Result<()> {
        let shown = String::from_utf8_lossy(&entry.name);
        let place = folder.map_or_else(|| shown.to_string(), |folder| format!("{folder}/{shown}"));
        let refuse = |why: &str| Err(refused(&format!("{:?}: {why}", escape(&place).to_string())));
        let Ok(name) = std::str::from_utf8(&entry.name) else { return refuse("its name is not UTF-8") };
        if (self.skip)(&place, entry.kind) {
            return Ok(());
        }
        if let Err(why) = safe::component(name) {
            return refuse(why);
        }
        let path = match folder {
            Some(folder) => folder.join(name)?,
            None => RelativePath::new(name)?,
        };
        if let Some(first) = self.seen.insert(safe::folded(path.as_str()), place.clone()) {
            return refuse(&format!("some file systems take it for {:?}", escape(&first).to_string()));
        }
        if self.seen.len() > self.limits.files {
            return Err(refused(&format!("it holds more than {} files", self.limits.files))
                .hint("if that is right, allow more with `max-skill-files` under [source] in skillpress.toml"));
        }
        let is_link = match entry.kind {
            EntryKind::Folder => return self.folder(&entry.handle, Some(&path), depth + 1),
            EntryKind::File | EntryKind::Executable => false,
            EntryKind::Link => true,
            EntryKind::Submodule => return refuse("it is a submodule, whose files are not in this repository"),
            EntryKind::Other => return refuse("it is no file, folder or link"),
        };
        let (kind, bytes) = match self.files.take(entry, if is_link { MAX_LINK } else { self.left }) {
            Err(error) if is_link && error.kind() == ErrorKind::Refused => {
                return refuse("it is a link to a longer path than file systems allow");
            }
            Err(error) if error.kind() == ErrorKind::Refused => return Err(error.within(path.as_str())),
            taken => taken?,
        };
        let kind = match kind {
            EntryKind::Link => FileKind::Link,
            EntryKind::Executable => FileKind::Executable,
            _ => FileKind::Plain,
        };
        self.left -= (bytes.len() as u64).min(self.left);
        self.tree.files.push(TreeFile { path, kind, bytes });
        Ok(())
    }
}

fn refused(what: &str) -> Error {
    Error::new(ErrorKind::Refused, format!("refused: {what}"))
        .hint("nothing of this skill was written; ask its author to mend it")
}
