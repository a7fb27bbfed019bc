//! Running the rules over what is on the disk: many manifests at once, each read once, then what they are to each other.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::discover::{Discovered, Skill};
use crate::fs;
use crate::lint::context::Context as Subject;
use crate::lint::diagnostic::{Diagnostic, Safety, Severity};
use crate::lint::engine::{Checked, Linter};
use crate::lint::finding::Finding;
use crate::lint::fixes;
use crate::lint::folding::Folding;
use crate::lint::set::{Member, Set, Texts};
use crate::manifest::Manifest;
use crate::manifest::source::{Source, Span};

/// Whether to mend, and how boldly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    pub(super) fix: bool,
    pub(super) allow: Safety,
    /// Whether findings are folded as they come.
    pub(super) fold: bool,
}

impl Mode {
    fn folding(self) -> Folding {
        if self.fold { Folding::default() } else { Folding::of_none() }
    }
}

/// What mending a manifest comes to.
pub(super) struct Change {
    pub(super) path: PathBuf,
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
    pub(super) fixes: usize,
}

/// What all manifests came to.
#[derive(Default)]
pub(super) struct CheckedAll {
    pub(super) found: Folding,
    pub(super) changes: Vec<Change>,
    pub(super) manifests: usize,
    pub(super) suppressed: usize,
    members: Vec<Member>,
}

/// What one path came to.
#[derive(Default)]
struct CheckedOne {
    findings: Vec<Finding>,
    suppressed: usize,
    member: Option<Member>,
    change: Option<Change>,
}

/// Manifests from which on it pays to use more than one thread.
pub(super) const PARALLEL_FROM: usize = 8;

/// Checks everything that was found, and what the manifests are to each other.
pub(super) fn check_all(linter: &Linter, discovered: &[Discovered], mode: Mode) -> CheckedAll {
    // Parts are small, so that no thread is left with a large one at the end.
    let len = discovered.len().div_ceil(64).clamp(1, 32);
    let sets = sets(discovered);
    let part = |(number, part): (usize, &[Discovered])| check_part(linter, number * len, part, &sets, mode);
    let parts: Vec<CheckedAll> = if discovered.len() < PARALLEL_FROM {
        vec![part((0, discovered))]
    } else {
        discovered.par_chunks(len).enumerate().with_max_len(1).map(part).collect()
    };
    let mut all = CheckedAll::with_room(mode, discovered.len());
    for part in parts {
        all.append(part);
    }
    all.manifests = all.members.len();
    let mut of_set = linter.check_set(&Set::new(&all.members, &OnDisk));
    of_set.sort_by_key(|(member, _)| *member);
    let of_set: Vec<Finding> =
        of_set.into_iter().map(|(member, diagnostic)| of_member(&all.members[member], diagnostic)).collect();
    all.found.add(discovered.len(), of_set);
    // The process ends soon, and to give back so many small pieces takes as long as to print what was found.
    std::mem::forget(std::mem::take(&mut all.members));
    all
}

/// The set that each belongs to: what one path of the command line led to; skills that are named one by one are a set with those
/// beside them, as a shell's `skills/*` or a hook names them.
fn sets(discovered: &[Discovered]) -> Vec<usize> {
    let mut skills_of: HashMap<usize, usize> = HashMap::new();
    for found in discovered {
        if let Discovered::Skill(skill) = found {
            *skills_of.entry(skill.root).or_default() += 1;
        }
    }
    let mut set_in: HashMap<&Path, usize> = HashMap::new();
    let mut seen: HashSet<&Path> = HashSet::new();
    let sets = discovered.iter().map(|found| {
        let Discovered::Skill(Skill { manifest, root, .. }) = found else { return 0 };
        let folder = manifest.parent().and_then(Path::parent);
        match folder.filter(|_| skills_of[root] == 1 && seen.insert(manifest)) {
            Some(folder) => *set_in.entry(folder).or_insert(*root),
            None => *root,
        }
    });
    sets.collect()
}

/// Checks manifests that stand one after another in the list; `first` is the number of the first.
fn check_part(linter: &Linter, first: usize, part: &[Discovered], sets: &[usize], mode: Mode) -> CheckedAll {
    let mut all = CheckedAll::with_room(mode, part.len());
    for (number, discovered) in part.iter().enumerate() {
        let one = check_one(linter, discovered, sets[first + number], mode);
        all.found.add(first + number, one.findings);
        all.suppressed += one.suppressed;
        all.changes.extend(one.change);
        all.members.extend(one.member);
    }
    all
}

impl CheckedAll {
    fn with_room(mode: Mode, manifests: usize) -> Self {
        Self { found: mode.folding(), members: Vec::with_capacity(manifests), ..Self::default() }
    }

    fn append(&mut self, mut later: Self) {
        self.found.append(later.found);
        self.changes.append(&mut later.changes);
        self.suppressed += later.suppressed;
        self.members.append(&mut later.members);
    }
}

/// Members that are looked into once more are few.
#[derive(Debug)]
struct OnDisk;

impl Texts for OnDisk {
    fn text(&self, path: &str) -> Option<String> {
        // Places are those of the source's text, whatever the bytes are.
        fs::read(Path::new(path)).ok().map(|bytes| Source::new(bytes).text().to_owned())
    }
}

/// The file is read again for the line numbers: findings of a set are few.
fn of_member(member: &Member, diagnostic: Diagnostic) -> Finding {
    let path: Arc<str> = Arc::from(member.path.as_str());
    match fs::read(Path::new(&member.path)) {
        Ok(bytes) => Finding::place(&path, &Source::new(bytes), diagnostic),
        Err(_) => Finding::about(&path, diagnostic),
    }
}

fn check_one(linter: &Linter, discovered: &Discovered, set: usize, mode: Mode) -> CheckedOne {
    match discovered {
        Discovered::Skill(skill) => check_skill(linter, skill, set, mode),
        Discovered::Missing { folder, named } => {
            let path = shown(folder);
            let message = "there is no SKILL.md in this folder";
            let mut found =
                about(linter, "spec/missing-manifest", &path, message, "a skill's folder holds a file of that name");
            if !named {
                for finding in &mut found {
                    finding.diagnostic.at_most(Severity::Warning);
                }
            }
            CheckedOne { findings: found, ..CheckedOne::default() }
        }
        Discovered::Unreadable { path, why } => unreadable(linter, &shown(path), why),
    }
}

fn unreadable(linter: &Linter, path: &Arc<str>, why: &str) -> CheckedOne {
    let message = format!("this cannot be read: {why}");
    let help = "agents drop a skill that they cannot read";
    CheckedOne { findings: about(linter, "spec/unreadable-manifest", path, message, help), ..CheckedOne::default() }
}

fn check_skill(linter: &Linter, skill: &Skill, set: usize, mode: Mode) -> CheckedOne {
    let path = shown(&skill.manifest);
    let bytes = match skill.given.clone().map_or_else(|| fs::read(&skill.manifest), Ok) {
        Ok(bytes) => bytes,
        Err(error) => {
            let why = error.causes().next().map_or_else(|| error.to_string(), ToString::to_string);
            return unreadable(linter, &path, &why);
        }
    };
    let mut change = None;
    let bytes = if mode.fix {
        let check = |bytes: &[u8]| check_manifest(linter, skill, &path, &Manifest::read(bytes)).diagnostics;
        let fixed = fixes::fix(bytes.clone(), mode.allow, &check);
        if fixed.applied > 0 {
            let after = fixed.bytes.clone();
            change = Some(Change { path: skill.manifest.clone(), before: bytes, after, fixes: fixed.applied });
        }
        fixed.bytes
    } else {
        bytes
    };
    let manifest = Manifest::read(bytes);
    let checked = check_manifest(linter, skill, &path, &manifest);
    let mut findings: Vec<Finding> = Finding::place_all(&path, &manifest.source, checked.diagnostics).collect();
    if skill.wrong_case {
        let name = skill.manifest.file_name().unwrap_or_default().to_string_lossy();
        let message = format!("the manifest is called `{name}`, and agents look for `SKILL.md`");
        findings.splice(0..0, about(linter, "spec/wrong-file-name", &path, message, "rename it"));
    }
    let member = Member::of(&manifest, &path, set);
    CheckedOne { findings, suppressed: checked.suppressed, member: Some(member), change }
}

fn check_manifest(linter: &Linter, skill: &Skill, path: &str, manifest: &Manifest) -> Checked {
    linter.check(&Subject::new(manifest, skill.folder.as_ref(), &skill.contents()), path)
}

/// A finding about a path as a whole, unless its rule is off there.
fn about(
    linter: &Linter,
    rule: &'static str,
    path: &Arc<str>,
    message: impl Into<std::borrow::Cow<'static, str>>,
    help: &'static str,
) -> Vec<Finding> {
    let diagnostic = linter.severity(rule, path).map(|severity| {
        let mut diagnostic = Diagnostic::new(rule, severity, Span::at(0), message);
        diagnostic.help(help);
        diagnostic
    });
    diagnostic.map(|diagnostic| Finding::about(path, diagnostic)).into_iter().collect()
}

/// A path as messages have it.
pub(super) fn shown(path: &Path) -> Arc<str> {
    Arc::from(path.strip_prefix(".").unwrap_or(path).to_string_lossy())
}
