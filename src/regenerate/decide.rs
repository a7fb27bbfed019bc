//! One manifest: what it is, and what becomes of it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use similar::{MergeResolution, TextDiff, TextMerge};

use super::names::{Leak, Names, Title};
use super::planned::{Conflict, Outcome, Planned};
use super::refusal::{Refusal, RefusalReason};
use super::{Data, Generation, Job};
use crate::error::Result;
use crate::manifest::source::{self, Source};
use crate::template::infer::{self, Sample};
use crate::template::{MIN_ALIKE, Nearness, Pattern, Slots, UnfitReason, Written};

/// The index of the target among the generations.
const TARGET: usize = 0;
/// The slots that tell whose manifest it is.
const TITLE: &str = "title";
const NAME: &str = "name";

/// A manifest as it was found.
pub(super) struct Seen {
    what: What,
    /// Its lines end in CRLF; it is read, merged and shown with LF.
    has_crlf: bool,
    pub(super) title: Title,
}

impl Seen {
    /// The skill's name as the manifest says it, or else that of its folder.
    pub(super) fn skill(&self, path: &Path) -> String {
        match &self.what {
            What::On { near, .. } => skill(&near.slots, path),
            _ => folder(path),
        }
    }
}

enum What {
    Current,
    /// It is on a generation, or near to it.
    On {
        text: String,
        generation: usize,
        near: Nearness,
    },
    Unknown {
        text: Option<String>,
        differs: String,
    },
}

/// Recognises a manifest. One on the target is current, unless there are `data` that may fill some of its slots.
pub(super) fn see(bytes: &[u8], path: &Path, generations: &[Generation<'_>], names: &Names, data: &Data) -> Seen {
    let Ok(text) = str::from_utf8(bytes) else {
        let at = Source::new(bytes).first_invalid_byte().unwrap_or(0);
        return Seen {
            what: What::Unknown { text: None, differs: format!("byte {at} is not UTF-8") },
            has_crlf: false,
            title: None,
        };
    };
    let with_lf = source::with_lf(text);
    let (text, has_crlf) = (with_lf.as_deref().unwrap_or(text), with_lf.is_some());
    let title = |title: Option<&str>, name: Option<&str>| {
        let title = title.filter(|title| names.may_hold(title))?;
        Some((title.to_owned(), name.map_or_else(|| folder(path), str::to_owned)))
    };
    for (generation, candidate) in generations.iter().enumerate() {
        if let Ok(found) = candidate.pattern.matches(text) {
            let title = title(found.written(TITLE), found.written(NAME));
            let what = match generation {
                TARGET if data.is_empty() => What::Current,
                _ => What::On { text: text.to_owned(), generation, near: found.nearness() },
            };
            return Seen { what, has_crlf, title };
        }
    }
    let near = generations.iter().enumerate().filter_map(|(at, one)| Some((at, one.pattern.nearness(text)?)));
    let nearest = near.min_by_key(|(at, near)| (near.cost, *at));
    match nearest {
        Some((generation, near)) if near.alike >= MIN_ALIKE => {
            let value = |slot: &str| near.slots.get(slot).map(|value| value.text.as_str());
            let title = title(value(TITLE), value(NAME));
            Seen { what: What::On { text: text.to_owned(), generation, near }, has_crlf, title }
        }
        nearest => {
            let generation = &generations[nearest.map_or(TARGET, |(generation, _)| generation)];
            let differs = first_difference(generation, text);
            Seen { what: What::Unknown { text: Some(text.to_owned()), differs }, has_crlf, title: None }
        }
    }
}

/// Takes back that manifests are hand-edited ones of the target, where several differ from it in the same way: that is no edit but a
/// generation that nobody has named.
pub(super) fn doubt_edits(seen: &mut [(PathBuf, Result<Seen>)], generations: &[Generation<'_>]) {
    let edits = |seen: &Result<Seen>| match &seen.as_ref().ok()?.what {
        What::On { generation: TARGET, near, .. } if !near.edits.is_empty() => Some(near.edits.clone()),
        _ => None,
    };
    let mut counts: HashMap<Vec<(usize, String)>, usize> = HashMap::new();
    for edits in seen.iter().filter_map(|(_, seen)| edits(seen)) {
        *counts.entry(edits).or_default() += 1;
    }
    counts.retain(|_, count| *count > 1);
    for (_, seen) in seen {
        let several = edits(seen).is_some_and(|edits| counts.contains_key(&edits));
        if let Ok(seen) = seen
            && several
            && let What::On { text, .. } = &mut seen.what
        {
            let text = std::mem::take(text);
            let differs = first_difference(&generations[TARGET], &text);
            seen.what = What::Unknown { text: Some(text), differs };
        }
    }
}

/// Tells manifests that are on no known generation which others they are like: each group is some generation.
pub(super) fn unknown_generations(seen: &[(PathBuf, Result<Seen>)]) -> HashMap<PathBuf, String> {
    let unknown: Vec<(&PathBuf, &str)> = seen
        .iter()
        .filter_map(|(path, seen)| match &seen.as_ref().ok()?.what {
            What::Unknown { text: Some(text), .. } => Some((path, text.as_str())),
            _ => None,
        })
        .collect();
    let samples: Vec<Sample<'_>> = unknown.iter().map(|(_, text)| Sample { name: "", text }).collect();
    let mut generations = HashMap::new();
    for (at, cluster) in infer::clusters(&samples).into_iter().enumerate() {
        let name = format!("unknown generation {}", at + 1);
        generations.extend(cluster.into_iter().map(|sample| (unknown[sample].0.clone(), name.clone())));
    }
    generations
}

/// Decides what becomes of a manifest.
pub(super) fn decide(seen: Seen, path: &Path, generations: &[Generation<'_>], job: &Job, leaked: &[Leak]) -> Planned {
    let mut planned = Planned {
        path: path.to_owned(),
        outcome: Outcome::Current,
        generation: None,
        group: None,
        refusals: Vec::new(),
        conflicts: Vec::new(),
        edited_lines: Vec::new(),
        differs: None,
        after: None,
        change: None,
    };
    let (text, generation, near) = match seen.what {
        What::Current => return planned,
        What::Unknown { differs, .. } => {
            planned.outcome = Outcome::Unrecognised;
            planned.differs = Some(differs);
            return planned;
        }
        What::On { text, generation, near } => (text, generation, near),
    };
    let in_file = |text: String| if seen.has_crlf { source::with_crlf(&text) } else { text };
    let from = &generations[generation];
    let target = generations[TARGET].pattern;
    planned.generation = Some(from.name.to_owned());
    let edited = near.cost > 0;
    let base = if edited { base(from.pattern, &near) } else { Some(text.clone()) };
    let Some(base) = base else {
        planned.outcome = Outcome::Unrecognised;
        planned.differs = Some(first_difference(from, &text));
        return planned;
    };
    if edited {
        planned.edited_lines = edited_lines(&base, &text);
    }
    let mut filling =
        Filling { path, from: from.pattern, target, job, slots: near.slots.clone(), refusals: Vec::new() };
    let filled = filling.fill_from_data();
    if generation == TARGET {
        planned.generation = None;
        if !filled {
            planned.outcome = if edited { Outcome::Merged } else { Outcome::Current };
            return planned;
        }
    }
    let rendered = filling.render();
    filling.refuse_leaks(leaked, near.slots.plain(TITLE).as_deref());
    let (slots, refusals) = (filling.slots, filling.refusals);
    planned.refusals = refusals;
    let forced = job.is_forced(path) && planned.refusals.iter().all(Refusal::can_be_forced);
    let Some(rendered) = rendered.filter(|_| planned.refusals.is_empty() || forced) else {
        planned.outcome = Outcome::Refused;
        return planned;
    };
    if !edited {
        planned.outcome = Outcome::Upgraded;
        planned.change = Some(change(from.pattern, &near.slots, target, &slots));
        planned.after = Some(in_file(rendered));
        return planned;
    }
    match merge(&base, &text, &rendered) {
        Ok(merged) => {
            planned.outcome = Outcome::Merged;
            planned.change = Some(diff(&text, &merged));
            planned.after = (merged != text).then(|| in_file(merged));
        }
        Err(conflicts) => {
            planned.outcome = Outcome::Conflict;
            planned.conflicts = conflicts;
        }
    }
    planned
}

/// What the generation renders for the slots of an edited manifest; nothing when some could not be told.
fn base(pattern: &Pattern, near: &Nearness) -> Option<String> {
    if !near.lost.is_empty() {
        return None;
    }
    pattern.render(&near.slots).ok()
}

/// The target's slots, filled from the manifest and from the data.
struct Filling<'a> {
    path: &'a Path,
    from: &'a Pattern,
    target: &'a Pattern,
    job: &'a Job,
    slots: Slots,
    refusals: Vec<Refusal>,
}

impl Filling<'_> {
    /// The manifest as the target has it, or nothing where that cannot be, with reasons.
    fn render(&mut self) -> Option<String> {
        self.refuse_losses();
        let mut slots = self.slots.clone();
        let forced = self.job.is_forced(self.path);
        let mut missing = false;
        for slot in self.target.slots().iter().filter(|slot| slot.required && self.slots.get(&slot.name).is_none()) {
            let message =
                format!("`{}` has no value: {} does not have it, and no data gives one", slot.name, self.skill());
            self.refusals.push(Refusal::new(&slot.name, RefusalReason::NoValue, message));
            slots.set(&slot.name, Written { text: String::new(), position: slot.position });
            missing = true;
        }
        if missing && !forced {
            return None;
        }
        match self.target.render(&slots) {
            Ok(text) => {
                self.slots = slots;
                Some(text)
            }
            Err(unfit) => {
                let reason = match unfit.reason {
                    UnfitReason::Missing => RefusalReason::NoValue,
                    _ => RefusalReason::DoesNotFit,
                };
                self.refusals.push(Refusal::new(&unfit.slot, reason, unfit.to_string()));
                None
            }
        }
    }

    /// Fills what is empty, and says whether something was.
    fn fill_from_data(&mut self) -> bool {
        let skill = self.skill();
        let mut filled = false;
        for slot in self.target.slots() {
            if self.slots.is_filled(&slot.name) {
                continue;
            }
            let value = self.job.data.get(&skill, &slot.name);
            if let Some(text) = value.and_then(|value| slot.position.encode(value)) {
                // What a manifest holds already is its author's to mend; what comes anew must not need mending.
                if let Some(control) = text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
                    let message =
                        format!("`{}` would hold the control character U+{:04X}", slot.name, u32::from(control));
                    self.refusals.push(Refusal::new(&slot.name, RefusalReason::ControlCharacter, message));
                }
                filled |= !text.is_empty();
                self.slots.set(&slot.name, Written { text, position: slot.position });
            }
        }
        filled
    }

    fn refuse_losses(&mut self) {
        for slot in self.from.slots() {
            if self.slots.is_filled(&slot.name) && self.target.slot(&slot.name).is_none() {
                let message = format!("`{0}` would be emptied: the target has no `{{{{ {0} }}}}`", slot.name);
                self.refusals.push(Refusal::new(&slot.name, RefusalReason::WouldBeEmptied, message));
            }
        }
    }

    fn refuse_leaks(&mut self, leaked: &[Leak], own: Option<&str>) {
        for leak in leaked.iter().filter(|leak| own != Some(leak.title.as_str())) {
            let message = format!("the target's text holds {:?}, the title of {}", leak.title, leak.skill);
            self.refusals.push(Refusal::new(TITLE, RefusalReason::Leak, message));
        }
    }

    fn skill(&self) -> String {
        skill(&self.slots, self.path)
    }
}

fn skill(slots: &Slots, path: &Path) -> String {
    slots.plain(NAME).filter(|name| !name.is_empty()).unwrap_or_else(|| folder(path))
}

/// The name of the folder that a manifest is in.
fn folder(path: &Path) -> String {
    let folder = path.parent().and_then(Path::file_name);
    folder.map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The change as it is for every manifest with the same optional parts and the same new values.
fn change(from: &Pattern, before: &Slots, target: &Pattern, after: &Slots) -> String {
    let mut named: HashMap<&str, String> = HashMap::new();
    let stays = |(name, value): &(&str, &Written)| !value.text.is_empty() && after.get(name) == Some(*value);
    for (name, _) in before.iter().filter(stays) {
        named.insert(name, format!("{{{{ {name} }}}}"));
    }
    let text = |slots: &Slots, pattern: &Pattern| {
        pattern.put_as_it_is(|name| {
            named.get(name).map(String::as_str).or_else(|| slots.get(name).map(|value| value.text.as_str()))
        })
    };
    diff(&text(before, from), &text(after, target))
}

fn diff(before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after).unified_diff().context_radius(2).to_string()
}

/// The edits from `base` to `yours` put onto `template`, or the places where both changed the same lines.
fn merge(base: &str, yours: &str, template: &str) -> Result<String, Vec<Conflict>> {
    let merge = TextMerge::from_lines(base, yours, template);
    if !merge.is_conflicted() {
        return Ok(merge.to_string());
    }
    let lines = |text: &str, range: std::ops::Range<usize>| -> String {
        text.split_inclusive('\n').skip(range.start).take(range.len()).collect()
    };
    let conflicts = merge.regions().iter().filter(|region| region.resolution() == MergeResolution::Conflict);
    Err(conflicts
        .map(|region| Conflict {
            line: region.ours_range().start + 1,
            yours: lines(yours, region.ours_range()),
            template: lines(template, region.theirs_range()),
        })
        .collect())
}

/// The lines of `text`, from 1, that are not in `base`; the line after those that were taken out.
fn edited_lines(base: &str, text: &str) -> Vec<usize> {
    let diff = TextDiff::from_lines(base, text);
    let mut lines = Vec::new();
    for op in diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal) {
        let range = op.new_range();
        lines.extend(range.start + 1..=range.end.max(range.start + 1));
    }
    lines
}

fn first_difference(generation: &Generation<'_>, text: &str) -> String {
    match generation.pattern.matches(text) {
        Ok(_) => String::new(),
        Err(mismatch) => {
            let line = Source::new(text).position(mismatch.at).line;
            if text[mismatch.at..].starts_with('\r') && mismatch.expected.starts_with('\n') {
                return format!("line {line}: it ends in CRLF, and lines end in LF in {}", generation.name);
            }
            format!("line {line}: {mismatch}, as {} has it", generation.name)
        }
    }
}
