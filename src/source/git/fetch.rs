//! Repositories that are not on this machine, brought into the cache as far as they are wanted.
//!
//! The refs are asked for first. Commits come with their folders when the cache does not have them, and files when they are wanted; so a
//! second run over an unchanged repository costs little more than its refs, and one skill out of thousands hardly more. What is here
//! and what is missing is the same for all ways to reach a server, of which each is a [`Remote`].

use std::sync::Arc;
use std::time::Duration;

use git2::Oid;

use super::direct::Direct;
use super::program::Program;
use super::refs::{self, Target};
use super::remote::Remote;
use super::store::Store;
use super::{Commit, Opened, Resolved};
use crate::error::{Error, ErrorKind, Result};
use crate::source::access::{Access, EngineName};
use crate::source::cache::Slot;
use crate::source::files::{Entry, Files, Handle};
use crate::source::locator::Wanted;
use crate::source::url::{RepositoryUrl, Scheme};

/// Opens states of a repository that is not on this machine: one conversation, however many they are.
pub(crate) fn open(url: &RepositoryUrl, wanted: &[Option<Wanted>], access: &Access) -> Result<Vec<Result<Opened>>> {
    let supply = Arc::new(Supply::new(url, access)?);
    let resolved = if supply.offline { supply.offline(wanted)? } else { supply.online(wanted)? };
    let one = |resolved: Result<Resolved>| {
        let resolved = resolved?;
        let commit = Commit::open(Store::open(&supply.slot)?.into_repository(), &resolved.commit)?;
        Ok((Box::new(OnDemand { commit, supply: Arc::clone(&supply) }) as Box<dyn Files + Sync>, resolved))
    };
    Ok(resolved.into_iter().map(one).collect())
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
    remote: Box<dyn Remote>,
    offline: bool,
    /// How long other processes are waited for.
    patience: Duration,
}

impl Supply {
    fn new(url: &RepositoryUrl, access: &Access) -> Result<Self> {
        let slot = access.cache()?.slot(url);
        let remote: Box<dyn Remote> = match (url.scheme(), access.engine) {
            (Scheme::Ssh, _) | (_, EngineName::Git) => Box::new(Program::new(&slot, url, access)),
            _ => Box::new(Direct::new(url, access)),
        };
        Ok(Self { slot, url: url.to_string(), remote, offline: access.offline, patience: access.fetch.time })
    }

    fn online(&self, wanted: &[Option<Wanted>]) -> Result<Vec<Result<Resolved>>> {
        let _lock = self.slot.lock(self.patience)?;
        let resolved = match self.once(wanted) {
            // Whatever the damage is, a fresh fetch mends it; what is not damage fails again.
            Err(error) if matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Damaged) => {
                self.slot.discard()?;
                self.once(wanted)
            }
            result => result,
        };
        if resolved.is_err() && !self.slot.refs_file().exists() {
            // Nothing has ever come from there: its name may be mistyped.
            let _ = self.slot.remove();
        }
        resolved
    }

    fn once(&self, wanted: &[Option<Wanted>]) -> Result<Vec<Result<Resolved>>> {
        let mut store = Store::open_or_make(&self.slot)?;
        if let Some(known) = store.all_at_hand(wanted) {
            return Ok(known);
        }
        let prefixes = refs::prefixes(wanted);
        let advertised = self.remote.refs(&prefixes, &store)?;
        let targets: Vec<Result<Target>> =
            wanted.iter().map(|wanted| refs::resolve(&advertised, wanted.as_ref(), &self.url)).collect();
        let mut missing: Vec<&Target> = targets.iter().flatten().filter(|target| !store.has(target.id)).collect();
        missing.sort_by_key(|target| target.id);
        missing.dedup_by_key(|target| target.id);
        if !missing.is_empty() {
            self.remote.bring_commits(&missing, &store)?;
            // What is damaged may have had the very name of what has come, and stays so for whoever has it open.
            store = Store::open(&self.slot)?;
        }
        store.remember(&prefixes, &advertised, &targets)?;
        Ok(targets.into_iter().map(|target| store.resolved(target?, &self.url)).collect())
    }

    fn offline(&self, wanted: &[Option<Wanted>]) -> Result<Vec<Result<Resolved>>> {
        if !self.slot.is_there() {
            return Err(never_fetched(&self.url));
        }
        let store = Store::open(&self.slot)?;
        let remembered = store.remembered();
        let one = |wanted: &Option<Wanted>| {
            // A ref that nobody asked for is not known here, be it there or not.
            let target = refs::resolve(&remembered, wanted.as_ref(), &self.url)
                .map_err(|_| never_fetched(&format!("what is asked for of {}", self.url)))?;
            if store.has(target.id) { store.resolved(target, &self.url) } else { Err(never_fetched(&self.url)) }
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
            missing => self.remote.bring_files(missing, &store),
        }
    }
}

fn never_fetched(what: &str) -> Error {
    let message = format!("{what} was never fetched, and --offline forbids to do it now");
    Error::new(ErrorKind::NotFound, message).hint("run the command once without --offline")
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
                return Err(never_fetched(&format!("one of its files in {}", self.supply.url)));
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
