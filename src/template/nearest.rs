//! How near a manifest is to a template that it does not match: the slots it would have, hand edits in constant lines aside.
//!
//! Template and manifest are laid side by side line by line so that as many constant lines as possible agree. Lines of the manifest
//! that stand where the template has a block slot are its value. What is found this way is only a guess until the template has
//! rendered it: the differences between that and the manifest are somebody's edits.

use std::collections::HashSet;

use super::matching::Match;
use super::pattern::{Pattern, Step};
use super::position::Position;
use super::slots::{Slots, Written};

/// A manifest laid beside a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearness {
    /// The slots as far as they could be told; the others are in `lost`.
    pub slots: Slots,
    /// Slots that stand only in lines that were edited beyond recognition.
    pub lost: Vec<String>,
    /// How many of the template's constant lines that are not blank agree, from 0 to 1.
    pub alike: f64,
    /// What the differences cost; for comparing templates.
    pub cost: u32,
    /// Every difference: the number of the template's line, and what stands there instead, the manifest's own values taken out. All
    /// manifests of one unknown generation have the same.
    pub edits: Vec<(usize, String)>,
}

/// A template that differs in more of its constant lines than this is not the manifest's.
pub const MIN_ALIKE: f64 = 0.8;
/// Larger manifests are not laid beside a template: the work grows with the product of both lengths.
const MAX_CELLS: usize = 16 << 20;

const DELETED: u32 = 4;
const INSERTED: u32 = 4;
const CHANGED: u32 = 6;
const BLANK: u32 = 1;

/// A line of a template, optional parts decided.
#[derive(Debug, Default)]
struct Line<'p> {
    atoms: Vec<Atom<'p>>,
    /// A block slot has its line to itself.
    block: Option<(usize, Position)>,
}

#[derive(Debug, Clone, Copy)]
enum Atom<'p> {
    Text(&'p str),
    Slot(usize, Position),
}

impl Line<'_> {
    fn is_blank(&self) -> bool {
        self.atoms.is_empty()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    Start,
    /// The template's line is this line.
    Same,
    /// The template's line was changed to this line.
    Changed,
    /// The template's line is not there.
    Deleted,
    /// This line is not the template's.
    Inserted,
    /// This line belongs to the block slot.
    Taken,
    /// The block slot ends.
    Left,
}

impl Pattern {
    /// Lays a manifest beside this template. Nothing when it is too long for that.
    pub fn nearness(&self, text: &str) -> Option<Nearness> {
        let lines: Vec<&str> = text.split('\n').collect();
        let template = self.lines(&lines);
        if lines.len() * template.len() > MAX_CELLS {
            return None;
        }
        let (moves, cost) = lay_beside(&template, &lines);
        Some(self.collect(&template, &lines, &moves, cost))
    }

    /// The template's lines, with the optional parts of which the manifest has some text.
    fn lines<'p>(&'p self, manifest: &[&str]) -> Vec<Line<'p>> {
        let present: HashSet<&str> = manifest.iter().copied().collect();
        let mut lines = vec![Line::default()];
        let mut at = 0;
        while let Some(step) = self.steps.get(at) {
            at += 1;
            match step {
                Step::Text(text) => {
                    for (index, part) in text.split('\n').enumerate() {
                        if index > 0 {
                            lines.push(Line::default());
                        }
                        if let (false, Some(line)) = (part.is_empty(), lines.last_mut()) {
                            line.atoms.push(Atom::Text(part));
                        }
                    }
                }
                Step::Slot { slot, position, in_line } => {
                    if let Some(line) = lines.last_mut() {
                        line.atoms.push(Atom::Slot(*slot, *position));
                        line.block = (!in_line && !self.slots()[*slot].one_line).then_some((*slot, *position));
                    }
                }
                Step::If { end, .. } => {
                    if !self.seems_there(at, *end, &present, manifest) {
                        at = *end;
                    }
                }
            }
        }
        // A slot between constant texts may hold a line break, but its line is still one that is compared.
        for line in lines.iter_mut().filter(|line| line.atoms.len() > 1) {
            line.block = None;
        }
        lines
    }

    /// Whether some constant text of an optional part stands in the manifest.
    fn seems_there(&self, start: usize, end: usize, present: &HashSet<&str>, manifest: &[&str]) -> bool {
        self.steps[start..end].iter().any(|step| {
            let Step::Text(text) = step else { return false };
            text.split('\n').filter(|part| part.trim().len() > 2).any(|part| {
                present.contains(part) || manifest.iter().any(|line| line.starts_with(part) && line.len() > part.len())
            })
        })
    }

    fn collect(
        &self,
        template: &[Line<'_>],
        lines: &[&str],
        moves: &[(Move, usize, usize)],
        mut cost: u32,
    ) -> Nearness {
        let mut readings = Readings { pattern: self, read: vec![Vec::new(); self.slots().len()] };
        let (mut same, mut all) = (0_u32, 0_u32);
        let mut block: Vec<&str> = Vec::new();
        let mut unsure = Vec::new();
        let mut edits = Vec::new();
        for &(step, item, line) in moves {
            match step {
                Move::Taken => block.push(lines[line]),
                Move::Left => {
                    if let Some((slot, position)) = template[item].block {
                        let text = block.join("\n");
                        let prefix = template[item].atoms.first().and_then(|atom| match atom {
                            Atom::Text(text) => Some(*text),
                            Atom::Slot(..) => None,
                        });
                        readings.note(
                            item,
                            slot,
                            position,
                            text.strip_prefix(prefix.unwrap_or_default()).unwrap_or(&text),
                        );
                    }
                    block.clear();
                }
                Move::Same | Move::Changed | Move::Deleted if !template[item].is_blank() => {
                    all += 1;
                    same += u32::from(step == Move::Same);
                    if step != Move::Same {
                        let instead = if step == Move::Changed { lines[line] } else { "" };
                        edits.push((item, instead.to_owned()));
                    }
                    match step {
                        Move::Same => {
                            for (slot, position, text) in split(&template[item].atoms, lines[line]).unwrap_or_default()
                            {
                                readings.note(item, slot, position, text);
                            }
                        }
                        Move::Changed => unsure.push((item, line)),
                        _ => {}
                    }
                }
                Move::Inserted => edits.push((item, lines[line].to_owned())),
                _ => {}
            }
        }
        for (item, line) in unsure {
            let ([before @ .., Atom::Slot(slot, position)] | [before @ .., Atom::Slot(slot, position), Atom::Text(_)]) =
                template[item].atoms.as_slice()
            else {
                continue;
            };
            if readings.read[*slot].is_empty()
                && let Some(text) = in_edited_line(before, &template[item].atoms[before.len() + 1..], lines[line])
            {
                readings.note(item, *slot, *position, text);
            }
        }
        let mut slots = Slots::default();
        let mut lost = Vec::new();
        for (slot, read) in self.slots().iter().zip(readings.read) {
            let count = |text: &str| read.iter().filter(|(_, other)| other == text).count();
            let best = read.iter().rev().max_by_key(|(_, text)| count(text)).map(|(_, text)| text.clone());
            let Some(text) = best else {
                if slot.required {
                    lost.push(slot.name.clone());
                }
                continue;
            };
            // A line in which the slot reads otherwise is not the template's, however well the rest of it agrees.
            for (item, other) in read.iter().filter(|(_, other)| *other != text) {
                edits.push((*item, other.clone()));
                same = same.saturating_sub(1);
                cost += CHANGED;
            }
            slots.set(&slot.name, Written { text, position: slot.position });
        }
        let own = self.slots().iter().filter(|slot| slot.one_line).filter_map(|slot| slots.get(&slot.name));
        for value in own.filter(|value| value.text.len() > 2) {
            for (_, instead) in &mut edits {
                *instead = instead.replace(&value.text, "\0");
            }
        }
        edits.sort_unstable();
        Nearness { slots, lost, alike: f64::from(same) / f64::from(all.max(1)), cost, edits }
    }
}

/// What was read for each slot, and in which of the template's lines.
struct Readings<'p> {
    pattern: &'p Pattern,
    read: Vec<Vec<(usize, String)>>,
}

impl Readings<'_> {
    fn note(&mut self, item: usize, slot: usize, position: Position, text: &str) {
        if let Some(text) = position.convert(text, self.pattern.slots()[slot].position) {
            self.read[slot].push((item, text));
        }
    }
}

impl Match<'_> {
    /// A manifest that matches is as near as can be.
    pub fn nearness(&self) -> Nearness {
        Nearness { slots: self.slots(), lost: Vec::new(), alike: 1.0, cost: 0, edits: Vec::new() }
    }
}

/// The cheapest way from the template's lines to the manifest's.
fn lay_beside(template: &[Line<'_>], lines: &[&str]) -> (Vec<(Move, usize, usize)>, u32) {
    let width = lines.len() + 1;
    let mut moves = vec![Move::Start; (template.len() + 1) * width];
    let mut above = vec![u32::MAX / 2; width];
    let mut row = above.clone();
    for item in 0..=template.len() {
        for line in 0..width {
            let mut best = (u32::MAX / 2, Move::Start);
            let mut offer = |cost: u32, step: Move| {
                if cost < best.0 {
                    best = (cost, step);
                }
            };
            if item == 0 && line == 0 {
                offer(0, Move::Start);
            }
            if item > 0 {
                let of_template = &template[item - 1];
                if of_template.block.is_some() {
                    // The row of a block is where its lines are taken: entered from above, left to the next row.
                    offer(above[line], Move::Left);
                    if line > 0 {
                        offer(row[line - 1], Move::Taken);
                    }
                } else {
                    let weight = if of_template.is_blank() { BLANK } else { DELETED };
                    if line > 0 {
                        let same = is_same(&of_template.atoms, lines[line - 1]);
                        let changed = if of_template.is_blank() || lines[line - 1].is_empty() { 9 } else { CHANGED };
                        let (cost, step) = if same { (0, Move::Same) } else { (changed, Move::Changed) };
                        offer(above[line - 1] + cost, step);
                    }
                    offer(above[line] + weight, Move::Deleted);
                }
            }
            if line > 0 {
                let weight = if lines[line - 1].is_empty() { BLANK } else { INSERTED };
                offer(row[line - 1] + weight, Move::Inserted);
            }
            row[line] = best.0;
            moves[item * width + line] = best.1;
        }
        std::mem::swap(&mut above, &mut row);
    }
    let cost = above[width - 1];
    let (mut item, mut line) = (template.len(), width - 1);
    let mut path = Vec::new();
    loop {
        let step = moves[item * width + line];
        match step {
            Move::Start => break,
            Move::Same | Move::Changed => (item, line) = (item - 1, line - 1),
            Move::Inserted => {
                line -= 1;
                path.push((step, item, line));
                continue;
            }
            Move::Taken => {
                line -= 1;
                path.push((step, item - 1, line));
                continue;
            }
            Move::Deleted | Move::Left => item -= 1,
        }
        path.push((step, item, line));
    }
    path.reverse();
    (ends_after_lines(path), cost)
}

/// A block is entered before its lines on the path; its end is noted after them.
fn ends_after_lines(path: Vec<(Move, usize, usize)>) -> Vec<(Move, usize, usize)> {
    let mut ordered = Vec::with_capacity(path.len());
    let mut open = None;
    for entry in path {
        if entry.0 != Move::Taken {
            ordered.extend(open.take());
        }
        if entry.0 == Move::Left { open = Some(entry) } else { ordered.push(entry) }
    }
    ordered.extend(open);
    ordered
}

/// Whether a line reads as the template's line does, whatever stands in its slots.
fn is_same(atoms: &[Atom<'_>], line: &str) -> bool {
    match atoms {
        [] => line.is_empty(),
        [Atom::Text(text)] => *text == line,
        _ => split(atoms, line).is_some(),
    }
}

/// The texts of a line's slots.
fn split<'l>(atoms: &[Atom<'_>], line: &'l str) -> Option<Vec<(usize, Position, &'l str)>> {
    let mut rest = line;
    let mut found: Vec<(usize, Position, &str)> = Vec::new();
    let mut at = 0;
    while let Some(atom) = atoms.get(at) {
        at += 1;
        match *atom {
            Atom::Text(text) => rest = rest.strip_prefix(text)?,
            Atom::Slot(slot, position) => {
                let known =
                    found.iter().find(|(other, other_position, _)| (*other, *other_position) == (slot, position));
                if let Some((_, _, value)) = known {
                    rest = rest.strip_prefix(value)?;
                    continue;
                }
                let len = match atoms.get(at) {
                    None => rest.len(),
                    Some(Atom::Text(text)) if at + 1 == atoms.len() => {
                        rest.ends_with(text).then(|| rest.len() - text.len())?
                    }
                    Some(Atom::Text(text)) => rest.find(text)?,
                    Some(Atom::Slot(..)) => return None,
                };
                found.push((slot, position, &rest[..len]));
                rest = &rest[len..];
            }
        }
    }
    rest.is_empty().then_some(found)
}

/// The value of a line's only slot, found by what is left of the text around it.
fn in_edited_line<'l>(before: &[Atom<'_>], after: &[Atom<'_>], line: &'l str) -> Option<&'l str> {
    const ENOUGH: usize = 3;
    let start = match before {
        [] => 0,
        [Atom::Text(text)] => {
            let ends = text.char_indices().map(|(at, _)| &text[at..]).take_while(|end| end.len() >= ENOUGH);
            let (end, at) = ends.map(|end| (end, line.find(end))).find_map(|(end, at)| Some((end, at?)))?;
            at + end.len()
        }
        _ => return None,
    };
    let end = match after {
        [] => line.len(),
        [Atom::Text(text)] => {
            let starts = text.char_indices().rev().map(|(at, c)| &text[..at + c.len_utf8()]);
            let found = starts.take_while(|part| part.len() >= ENOUGH).find_map(|part| line[start..].find(part));
            start + found?
        }
        _ => return None,
    };
    Some(&line[start..end])
}
