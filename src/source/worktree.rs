//! What git knows of a user's files: which have content that no commit has, and which changed since a revision.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use git2::{DiffOptions, Repository, Status, StatusOptions};

use crate::error::{Error, ErrorKind, Result};

/// Those of `paths` that lie in a git repository and have content that no commit has: changed, staged or untracked. Files that git
/// ignores, and files outside of any repository, are nobody's business.
pub fn uncommitted(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut by_repository: BTreeMap<PathBuf, Vec<(PathBuf, PathBuf)>> = BTreeMap::new();
    let mut known: BTreeMap<PathBuf, Option<PathBuf>> = BTreeMap::new();
    for path in paths {
        let full = path.canonicalize().map_err(|error| Error::io("find", path, error))?;
        let folder = full.parent().unwrap_or(Path::new("/")).to_owned();
        if let Some(root) = worktree_of(&folder, &mut known)
            && let Ok(relative) = full.strip_prefix(&root)
        {
            by_repository.entry(root.clone()).or_default().push((relative.to_owned(), path.clone()));
        }
    }
    let mut found = HashSet::new();
    for (root, files) in by_repository {
        let failed = |error: git2::Error| {
            Error::new(ErrorKind::Io, format!("cannot tell which files in {} are committed", root.display()))
                .because(error)
                .hint("commit or copy the files, then use --allow-dirty")
        };
        let repository = Repository::open(&root).map_err(failed)?;
        let mut options = StatusOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(false).exclude_submodules(true);
        let statuses = repository.statuses(Some(&mut options)).map_err(failed)?;
        let dirty: HashSet<Vec<u8>> = statuses
            .iter()
            .filter(|entry| entry.status() != Status::CURRENT)
            .map(|entry| entry.path_bytes().to_vec())
            .collect();
        for (relative, path) in files {
            if dirty.contains(relative.as_os_str().as_encoded_bytes()) {
                found.insert(path);
            }
        }
    }
    Ok(paths.iter().filter(|path| found.contains(*path)).cloned().collect())
}

/// Real paths of files that differ from `revision`, new ones included.
pub fn changed_since(working: &Path, revision: &str) -> Result<HashSet<PathBuf>> {
    let repository = Repository::discover(working).map_err(|error| {
        Error::new(ErrorKind::Usage, format!("{} is in no git repository", working.display()))
            .because(error)
            .hint("--changed compares with a revision; leave it out to check everything")
    })?;
    let unreadable = |error: git2::Error| {
        Error::new(ErrorKind::Usage, format!("cannot tell what changed since {revision:?}"))
            .because(error)
            .hint("name a branch, a tag or a commit of this repository")
    };
    let tree = repository.revparse_single(revision).and_then(|object| object.peel_to_tree()).map_err(unreadable)?;
    let mut options = DiffOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true);
    let diff = repository.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options)).map_err(unreadable)?;
    let root = repository.workdir().unwrap_or(working);
    let paths = diff.deltas().filter_map(|delta| delta.new_file().path().map(|path| root.join(path)));
    Ok(paths.filter_map(|path| std::fs::canonicalize(path).ok()).collect())
}

/// The root of the working tree that a folder is in.
fn worktree_of(folder: &Path, known: &mut BTreeMap<PathBuf, Option<PathBuf>>) -> Option<PathBuf> {
    if let Some(root) = known.get(folder) {
        return root.clone();
    }
    let root = if folder.join(".git").exists() {
        Some(folder.to_owned())
    } else {
        folder.parent().and_then(|parent| worktree_of(parent, known))
    };
    known.insert(folder.to_owned(), root.clone());
    root
}
