//! Where skills come from: a [`Locator`] is opened as a [`Source`], and a source gives [`Package`]s, whose trees
//! were checked before anybody sees them.
//!
//! Git repositories, folders and the bundle look the same from outside: all of them are [`files::Files`]. What is fetched goes to a
//! [`cache`]; nothing is checked out.

pub mod access;
pub mod bundled;
pub mod cache;
pub mod credentials;
pub mod discover;
pub mod files;
pub mod folder;
pub mod git;
pub mod installed;
pub mod locator;
pub mod name;
pub mod proxy;
pub(crate) mod safe;
pub mod ssh;
pub mod tree;
pub mod url;
mod user_git;
pub mod worktree;

use std::collections::HashSet;
use std::fmt;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

use crate::error::{Error, ErrorKind, Result};
use crate::fs::RelativePath;
use crate::manifest::Head;
use crate::manifest::problem::ProblemKind;
use crate::manifest::skill::Tokens;
use crate::words::quoted;
pub use access::{Access, EngineName, FetchLimits, Progress, Settings};
use discover::{Candidate, Found};
use files::{EntryKind, Files};
use git::{CommitId, Resolved};
use locator::{Locator, Place, RefName, Wanted};
use name::{Pattern, SkillName};
use tree::{Limits, Tree};
use url::{RepositoryUrl, Scheme};

/// Which place a skill was taken from, as the lock writes it down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum Origin {
    /// The bundle.
    Bundled,
    /// A folder of this machine: its whole path, or in a lock the way to it.
    Folder(PathBuf),
    /// A repository.
    Repository(RepositoryUrl),
}

impl Origin {
    /// Who owns the repository, and its name.
    pub fn owner_and_repository(&self) -> Option<(&str, &str)> {
        match self {
            Self::Repository(url) => url.owner_and_repository(),
            Self::Bundled | Self::Folder(_) => None,
        }
    }

    /// The place to open to get it again.
    pub fn place(&self) -> Place {
        match self {
            Self::Bundled => Place::Bundled,
            Self::Folder(folder) => Place::Folder(folder.clone()),
            Self::Repository(url) => Place::Repository(url.clone()),
        }
    }
}

impl From<&Place> for Origin {
    fn from(place: &Place) -> Self {
        match place {
            Place::Bundled => Self::Bundled,
            Place::Folder(folder) => Self::Folder(folder.clone()),
            Place::Repository(url) => Self::Repository(url.clone()),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bundled => f.write_str(locator::BUNDLED),
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Repository(url) => write!(f, "{url}"),
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl TryFrom<String> for Origin {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        if text == locator::BUNDLED {
            return Ok(Self::Bundled);
        }
        let starts_with = |part| Path::new(&text).components().next() == Some(part);
        if Path::new(&text).is_absolute() || starts_with(Component::CurDir) || starts_with(Component::ParentDir) {
            return Ok(Self::Folder(text.into()));
        }
        RepositoryUrl::new(&text).map(Self::Repository)
    }
}

/// One state of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Where it is.
    pub origin: Origin,
    /// The ref that was asked for.
    pub name: Option<RefName>,
    /// The commit that the ref meant.
    pub commit: Option<CommitId>,
}

impl Revision {
    /// How to ask for one of several folders: with words that a [`Locator`] is read from, where there are any for a folder of such a
    /// place. `base` is the folder that was asked for.
    fn choose(&self, base: Option<&RelativePath>, folder: &RelativePath) -> String {
        let name = self.name.as_ref();
        let words = match &self.origin {
            Origin::Folder(place) if !git::is_bare(place) => {
                let below = base.and_then(|base| folder.as_str().strip_prefix(base.as_str()));
                let below = below.unwrap_or(folder.as_str()).trim_start_matches('/');
                format!("{}/{below}{}", place.display(), name.map_or_else(String::new, |name| format!("#{name}")))
            }
            Origin::Repository(url) if matches!(url.scheme(), Scheme::Http | Scheme::Https) => {
                let marker = if url.path().split('/').count() == 3 { "tree" } else { "-/tree" };
                format!("{url}/{marker}/{}/{folder}", name.map_or("HEAD", RefName::as_str))
            }
            _ => {
                return format!(
                    "a path cannot follow this source; clone it and choose one by its path: ./CLONE/{folder}"
                );
            }
        };
        format!("choose one by its path: {}", quoted(&words))
    }
}

/// A place that was opened, at one state of it.
pub struct Source {
    /// Which place and which state.
    pub revision: Revision,
    files: Box<dyn Files + Sync>,
    base: Option<RelativePath>,
    patterns: Vec<Pattern>,
    limits: Limits,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("revision", &self.revision).finish_non_exhaustive()
    }
}

/// A skill as its source has it: checked, and read as far as installing needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The name it goes by.
    pub name: SkillName,
    /// Its folder in the source; `None` at the top.
    pub path: Option<RelativePath>,
    /// Its files.
    pub tree: Tree,
    /// What it costs an agent's context.
    pub tokens: Tokens,
}

impl Source {
    /// Opens what a locator names, fetching it when it must be.
    pub fn open(locator: &Locator, access: &Access) -> Result<Self> {
        let patterns: Vec<Pattern> = locator.skill.iter().cloned().collect();
        let (files, resolved, base): (Box<dyn Files + Sync>, Option<Resolved>, Option<RelativePath>) =
            match &locator.place {
                Place::Bundled => (Box::new(bundled::Bundle), None, None),
                Place::Folder(folder) => match &locator.wanted {
                    None if !git::is_bare(folder) => (Box::new(folder::Folder::open(folder)?), None, None),
                    wanted => {
                        let (commit, resolved, below) = git::open_in_place(folder, wanted.as_ref())?;
                        (Box::new(commit), Some(resolved), below)
                    }
                },
                Place::Repository(url) => {
                    if let Some(folder) = url.file_path() {
                        let (commit, resolved, below) = git::open_in_place(&folder, locator.wanted.as_ref())?;
                        (Box::new(commit), Some(resolved), below)
                    } else {
                        let wanted = std::slice::from_ref(&locator.wanted);
                        let mut opened = git::open(url, wanted, access)?;
                        let (files, resolved) = opened.remove(0)?;
                        (files, Some(resolved), None)
                    }
                }
            };
        let behind_ref = resolved.as_ref().and_then(|resolved| resolved.path.clone());
        let base = match (base, locator.path.clone().or(behind_ref)) {
            (Some(base), Some(path)) => Some(RelativePath::new(format!("{base}/{path}"))?),
            (base, path) => base.or(path),
        };
        Ok(Self {
            revision: Revision {
                origin: Origin::from(&locator.place),
                name: resolved.as_ref().and_then(|resolved| resolved.name.clone()),
                commit: resolved.map(|resolved| resolved.commit),
            },
            files,
            base,
            patterns,
            limits: access.limits,
        })
    }

    /// Opens several states of one place with one fetch, in the order in which they are wanted.
    pub fn open_all(origin: &Origin, wanted: &[Option<RefName>], access: &Access) -> Result<Vec<Result<Self>>> {
        let wanted: Vec<Option<Wanted>> = wanted.iter().map(|name| name.clone().map(Wanted::Ref)).collect();
        if let Origin::Repository(url) = origin
            && url.file_path().is_none()
        {
            let opened = git::open(url, &wanted, access)?.into_iter();
            return Ok(opened
                .map(|opened| {
                    let (files, resolved) = opened?;
                    Ok(Self {
                        revision: Revision {
                            origin: origin.clone(),
                            name: resolved.name,
                            commit: Some(resolved.commit),
                        },
                        files,
                        base: None,
                        patterns: Vec::new(),
                        limits: access.limits,
                    })
                })
                .collect());
        }
        let one = |wanted| {
            let locator = Locator { place: origin.place(), wanted, path: None, skill: None };
            let source = Self::open(&locator, access)?;
            // The lock's paths are from the top of the repository, wherever in it the folder lies.
            Ok(Self { base: None, ..source })
        };
        Ok(wanted.into_iter().map(one).collect())
    }

    /// Forgets what was fetched from here, when it turns out to be damaged; says whether there is something to try again.
    pub fn forget(origin: &Origin, access: &Access) -> bool {
        match origin {
            Origin::Repository(url) if url.file_path().is_none() && !access.offline => git::forget(url, access).is_ok(),
            _ => false,
        }
    }

    /// Finds the skills that are asked for; no patterns mean all of them.
    pub fn find(&self, patterns: &[Pattern]) -> Result<Found> {
        let both: Vec<Pattern> = self.patterns.iter().chain(patterns).cloned().collect();
        let own_name = match &self.revision.origin {
            Origin::Folder(folder) => folder.file_name().and_then(|name| name.to_str()).unwrap_or("skill"),
            origin => origin.owner_and_repository().map_or("skill", |(_, repository)| repository),
        };
        discover::find(&*self.files, self.base.as_ref(), &both, &self.revision, own_name)
    }

    /// How to ask for one of its folders.
    pub fn choose(&self, folder: &RelativePath) -> String {
        self.revision.choose(self.base.as_ref(), folder)
    }

    /// The skill at a path from the top of the source, if there is one.
    pub fn at(&self, path: Option<&RelativePath>) -> Result<Option<Candidate>> {
        discover::at(&*self.files, path)
    }

    /// Whether a skill at the top of the source has others beside it.
    pub fn has_other_skills(&self, candidate: &Candidate) -> Result<bool> {
        Ok(candidate.path.is_none() && self.find(&[])?.top_is_one_of_many)
    }

    /// Makes the files of these skills ready, so that they come together and not one by one.
    pub fn bring(&self, candidates: &[Candidate]) -> Result<()> {
        if !self.files.comes_in_parts() {
            return Ok(());
        }
        // What several folders hold is looked at once: a few objects can say that there are any number of folders.
        let mut seen = HashSet::new();
        let mut files = Vec::new();
        for candidate in candidates {
            let enough = files.len().saturating_add(self.limits.files);
            let mut folders = vec![candidate.handle.clone()];
            while let Some(folder) = folders.pop().filter(|_| files.len() <= enough) {
                // What cannot be listed is named when it is read.
                for entry in self.files.list(&folder).unwrap_or_default() {
                    match entry.kind {
                        EntryKind::Submodule | EntryKind::Other => {}
                        _ if !seen.insert(entry.handle.clone()) => {}
                        EntryKind::Folder => folders.push(entry.handle),
                        EntryKind::File | EntryKind::Executable | EntryKind::Link => files.push(entry.handle),
                    }
                }
            }
        }
        self.files.bring(&files)
    }

    /// Reads and checks one of them.
    pub fn read(&self, candidate: &Candidate, top_is_one_of_many: bool) -> Result<Package> {
        let own = |error: Error| error.within(&candidate.folder);
        let only_its_own = candidate.path.is_none() && top_is_one_of_many;
        // No commit holds the database of its own repository; folders may hold clones.
        let may_be_repository = candidate.path.is_none() || self.revision.commit.is_none();
        let skip = move |path: &str, kind: EntryKind| {
            // Of a repository that is a skill itself only what the specification gives a skill is taken, when other skills are in
            // it; the repository's own database and what belongs to forges never is.
            let top = path.split('/').next().unwrap_or(path);
            match (path, kind) {
                (".git", EntryKind::Folder | EntryKind::File) => may_be_repository,
                _ => only_its_own && !["SKILL.md", "scripts", "references", "assets"].contains(&top),
            }
        };
        let entries = candidate.entries.as_deref();
        let tree = Tree::load(&*self.files, &candidate.handle, entries, self.limits, &skip).map_err(own)?;
        Package::new(candidate, tree).map_err(own)
    }
}

impl Package {
    fn new(candidate: &Candidate, mut tree: Tree) -> Result<Self> {
        let Some(manifest) = tree.manifest_mut() else {
            return Err(Error::new(ErrorKind::Refused, "its SKILL.md is a link and no file")
                .hint("ask its author to put the manifest itself into the folder"));
        };
        // The manifest goes through its reader and comes back: a copy of each would cost more than to read it.
        let head = Self::check(std::mem::take(manifest))?;
        let name = candidate.name(head.name())?;
        let tokens = head.tokens();
        *manifest = head.source.into_bytes();
        Ok(Self { name, path: candidate.path.clone(), tree, tokens })
    }

    /// Reads the head of a manifest; one that no agent can read or use is an error.
    pub(crate) fn check(manifest: impl Into<Vec<u8>>) -> Result<Head> {
        let head = Head::read(manifest);
        if let Some(problem) = head.problems.iter().find(|problem| hides_the_skill(problem.kind)) {
            let place = head.source.position(problem.span.start);
            let message =
                format!("agents cannot read it: SKILL.md:{}:{}: {}", place.line, place.column, problem.message);
            return Err(Error::new(ErrorKind::Invalid, message).hint("ask its author to mend the manifest"));
        }
        if head.description().is_none_or(str::is_empty) {
            return Err(Error::new(ErrorKind::Invalid, "agents cannot use it: its manifest has no description")
                .hint("ask its author to say what the skill does and when to use it"));
        }
        Ok(head)
    }
}

/// Whether agents that read this frontmatter get nothing out of it.
fn hides_the_skill(kind: ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::NoFrontmatter
            | ProblemKind::UnclosedFrontmatter
            | ProblemKind::ControlCharacter
            | ProblemKind::InvalidYaml
            | ProblemKind::YamlTooLarge
            | ProblemKind::NotAMapping
    )
}

/// The failure to read a file of a skill; whoever knows its path puts that before it.
fn too_large() -> Error {
    Error::new(ErrorKind::Refused, "with it the skill is larger than it may be")
        .hint("allow more with `max-skill-bytes` under [source] in skillpress.toml")
}
