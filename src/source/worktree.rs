//! What git knows of a user's files: which have content that no commit has, and which changed since a revision.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use git2::{DiffOptions, ErrorCode, Repository, Status, StatusOptions};

use crate::error::{Error, ErrorKind, Result};
use crate::words::quoted;

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
        let failed = |error: git2::Error| match error.code() {
            ErrorCode::Owner => of_another_user(&root, error),
            _ => Error::new(ErrorKind::Io, format!("cannot tell which files in {} are committed", root.display()))
                .because(error)
                .hint("commit or copy the files, then use --allow-dirty"),
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

/// Real paths of files that differ from `revision` in the repositories that `paths` are in: changed, new and gone.
pub fn changed_since(paths: &[PathBuf], revision: &str) -> Result<HashSet<PathBuf>> {
    let mut roots = HashSet::new();
    let mut changed = HashSet::new();
    for path in paths {
        let real = path.canonicalize().map_err(|error| Error::io("find", path, error))?;
        let repository = Repository::discover(&real).map_err(|error| match error.code() {
            ErrorCode::Owner => of_another_user(&real, error),
            _ => Error::new(ErrorKind::Usage, format!("{} is in no git repository", path.display()))
                .because(error)
                .hint("--changed compares with a revision; leave it out to check everything"),
        })?;
        let root = repository.workdir().unwrap_or(&real);
        let root = root.canonicalize().map_err(|error| Error::io("find", root, error))?;
        if roots.insert(root.clone()) {
            let differing = differing_from(&repository, revision).map_err(|error| {
                Error::new(ErrorKind::Usage, format!("cannot tell what changed since {revision:?}"))
                    .because(error)
                    .hint("name a branch, a tag or a commit of this repository")
            })?;
            changed.extend(differing.into_iter().map(|path| root.join(path)));
        }
    }
    Ok(changed)
}

/// Paths, from the root of the working tree, of files that differ from a revision.
fn differing_from(repository: &Repository, revision: &str) -> std::result::Result<Vec<PathBuf>, git2::Error> {
    let tree = repository.revparse_single(revision)?.peel_to_tree()?;
    let mut options = DiffOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true);
    let diff = repository.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options))?;
    // A file that is gone has its path on both sides.
    Ok(diff.deltas().filter_map(|delta| Some(delta.new_file().path()?.to_owned())).collect())
}

/// A repository that git's own rules do not let this user open. Who trusts it names its root.
pub(super) fn of_another_user(folder: &Path, error: git2::Error) -> Error {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let root = worktree_of(&folder, &mut BTreeMap::new()).unwrap_or(folder);
    Error::new(ErrorKind::Refused, format!("the repository {} belongs to another user", root.display()))
        .because(error)
        .hint(format!("if you trust it: git config --global --add safe.directory {}", quoted(&root.to_string_lossy())))
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
