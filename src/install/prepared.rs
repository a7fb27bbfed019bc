//! A skill that is ready to be installed: its files, and what the lock will say of them.

use std::sync::Arc;

use super::digest::TreeDigest;
use super::lock::Locked;
use crate::source::tree::Tree;
use crate::source::{Package, Revision};

/// What is to be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// What the lock will say.
    pub locked: Arc<Locked>,
    /// The files.
    pub tree: Tree,
}

impl Prepared {
    /// A package as its source has it.
    pub fn of(package: Package, revision: &Revision) -> Self {
        let files = TreeDigest::of(&package.tree);
        let locked = Locked {
            name: package.name,
            source: revision.origin.clone(),
            path: package.path,
            reference: revision.name.clone(),
            commit: revision.commit.clone(),
            template: None,
            digest: files.total(),
            tokens: package.tokens,
            files,
        };
        Self { locked: Arc::new(locked), tree: package.tree }
    }
}
