//! What `outdated`, `update` and `sync` share: installed skills brought together with what their sources have now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::inspect::findings;
use super::sources;
use super::ui::Ui;
use crate::error::{Error, ErrorKind, Result};
use crate::install::inspect;
use crate::install::lock::{Lock, Locked};
use crate::install::naming::DirectoryName;
use crate::install::prepared::Prepared;
use crate::install::rendering::Templates;
use crate::source::locator::RefName;
use crate::source::{Access, Origin, Source};

/// What is asked of the sources of installed skills.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) state: State,
    /// The rules whose findings are no matter; without them nothing is inspected.
    pub(crate) allowed: Option<&'a [String]>,
    /// What skills are rendered with that were so when they were installed; without them they are given as their sources have them.
    pub(crate) templates: Option<&'a Templates>,
}

/// Which state of its source is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Where the ref is now.
    Newest,
    /// The commit that the lock names.
    Recorded,
}

/// Asks the sources of these skills what they have, each source once.
pub(crate) fn available(
    lock: &Lock,
    names: &BTreeSet<DirectoryName>,
    question: Question<'_>,
    access: &Access,
    ui: Ui,
) -> BTreeMap<DirectoryName, Result<Prepared>> {
    let mut by_source: BTreeMap<&Origin, Vec<(&DirectoryName, &Locked)>> = BTreeMap::new();
    for (name, locked) in lock.skills.iter().filter(|(name, _)| names.contains(*name)) {
        by_source.entry(&locked.source).or_default().push((name, locked));
    }
    let mut all = BTreeMap::new();
    for (origin, skills) in by_source {
        let ask = || of_one_source(origin, &skills, question, access);
        let mut these = sources::ask(origin, access, ui, ask, |these, is_it| {
            these.values().any(|one| one.as_ref().is_err_and(is_it))
        });
        all.append(&mut these);
    }
    all
}

fn of_one_source(
    origin: &Origin,
    skills: &[(&DirectoryName, &Locked)],
    question: Question<'_>,
    access: &Access,
) -> BTreeMap<DirectoryName, Result<Prepared>> {
    let asked: Vec<Option<RefName>> = skills.iter().map(|(_, locked)| asked(locked, question.state)).collect();
    let mut distinct = asked.clone();
    distinct.sort();
    distinct.dedup();
    let sources = match Source::open_all(origin, &distinct, access) {
        Ok(sources) => sources,
        Err(error) => {
            let failed = |name: &DirectoryName| (name.clone(), Err(error.again().within(name.as_str())));
            return skills.iter().map(|(name, _)| failed(name)).collect();
        }
    };
    for (asked, source) in distinct.iter().zip(&sources) {
        let Ok(source) = source else { continue };
        let of_it = skills.iter().filter(|(_, locked)| self::asked(locked, question.state) == *asked);
        let candidates: Vec<_> = of_it.filter_map(|(_, locked)| source.at(locked.path.as_ref()).ok()?).collect();
        // Each skill says by itself what of it could not be had.
        let _ = source.bring(&candidates);
    }
    let read = |((name, locked), asked): (&(&DirectoryName, &Locked), &Option<RefName>)| {
        let source = distinct.iter().position(|one| one == asked).and_then(|at| sources.get(at));
        let result = match source {
            Some(Ok(source)) => one(source, name, locked, question),
            Some(Err(error)) => Err(not_there(error, name, locked, question.state, access)),
            None => Err(Error::new(ErrorKind::Invalid, "its source was not opened")),
        };
        ((*name).clone(), result.map_err(|error| error.within(name.as_str())))
    };
    skills.par_iter().zip(&asked).map(read).collect()
}

/// What helps where a source, or a recorded commit of it, is not to be had: nobody has typed its name now.
fn not_there(error: &Error, name: &DirectoryName, locked: &Locked, state: State, access: &Access) -> Error {
    let folder = match &locked.source {
        Origin::Folder(folder) => Some(folder.clone()),
        Origin::Repository(url) => url.file_path(),
        Origin::Bundled => None,
    };
    if folder.is_some_and(|folder| !folder.exists()) {
        return error.again().hint("bring it back, or install the skill with --force from where it is now");
    }
    if state == State::Recorded && !access.offline && error.kind() == ErrorKind::NotFound {
        return error.again().hint(format!("`skillpress update {name} --force` takes what its source has now"));
    }
    error.again()
}

/// The ref that the source is asked for; a commit that was asked for by its id stays what it is.
fn asked(locked: &Locked, state: State) -> Option<RefName> {
    match (state, &locked.commit) {
        (State::Recorded, Some(commit)) => RefName::new(commit.as_str()).ok(),
        _ => locked.reference.clone(),
    }
}

fn one(source: &Source, name: &DirectoryName, locked: &Locked, question: Question<'_>) -> Result<Prepared> {
    let Some(candidate) = source.at(locked.path.as_ref())? else {
        let path = locked.path.as_ref().map_or(".", |path| path.as_str());
        return Err(Error::new(ErrorKind::NotFound, format!("{} has no skill at {path} any more", locked.source))
            .hint("it was moved or removed there; remove it here, or install it from where it is now"));
    };
    let package = source.read(&candidate, source.has_other_skills(&candidate)?)?;
    let mut now = Prepared::of(package, &source.revision);
    // What was asked for stays what is asked for, whatever state of it is looked at.
    Arc::make_mut(&mut now.locked).reference.clone_from(&locked.reference);
    if let Some(templates) = question.templates {
        now = templates.render_again(now, locked)?;
    }
    if let Some(allowed) = question.allowed {
        inspect::inspect(now.locked.name.as_str(), &now.tree, &findings, allowed)?;
    }
    if question.state == State::Recorded && now.locked.digest != locked.digest {
        return Err(Error::new(ErrorKind::Invalid, format!("{} does not have what the lock describes", locked.source))
            .hint(format!(
                "the files there are other ones than those that were installed; `skillpress update {name} --force` takes them"
            )));
    }
    Ok(now)
}
