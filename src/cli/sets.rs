//! From the paths on a command line to the manifests they mean.
//!
//! A path may be a manifest, a skill's folder, or a folder that holds skills at any depth. `-` is standard input where a command
//! takes it. Nothing is passed over in silence: a path without a manifest is an error.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::error::{Error, ErrorKind, Result};
use crate::manifest::FILE_NAME;

/// Folders that hold no skills of their own.
const SKIPPED: [&str; 3] = [".git", "node_modules", "target"];

/// The manifests that `paths` mean, in the order of the paths, sorted within each folder.
pub(crate) fn manifests(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        let before = found.len();
        collect(path, &mut found)?;
        if found.len() == before {
            let message = format!("there is no {FILE_NAME} in {}", path.display());
            return Err(Error::new(ErrorKind::NotFound, message)
                .hint("name a manifest, a skill's folder, or a folder that holds skills"));
        }
    }
    Ok(found)
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let metadata = std::fs::metadata(path).map_err(|error| Error::io("read", path, error))?;
    if !metadata.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let skipped = |name: &std::ffi::OsStr| SKIPPED.iter().any(|skipped| name == *skipped);
    let entries = WalkDir::new(path)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !(entry.file_type().is_dir() && skipped(entry.file_name())));
    for entry in entries {
        let entry = entry.map_err(|error| {
            let at = error.path().unwrap_or(path).to_owned();
            Error::io("read", &at, error.into())
        })?;
        if entry.file_name() == FILE_NAME && !entry.file_type().is_dir() {
            found.push(entry.into_path());
        }
    }
    Ok(())
}
