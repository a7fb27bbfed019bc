//! One repository of the cache: commits without their history, their folders, and files as far as somebody wanted them.
//!
//! It is a bare repository. Commits that were fetched are kept under `refs/skillpress/`; where the server's refs point is written down
//! beside it, for working offline.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use git2::{Config, Indexer, ObjectType, OdbLookupFlags, Oid, Repository, RepositoryInitOptions};

use super::refs::{Advertised, Target, commit_behind};
use super::{CommitId, Resolved, failed};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::source::Progress;
use crate::source::access::OnProgress;
use crate::source::cache::Slot;
use crate::source::locator::Wanted;

/// A repository of the cache that is open.
pub(super) struct Store {
    repository: Repository,
    slot: Slot,
}

/// Where the refs of commits are that were fetched.
pub(super) const KEPT: &str = "refs/skillpress/";

/// Receives a pack from somewhere.
type Receive<'a> = &'a mut dyn FnMut(&mut dyn FnMut(&[u8]) -> Result<()>) -> Result<Vec<Oid>>;

impl Store {
    /// Opens what is there.
    pub(super) fn open(slot: &Slot) -> Result<Self> {
        let repository = Repository::open_bare(slot.repository()).map_err(|error| match Config::open_default() {
            // What is broken is not here, and a fresh fetch does not mend it.
            Err(error) => failed("cannot read the settings of git", error),
            Ok(_) => damaged(&slot.repository()).because(error),
        })?;
        Ok(Self { repository, slot: slot.clone() })
    }

    /// Why `git` could not fetch: of damage here it speaks as of a server that cannot be reached. All that is here is read to tell.
    pub(super) fn explained(&self, error: Error) -> Error {
        let is_sound = || {
            let odb = self.repository.odb()?;
            let mut result = Ok(());
            odb.foreach(|id| {
                result = odb.read(*id).map(drop);
                result.is_ok()
            })
            .and(result)
        };
        if is_sound().is_ok() { error } else { damaged(self.repository.path()).because(error) }
    }

    /// Opens what is there, or makes it. The caller holds the slot's lock.
    pub(super) fn open_or_make(slot: &Slot) -> Result<Self> {
        if slot.is_there() {
            remove_leftovers(&slot.repository())?;
            return Self::open(slot);
        }
        let mut options = RepositoryInitOptions::new();
        options.bare(true).external_template(false).no_reinit(true);
        let repository = Repository::init_opts(slot.repository(), &options)
            .map_err(|error| failed(&format!("cannot write to the cache at {}", slot.repository().display()), error))?;
        Ok(Self { repository, slot: slot.clone() })
    }

    pub(super) fn into_repository(self) -> Repository {
        self.repository
    }

    /// Whether a commit is here with its folders, by its own id or that of a tag.
    pub(super) fn has(&self, id: Oid) -> bool {
        self.commit(id).and_then(|commit| commit.tree()).is_ok()
    }

    /// The commit that an id means, be it that of a tag.
    fn commit(&self, id: Oid) -> std::result::Result<git2::Commit<'_>, git2::Error> {
        self.repository.find_object(id, None)?.peel_to_commit()
    }

    /// Which of these objects are not here.
    pub(super) fn missing(&self, ids: impl IntoIterator<Item = Oid>) -> Result<Vec<Oid>> {
        let odb = self.repository.odb().map_err(|error| failed("cannot read the cache", error))?;
        let is_here = |id: &Oid| odb.exists_ext(*id, OdbLookupFlags::NO_REFRESH);
        let mut missing: Vec<Oid> = ids.into_iter().filter(|id| !is_here(id)).collect();
        missing.sort_unstable();
        missing.dedup();
        Ok(missing)
    }

    /// Keeps the objects of a pack, which `receive` hands on piece by piece; it gives the commits that come without what was before
    /// them.
    pub(super) fn add_pack(&self, progress: &OnProgress, receive: Receive<'_>) -> Result<()> {
        let unkept = |error| failed("cannot keep in the cache what was sent", error);
        let odb = self.repository.odb().map_err(unkept)?;
        let folder = self.repository.path().join("objects/pack");
        // Folders lead to files that are not here, so what leads where is not checked; what an object is called is.
        let mut indexer = Indexer::new(Some(&odb), &folder, 0, false).map_err(unkept)?;
        let progress = Arc::clone(progress);
        indexer.progress(move |at| {
            let (objects, total, bytes) = (at.received_objects(), at.total_objects(), at.received_bytes() as u64);
            progress(Progress { objects, total, bytes });
            true
        });
        let shallow = receive(&mut |bytes| {
            indexer.write_all(bytes).map_err(|error| match error.downcast::<git2::Error>() {
                Ok(error) => unkept(error),
                Err(error) => Error::io("write", &folder, error),
            })
        })?;
        // Before the commits themselves: without it a server would take it that what was before them is here, too.
        self.add_shallow(&shallow)?;
        let name = indexer.commit().map_err(unkept)?;
        // Says to git that the rest is on the server.
        let promisor = folder.join(format!("pack-{name}.promisor"));
        if !fs::exists(&promisor) {
            fs::write_new(&promisor, b"", false)?;
        }
        Ok(())
    }

    /// Commits that are here with their folders.
    pub(super) fn kept(&self) -> Result<Vec<Oid>> {
        let unreadable = |error| failed("cannot read the cache", error);
        let refs = self.repository.references_glob(&format!("{KEPT}*")).map_err(unreadable)?;
        let commits = refs.filter_map(|one| one.ok()?.peel_to_commit().ok().map(|commit| commit.id()));
        let mut kept: Vec<Oid> = commits.filter(|id| self.has(*id)).collect();
        kept.sort_unstable();
        kept.dedup();
        Ok(kept)
    }

    /// What a ref here points at.
    pub(super) fn kept_as(&self, name: &str) -> Option<Oid> {
        self.repository.refname_to_id(&format!("{KEPT}{name}")).ok()
    }

    /// Whether all files of a commit are here.
    pub(super) fn has_files_of(&self, id: Oid) -> bool {
        let tree = self.commit(id).and_then(|commit| commit.tree());
        let (Ok(tree), Ok(odb)) = (tree, self.repository.odb()) else { return false };
        // Folders that are in several places are looked at once: a few of them can say that there are any number.
        let (mut folders, mut seen) = (vec![tree.id()], HashSet::new());
        while let Some(folder) = folders.pop() {
            let Ok(folder) = self.repository.find_tree(folder) else { return false };
            for entry in &folder {
                match entry.kind() {
                    Some(ObjectType::Blob) if !odb.exists_ext(entry.id(), OdbLookupFlags::NO_REFRESH) => return false,
                    Some(ObjectType::Tree) if seen.insert(entry.id()) => folders.push(entry.id()),
                    _ => {}
                }
            }
        }
        true
    }

    /// Commits that are here without what was before them.
    pub(super) fn shallow(&self) -> Vec<Oid> {
        let text = std::fs::read_to_string(self.repository.path().join("shallow")).unwrap_or_default();
        text.lines().filter_map(|line| Oid::from_str(line).ok()).collect()
    }

    fn add_shallow(&self, new: &[Oid]) -> Result<()> {
        let mut all = self.shallow();
        let before = all.len();
        all.extend(new);
        all.sort_unstable();
        all.dedup();
        if all.len() == before {
            return Ok(());
        }
        let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
        fs::write_atomic(&self.repository.path().join("shallow"), (lines.join("\n") + "\n").as_bytes())
    }

    /// Keeps what was asked for, and writes down where the refs point. `prefixes` say which refs the server has listed.
    pub(super) fn remember(
        &self,
        prefixes: &[String],
        advertised: &[Advertised],
        targets: &[Result<Target>],
    ) -> Result<()> {
        let mut known = self.read_refs();
        let before = known.clone();
        let was_listed = |name: &str| prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()));
        known.retain(|name, _| !was_listed(name) || advertised.iter().any(|one| one.name == *name));
        for target in targets.iter().flatten() {
            // What did not come is named by whoever wants to read it.
            let Ok(commit) = self.commit(target.id) else { continue };
            if let Some(name) = &target.full_name {
                known.insert(name.clone(), target.id.to_string());
            }
            if self.repository.find_reference(&format!("{KEPT}{}", commit.id())).is_err() {
                self.repository
                    .reference(&format!("{KEPT}{}", commit.id()), commit.id(), true, "fetched")
                    .map_err(|error| failed("cannot write to the cache", error))?;
            }
        }
        if known == before {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(&known)
            .map_err(|error| Error::new(ErrorKind::Invalid, "no JSON").because(error))?;
        fs::write_atomic(&self.slot.refs_file(), text.as_bytes())
    }

    fn read_refs(&self) -> BTreeMap<String, String> {
        let bytes = std::fs::read(self.slot.refs_file()).ok();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// The refs as they were when the server was last asked.
    pub(super) fn remembered(&self) -> Vec<Advertised> {
        let known = self.read_refs().into_iter();
        known.filter_map(|(name, id)| Some(Advertised { name, id: Oid::from_str(&id).ok()? })).collect()
    }

    /// The commit that a target means.
    pub(super) fn resolved(&self, target: Target, shown: &str) -> Result<Resolved> {
        let what = target.name.as_ref().map_or("HEAD", |name| name.as_str());
        let commit = commit_behind(&self.repository, target.id, what, shown)?;
        Ok(Resolved { commit, name: target.name, path: target.path })
    }

    /// Full ids never change their meaning: with all of them here nobody needs to be asked.
    pub(super) fn all_at_hand(&self, wanted: &[Option<Wanted>]) -> Option<Vec<Result<Resolved>>> {
        let known = |wanted: &Option<Wanted>| match wanted {
            Some(Wanted::Ref(name)) => {
                let commit = self.commit(CommitId::new(name.as_str()).ok()?.oid().ok()?).ok()?;
                commit.tree().ok()?;
                Some(Ok(Resolved { commit: commit.id().into(), name: Some(name.clone()), path: None }))
            }
            _ => None,
        };
        wanted.iter().map(known).collect()
    }
}

fn damaged(repository: &Path) -> Error {
    Error::new(ErrorKind::Damaged, format!("the cache at {} is damaged", repository.display()))
        .hint("it is fetched again without --offline")
}

/// Removes what a fetch left that was killed. `git` takes its lock files for those of another process, for ever; under the slot's lock
/// there is none.
fn remove_leftovers(repository: &Path) -> Result<()> {
    let here = |folder: &str, depth| walkdir::WalkDir::new(repository.join(folder)).max_depth(depth).into_iter();
    for entry in here("", 1).chain(here("refs", usize::MAX)).chain(here("objects", 2)).flatten() {
        let name = entry.file_name().to_string_lossy();
        let is_leftover = name.ends_with(".lock") || name.starts_with("tmp_") || name.starts_with("pack_git2_");
        if is_leftover && entry.file_type().is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
