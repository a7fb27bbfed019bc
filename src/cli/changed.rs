//! Files that changed since a revision, committed or not.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use git2::{DiffOptions, Repository};

use crate::error::{Error, ErrorKind, Result};

/// Real paths of files that differ from `revision`, new ones included.
pub(crate) fn since(working: &Path, revision: &str) -> Result<HashSet<PathBuf>> {
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
