//! What lies between two anchors: lines in which all manifests agree, and slots where they do not.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::anchors::{Anchors, Line};
use super::lines::Set;
use super::naming::{Names, describe};
use super::writer::{Part, Writer};

/// The template that a cluster's anchors and gaps make.
pub(super) fn template(
    set: &Set<'_>,
    members: &[usize],
    anchors: &Anchors,
    slots: &HashSet<u32>,
    optional_parts: bool,
) -> Written {
    let names = Names::new(set, members);
    let keys = BTreeSet::new();
    let mut gaps = Gaps { set, members, slots, names, keys, writer: Writer::default(), optional_parts };
    for at in 0..=anchors.lines.len() {
        let slice = |(&member, places): (&usize, &Vec<usize>)| {
            let document = set.document(member);
            let start = if at == 0 { 0 } else { places[at - 1] + 1 };
            let end = places.get(at).copied().unwrap_or(document.len());
            &document[start..end]
        };
        gaps.gap(members.iter().zip(&anchors.places).map(slice).collect());
        if let Some(line) = anchors.lines.get(at) {
            let text = gaps.text(line);
            gaps.writer.line(&[Part::Text(text)]);
        }
    }
    Written { source: gaps.writer.finish(), keys: gaps.keys }
}

/// A template, and the labels of the frontmatter's lines that hold a slot.
pub(super) struct Written {
    pub(super) source: String,
    pub(super) keys: BTreeSet<String>,
}

struct Gaps<'s, 't> {
    set: &'s Set<'t>,
    members: &'s [usize],
    /// Lines that hold a slot, even where all have the same.
    slots: &'s HashSet<u32>,
    names: Names,
    keys: BTreeSet<String>,
    writer: Writer,
    optional_parts: bool,
}

/// A part of a template that was taken from the end of a gap, to be written after what is left of it.
enum Piece {
    Line(Line),
    /// A line slot: constant text, and its value in every manifest.
    Slot(Shape),
    /// A line that is blank where the slot is empty.
    BlankOr(Shape),
    /// A line, after so many blank ones, that is not there where the slot is empty.
    Group(usize, Shape),
}

/// The text around a line slot, and the values.
struct Shape {
    before: String,
    after: String,
    values: Vec<String>,
}

impl<'t> Gaps<'_, 't> {
    fn gap(&mut self, mut slices: Vec<&[u32]>) {
        let mut tail: Vec<Piece> = Vec::new();
        loop {
            let size: usize = slices.iter().map(|slice| slice.len()).sum();
            while let Some(line) = self.same(&slices, <[u32]>::first) {
                for slice in &mut slices {
                    *slice = &slice[1..];
                }
                let text = self.text(&line);
                self.writer.line(&[Part::Text(text)]);
            }
            while let Some(line) = self.same(&slices, <[u32]>::last) {
                for slice in &mut slices {
                    *slice = &slice[..slice.len() - 1];
                }
                tail.push(Piece::Line(line));
            }
            let several = slices.iter().any(|slice| slice.len() > 1);
            if several {
                self.labelled_first(&mut slices);
                tail.extend(self.labelled_last(&mut slices));
            }
            if slices.iter().map(|slice| slice.len()).sum::<usize>() == size {
                break;
            }
        }
        self.rest(&slices);
        for piece in tail.into_iter().rev() {
            match piece {
                Piece::Line(line) => {
                    let text = self.text(&line);
                    self.writer.line(&[Part::Text(text)]);
                }
                Piece::Slot(shape) => self.line_slot(shape),
                Piece::BlankOr(shape) => {
                    let name = self.name(&shape);
                    let parts = vec![Part::Text(shape.before), Part::Slot(name.clone()), Part::Text(shape.after)];
                    self.writer.line(&[Part::Optional(name, parts)]);
                }
                Piece::Group(blanks, shape) => self.group(blanks, shape),
            }
        }
    }

    /// What no line of is the same: one line in each manifest, or a block.
    fn rest(&mut self, slices: &[&[u32]]) {
        if slices.iter().all(|slice| slice.is_empty()) {
            return;
        }
        let own = slices.iter().any(|slice| slice.iter().any(|&line| self.set.is_own(line)));
        let single = slices.iter().filter(|slice| slice.len() == 1).count();
        if !own && single == slices.len() {
            let shape = self.shape(slices);
            self.line_slot(shape);
            return;
        }
        // A value with a line break in a few manifests: still the same line when the text around it is.
        if !own
            && single * 10 >= slices.len() * 9
            && slices.iter().all(|slice| !slice.is_empty())
            && !self.writer.in_frontmatter()
        {
            let shape = self.shape(slices);
            if !shape.before.is_empty() && !shape.after.is_empty() {
                self.line_slot(shape);
                return;
            }
        }
        let mut values: Vec<String> = slices.iter().map(|slice| self.joined(slice)).collect();
        let indent = if self.writer.in_frontmatter() { common_indent(&values) } else { 0 };
        for value in &mut values {
            value.drain(..indent.min(value.len()));
        }
        let before = " ".repeat(indent);
        let some_empty = slices.iter().any(|slice| slice.is_empty());
        let name = self.names.of(values, &describe(&self.writer, &before));
        let line = vec![Part::Text(before), Part::Slot(name.clone())];
        if some_empty { self.writer.optional_lines(&name, &[line]) } else { self.writer.line(&line) }
    }

    fn line_slot(&mut self, shape: Shape) {
        let name = self.name(&shape);
        self.writer.line(&[Part::Text(shape.before), Part::Slot(name), Part::Text(shape.after)]);
    }

    fn group(&mut self, blanks: usize, shape: Shape) {
        let name = self.name(&shape);
        let mut lines = vec![Vec::new(); blanks];
        lines.push(vec![Part::Text(shape.before), Part::Slot(name.clone()), Part::Text(shape.after)]);
        self.writer.optional_lines(&name, &lines);
    }

    fn name(&mut self, shape: &Shape) -> String {
        if self.writer.in_frontmatter()
            && let Some(label) = label(&shape.before)
        {
            self.keys.insert(label.to_owned());
        }
        let described = describe(&self.writer, &shape.before);
        self.names.of(shape.values.clone(), &described)
    }

    /// Lines at the start of the gap that begin with the same label: `key: value`.
    fn labelled_first(&mut self, slices: &mut [&[u32]]) {
        let Some(label) = self.label(slices, <[u32]>::first) else { return };
        let firsts: Vec<Option<u32>> = slices
            .iter()
            .map(|slice| slice.first().copied().filter(|&line| self.set.line(line).starts_with(&label)))
            .collect();
        let all = firsts.iter().all(Option::is_some);
        if !all {
            let elsewhere =
                slices.iter().zip(&firsts).any(|(slice, first)| first.is_none() && self.holds(slice, &label));
            if elsewhere || !self.optional_parts || !self.writer.in_frontmatter() || !self.writer.has_lines() {
                return;
            }
        }
        let shape = self.shape(&picked(&firsts));
        if !all && shape.values.iter().zip(&firsts).any(|(value, first)| first.is_some() && value.is_empty()) {
            return;
        }
        for (slice, first) in slices.iter_mut().zip(&firsts) {
            *slice = &slice[usize::from(first.is_some())..];
        }
        if all { self.line_slot(shape) } else { self.group(0, shape) }
    }

    /// Lines at the end of the gap that begin with the same label.
    fn labelled_last(&mut self, slices: &mut [&[u32]]) -> Option<Piece> {
        let label = self.label(slices, <[u32]>::last)?;
        let lasts: Vec<Option<u32>> = slices
            .iter()
            .map(|slice| slice.last().copied().filter(|&line| self.set.line(line).starts_with(&label)))
            .collect();
        let shape = self.shape(&picked(&lasts));
        if lasts.iter().all(Option::is_some) {
            for slice in slices.iter_mut() {
                *slice = &slice[..slice.len() - 1];
            }
            return Some(Piece::Slot(shape));
        }
        let empty = shape.values.iter().zip(&lasts).any(|(value, last)| last.is_some() && value.is_empty());
        if !self.optional_parts || empty {
            return None;
        }
        let without = || slices.iter().zip(&lasts).filter(|(_, last)| last.is_none()).map(|(slice, _)| slice);
        let is_blank = |line: &u32| self.set.line(*line).is_empty();
        if without().all(|slice| slice.last().is_some_and(is_blank)) {
            for slice in slices.iter_mut() {
                *slice = &slice[..slice.len() - 1];
            }
            return Some(Piece::BlankOr(shape));
        }
        if !self.writer.has_lines() || without().any(|slice| self.holds(slice, &label)) {
            return None;
        }
        let with = |slice: &&[u32]| slice.len() > 1 && is_blank(&slice[slice.len() - 2]);
        let blanks = usize::from(slices.iter().zip(&lasts).all(|(slice, last)| last.is_none() || with(slice)));
        for (slice, last) in slices.iter_mut().zip(&lasts) {
            *slice = &slice[..slice.len() - if last.is_some() { 1 + blanks } else { 0 }];
        }
        Some(Piece::Group(blanks, shape))
    }

    /// The label that most of the lines picked from each manifest begin with.
    fn label(&self, slices: &[&[u32]], pick: impl Fn(&'_ [u32]) -> Option<&'_ u32>) -> Option<String> {
        if slices.iter().any(|slice| pick(slice).is_some_and(|&line| self.set.is_own(line))) {
            return None;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for label in slices.iter().filter_map(|slice| label(self.set.line(*pick(slice)?))) {
            *counts.entry(label).or_default() += 1;
        }
        let (label, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        (count > 1 && count * 2 >= slices.len()).then(|| label.to_owned())
    }

    fn holds(&self, slice: &[u32], label: &str) -> bool {
        slice.iter().any(|&line| self.set.line(line).starts_with(label))
    }

    /// The line that the picked lines of all manifests are, title and name aside.
    fn same(&self, slices: &[&[u32]], pick: impl Fn(&'_ [u32]) -> Option<&'_ u32>) -> Option<Line> {
        let lines: Option<Vec<u32>> = slices.iter().map(|slice| pick(slice).copied()).collect();
        let lines = lines?;
        let first = *lines.first()?;
        if self.slots.contains(&first) && self.writer.in_frontmatter() {
            return None;
        }
        if lines.iter().all(|&line| line == first) {
            return Some(Line::Constant(first));
        }
        let masked = self.set.mask(self.members[0], self.set.line(first))?;
        let same = |(&member, &line): (&usize, &u32)| {
            self.set.unmask(member, &masked).is_some_and(|text| text == self.set.line(line))
        };
        self.members.iter().zip(&lines).all(same).then_some(Line::Masked(masked))
    }

    /// What the lines of all manifests have in common at both ends, and their values between; a manifest without lines has none.
    fn shape(&self, slices: &[&[u32]]) -> Shape {
        let text = |slice: &&[u32]| -> Option<Cow<'t, str>> {
            match slice {
                [] => None,
                [line] => Some(Cow::Borrowed(self.set.line(*line))),
                several => Some(Cow::Owned(self.joined(several))),
            }
        };
        let all: Vec<Option<Cow<'t, str>>> = slices.iter().map(text).collect();
        let texts: Vec<(usize, &str)> =
            self.members.iter().zip(&all).filter_map(|(&member, text)| Some((member, text.as_deref()?))).collect();
        let (before, after) =
            if self.writer.in_frontmatter() { self.yaml_shape(&texts) } else { self.text_shape(&texts) };
        let value = |(&member, text): (&usize, &Option<Cow<'t, str>>)| -> String {
            let Some(text) = text else { return String::new() };
            let before = self.set.unmask(member, &before).unwrap_or_default();
            let after = self.set.unmask(member, &after).unwrap_or_default();
            text[before.len()..text.len() - after.len()].to_owned()
        };
        let values = self.members.iter().zip(&all).map(value).collect();
        Shape { before, after, values }
    }

    /// In YAML, a value is all that follows the key, between quotes where all have them.
    fn yaml_shape(&self, texts: &[(usize, &str)]) -> (String, String) {
        let first = texts.first().map_or("", |(_, text)| text);
        let block = self.writer.last().trim_end().ends_with(['|', '>', '-', '+']) && self.writer.last().contains(": ");
        let own = label(first).filter(|label| !block && texts.iter().all(|(_, text)| text.starts_with(label)));
        let before = match own {
            Some(label) => label.to_owned(),
            None => " ".repeat(texts.iter().map(|(_, text)| indent(text)).min().unwrap_or(0)),
        };
        for quote in ['"', '\''] {
            let quoted = |text: &str| {
                let value = &text[before.len()..];
                value.len() > 1 && value.starts_with(quote) && value.ends_with(quote)
            };
            if own.is_some() && texts.iter().all(|(_, text)| quoted(text)) {
                return (format!("{before}{quote}"), quote.to_string());
            }
        }
        (before, String::new())
    }

    /// In text, a value ends at blanks, quotes and brackets. The title and the name may stand around it.
    fn text_shape(&self, texts: &[(usize, &str)]) -> (String, String) {
        let under_title = self.writer.heading().is_some_and(|(level, _)| level == 1);
        let labelled = texts.iter().all(|(_, text)| label(text).is_some());
        if under_title && !labelled {
            return (String::new(), String::new());
        }
        let masked = |&(member, text): &(usize, &str)| self.set.mask(member, text).unwrap_or_else(|| text.to_owned());
        let Some(first) = texts.first() else { return (String::new(), String::new()) };
        // The masks must be undone to the same text in every manifest, whatever else they would have masked.
        let fits = |shape: &str, whole: bool| -> bool {
            texts.iter().all(|(member, text)| {
                let Some(shape) = self.set.unmask(*member, shape) else { return false };
                if whole { text.starts_with(&shape) } else { text.ends_with(&shape) }
            })
        };
        for first in [masked(first), first.1.to_owned()] {
            let before = longest(first.char_indices().map(|(at, c)| &first[..at + c.len_utf8()]).rev(), |part| {
                part.ends_with(is_edge) && fits(part, true)
            });
            let after = longest(first.char_indices().map(|(at, _)| &first[at..]), |part| {
                part.starts_with(is_edge) && fits(part, false)
            });
            let room = texts.iter().all(|(member, text)| {
                let len = |shape: &str| self.set.unmask(*member, shape).map_or(0, |text| text.len());
                len(before) + len(after) <= text.len()
            });
            if room {
                return (before.to_owned(), after.to_owned());
            }
        }
        (String::new(), String::new())
    }

    fn text(&self, line: &Line) -> String {
        match line {
            Line::Constant(number) => self.set.line(*number).to_owned(),
            Line::Masked(masked) => masked.clone(),
        }
    }

    fn joined(&self, slice: &[u32]) -> String {
        slice.iter().map(|&line| self.set.line(line)).collect::<Vec<_>>().join("\n")
    }
}

/// The picked lines as slices of one line or none.
fn picked(lines: &[Option<u32>]) -> Vec<&[u32]> {
    lines.iter().map(Option::as_slice).collect()
}

fn longest<'a>(parts: impl Iterator<Item = &'a str>, fits: impl Fn(&str) -> bool) -> &'a str {
    let mut parts = parts;
    parts.find(|part| fits(part)).unwrap_or_default()
}

/// Where a value may begin or end.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')' | '[' | ']' | '<' | '>' | '|' | '*' | '=')
}

/// `Label: ` at the start of a line.
pub(super) fn label(line: &str) -> Option<&str> {
    const MAX: usize = 40;
    let at = line.find(':').filter(|&at| at < MAX)?;
    let text = line[..at].trim_start();
    let plain = text.starts_with(|c: char| c.is_alphabetic())
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    let rest = &line[at + 1..];
    (plain && rest.starts_with(' ')).then(|| &line[..at + 2])
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Blanks before the first line of every block.
fn common_indent(values: &[String]) -> usize {
    values.iter().filter(|value| !value.is_empty()).map(|value| indent(value)).min().unwrap_or(0)
}
