//! Several captures of one app into one model: each value from the capture that knows it best.
//!
//! Read beats repaired beats guessed beats lost; among equals the capture named first wins. The overview and the action table are
//! taken whole from one capture, since half of one and half of another is a table that never was; rows that were lost in it come
//! from the others. Where two captures are certain and do not agree, that is a conflict, and is reported.

use std::collections::HashMap;

use serde::Serialize;

use super::ledger::{Entry, Known, Ledger};
use super::{Form, Import, Rule};
use crate::manifest::skill::{EntityModel, Skill};

/// Two captures that are certain of different values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The value's path in the model.
    pub path: String,
    /// What was taken, and from where.
    pub taken: Claim,
    /// What was not.
    pub other: Claim,
}

/// What a capture says a value is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The capture.
    pub capture: String,
    /// The value, as text.
    pub value: String,
}

/// One app, as all its captures tell it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Merged {
    /// The captures, in the order they were given.
    pub captures: Vec<Source>,
    /// The model.
    pub skill: Skill,
    /// How its values are known.
    pub ledger: Ledger,
    /// Where captures do not agree.
    pub conflicts: Vec<Conflict>,
}

/// A capture that went into a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Its name.
    pub capture: String,
    /// What it was taken for.
    pub form: Form,
    /// The damages that were found in it.
    pub damages: Vec<Rule>,
}

impl Merged {
    /// Whether nothing is guessed, lost or disputed.
    pub fn is_certain(&self) -> bool {
        self.ledger.is_certain() && self.conflicts.is_empty()
    }

    /// Whether it is one clean manifest.
    pub fn is_unchanged(&self) -> bool {
        matches!(self.captures.as_slice(), [Source { form: Form::Clean, .. }])
    }
}

/// Puts the captures of each app together, apps in the order of their first capture.
pub fn merge(imports: Vec<Import>) -> Vec<Merged> {
    let mut apps: Vec<(Option<String>, Vec<Import>)> = Vec::new();
    for import in imports {
        let app =
            import.skill.title.as_ref().or(import.skill.frontmatter.name.as_ref()).map(|name| name.to_lowercase());
        match apps.iter_mut().find(|(known, _)| app.is_some() && *known == app) {
            Some((_, captures)) => captures.push(import),
            None => apps.push((app, vec![import])),
        }
    }
    apps.into_iter().map(|(_, captures)| one(&captures)).collect()
}

/// The parts of a model that are taken whole.
const PARTS: [&str; 7] = ["frontmatter", "title", "summary", "docs_url", "app_url", "overview", "actions"];

fn one(imports: &[Import]) -> Merged {
    let captures = imports
        .iter()
        .map(|import| Source { capture: import.capture.clone(), form: import.form, damages: import.damages.clone() })
        .collect();
    if let [only] = imports {
        return Merged { captures, skill: only.skill.clone(), ledger: only.ledger.clone(), conflicts: Vec::new() };
    }
    let mut merged = Merged { captures, skill: Skill::default(), ledger: Ledger::default(), conflicts: Vec::new() };
    for part in PARTS {
        // The first among the best.
        let Some(best) = imports.iter().min_by_key(|import| cost(import, part)) else { continue };
        take(&mut merged.skill, &best.skill, part);
        merged.ledger.entries.extend(entries(best, part).cloned());
        for other in imports.iter().filter(|other| !std::ptr::eq(*other, best)) {
            match part {
                "actions" => rows(&mut merged, best, other),
                "overview" => overview(&mut merged.conflicts, best, other),
                _ => texts(&mut merged.conflicts, best, other, part),
            }
        }
    }
    merged
}

fn entries<'a>(import: &'a Import, part: &'a str) -> impl Iterator<Item = &'a Entry> {
    import
        .ledger
        .entries
        .iter()
        .filter(move |entry| entry.path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

/// How little a capture knows of a part: nothing of it first, then what is lost of it, then what is guessed, then what is repaired.
fn cost(import: &Import, part: &str) -> (bool, usize, usize, usize) {
    let ranks: Vec<u8> = entries(import, part).map(|entry| entry.known.rank()).collect();
    let count = |rank: u8| ranks.iter().map(|found| usize::from(*found == rank)).sum();
    let knows = match part {
        "actions" => import.skill.actions.as_ref().is_some_and(|actions| !actions.rows.is_empty()),
        "overview" => import.skill.overview.as_ref().is_some_and(|overview| !overview.entities.is_empty()),
        _ => ranks.iter().any(|rank| *rank < 3),
    };
    (!knows, count(3), count(2), count(1))
}

fn take(skill: &mut Skill, from: &Skill, part: &str) {
    match part {
        "frontmatter" => skill.frontmatter = from.frontmatter.clone(),
        "title" => skill.title.clone_from(&from.title),
        "summary" => skill.summary.clone_from(&from.summary),
        "docs_url" => skill.docs_url.clone_from(&from.docs_url),
        "app_url" => skill.app_url.clone_from(&from.app_url),
        "overview" => skill.overview.clone_from(&from.overview),
        _ => skill.actions.clone_from(&from.actions),
    }
}

/// Conflicts among texts that both captures are certain of.
fn texts(conflicts: &mut Vec<Conflict>, best: &Import, other: &Import, part: &str) {
    for entry in entries(best, part).filter(|entry| entry.known.rank() <= 1) {
        let Some(theirs) = other.ledger.get(&entry.path).filter(|theirs| theirs.known.rank() <= 1) else { continue };
        if let (Some(ours), Some(theirs)) = (&entry.value, &theirs.value) {
            dispute(conflicts, &entry.path, (best, ours), (other, theirs));
        }
    }
}

fn overview(conflicts: &mut Vec<Conflict>, best: &Import, other: &Import) {
    let is_certain = |import: &Import| {
        entries(import, "overview").any(|entry| entry.path.starts_with("overview.entities["))
            && entries(import, "overview").all(|entry| entry.known.rank() <= 1)
    };
    if is_certain(best) && is_certain(other) {
        let shown = |import: &Import| import.skill.overview.as_ref().map_or(String::new(), |o| tree(&o.entities));
        dispute(conflicts, "overview.entities", (best, &shown(best)), (other, &shown(other)));
    }
}

/// `Chat > (Message), Agent`, for people.
fn tree(entities: &[EntityModel]) -> String {
    let shown = |entity: &EntityModel| match entity.children.as_slice() {
        [] => entity.name.clone(),
        children => format!("{} > ({})", entity.name, tree(children)),
    };
    entities.iter().map(shown).collect::<Vec<_>>().join(", ")
}

/// Takes rows that the best table lost, and reports where certain rows differ.
fn rows(merged: &mut Merged, best: &Import, other: &Import) {
    let (Some(ours), Some(theirs)) = (&mut merged.skill.actions, &other.skill.actions) else { return };
    if ours.rows.is_empty() {
        return;
    }
    let [our_entries, their_entries] = [best, other].map(by_path);
    let known: HashMap<String, usize> = ours.rows.iter().enumerate().map(|(at, row)| (row.key.clone(), at)).collect();
    let lost_some = |entry: &Entry| matches!(entry.known, Known::Lost { .. });
    let has_lost = entries(best, "actions").any(lost_some);
    for (at, row) in theirs.rows.iter().enumerate() {
        let entry = |field: &str| their_entries.get(format!("actions.rows[{at}].{field}").as_str()).copied();
        if entry("key").is_none_or(|entry| entry.known.rank() > 1) {
            continue;
        }
        match known.get(&row.key) {
            Some(&at) => {
                for (field, ours, theirs) in [
                    ("name", &ours.rows[at].name, &row.name),
                    ("description", &ours.rows[at].description, &row.description),
                ] {
                    let path = format!("actions.rows[{at}].{field}");
                    if our_entries.get(path.as_str()).is_some_and(|entry| entry.known.rank() <= 1) {
                        dispute(&mut merged.conflicts, &path, (best, ours), (other, theirs));
                    }
                }
            }
            None if has_lost => {
                let to = ours.rows.len();
                ours.rows.push(row.clone());
                for field in ["name", "key", "description"] {
                    let Some(entry) = entry(field) else { continue };
                    merged.ledger.entries.push(Entry { path: format!("actions.rows[{to}].{field}"), ..entry.clone() });
                }
            }
            None => dispute(&mut merged.conflicts, "actions.rows", (best, ""), (other, &row.key)),
        }
    }
}

/// A capture's entries by their paths.
fn by_path(import: &Import) -> HashMap<&str, &Entry> {
    import.ledger.entries.iter().map(|entry| (entry.path.as_str(), entry)).collect()
}

/// Reports values that differ in more than their blanks and marks.
fn dispute(conflicts: &mut Vec<Conflict>, path: &str, taken: (&Import, &str), other: (&Import, &str)) {
    let bare =
        |value: &str| value.chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '`')).collect::<String>();
    if bare(taken.1) != bare(other.1) {
        let claim =
            |(import, value): (&Import, &str)| Claim { capture: import.capture.clone(), value: value.to_owned() };
        conflicts.push(Conflict { path: path.to_owned(), taken: claim(taken), other: claim(other) });
    }
}
