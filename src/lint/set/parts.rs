//! Sections as the members of a set share them: a section is known by digests in which the skill's own title does not count.
//!
//! What a template gives to every manifest then has one digest in all of them, and what belongs to one skill has another in each.
//! No text is kept and nothing is searched but the title, so that this costs no more than reading a manifest's bytes once.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use memchr::memmem::Finder;

use super::{Member, digest, mix};
use crate::manifest::Manifest;
use crate::manifest::document::Heading;
use crate::manifest::source::Span;

/// A section of one manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// A digest of the heading and its level.
    pub heading: u64,
    /// A digest of what stands below it.
    pub text: u64,
    /// The heading.
    pub span: Span,
    /// Up to the next heading.
    pub whole: Span,
}

/// What most members of a set say below a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording {
    /// The set.
    pub set: usize,
    /// A digest of the heading.
    pub heading: u64,
    /// A digest of the text.
    pub text: u64,
    /// How many say it.
    pub count: usize,
    /// How many have the heading.
    pub of: usize,
    /// The first member that says it, and which of its parts that is.
    pub first: (usize, usize),
}

/// Members from which on they may be said to share a wording.
const SHARED_FROM: usize = 6;

/// The usual wordings.
#[derive(Debug, Default)]
pub struct Usual {
    /// By the numbers of headings.
    wordings: Vec<Wording>,
    /// For each part of each member the number of its heading.
    numbers: Vec<usize>,
    /// Where the numbers of each member start.
    starts: Vec<usize>,
}

/// The sections of a manifest.
pub fn of(manifest: &Manifest) -> Vec<Part> {
    let title = manifest.title.map(|title| manifest.text(title)).filter(|title| !title.is_empty());
    let title = title.map(Finder::new);
    let part = |heading: &Heading| Part {
        heading: without(manifest.text(heading.text), title.as_ref(), u64::from(heading.level)),
        text: without(manifest.text(heading.content), title.as_ref(), 0),
        span: heading.span,
        whole: Span::new(heading.span.start, heading.content.end),
    };
    manifest.document.headings.iter().map(part).collect()
}

/// A digest of the pieces between the places where the title stands.
fn without(text: &str, title: Option<&Finder<'_>>, seed: u64) -> u64 {
    let Some(title) = title else { return mix(seed, digest(text.as_bytes())) };
    let (mut from, mut state) = (0, seed);
    for at in title.find_iter(text.as_bytes()) {
        state = mix(state, digest(&text.as_bytes()[from..at]));
        from = at + title.needle().len();
    }
    mix(state, digest(&text.as_bytes()[from..]))
}

impl Usual {
    /// Finds the wordings that three quarters of those who have a heading share.
    pub fn of(members: &[Member]) -> Self {
        let mut usual = Self::default();
        if members.len() < SHARED_FROM {
            return usual;
        }
        usual.number_headings(members);
        // What most say wins this vote, whatever the order; `count` is its lead.
        for ((first, part), &number) in all(members).zip(&usual.numbers) {
            let wording = &mut usual.wordings[number];
            if wording.count == 0 {
                *wording = Wording { text: part.text, first, ..*wording };
            }
            wording.of += 1;
            if wording.text == part.text { wording.count += 1 } else { wording.count -= 1 }
        }
        for wording in &mut usual.wordings {
            wording.count = 0;
        }
        for ((first, part), &number) in all(members).zip(&usual.numbers) {
            let wording = &mut usual.wordings[number];
            if wording.text == part.text {
                if wording.count == 0 {
                    wording.first = first;
                }
                wording.count += 1;
            }
        }
        usual
    }

    /// Gives each heading of each set a number and a wording that nobody has said yet.
    fn number_headings(&mut self, members: &[Member]) {
        let mut known: HashMap<(usize, u64), usize, RandomState> = HashMap::default();
        // In a set, what stands at one place in one member has the heading that stood there in the member before.
        let mut before: Vec<(usize, u64, usize)> = Vec::new();
        for (index, member) in members.iter().enumerate() {
            self.starts.push(self.numbers.len());
            for (at, &Part { heading, text, .. }) in member.parts.iter().enumerate() {
                let set = member.set;
                let number = match before.get(at) {
                    Some(&(of, same, number)) if (of, same) == (set, heading) => number,
                    _ => *known.entry((set, heading)).or_insert_with(|| {
                        self.wordings.push(Wording { set, heading, text, count: 0, of: 0, first: (index, at) });
                        self.wordings.len() - 1
                    }),
                };
                match before.get_mut(at) {
                    Some(before) => *before = (set, heading, number),
                    None => before.push((set, heading, number)),
                }
                self.numbers.push(number);
            }
        }
    }

    /// The parts of the member at `index`, each with what most say below its heading.
    pub fn beside<'a>(
        &'a self,
        members: &'a [Member],
        index: usize,
    ) -> impl Iterator<Item = (&'a Part, Option<&'a Wording>)> {
        let numbers = self.starts.get(index).map_or(&[][..], |&start| &self.numbers[start..]);
        let wordings = numbers.iter().map(|&number| Some(&self.wordings[number]).filter(|wording| wording.is_usual()));
        members[index].parts.iter().zip(wordings)
    }

    /// Every usual wording of one set.
    pub fn of_set(&self, set: usize) -> impl Iterator<Item = &Wording> {
        self.wordings.iter().filter(move |wording| wording.set == set && wording.is_usual())
    }
}

impl Wording {
    fn is_usual(&self) -> bool {
        self.count >= SHARED_FROM && self.count * 4 >= self.of * 3
    }
}

/// Every part of every member, with the numbers of both.
fn all(members: &[Member]) -> impl Iterator<Item = ((usize, usize), &Part)> {
    members
        .iter()
        .enumerate()
        .flat_map(|(index, member)| member.parts.iter().enumerate().map(move |(at, part)| ((index, at), part)))
}
