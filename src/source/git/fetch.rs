//! The engine in this program: repositories over http and https, without a git program.
//!
//! The refs are asked for first. Commits come with their folders when the cache does not have them, and files when they are wanted; so a
//! second run over an unchanged repository costs two small requests, and one skill out of thousands hardly more.

use std::sync::Arc;
use std::time::Duration;

use git2::Oid;

use super::http::Session;
use super::protocol::Remote;
use super::refs::{self, Target};
use super::store::Store;
use super::{Commit, Engine, Opened, Resolved};
use crate::error::{Error, ErrorKind, Result};
use crate::source::Access;
use crate::source::access::OnProgress;
use crate::source::cache::Slot;
use crate::source::files::{Entry, Files, Handle};
use crate::source::locator::Wanted;
use crate::source::url::RepositoryUrl;

/// The engine in this program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Builtin;

impl Engine for Builtin {
    fn fetch(&self, url: &RepositoryUrl, wanted: &[Option<Wanted>], access: &Access) -> Result<Vec<Result<Opened>>> {
        let supply = Supply::new(url, access)?;
        let resolved = if supply.offline { supply.offline(wanted)? } else { supply.online(wanted)? };
        let supply = Arc::new(supply);
        let one = |resolved: Result<Resolved>| {
            let resolved = resolved?;
            let commit = Commit::open(Store::open(&supply.slot)?.into_repository(), &resolved.commit)?;
            Ok((Box::new(OnDemand { commit, supply: Arc::clone(&supply) }) as Box<dyn Files + Sync>, resolved))
        };
        Ok(resolved.into_iter().map(one).collect())
    }
}

/// Forgets what the cache has of a repository, so that the next fetch brings all of it.
pub(crate) fn forget(url: &RepositoryUrl, access: &Access) -> Result<()> {
    let slot = access.cache()?.slot(url);
    let _lock = slot.lock(access.fetch.time)?;
    slot.discard()
}

/// Where the objects of one repository come from: its place in the cache, and the server.
struct Supply {
    slot: Slot,
    url: String,
    remote: Remote,
    offline: bool,
    /// How long other processes are waited for.
    patience: Duration,
    progress: OnProgress,
}

impl Supply {
    fn new(url: &RepositoryUrl, access: &Access) -> Result<Self> {
        Ok(Self {
            slot: access.cache()?.slot(url),
            url: url.to_string(),
            remote: Remote::new(url, Session::new(url, &access.credentials, access.fetch)),
            offline: access.offline,
            patience: access.fetch.time,
            progress: Arc::clone(&access.progress),
        })
    }

    fn online(&self, wanted: &[Option<Wanted>]) -> Result<Vec<Result<Resolved>>> {
        let _lock = self.slot.lock(self.patience)?;
        match self.once(wanted) {
            // Whatever the damage is, a fresh fetch mends it; what is not damage fails again.
            Err(error) if matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Damaged) => {
                self.slot.discard()?;
                self.once(wanted)
            }
            result => result,
        }
    }

    fn once(&self, wanted: &[Option<Wanted>]) -> Result<Vec<Result<Resolved>>> {
        let mut store = Store::open_or_make(&self.slot)?;
        if let Some(known) = store.all_at_hand(wanted) {
            return Ok(known);
        }
        let prefixes = refs::prefixes(wanted);
        let advertised = self.remote.refs(&prefixes)?;
        let targets: Vec<Result<Target>> =
            wanted.iter().map(|wanted| refs::resolve(&advertised, wanted.as_ref(), &self.url)).collect();
        let missing: Vec<&Target> = targets.iter().flatten().filter(|target| !store.has(target.id)).collect();
        if !missing.is_empty() {
            self.bring(&store, &missing)?;
            // What is damaged may have had the very name of what has come, and stays so for whoever has it open.
            store = Store::open(&self.slot)?;
        }
        store.remember(&prefixes, &advertised, &targets)?;
        Ok(targets.into_iter().map(|target| store.resolved(target?, &self.url)).collect())
    }

    fn bring(&self, store: &Store, missing: &[&Target]) -> Result<()> {
        let distinct = |ids: &mut dyn Iterator<Item = Oid>| {
            let mut ids: Vec<Oid> = ids.collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let wanted = distinct(&mut missing.iter().map(|target| target.id));
        match store.bring_commits(&self.remote, &wanted, false, &self.progress) {
            // Not every server gives commits that no ref points at; their history has them.
            Err(error)
                if error.kind() == ErrorKind::NotFound && missing.iter().any(|target| target.full_name.is_none()) =>
            {
                let all = self.remote.refs(&["refs/heads/".to_owned(), "refs/tags/".to_owned()])?;
                let all = distinct(&mut all.iter().filter(|one| !one.name.ends_with("^{}")).map(|one| one.id));
                store.bring_commits(&self.remote, &all, true, &self.progress)
            }
            result => result,
        }
    }

    fn offline(&self, wanted: &[Option<Wanted>]) -> Result<Vec<Result<Resolved>>> {
        let absent = || {
            Error::new(
                ErrorKind::NotFound,
                format!("{} was never fetched, and --offline forbids to do it now", self.url),
            )
            .hint("run the command once without --offline")
        };
        if !self.slot.is_there() {
            return Err(absent());
        }
        let store = Store::open(&self.slot)?;
        let remembered = store.remembered();
        let one = |wanted: &Option<Wanted>| {
            let target = refs::resolve(&remembered, wanted.as_ref(), &self.url)?;
            if store.has(target.id) { store.resolved(target, &self.url) } else { Err(absent()) }
        };
        Ok(wanted.iter().map(one).collect())
    }

    /// Brings those of these files that are not here.
    fn bring_files(&self, ids: Vec<Oid>) -> Result<()> {
        if self.offline || Store::open(&self.slot)?.missing(ids.iter().copied())?.is_empty() {
            return Ok(());
        }
        let _lock = self.slot.lock(self.patience)?;
        // Somebody else may have brought them meanwhile.
        let store = Store::open(&self.slot)?;
        match store.missing(ids)?.as_slice() {
            [] => Ok(()),
            missing => store.bring_files(&self.remote, missing, &self.progress),
        }
    }
}

/// One commit's files, which are brought when they are asked for.
struct OnDemand {
    commit: Commit,
    supply: Arc<Supply>,
}

impl Files for OnDemand {
    fn root(&self) -> Handle {
        self.commit.root()
    }

    fn list(&self, folder: &Handle) -> Result<Vec<Entry>> {
        self.commit.list(folder)
    }

    fn entry(&self, folder: &Handle, name: &str) -> Result<Option<Entry>> {
        self.commit.entry(folder, name)
    }

    fn read(&self, file: &Handle, limit: u64) -> Result<Vec<u8>> {
        if !self.commit.has(file)? {
            if self.supply.offline {
                let message =
                    format!("it was never fetched from {}, and --offline forbids to do it now", self.supply.url);
                return Err(Error::new(ErrorKind::NotFound, message).hint("run the command once without --offline"));
            }
            self.bring(std::slice::from_ref(file))?;
        }
        self.commit.read(file, limit)
    }

    fn comes_in_parts(&self) -> bool {
        true
    }

    fn bring(&self, files: &[Handle]) -> Result<()> {
        self.supply.bring_files(files.iter().map(super::oid).collect::<Result<_>>()?)
    }
}
