//! A reversible template, compiled: a list of steps that both rendering and matching walk.
//!
//! Matching takes every slot to end at the first place where the text that follows it in the template stands. So a template is
//! refused when that text is empty, or when it does not tell whether an optional part is there; and a value that holds that text
//! itself is refused when it is rendered, because it would not be read back.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use super::position::{Position, Surroundings};
use super::slots::Slots;
use super::syntax::{Irreversible, Node};

/// How many texts can follow one slot, optional parts in a row being there or not.
const MAX_FOLLOWING: usize = 64;
/// Bytes of the text after a slot that mark its end.
const MARK: usize = 96;

/// A template that renders and matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pub(super) steps: Vec<Step>,
    slots: Vec<Slot>,
}

/// One step through a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Constant text.
    Text(String),
    /// The value of a slot.
    Slot {
        /// Which.
        slot: usize,
        /// How it is written here.
        position: Position,
        /// Whether it must stay on one line here.
        in_line: bool,
    },
    /// The steps up to `end` count when the slot is filled.
    If {
        /// Which.
        slot: usize,
        /// The first step after the part.
        end: usize,
        /// Only the text after the part tells whether it is there, not the part's own.
        by_what_follows: bool,
    },
}

/// A slot of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Its first line in the template, from 1.
    pub line: usize,
    /// How its value is written where it first stands.
    pub position: Position,
    /// Whether its value must stay on one line.
    pub one_line: bool,
    /// Whether it stands outside all optional parts.
    pub required: bool,
}

/// A value that a template cannot take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The slot.
    pub slot: String,
    /// Why.
    pub reason: UnfitReason,
}

/// Why a template cannot take a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnfitReason {
    /// There is none.
    Missing,
    /// It has several lines where one must do.
    LineBreak,
    /// It cannot be written at its place.
    NotWritable,
    /// It would not be read back: it holds the text that ends it, or stands in a part that is left out.
    NotReadBack,
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slot = &self.slot;
        match self.reason {
            UnfitReason::Missing => write!(f, "`{slot}` has no value"),
            UnfitReason::LineBreak => write!(f, "`{slot}` has several lines, and the template has room for one"),
            UnfitReason::NotWritable => write!(f, "`{slot}` cannot be written where the template has it"),
            UnfitReason::NotReadBack => {
                write!(f, "`{slot}` would not be read back: its value runs into the text that follows it")
            }
        }
    }
}

impl Unfit {
    pub(super) fn new(slot: &Slot, reason: UnfitReason) -> Self {
        Self { slot: slot.name.clone(), reason }
    }
}

/// What is known of a slot while the template is walked.
pub(super) enum Known<'v> {
    /// Not met yet.
    No,
    /// It has this value.
    Value(Cow<'v, str>),
    /// It has some value; only which one is not known.
    Some(Cow<'v, str>),
}

/// A text that may follow a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Following {
    pub(super) text: String,
    /// Nothing comes after it.
    pub(super) to_end: bool,
}

impl Pattern {
    /// Compiles what was read from a template.
    pub(super) fn compile(nodes: &[Node]) -> Result<Self, Irreversible> {
        let layout = Layout::of(nodes);
        let mut pattern = Self { steps: Vec::new(), slots: Vec::new() };
        pattern.add(nodes, &layout, &mut 0, false);
        pattern.check(nodes, &mut BTreeSet::new(), &mut 0)?;
        Ok(pattern)
    }

    /// The slots in the order in which they first stand in the template.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The slot of this name.
    pub fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }

    /// The constant texts, in order.
    pub fn constants(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|step| match step {
            Step::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// Puts the values in their places. What it gives matches, and gives the same values back.
    pub fn render(&self, slots: &Slots) -> Result<String, Unfit> {
        let text = self.put_together(slots)?;
        match self.misread(&text, slots) {
            Some(slot) => Err(Unfit::new(slot, UnfitReason::NotReadBack)),
            None => Ok(text),
        }
    }

    /// Renders without the proof that the values can be read back.
    pub(super) fn put_together(&self, slots: &Slots) -> Result<String, Unfit> {
        let mut values = Vec::with_capacity(self.slots.len());
        for slot in &self.slots {
            let written = match slots.get(&slot.name) {
                Some(value) => value
                    .position
                    .convert(&value.text, slot.position)
                    .ok_or_else(|| Unfit::new(slot, UnfitReason::NotWritable))?,
                None if slot.required => return Err(Unfit::new(slot, UnfitReason::Missing)),
                None => String::new(),
            };
            values.push(written);
        }
        self.assemble(&values, |slot, position, in_line| {
            let described = &self.slots[slot];
            let value = described.position.convert(&values[slot], position);
            let value = value.ok_or_else(|| Unfit::new(described, UnfitReason::NotWritable))?;
            if in_line && value.contains('\n') {
                return Err(Unfit::new(described, UnfitReason::LineBreak));
            }
            Ok(Cow::Owned(value))
        })
    }

    /// The template with these texts in the place of its slots, as they are: to be shown, not to be read back.
    pub fn put_as_it_is<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> String {
        let values: Vec<&str> = self.slots.iter().map(|slot| value(&slot.name).unwrap_or_default()).collect();
        self.assemble(&values, |slot, _, _| Ok(Cow::Borrowed(values[slot]))).unwrap_or_default()
    }

    fn assemble<'v, V: AsRef<str>>(
        &self,
        values: &[V],
        written: impl Fn(usize, Position, bool) -> Result<Cow<'v, str>, Unfit>,
    ) -> Result<String, Unfit> {
        let mut text = String::new();
        let mut at = 0;
        while let Some(step) = self.steps.get(at) {
            at += 1;
            match step {
                Step::Text(constant) => text.push_str(constant),
                Step::If { slot, end, .. } => {
                    if values[*slot].as_ref().is_empty() {
                        at = *end;
                    }
                }
                Step::Slot { slot, position, in_line } => text.push_str(&written(*slot, *position, *in_line)?),
            }
        }
        Ok(text)
    }

    /// Whether a slot is written by the same rules wherever it stands.
    #[cfg(test)]
    pub(super) fn writes_one_way(&self, described: &Slot) -> bool {
        self.steps.iter().all(|step| match step {
            Step::Slot { slot, position, .. } => {
                self.slots[*slot].name != described.name || *position == described.position
            }
            _ => true,
        })
    }

    fn add(&mut self, nodes: &[Node], layout: &Layout, met: &mut usize, optional: bool) {
        for node in nodes {
            match node {
                Node::Text(text) => self.steps.push(Step::Text(text.clone())),
                Node::Slot { name, line } => {
                    let around = layout.surroundings(*met);
                    *met += 1;
                    let position = around.position();
                    let in_line = around.is_one_line();
                    let slot = self.slot_index(name, *line, layout);
                    self.slots[slot].one_line |= in_line && position == self.slots[slot].position;
                    self.slots[slot].required |= !optional;
                    self.steps.push(Step::Slot { slot, position, in_line });
                }
                Node::Optional { name, line, nodes } => {
                    let slot = self.slot_index(name, *line, layout);
                    let start = self.steps.len();
                    self.steps.push(Step::If { slot, end: 0, by_what_follows: false });
                    self.add(nodes, layout, met, true);
                    let end = self.steps.len();
                    self.steps[start] = Step::If { slot, end, by_what_follows: false };
                }
            }
        }
    }

    /// The slot of this name, which may be new.
    fn slot_index(&mut self, name: &str, line: usize, layout: &Layout) -> usize {
        if let Some(at) = self.slots.iter().position(|slot| slot.name == name) {
            return at;
        }
        let first = layout.slots.iter().position(|(slot, _)| slot == name);
        let position = first.map_or(Position::Text, |first| layout.surroundings(first).position());
        self.slots.push(Slot { name: name.to_owned(), line, position, one_line: false, required: false });
        self.slots.len() - 1
    }

    /// Refuses what could not be read back, whatever the values are.
    fn check(&mut self, nodes: &[Node], met: &mut BTreeSet<usize>, at: &mut usize) -> Result<(), Irreversible> {
        for node in nodes {
            let step = *at;
            *at += 1;
            match node {
                Node::Text(_) => {}
                Node::Slot { name, line } => {
                    let Step::Slot { slot, .. } = self.steps[step] else { continue };
                    if met.insert(slot) {
                        let following = self.following_static(step + 1, met);
                        let written = format!("{{{{ {name} }}}}");
                        if following.len() > MAX_FOLLOWING {
                            return Err(Irreversible::new(written, *line, "has too many optional parts after it"));
                        }
                        if following.iter().any(|following| following.text.is_empty() && !following.to_end) {
                            let reason = "has no text between it and the next slot to tell where it ends";
                            return Err(Irreversible::new(written, *line, reason));
                        }
                    }
                }
                Node::Optional { name, line, nodes } => {
                    let Step::If { slot, end, .. } = self.steps[step] else { continue };
                    if !met.contains(&slot) {
                        if !holds(nodes, name) {
                            let reason = "is decided by a slot that stands neither in it nor before it";
                            return Err(Irreversible::new(format!("{{% if {name} %}}"), *line, reason));
                        }
                        let inside = self.following_static(step + 1, met);
                        let without = self.following_static(end, met);
                        let by_what_follows = starts_alike(&inside, &without);
                        if by_what_follows && starts_alike(&without, &inside) {
                            let reason = "starts like what follows it, so nothing tells whether it is there";
                            return Err(Irreversible::new(format!("{{% if {name} %}}"), *line, reason));
                        }
                        self.steps[step] = Step::If { slot, end, by_what_follows };
                    }
                    let mut met_inside = met.clone();
                    self.check(nodes, &mut met_inside, at)?;
                    met.insert(slot);
                }
            }
        }
        Ok(())
    }

    fn following_static(&self, step: usize, met: &BTreeSet<usize>) -> Vec<Following> {
        // What a slot holds is not known yet: a text that no constant has stands for it.
        let known = |slot: usize, _| {
            let stand_in = || Known::Some(Cow::Owned(format!("\0{slot}\0")));
            if met.contains(&slot) { stand_in() } else { Known::No }
        };
        let mut following = Vec::new();
        self.following(step, String::new(), &known, &mut following);
        following
    }

    /// The texts that may stand from `step` on, as far as they are known, up to [`MARK`] bytes of each.
    pub(super) fn following<'v>(
        &self,
        mut step: usize,
        mut text: String,
        known: &impl Fn(usize, Option<Position>) -> Known<'v>,
        found: &mut Vec<Following>,
    ) {
        while found.len() <= MAX_FOLLOWING {
            if text.len() >= MARK {
                return found.push(Following { text, to_end: false });
            }
            match self.steps.get(step) {
                None => return found.push(Following { text, to_end: true }),
                Some(Step::Text(constant)) => {
                    let end = constant.floor_char_boundary(MARK + 4);
                    text.push_str(&constant[..end]);
                    if end < constant.len() {
                        return found.push(Following { text, to_end: false });
                    }
                    step += 1;
                }
                Some(Step::Slot { slot, position, .. }) => match known(*slot, Some(*position)) {
                    Known::No => return found.push(Following { text, to_end: false }),
                    Known::Value(value) | Known::Some(value) => {
                        text.push_str(&value);
                        step += 1;
                    }
                },
                Some(Step::If { slot, end, .. }) => match known(*slot, None) {
                    Known::Value(value) if value.is_empty() => step = *end,
                    Known::Value(_) => step += 1,
                    Known::No | Known::Some(_) => {
                        self.following(step + 1, text.clone(), known, found);
                        step = *end;
                    }
                },
            }
        }
    }
}

/// Whether a text of `first` could be taken for the start of one of `second`.
fn starts_alike(first: &[Following], second: &[Following]) -> bool {
    let alike = |first: &Following, second: &Following| {
        second.text.starts_with(&first.text) && (!first.to_end || second.to_end && first.text == second.text)
    };
    first.iter().any(|first| second.iter().any(|second| alike(first, second)))
}

/// Whether a part holds the slot that decides about it.
fn holds(nodes: &[Node], slot: &str) -> bool {
    nodes.iter().any(|node| matches!(node, Node::Slot { name, .. } if name == slot))
}

/// The template's constant text in one piece, and where its slots stand in it.
struct Layout {
    text: String,
    slots: Vec<(String, usize)>,
}

impl Layout {
    fn of(nodes: &[Node]) -> Self {
        let mut layout = Self { text: String::new(), slots: Vec::new() };
        layout.add(nodes);
        layout
    }

    fn add(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(text) => self.text.push_str(text),
                Node::Slot { name, .. } => self.slots.push((name.clone(), self.text.len())),
                Node::Optional { nodes, .. } => self.add(nodes),
            }
        }
    }

    fn surroundings(&self, slot: usize) -> Surroundings<'_> {
        let at = self.slots[slot].1;
        let (before, rest) = self.text.split_at(at);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let after = rest.split('\n').next().unwrap_or(rest);
        let line = line_start..=at + after.len();
        let shared_line = self.slots.iter().filter(|(_, other)| line.contains(other)).count() > 1;
        Surroundings { before, after, shared_line }
    }
}
