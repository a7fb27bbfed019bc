//! What every way to reach a server can do.

use git2::Oid;

use super::refs::{Advertised, Target};
use super::store::Store;
use crate::error::Result;

/// A repository on a server, and how its objects come into the cache.
pub(super) trait Remote: Send + Sync {
    /// The refs whose names begin in one of these ways, and maybe others; what they point at may come into `store` on the way.
    fn refs(&self, prefixes: &[String], store: &Store) -> Result<Vec<Advertised>>;

    /// Brings commits with their folders; files may come, too.
    fn bring_commits(&self, targets: &[&Target], store: &Store) -> Result<()>;

    /// Brings files.
    fn bring_files(&self, files: &[Oid], store: &Store) -> Result<()>;
}
