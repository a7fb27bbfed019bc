//! From the paths on a command line to the manifests they mean.
//!
//! A path may be a manifest, a skill's folder, or a folder that holds skills at any depth, or links to skills. Nothing is passed
//! over in silence: a path without a manifest is an error. Nothing counts twice either: paths may overlap, and several links may lead
//! to one skill, so a file is known by its real path, and called by the one under which it was found first.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::listing::{Entry, is_linked_skill, sorted};
use crate::error::{Error, ErrorKind, Result};
use crate::manifest::FILE_NAME;

/// The manifests that `paths` mean, in the order of the paths, sorted within each folder.
pub(crate) fn manifests(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    files(paths, &[is_manifest])
}

/// The manifests that `paths` mean; in a folder without any, its Markdown files.
pub(crate) fn manifests_or_markdown(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    files(paths, &[is_manifest, is_markdown])
}

/// Which files are looked for, by their names.
type Kind = fn(&OsStr) -> bool;

fn is_manifest(name: &OsStr) -> bool {
    name == FILE_NAME
}

fn is_markdown(name: &OsStr) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "md")
}

/// A file: the path under which it was found, and the real one.
type Found = (PathBuf, PathBuf);

/// Of each path the files of the first kind that it has.
fn files(paths: &[PathBuf], kinds: &[Kind]) -> Result<Vec<PathBuf>> {
    let (mut files, mut known) = (Vec::new(), HashSet::new());
    for path in paths {
        let mut found = Vec::new();
        for kind in kinds {
            found = one(path, *kind)?;
            if !found.is_empty() {
                break;
            }
        }
        if found.is_empty() {
            let message = format!("there is no {FILE_NAME} in {}", path.display());
            return Err(Error::new(ErrorKind::NotFound, message)
                .hint("name a manifest, a skill's folder, or a folder that holds skills"));
        }
        files.extend(found.into_iter().filter_map(|(path, real)| known.insert(real).then_some(path)));
    }
    Ok(files)
}

/// What one path means: a file itself, whatever it is called.
fn one(path: &Path, kind: Kind) -> Result<Vec<Found>> {
    let real = fs::canonicalize(path).map_err(|error| Error::io("read", path, error))?;
    if !real.is_dir() {
        return Ok(vec![(path.to_owned(), real)]);
    }
    let mut walk = Walk { kind, root: real.clone(), entered: HashSet::new(), found: Vec::new() };
    walk.folder(path, &real, false)?;
    Ok(walk.found)
}

struct Walk {
    kind: Kind,
    /// The real path of the folder that was named.
    root: PathBuf,
    /// The real paths of all folders that were looked into.
    entered: HashSet<PathBuf>,
    found: Vec<Found>,
}

impl Walk {
    /// Looks into a folder and those below it, once. Where it is doubtful whether there are skills, one has to be in the folder itself.
    fn folder(&mut self, folder: &Path, real: &Path, doubtful: bool) -> Result<()> {
        if !self.entered.insert(real.to_owned()) {
            return Ok(());
        }
        let entries = sorted(folder).map_err(|error| Error::io("read", folder, error))?;
        if doubtful && !entries.iter().any(|entry| (self.kind)(&entry.name)) {
            return Ok(());
        }
        entries.iter().try_for_each(|entry| self.entry(entry, real))
    }

    fn entry(&mut self, entry: &Entry, folder: &Path) -> Result<()> {
        let path = entry.path();
        let kind = entry.file_type().map_err(|error| Error::io("read", &path, error))?;
        // Only links have to be followed to know where something really is. One that leads nowhere is a file that cannot be read.
        let linked = if kind.is_symlink() { fs::canonicalize(&path).ok() } else { None };
        let is_folder = linked.as_ref().map_or(kind.is_dir(), |linked| linked.is_dir());
        let is_entered = linked.as_ref().is_none_or(|linked| is_linked_skill(linked, &self.root));
        let real = linked.unwrap_or_else(|| folder.join(&entry.name));
        if !is_folder {
            if (self.kind)(&entry.name) {
                self.found.push((path, real));
            }
            return Ok(());
        }
        if is_entered { self.folder(&path, &real, entry.is_skipped()) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(folder: &Path, paths: &[&str]) -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(|path| folder.join(path)).collect();
        let found = manifests(&paths).unwrap();
        found.iter().map(|path| path.strip_prefix(folder).unwrap().display().to_string()).collect()
    }

    fn skills(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in names {
            let skill = folder.path().join(name);
            crate::fs::create_dir_all(&skill).unwrap();
            crate::fs::write_atomic(&skill.join(FILE_NAME), b"").unwrap();
        }
        folder
    }

    #[test]
    fn paths_that_overlap_give_each_file_once() {
        let folder = skills(&["d/fern", "d/ivy"]);
        assert_eq!(shown(folder.path(), &["d/ivy", "d", "d/fern", "d"]), ["d/ivy/SKILL.md", "d/fern/SKILL.md"]);
    }

    #[test]
    fn a_skill_may_be_called_like_a_folder_that_holds_none() {
        let folder = skills(&["d/target", "d/node_modules/npm", "d/fern"]);
        assert_eq!(shown(folder.path(), &["d"]), ["d/fern/SKILL.md", "d/target/SKILL.md"]);
        assert_eq!(shown(folder.path(), &["d/node_modules"]), ["d/node_modules/npm/SKILL.md"]);
    }

    #[cfg(unix)]
    #[test]
    fn linked_skills_are_entered_once_and_loops_end() {
        let folder = skills(&["d/fern", "ext/ivy", "ext/moss", "pack/mint"]);
        let link = |to: &str, name: &str| crate::fs::symlink(Path::new(to), &folder.path().join(name)).unwrap();
        for (to, name) in [
            ("../ext/ivy", "d/ivy"),
            ("../ext/ivy", "d/ivy-again"),
            ("../fern", "d/fern/here"),
            ("../moss", "ext/ivy/moss"),
            ("../ivy", "ext/moss/ivy"),
            ("..", "d/up"),
            ("fern", "d/again"),
            ("../pack", "d/pack"),
            ("nowhere", "d/gone"),
        ] {
            link(to, name);
        }
        assert_eq!(shown(folder.path(), &["d"]), ["d/fern/SKILL.md", "d/ivy/SKILL.md", "d/ivy/moss/SKILL.md"],);
        assert_eq!(shown(folder.path(), &["d/pack"]), ["d/pack/mint/SKILL.md"]);
        assert_eq!(shown(folder.path(), &["ext", "d/ivy"]), ["ext/ivy/SKILL.md", "ext/moss/SKILL.md"]);
    }
}
