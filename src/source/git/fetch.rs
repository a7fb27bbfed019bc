//! Fetching with libgit2: one connection, depth 1, into the cache.
//!
//! The refs are asked for first. What they point at is only downloaded when the cache does not have it, so a second run over an
//! unchanged repository costs one small request.

use std::collections::BTreeMap;

use git2::{AutotagOption, Direction, FetchOptions, Oid, RemoteCallbacks, Repository, RepositoryInitOptions};

use super::http::Session;
use super::refs::{self, Advertised, Target};
use super::{Commit, CommitId, Engine, Opened, Resolved, failed};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::source::cache::Slot;
use crate::source::files::Files;
use crate::source::locator::Wanted;
use crate::source::url::RepositoryUrl;
use crate::source::{Access, Progress};

/// The engine in this program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Builtin;

impl Engine for Builtin {
    fn fetch(&self, url: &RepositoryUrl, wanted: &[Option<Wanted>], access: &Access) -> Result<Vec<Result<Opened>>> {
        let slot = access.cache()?.slot(url);
        let resolved = if access.offline { offline(url, &slot, wanted)? } else { online(url, &slot, wanted, access)? };
        let one = |resolved: Result<Resolved>| {
            let resolved = resolved?;
            let commit = Commit::open(open(&slot)?, &resolved.commit)?;
            Ok((Box::new(commit) as Box<dyn Files + Sync>, resolved))
        };
        Ok(resolved.into_iter().map(one).collect())
    }
}

fn online(
    url: &RepositoryUrl,
    slot: &Slot,
    wanted: &[Option<Wanted>],
    access: &Access,
) -> Result<Vec<Result<Resolved>>> {
    let _lock = slot.lock(access.fetch.time)?;
    match once(url, slot, wanted, access) {
        // Whatever the damage is, a fresh fetch mends it; what is not damage fails again.
        Err(error) if matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Damaged) => {
            slot.discard()?;
            once(url, slot, wanted, access)
        }
        result => result,
    }
}

/// Forgets what the cache has of a repository, so that the next fetch brings all of it.
pub(crate) fn forget(url: &RepositoryUrl, access: &Access) -> Result<()> {
    let slot = access.cache()?.slot(url);
    let _lock = slot.lock(access.fetch.time)?;
    slot.discard()
}

fn once(url: &RepositoryUrl, slot: &Slot, wanted: &[Option<Wanted>], access: &Access) -> Result<Vec<Result<Resolved>>> {
    let repository = if slot.is_there() { open(slot)? } else { create(slot)? };
    if let Some(known) = all_at_hand(&repository, wanted) {
        return Ok(known);
    }
    let session = Session::new(url, &access.credentials, access.fetch);
    let shown = url.to_string();
    let result = session.run(|| {
        let cannot = |error: git2::Error| {
            if session.is_late() { session.too_slow() } else { failed(&format!("cannot fetch {shown}"), error) }
        };
        let mut remote = repository.remote_anonymous(&shown).map_err(cannot)?;
        remote.connect(Direction::Fetch).map_err(cannot)?;
        let heads = remote.list().map_err(cannot)?.iter();
        let advertised: Vec<Advertised> =
            heads.map(|head| Advertised { name: head.name().to_owned(), id: head.oid() }).collect();
        let targets: Vec<Result<Target>> =
            wanted.iter().map(|wanted| refs::resolve(&advertised, wanted.as_ref(), &shown)).collect();
        let (mut named, mut unnamed) = (Vec::new(), Vec::new());
        for target in targets.iter().flatten().filter(|target| !is_complete(&repository, target.id)) {
            match &target.full_name {
                Some(name) => named.push(format!("+{name}:refs/skillpress/{}", target.id)),
                None => unnamed.push(target.id.to_string()),
            }
        }
        if !(named.is_empty() && unnamed.is_empty()) {
            let both: Vec<String> = named.iter().chain(&unnamed).cloned().collect();
            let downloaded = remote.download(&both, Some(&mut options(&session, access, 1)));
            match downloaded {
                // Not every server gives commits that no ref points at; their history has them.
                Err(_) if !unnamed.is_empty() && session.failure_is_none() => {
                    let _ = remote.disconnect();
                    let mut remote = repository.remote_anonymous(&shown).map_err(cannot)?;
                    let all = ["+refs/heads/*:refs/skillpress/heads/*", "+refs/tags/*:refs/skillpress/tags/*"];
                    remote.download(&all, Some(&mut options(&session, access, 0))).map_err(cannot)?;
                }
                result => result.map_err(cannot)?,
            }
        }
        let _ = remote.disconnect();
        remember(&repository, slot, &advertised, &targets)?;
        Ok(targets.into_iter().map(|target| resolved(&repository, target?, &shown)).collect())
    });
    match session.failure() {
        Some(failure) if result.is_err() => Err(failure),
        _ => result,
    }
}

fn options<'a>(session: &'a Session, access: &'a Access, depth: i32) -> FetchOptions<'a> {
    let mut callbacks = RemoteCallbacks::new();
    callbacks.transfer_progress(|progress| {
        (access.progress)(Progress {
            objects: progress.received_objects(),
            total: progress.total_objects(),
            bytes: progress.received_bytes() as u64,
        });
        !session.is_late()
    });
    callbacks.sideband_progress(|_| !session.is_late());
    let mut options = FetchOptions::new();
    options.remote_callbacks(callbacks).download_tags(AutotagOption::None).update_fetchhead(false).depth(depth);
    options
}

/// Writes down where the refs point, for working offline and as what we have when the server asks.
fn remember(repository: &Repository, slot: &Slot, advertised: &[Advertised], targets: &[Result<Target>]) -> Result<()> {
    let mut known = read_refs(slot);
    let before = known.clone();
    for target in targets.iter().flatten() {
        if let Some(name) = &target.full_name {
            known.insert(name.clone(), target.id.to_string());
        }
        if repository.find_reference(&format!("refs/skillpress/{}", target.id)).is_err() {
            let commit = repository.find_object(target.id, None).and_then(|object| object.peel_to_commit());
            let commit = commit.map_err(|error| failed("the server did not send what it was asked for", error))?;
            let name = format!("refs/skillpress/{}", commit.id());
            repository
                .reference(&name, commit.id(), true, "fetched")
                .map_err(|error| failed("cannot write to the cache", error))?;
        }
    }
    known.retain(|name, _| advertised.iter().any(|one| one.name == *name));
    if known == before {
        return Ok(());
    }
    let text = serde_json::to_string_pretty(&known)
        .map_err(|error| Error::new(ErrorKind::Invalid, "no JSON").because(error))?;
    fs::write_atomic(&slot.refs_file(), text.as_bytes())
}

fn read_refs(slot: &Slot) -> BTreeMap<String, String> {
    std::fs::read(slot.refs_file()).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn resolved(repository: &Repository, target: Target, shown: &str) -> Result<Resolved> {
    let commit = repository.find_object(target.id, None).and_then(|object| object.peel_to_commit());
    let commit = commit.map_err(|error| {
        let what = target.name.as_ref().map_or("HEAD", |name| name.as_str());
        Error::new(ErrorKind::NotFound, format!("{shown} has no commit {what:?}")).because(error)
    })?;
    Ok(Resolved { commit: commit.id().into(), name: target.name, path: target.path })
}

/// Full commit ids never change their meaning: with all of them here nobody needs to be asked.
fn all_at_hand(repository: &Repository, wanted: &[Option<Wanted>]) -> Option<Vec<Result<Resolved>>> {
    let known = |wanted: &Option<Wanted>| match wanted {
        Some(Wanted::Ref(name)) => {
            let commit = CommitId::new(name.as_str()).ok()?;
            is_complete(repository, commit.oid().ok()?)
                .then(|| Ok(Resolved { commit, name: Some(name.clone()), path: None }))
        }
        _ => None,
    };
    wanted.iter().map(known).collect()
}

fn is_complete(repository: &Repository, id: Oid) -> bool {
    let commit = repository.find_object(id, None).and_then(|object| object.peel_to_commit());
    commit.and_then(|commit| commit.tree()).is_ok()
}

fn offline(url: &RepositoryUrl, slot: &Slot, wanted: &[Option<Wanted>]) -> Result<Vec<Result<Resolved>>> {
    let absent = || {
        Error::new(ErrorKind::NotFound, format!("{url} was never fetched, and --offline forbids to do it now"))
            .hint("run the command once without --offline")
    };
    if !slot.is_there() {
        return Err(absent());
    }
    let repository = open(slot)?;
    let known = read_refs(slot).into_iter();
    let advertised: Vec<Advertised> =
        known.filter_map(|(name, id)| Some(Advertised { name, id: Oid::from_str(&id).ok()? })).collect();
    let one = |wanted: &Option<Wanted>| {
        let target = refs::resolve(&advertised, wanted.as_ref(), &url.to_string())?;
        if is_complete(&repository, target.id) {
            resolved(&repository, target, &url.to_string())
        } else {
            Err(absent())
        }
    };
    Ok(wanted.iter().map(one).collect())
}

fn open(slot: &Slot) -> Result<Repository> {
    Repository::open_bare(slot.repository()).map_err(|error| {
        Error::new(ErrorKind::Damaged, format!("the cache at {} is damaged", slot.repository().display()))
            .because(error)
    })
}

fn create(slot: &Slot) -> Result<Repository> {
    let mut options = RepositoryInitOptions::new();
    options.bare(true).external_template(false).no_reinit(true);
    Repository::init_opts(slot.repository(), &options)
        .map_err(|error| failed(&format!("cannot write to the cache at {}", slot.repository().display()), error))
}
