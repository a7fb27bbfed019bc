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

/// The usual wordings, by set and heading.
#[derive(Debug, Default)]
pub struct Usual {
    wordings: HashMap<(usize, u64), Wording, RandomState>,
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
        let mut wordings: HashMap<(usize, u64), Wording, RandomState> = HashMap::default();
        if members.len() < SHARED_FROM {
            return Self::default();
        }
        let all = || {
            members.iter().enumerate().flat_map(|(index, member)| {
                member
                    .parts
                    .iter()
                    .enumerate()
                    .map(move |(at, part)| ((index, at), (member.set, part.heading), part.text))
            })
        };
        // What most say wins this vote, whatever the order; `count` is its lead.
        for (first, key, text) in all() {
            let wording = wordings.entry(key).or_insert(Wording { text, count: 0, of: 0, first });
            if wording.count == 0 {
                *wording = Wording { text, first, ..*wording };
            }
            wording.of += 1;
            if wording.text == text { wording.count += 1 } else { wording.count -= 1 }
        }
        wordings.retain(|_, wording| wording.of >= SHARED_FROM && wording.count > 0);
        for wording in wordings.values_mut() {
            wording.count = 0;
        }
        for (first, key, text) in all() {
            if let Some(wording) = wordings.get_mut(&key).filter(|wording| wording.text == text) {
                if wording.count == 0 {
                    wording.first = first;
                }
                wording.count += 1;
            }
        }
        wordings.retain(|_, wording| wording.count >= SHARED_FROM && wording.count * 4 >= wording.of * 3);
        Self { wordings }
    }

    /// What most say below the heading of `part`, where it says something else.
    pub fn unlike(&self, member: &Member, part: &Part) -> Option<&Wording> {
        self.wordings.get(&(member.set, part.heading)).filter(|wording| wording.text != part.text)
    }

    /// Whether a part is what most say.
    pub fn has(&self, member: &Member, part: &Part) -> bool {
        self.wordings.get(&(member.set, part.heading)).is_some_and(|wording| wording.text == part.text)
    }

    /// Every usual wording of one set.
    pub fn of_set(&self, set: usize) -> impl Iterator<Item = (u64, &Wording)> {
        self.wordings.iter().filter(move |((of, _), _)| *of == set).map(|((_, heading), wording)| (*heading, wording))
    }
}
