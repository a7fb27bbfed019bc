//! What is kept of a manifest for the rules that compare manifests: its words and digests of its sections, not its text.

pub mod parts;
mod words;

use std::hash::BuildHasher;
use std::sync::OnceLock;

use foldhash::fast::FixedState;
use parts::{Part, Usual};

use super::suppressions::Suppression;
use crate::manifest::Manifest;
use crate::manifest::source::Span;

/// One manifest of a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Where it was read from.
    pub path: String,
    /// The set it belongs to: manifests of different sets are not compared.
    pub set: usize,
    /// The name in the frontmatter.
    pub name: Option<(String, Span)>,
    /// The description in the frontmatter.
    pub description: Option<(String, Span)>,
    /// Digests of the words in the description that tell the skill from others.
    pub telling_words: Vec<u64>,
    /// The title.
    pub title: Option<String>,
    /// Its sections, without its title.
    pub parts: Vec<Part>,
    /// Comments that suppress findings of these rules.
    pub suppressed: Vec<Suppression>,
}

/// All manifests of a run, and what they have in common.
#[derive(Debug)]
pub struct Set<'a> {
    /// The manifests.
    pub members: &'a [Member],
    texts: &'a dyn Texts,
    usual: OnceLock<Usual>,
}

/// Gives the texts of members again, for the few that a rule has to look into.
pub trait Texts: std::fmt::Debug + Sync {
    /// The text of the manifest at a member's path, or nothing where it cannot be read any more.
    fn text(&self, path: &str) -> Option<String>;
}

impl<'a> Set<'a> {
    /// Members, and where their texts are found.
    pub fn new(members: &'a [Member], texts: &'a dyn Texts) -> Self {
        Self { members, texts, usual: OnceLock::new() }
    }

    /// The text of one member.
    pub fn text(&self, member: &Member) -> Option<String> {
        self.texts.text(&member.path)
    }

    /// What most members say, section by section.
    pub fn usual(&self) -> &Usual {
        self.usual.get_or_init(|| Usual::of(self.members))
    }
}

impl Member {
    /// What is kept of the manifest at `path`.
    pub fn of(manifest: &Manifest, path: &str, set: usize) -> Self {
        let field = |key: &str| {
            let value = &manifest.frontmatter.get(key)?.value;
            Some((value.as_text()?.trim().to_owned(), value.span))
        };
        let (name, description) = (field("name"), field("description"));
        let title = manifest.title.map(|title| manifest.text(title).to_owned());
        Self {
            path: path.to_owned(),
            set,
            telling_words: words::telling(
                text_of(description.as_ref()),
                text_of(name.as_ref()),
                title.as_deref().unwrap_or_default(),
            ),
            name,
            description,
            title,
            parts: parts::of(manifest),
            suppressed: Suppression::of_set(manifest),
        }
    }
}

fn text_of(field: Option<&(String, Span)>) -> &str {
    field.map_or("", |(text, _)| text)
}

/// Tells texts apart that nobody made to be taken for each other, fast, since every manifest passes here.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    FixedState::default().hash_one(bytes)
}

fn mix(digest: u64, word: u64) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    (digest.rotate_left(5) ^ word).wrapping_mul(FACTOR)
}
