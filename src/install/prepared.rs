//! A skill that is ready to be installed: its files, and what the lock will say of them.

use std::sync::Arc;

use super::digest::TreeDigest;
use super::lock::Locked;
use super::rendering::{Renderer, Rendering};
use crate::error::{Error, ErrorKind, Result};
use crate::manifest::FILE_NAME;
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

    /// The same with its manifest rendered for these agents; nothing when it is no app skill. `path` is where the lock will say that
    /// the template is.
    pub fn rendered(&self, renderer: &Renderer, agents: &[String], path: &str) -> Result<Option<Self>> {
        let own = |error: Error| error.within(self.locked.name.as_str());
        let Some(text) = renderer.render(self.tree.manifest().unwrap_or_default(), agents).map_err(own)? else {
            return Ok(None);
        };
        let head = Package::check(text.as_bytes()).map_err(|error| own(error.within(renderer.name())))?;
        if head.name() != Some(self.locked.name.as_str()) {
            let found = head.name().unwrap_or_default();
            let message = format!("{} gives it the name {found:?}", renderer.name());
            return Err(own(Error::new(ErrorKind::Invalid, message)
                .hint("agents know a skill by its name: write `name: {{ name }}` in the template's frontmatter")));
        }
        let tokens = head.tokens();
        let mut tree = self.tree.clone();
        for file in tree.files.iter_mut().filter(|file| file.path.as_str() == FILE_NAME) {
            file.bytes = text.clone().into_bytes();
        }
        let files = TreeDigest::of(&tree);
        let template = Rendering {
            path: path.to_owned(),
            digest: renderer.digest(),
            agents: agents.to_vec(),
            unrendered: self.locked.digest,
        };
        let locked =
            Locked { template: Some(template), digest: files.total(), tokens, files, ..Locked::clone(&self.locked) };
        Ok(Some(Self { locked: Arc::new(locked), tree }))
    }
}
