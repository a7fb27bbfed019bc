//! Which folders of a source are copies that this program installed there: they belong to where they came from.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::files::{Entry, Files};
use crate::error::Result;

/// The lock's name in a skills directory.
pub const LOCK_FILE: &str = ".skillpress.lock";

/// Whether a name is one that this program gives to its own files in a skills directory.
pub(super) fn is_ours(name: &[u8]) -> bool {
    name.starts_with(b".skillpress.")
}

/// As much of a lock as says what is installed.
#[derive(Deserialize)]
struct Names<'a> {
    #[serde(borrow)]
    skills: BTreeMap<String, &'a RawValue>,
}

/// The folders beside a lock that it names; none beside what is no lock.
pub(super) fn copies(files: &dyn Files, lock: Option<&Entry>) -> Result<HashSet<String>> {
    let Some(lock) = lock.filter(|entry| entry.kind.is_file()) else { return Ok(HashSet::new()) };
    let bytes = files.read(&lock.handle, crate::fs::MAX_FILE)?;
    let names: Option<Names<'_>> = serde_json::from_slice(&bytes).ok();
    Ok(names.map(|names| names.skills.into_keys().collect()).unwrap_or_default())
}
