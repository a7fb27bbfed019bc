//! What stands in one folder, as far as checking asks: its entries by name, the manifest among them, and what is known of each.

use std::ffi::OsString;
use std::fs::{self, DirEntry, FileType};
use std::path::{Path, PathBuf};

use crate::lint::context::{EntryKind, FolderEntry};
use crate::manifest::FILE_NAME;
use crate::source::discover::SKIPPED;

/// Folders nested deeper than this are not looked into.
pub(super) const MAX_DEPTH: usize = 64;
/// More entries than this of one skill are not listed.
pub(super) const MAX_ENTRIES: usize = 10_000;

/// An entry of a folder, whose name is asked for more than once.
pub(super) struct Entry {
    pub(super) name: OsString,
    entry: DirEntry,
}

impl Entry {
    pub(super) fn path(&self) -> PathBuf {
        self.entry.path()
    }

    pub(super) fn file_type(&self) -> std::io::Result<FileType> {
        self.entry.file_type()
    }

    /// Whether it is one of the folders that hold no skills, unless they are skills.
    pub(super) fn is_skipped(&self) -> bool {
        SKIPPED.iter().any(|skipped| self.name == *skipped)
    }
}

/// The entries of a skill's folder for a manifest that was named, nested skills included.
pub(super) fn list(folder: &Path, prefix: &str, manifest: &str, files: &mut Vec<FolderEntry>, depth: usize) {
    for entry in sorted(folder).unwrap_or_default() {
        if depth == 0 && entry.name == manifest || files.len() >= MAX_ENTRIES {
            continue;
        }
        let Some(listed) = describe(&entry, prefix) else { continue };
        let skipped = entry.is_skipped();
        let is_skill = || entry.path().join(FILE_NAME).is_file();
        if listed.kind == EntryKind::Folder && !skipped && depth < MAX_DEPTH && !is_skill() {
            list(&entry.path(), &listed.path, manifest, files, depth + 1);
        }
        files.push(listed);
    }
}

pub(super) fn describe(entry: &Entry, prefix: &str) -> Option<FolderEntry> {
    let name = entry.name.to_string_lossy().into_owned();
    let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
    let kind = entry.file_type().ok()?;
    let (kind, size) = if kind.is_dir() {
        (EntryKind::Folder, 0)
    } else if kind.is_file() {
        (EntryKind::File, entry.entry.metadata().map_or(0, |metadata| metadata.len()))
    } else if kind.is_symlink() {
        (if fs::metadata(entry.path()).is_ok() { EntryKind::Link } else { EntryKind::DanglingLink }, 0)
    } else {
        (EntryKind::Other, 0)
    };
    Some(FolderEntry { path, kind, size })
}

/// The manifest among the entries of one folder; one in the wrong case only where there is none in the right one.
pub(super) fn manifest_among(entries: &[Entry]) -> Option<usize> {
    let named =
        |wanted: &dyn Fn(&str) -> bool| entries.iter().position(|entry| entry.name.to_str().is_some_and(wanted));
    named(&|name| name == FILE_NAME).or_else(|| {
        let at = named(&|name| name.eq_ignore_ascii_case(FILE_NAME))?;
        // A folder of that name is no manifest.
        entries[at].file_type().is_ok_and(|kind| !kind.is_dir()).then_some(at)
    })
}

/// Whether the folder that a link leads to, by its real path, is looked into: as agents do it, where it is a skill itself. Other links
/// may lead to whatever a build has made; what lies in `root` is found there, and a folder above holds more than was asked for.
pub(super) fn is_linked_skill(real: &Path, root: &Path) -> bool {
    real.join(FILE_NAME).exists() && !real.starts_with(root) && !root.starts_with(real)
}

/// The entries of a folder by their names.
pub(super) fn sorted(folder: &Path) -> std::io::Result<Vec<Entry>> {
    let named = |entry: DirEntry| Entry { name: entry.file_name(), entry };
    let mut entries = fs::read_dir(folder)?.map(|entry| entry.map(named)).collect::<std::io::Result<Vec<_>>>()?;
    entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}

/// A folder's own name, also when it was called `.`.
pub(super) fn name_of(folder: &Path) -> String {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    name(folder).or_else(|| name(&fs::canonicalize(folder).ok()?)).unwrap_or_default()
}

/// How deep a folder is in the skills directory of an agent, such as `.claude/skills`, as far as its path says so.
pub(super) fn depth_of(folder: &Path) -> Option<usize> {
    let names: Vec<&str> = folder.components().filter_map(|part| part.as_os_str().to_str()).collect();
    let is_directory =
        |pair: &[&str]| pair[0].len() > 1 && pair[0].starts_with('.') && pair[0] != ".." && pair[1] == "skills";
    let at = names.windows(2).rposition(is_directory)?;
    Some(names.len() - at - 2).filter(|&depth| depth > 0)
}
