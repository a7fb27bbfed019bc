//! Where in a source its skills are.
//!
//! Skills stand at the top, in one of the folders that agents read, below the plugins of a marketplace, or anywhere else; the better
//! known places are looked at first and the whole source only when those give nothing. What is asked for by name is looked up by its
//! path, without reading the rest.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::files::{self, Entry, EntryKind, Files, Handle};
use super::installed::{self, LOCK_FILE};
use super::name::{Pattern, SkillName};
use super::{Origin, Revision};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::RelativePath;
use crate::manifest::{FILE_NAME, Head};
use crate::words::did_you_mean;

/// A folder with a manifest in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The folder's name; of the top of a source, what the source is called.
    pub folder: String,
    /// Where it is, `None` at the top.
    pub path: Option<RelativePath>,
    /// Where it is, for reading.
    pub handle: Handle,
    /// What is in the folder, if that is known already.
    pub entries: Option<Vec<Entry>>,
}

/// What was asked for and what of it there is.
#[derive(Debug, Default)]
pub struct Found {
    /// The skills, sorted by path.
    pub candidates: Vec<Candidate>,
    /// What nobody in the source is called, each with its error.
    pub missing: Vec<Error>,
    /// Whether the top of the source is one skill among several.
    pub top_is_one_of_many: bool,
}

impl Found {
    /// With the skills in order, each once.
    fn in_order(mut self) -> Self {
        self.candidates.sort_by(|one, other| one.path.cmp(&other.path));
        self.candidates.dedup_by(|one, other| one.path == other.path);
        self
    }
}

/// Folders that hold skills, by their paths. What a marketplace offers is below its plugins; its other folders may be for its own authors.
const CONTAINERS: [&str; 4] = ["skills", "plugins", ".claude/skills", ".agents/skills"];
/// Folders that hold none, however deep one looks, unless they are one themselves.
pub(crate) const SKIPPED: [&str; 3] = [".git", "node_modules", "target"];
/// How deep one looks.
const MAX_DEPTH: usize = 12;
/// How many folders one looks at. A few objects of a repository can say that there are any number.
const MAX_FOLDERS: usize = 100_000;
/// How many entries of a folder are remembered. A few objects can also say that each of many folders holds any number.
const MAX_REMEMBERED: usize = 32;
/// How large a manifest may be whose name is looked for: all of a source may be read for one that is in none of them.
const MAX_MANIFEST: u64 = 4 << 20;

/// Finds the skills that are asked for; no patterns mean all of them.
pub fn find(
    files: &dyn Files,
    base: Option<&RelativePath>,
    patterns: &[Pattern],
    revision: &Revision,
    own_name: &str,
) -> Result<Found> {
    let top = match base {
        None => files.root(),
        Some(base) => match lookup(files, base.as_str())? {
            Some(entry) if entry.kind == EntryKind::Folder => entry.handle,
            // A browser's URL may name the manifest itself.
            Some(entry) if entry.kind.is_file() && base.file_name() == FILE_NAME => {
                let parent = base.as_str().rsplit_once('/').map(|(parent, _)| RelativePath::new(parent)).transpose()?;
                return find(files, parent.as_ref(), patterns, revision, own_name);
            }
            _ => {
                return Err(Error::new(ErrorKind::NotFound, format!("{} has no folder {base}", revision.origin))
                    .hint("paths are from the top of the repository; leave it out to see what there is"));
            }
        },
    };
    let finder = Finder { files, base, revision, top, own_name };
    if let Some(found) = finder.by_path(patterns)? {
        return Ok(found);
    }
    finder.by_search(patterns)
}

struct Finder<'a> {
    files: &'a dyn Files,
    base: Option<&'a RelativePath>,
    revision: &'a Revision,
    top: Handle,
    own_name: &'a str,
}

/// What a walk has found so far.
struct Search {
    skills: Vec<Candidate>,
    /// Those that were installed where they are, from elsewhere.
    copies: Vec<Candidate>,
    /// How many folders may still be looked at.
    left: usize,
}

impl Finder<'_> {
    fn origin(&self) -> &Origin {
        &self.revision.origin
    }

    /// Looks where a skill of that name stands in most sources; nothing when that does not settle it for every name.
    fn by_path(&self, patterns: &[Pattern]) -> Result<Option<Found>> {
        if patterns.is_empty() || self.is_skill(&self.top)? {
            return Ok(None);
        }
        let mut containers = Vec::new();
        for (path, container) in self.containers()? {
            let copies = installed::copies(self.files, self.files.entry(&container, LOCK_FILE)?.as_ref())?;
            containers.push((path, container, copies));
        }
        let mut found = Found::default();
        for pattern in patterns {
            let Pattern::Name(name) = pattern else { return Ok(None) };
            let mut of_this_name = Vec::new();
            for (path, container, copies) in &containers {
                if copies.contains(name.as_str()) {
                    continue;
                }
                let entry = self.files.entry(container, name.as_str())?;
                let Some(entry) = entry.filter(|entry| entry.kind == EntryKind::Folder) else { continue };
                if self.may_be_skill(&entry.handle)? {
                    of_this_name.push(self.candidate(&format!("{path}/{name}"), entry.handle, None)?);
                }
            }
            match self.one_of(name.as_str(), of_this_name)? {
                Ok(Some(candidate)) => found.candidates.push(candidate),
                Ok(None) => return Ok(None),
                Err(error) => found.missing.push(error),
            }
        }
        Ok(Some(found.in_order()))
    }

    fn by_search(&self, patterns: &[Pattern]) -> Result<Found> {
        let mut found = Found::default();
        let all = self.all(false)?.skills;
        let unmatched = self.choose(all, patterns, &mut found)?;
        if !unmatched.is_empty() {
            // Someone asks for what is in none of the usual places.
            let Search { skills, copies, .. } = self.all(true)?;
            let names: BTreeSet<String> = skills.iter().map(|candidate| candidate.folder.clone()).collect();
            for pattern in self.choose(skills, &unmatched, &mut found)? {
                let error = self.unknown(&pattern, names.iter().map(String::as_str));
                let copy = copies.iter().find(|copy| pattern.matches(&copy.folder)).and_then(|copy| copy.path.as_ref());
                found.missing.push(match copy {
                    Some(path) => error.hint(format!(
                        "{path} was installed there from elsewhere; {}",
                        self.revision.choose(self.base, path)
                    )),
                    None => error,
                });
            }
        }
        Ok(found.in_order())
    }

    /// Every skill; `everywhere` looks beyond the usual places even when those have some.
    fn all(&self, everywhere: bool) -> Result<Search> {
        let mut search = Search { skills: Vec::new(), copies: Vec::new(), left: MAX_FOLDERS };
        if self.is_skill(&self.top)? {
            let name = self.base.map_or(self.own_name, RelativePath::file_name).to_owned();
            let (path, handle) = (self.base.cloned(), self.top.clone());
            search.skills.push(Candidate { folder: name, path, handle, entries: None });
        }
        if !everywhere {
            for (path, container) in self.containers()? {
                self.walk(self.files.list(&container)?, path, 0, &mut search)?;
            }
        }
        if everywhere || search.skills.is_empty() {
            search.copies.clear();
            self.walk(self.files.list(&self.top)?, "", 0, &mut search)?;
        }
        // Of a set that was put together by installing it there is nothing else.
        if search.skills.is_empty() {
            search.skills = std::mem::take(&mut search.copies);
        }
        if search.skills.is_empty() {
            let place =
                self.base.map_or_else(|| self.origin().to_string(), |base| format!("{base} of {}", self.origin()));
            return Err(Error::new(ErrorKind::NotFound, format!("there is no {FILE_NAME} in {place}"))
                .hint("a source holds skills: folders with a SKILL.md in them"));
        }
        Ok(search)
    }

    /// Looks for skills in a folder that holds `entries`.
    fn walk(&self, entries: Vec<Entry>, path: &str, depth: usize, search: &mut Search) -> Result<()> {
        // Who names the folder itself wants what is in it.
        let lock = entries.iter().find(|entry| entry.name == LOCK_FILE.as_bytes() && !path.is_empty());
        let copies = installed::copies(self.files, lock)?;
        let mut folders = Vec::new();
        for entry in entries {
            match String::from_utf8(entry.name) {
                Ok(name) if entry.kind == EntryKind::Folder && name != ".git" => folders.push((name, entry.handle)),
                _ => {}
            }
        }
        search.left = search.left.checked_sub(folders.len()).ok_or_else(|| {
            let message = format!("{} has more than {MAX_FOLDERS} folders to look for skills in", self.origin());
            Error::new(ErrorKind::Refused, message).hint("name the folder that holds the skills")
        })?;
        let looked: Vec<Result<(bool, Option<Vec<Entry>>)>> =
            folders.par_iter().with_min_len(32).map(|(_, folder)| self.look(folder)).collect();
        for ((name, handle), looked) in folders.into_iter().zip(looked) {
            let below = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            let (may_be_skill, entries) = looked?;
            if may_be_skill {
                let kept = if copies.contains(&name) { &mut search.copies } else { &mut search.skills };
                kept.push(self.candidate(&below, handle, entries)?);
            } else if depth < MAX_DEPTH && !SKIPPED.contains(&name.as_str()) {
                let entries = entries.map_or_else(|| self.files.list(&handle), Ok)?;
                self.walk(entries, &below, depth + 1, search)?;
            }
        }
        Ok(())
    }

    /// Whether a folder may be a skill, as [`Finder::may_be_skill`] says, and what is in it if that can be remembered.
    fn look(&self, folder: &Handle) -> Result<(bool, Option<Vec<Entry>>)> {
        match self.files.list(folder) {
            Ok(entries) => {
                let is_skill = entries.iter().any(|entry| entry.name == FILE_NAME.as_bytes() && is_manifest(entry));
                Ok((is_skill, Some(entries).filter(|entries| entries.len() <= MAX_REMEMBERED)))
            }
            Err(error) if cannot_be_read(&error) => Ok((true, None)),
            Err(error) => Err(error),
        }
    }

    /// Adds what is asked for to `found`; gives the patterns that nothing fits.
    fn choose(&self, all: Vec<Candidate>, patterns: &[Pattern], found: &mut Found) -> Result<Vec<Pattern>> {
        found.top_is_one_of_many |= all.len() > 1;
        let mut by_folder: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
        for candidate in all {
            by_folder.entry(candidate.folder.clone()).or_default().push(candidate);
        }
        let mut unmatched = patterns.to_vec();
        unmatched.retain(|pattern| !by_folder.keys().any(|name| pattern.matches(name)));
        let mut by_manifest: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
        if !unmatched.is_empty() {
            // A skill's own name counts too, and is only read when no folder is called so.
            self.bring_manifests(by_folder.values().flatten())?;
            for candidate in by_folder.values().flatten() {
                if let Some(name) = self.name_in_manifest(candidate)
                    && unmatched.iter().any(|pattern| pattern.matches(&name))
                {
                    by_manifest.entry(name).or_default().push(candidate.clone());
                }
            }
            unmatched.retain(|pattern| !by_manifest.keys().any(|name| pattern.matches(name)));
        }
        by_folder.retain(|name, _| patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(name)));
        for (name, candidates) in by_folder.into_iter().chain(by_manifest) {
            match self.one_of(&name, candidates)? {
                Ok(candidate) => found.candidates.extend(candidate),
                Err(error) => found.missing.push(error),
            }
        }
        Ok(unmatched)
    }

    /// One of several folders of the same name: the first when all hold the same, an error that lists them otherwise.
    fn one_of(&self, name: &str, mut candidates: Vec<Candidate>) -> Result<Result<Option<Candidate>>> {
        let Some(first) = candidates.first() else { return Ok(Ok(None)) };
        let mut same = true;
        for other in &candidates[1..] {
            same &= files::is_same(self.files, &first.handle, &other.handle, MAX_DEPTH)?;
        }
        if same {
            return Ok(Ok(Some(candidates.swap_remove(0))));
        }
        let path = |candidate: &Candidate| candidate.path.as_ref().map_or(".", RelativePath::as_str).to_owned();
        let places: Vec<String> = candidates.iter().map(path).collect();
        let message = format!("{} has {} skills called {name:?}: {}", self.origin(), places.len(), places.join(", "));
        let error = Error::new(ErrorKind::Usage, message);
        Ok(Err(match candidates.iter().find_map(|candidate| candidate.path.as_ref()) {
            Some(path) => error.hint(self.revision.choose(self.base, path)),
            None => error,
        }))
    }

    fn unknown<'a>(&self, pattern: &Pattern, names: impl Iterator<Item = &'a str> + Clone) -> Error {
        let what = if matches!(pattern, Pattern::Glob(_)) { "no skill that fits" } else { "no skill called" };
        let error = Error::new(ErrorKind::NotFound, format!("{} has {what} {:?}", self.origin(), pattern.as_str()));
        let hint = did_you_mean(pattern.as_str(), names.clone()).unwrap_or_else(|| {
            let some: Vec<&str> = names.clone().take(8).collect();
            let more = names.count().saturating_sub(some.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("it has {}{more}", some.join(", "))
        });
        error.hint(hint)
    }

    fn bring_manifests<'c>(&self, candidates: impl Iterator<Item = &'c Candidate>) -> Result<()> {
        if !self.files.comes_in_parts() {
            return Ok(());
        }
        let manifest = |candidate: &Candidate| Some(self.files.entry(&candidate.handle, FILE_NAME).ok()??.handle);
        self.files.bring(&candidates.filter_map(manifest).collect::<Vec<_>>())
    }

    fn name_in_manifest(&self, candidate: &Candidate) -> Option<String> {
        let entry = self.files.entry(&candidate.handle, FILE_NAME).ok()??;
        let bytes = self.files.read(&entry.handle, MAX_MANIFEST).ok()?;
        Head::read(bytes).name().map(str::to_owned)
    }

    fn is_skill(&self, folder: &Handle) -> Result<bool> {
        let entry = self.files.entry(folder, FILE_NAME)?;
        Ok(entry.as_ref().is_some_and(is_manifest))
    }

    /// The same; a folder that cannot be read counts, so that whoever reads it says what is wrong with it.
    fn may_be_skill(&self, folder: &Handle) -> Result<bool> {
        match self.is_skill(folder) {
            Err(error) if cannot_be_read(&error) => Ok(true),
            result => result,
        }
    }

    fn candidate(&self, below: &str, handle: Handle, entries: Option<Vec<Entry>>) -> Result<Candidate> {
        let path = match self.base {
            Some(base) => format!("{base}/{below}"),
            None => below.to_owned(),
        };
        let path = RelativePath::new(&path)?;
        Ok(Candidate { folder: path.file_name().to_owned(), path: Some(path), handle, entries })
    }

    /// The folders that hold skills. A link in such a place is none: what it leads to may be outside the source.
    fn containers(&self) -> Result<Vec<(&'static str, Handle)>> {
        let mut containers = Vec::new();
        for path in CONTAINERS {
            if let Some(entry) = lookup_from(self.files, self.top.clone(), path)?
                && entry.kind == EntryKind::Folder
            {
                containers.push((path, entry.handle));
            }
        }
        Ok(containers)
    }
}

/// The skill at a path from the top, if there is one.
pub(crate) fn at(files: &dyn Files, path: Option<&RelativePath>) -> Result<Option<Candidate>> {
    let handle = match path {
        None => files.root(),
        Some(path) => match lookup(files, path.as_str())? {
            Some(entry) if entry.kind == EntryKind::Folder => entry.handle,
            _ => return Ok(None),
        },
    };
    if files.entry(&handle, FILE_NAME)?.is_none() {
        return Ok(None);
    }
    let folder = path.map_or("skill", RelativePath::file_name).to_owned();
    Ok(Some(Candidate { folder, path: path.cloned(), handle, entries: None }))
}

/// Whether an entry that is called as manifests are may be one.
fn is_manifest(entry: &Entry) -> bool {
    entry.kind.is_file() || entry.kind == EntryKind::Link
}

/// Whether an error says that a folder is there and nobody can look into it.
fn cannot_be_read(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Io)
}

impl Candidate {
    /// The name that this skill goes by: the manifest's own, or its folder's where that is none, as `Parcel Sorter` is.
    pub fn name(&self, in_manifest: Option<&str>) -> Result<SkillName> {
        in_manifest.and_then(|name| SkillName::new(name).ok()).map_or_else(|| SkillName::new(&self.folder), Ok)
    }
}

fn lookup(files: &dyn Files, path: &str) -> Result<Option<Entry>> {
    lookup_from(files, files.root(), path)
}

fn lookup_from(files: &dyn Files, mut folder: Handle, path: &str) -> Result<Option<Entry>> {
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let Some(entry) = files.entry(&folder, part)? else { return Ok(None) };
        if parts.peek().is_none() {
            return Ok(Some(entry));
        }
        if entry.kind != EntryKind::Folder {
            return Ok(None);
        }
        folder = entry.handle;
    }
    Ok(None)
}
