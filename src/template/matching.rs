//! A template run backwards: from a manifest to the values of its slots.
//!
//! One walk through the template and the text together. Nothing is ever tried twice: a slot ends at the first place where the text
//! that follows it stands, an optional part is there when its text is, and a slot met again must read the same. So the time is
//! linear in the length of the text, whatever the text is.

use std::borrow::Cow;
use std::fmt;

use memchr::memmem;

use super::pattern::{Following, Known, Pattern, Slot, Step};
use super::position::Position;
use super::slots::{Slots, Written};
use crate::manifest::source::Span;

/// The slots of a manifest that a template matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match<'m> {
    found: Vec<Found<'m>>,
}

/// One slot: its value, and where it first stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'m> {
    /// The slot's name.
    pub name: String,
    /// The value as it is written at the slot's first place.
    pub written: Cow<'m, str>,
    /// By which rules it is written.
    pub position: Position,
    /// Where it stands; nothing for a slot in a part that is not there.
    pub span: Option<Span>,
}

/// The first place where a manifest is not what the template says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The byte in the manifest.
    pub at: usize,
    /// What the template has there: the rest of its line.
    pub expected: String,
    /// The slot whose end was looked for, or that was read last.
    pub after_slot: Option<String>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.expected.is_empty() {
            f.write_str("expected the end of the file")
        } else {
            write!(f, "expected {:?}", self.expected)
        }
    }
}

impl Match<'_> {
    /// The slots in the template's order.
    pub fn found(&self) -> &[Found<'_>] {
        &self.found
    }

    /// A slot's value as it is written.
    pub fn written(&self, name: &str) -> Option<&str> {
        self.found.iter().find(|found| found.name == name).map(|found| &*found.written)
    }

    /// The values, to render with.
    pub fn slots(&self) -> Slots {
        self.found
            .iter()
            .map(|found| {
                let text = found.written.clone().into_owned();
                (found.name.clone(), Written { text, position: found.position })
            })
            .collect()
    }
}

impl Pattern {
    /// Matches a manifest. When it succeeds, rendering the slots gives the same bytes.
    pub fn matches<'m>(&self, text: &'m str) -> Result<Match<'m>, Mismatch> {
        let mut walk = Walk::new(self, text);
        walk.run()?;
        let found = walk.values.into_iter().zip(self.slots()).map(|(value, slot)| Found {
            name: slot.name.clone(),
            span: value.as_ref().and_then(|value| value.span),
            written: value.map(|value| value.written).unwrap_or_default(),
            position: slot.position,
        });
        Ok(Match { found: found.collect() })
    }

    /// The first slot that is not read back from `text` as it is in `slots`.
    pub(super) fn misread(&self, text: &str, slots: &Slots) -> Option<&Slot> {
        let mut walk = Walk::new(self, text);
        let ran = walk.run();
        let last = walk.last;
        let differs = |(slot, value): &(&Slot, Option<Value<'_>>)| {
            let wanted = slots.get(&slot.name).and_then(|value| value.position.convert(&value.text, slot.position));
            let read = value.as_ref().map(|value| &*value.written);
            // What the walk did not come to is not to blame for its end.
            (read.is_some() || ran.is_ok()) && read.unwrap_or_default() != wanted.unwrap_or_default()
        };
        let misread = self.slots().iter().zip(walk.values).find(differs).map(|(slot, _)| slot);
        misread.or_else(|| if ran.is_err() { self.slots().get(last.unwrap_or(0)) } else { None })
    }

    /// Whether a manifest matches.
    pub fn is_match(&self, text: &str) -> bool {
        Walk::new(self, text).run().is_ok()
    }
}

/// A slot's value, written as at its first place in the template.
struct Value<'m> {
    written: Cow<'m, str>,
    span: Option<Span>,
}

struct Walk<'p, 'm> {
    pattern: &'p Pattern,
    text: &'m str,
    at: usize,
    step: usize,
    values: Vec<Option<Value<'m>>>,
    /// Slots in whose optional part the walk is or was.
    promised: Vec<bool>,
    /// The text is known not to match; the walk goes on only to find where it differs.
    astray: bool,
    last: Option<usize>,
}

impl<'p, 'm> Walk<'p, 'm> {
    fn new(pattern: &'p Pattern, text: &'m str) -> Self {
        let values = pattern.slots().iter().map(|_| None).collect();
        let promised = vec![false; pattern.slots().len()];
        Self { pattern, text, at: 0, step: 0, values, promised, astray: false, last: None }
    }

    fn run(&mut self) -> Result<(), Mismatch> {
        let pattern = self.pattern;
        while let Some(step) = pattern.steps.get(self.step) {
            self.step += 1;
            match step {
                Step::Text(constant) => self.constant(constant)?,
                Step::Slot { slot, position, in_line } if self.values[*slot].is_none() => {
                    self.read(*slot, *position, *in_line)?;
                }
                Step::Slot { slot, position, in_line } => match self.written(*slot, *position) {
                    Some(written) if !(*in_line && written.contains('\n')) => self.constant(&written)?,
                    _ => return Err(self.mismatch(self.at, "a value that fits here")),
                },
                Step::If { slot, end, by_what_follows } => {
                    if !self.is_there(*slot, *end, *by_what_follows) {
                        self.step = *end;
                    }
                }
            }
        }
        if self.at == self.text.len() && !self.astray { Ok(()) } else { Err(self.mismatch(self.at, "")) }
    }

    fn constant(&mut self, constant: &str) -> Result<(), Mismatch> {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.starts_with(constant.as_bytes()) {
            self.at += constant.len();
            return Ok(());
        }
        let same = rest.iter().zip(constant.as_bytes()).take_while(|(a, b)| a == b).count();
        let same = self.text.floor_char_boundary(self.at + same) - self.at;
        Err(self.mismatch(self.at + same, &constant[same.min(constant.floor_char_boundary(same))..]))
    }

    /// Reads a slot that has no value yet: up to the first place where what follows it stands.
    fn read(&mut self, slot: usize, position: Position, in_line: bool) -> Result<(), Mismatch> {
        let pattern: &'p Pattern = self.pattern;
        let described = &pattern.slots()[slot];
        let following = self.following(self.step);
        let rest = &self.text[self.at..];
        let line =
            (in_line || described.one_line).then(|| memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len()));
        let ends_with_line = |line: &usize| *line < rest.len() && following.iter().all(Following::starts_a_line);
        let len = line
            .filter(ends_with_line)
            .or_else(|| following.iter().filter_map(|following| following.find(rest, line)).min());
        // A part that is there only when its slot is filled does not hold an empty one.
        let len = len.filter(|&len| len > 0 || !self.promised[slot]);
        // Where nothing that follows stands whole, its first line tells where to look for the difference.
        self.astray |= len.is_none();
        let nearest = || following.iter().filter_map(|following| following.find_first_line(rest)).min();
        let len = len.or_else(|| if line.is_none() { nearest() } else { None });
        let Some(len) = len else {
            let expected = following.first().map_or("", |following| following.text.as_str());
            self.last = Some(slot);
            return Err(self.mismatch(line.map_or(self.at, |line| self.at + line), expected.trim_start_matches('\n')));
        };
        let span = Span::new(self.at, self.at + len);
        let raw = &rest[..len];
        let written = if position == described.position {
            Cow::Borrowed(raw)
        } else {
            match keep(described, raw, position) {
                Some(written) => Cow::Owned(written),
                None => return Err(self.mismatch(self.at, "")),
            }
        };
        self.at += len;
        self.last = Some(slot);
        self.values[slot] = Some(Value { written, span: Some(span) });
        Ok(())
    }

    /// Whether an optional part stands here. Knowing that it does not is knowing that its slot is empty.
    fn is_there(&mut self, slot: usize, end: usize, by_what_follows: bool) -> bool {
        if let Some(value) = &self.values[slot] {
            return !value.written.is_empty();
        }
        // What has been found to be there cannot be missing inside of itself.
        if self.promised[slot] {
            return true;
        }
        let rest = &self.text[self.at..];
        let stands = |following: Vec<Following>| following.iter().any(|following| following.stands_at_start(rest));
        let there = if by_what_follows { !stands(self.following(end)) } else { stands(self.following(self.step)) };
        if there {
            self.promised[slot] = true;
        } else {
            self.values[slot] = Some(Value { written: Cow::Borrowed(""), span: None });
        }
        there
    }

    fn following(&self, step: usize) -> Vec<Following> {
        let known = |slot: usize, position: Option<Position>| {
            let described = &self.pattern.slots()[slot];
            match self.written(slot, position.unwrap_or(described.position)) {
                Some(written) => Known::Value(written),
                None => Known::No,
            }
        };
        let mut found = Vec::new();
        self.pattern.following(step, String::new(), &known, &mut found);
        found
    }

    /// The value of a slot as it is written at `position`; nothing while it is unknown, or where it cannot be written there.
    fn written(&self, slot: usize, position: Position) -> Option<Cow<'m, str>> {
        let value = self.values[slot].as_ref()?;
        let kept = self.pattern.slots()[slot].position;
        if kept == position {
            return Some(value.written.clone());
        }
        kept.convert(&value.written, position).map(Cow::Owned)
    }

    fn mismatch(&self, at: usize, expected: &str) -> Mismatch {
        let expected = expected.split_inclusive('\n').next().unwrap_or_default();
        let expected = if expected == "\n" { expected } else { expected.trim_end_matches('\n') };
        let after_slot = self.last.map(|slot| self.pattern.slots()[slot].name.clone());
        Mismatch { at, expected: expected.to_owned(), after_slot }
    }
}

/// A value read where its slot does not stand first, written as it would be there.
fn keep(slot: &Slot, raw: &str, position: Position) -> Option<String> {
    let written = position.convert(raw, slot.position)?;
    (slot.position.convert(&written, position)? == raw).then_some(written)
}

impl Following {
    /// How far before this text `rest` goes on; for a value on one `line`, only where it ends on it.
    fn find(&self, rest: &str, line: Option<usize>) -> Option<usize> {
        if self.to_end {
            let len = rest.len().checked_sub(self.text.len())?;
            let ends = rest.as_bytes()[len..] == *self.text.as_bytes();
            return (ends && line.is_none_or(|line| len <= line)).then_some(len);
        }
        let Some(line) = line else { return memmem::find(rest.as_bytes(), self.text.as_bytes()) };
        if self.starts_a_line() {
            return rest.as_bytes()[line..].starts_with(self.text.as_bytes()).then_some(line);
        }
        let window = rest.len().min(line + self.text.len());
        memmem::find(&rest.as_bytes()[..window], self.text.as_bytes())
    }

    fn starts_a_line(&self) -> bool {
        self.text.starts_with('\n')
    }

    /// How far before the first line of this text that says something `rest` goes on.
    fn find_first_line(&self, rest: &str) -> Option<usize> {
        let said = self.text.find(|c| c != '\n')?;
        let end = said + self.text[said..].find('\n')? + 1;
        memmem::find(rest.as_bytes(), &self.text.as_bytes()[..end])
    }

    fn stands_at_start(&self, rest: &str) -> bool {
        if self.to_end { rest == self.text } else { rest.starts_with(&self.text) }
    }
}
