//! What is kept of a manifest for the rules that compare manifests: its words, not its text.

use super::diagnostic::Diagnostic;
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
    /// The title.
    pub title: Option<String>,
    /// A digest of the bytes; two copies of one skill are no conflict.
    pub digest: u64,
    /// Comments that suppress findings in the whole file.
    pub suppressed: Vec<Suppression>,
}

impl Member {
    /// What is kept of the manifest at `path`.
    pub fn of(manifest: &Manifest, path: &str, set: usize) -> Self {
        let field = |key: &str| {
            let value = &manifest.frontmatter.get(key)?.value;
            Some((value.as_text()?.trim().to_owned(), value.span))
        };
        Self {
            path: path.to_owned(),
            set,
            name: field("name"),
            description: field("description"),
            title: manifest.title.map(|title| manifest.text(title).to_owned()),
            digest: digest(manifest.source.bytes()),
            suppressed: Suppression::in_file(manifest),
        }
    }
}

impl Suppression {
    /// Whether a finding of a set rule is among those this comment suppresses.
    pub fn covers(&self, diagnostic: &Diagnostic) -> bool {
        self.matches(diagnostic.rule)
    }
}

/// Tells texts apart that nobody made to be taken for each other; eight bytes at a time, since every manifest passes here.
fn digest(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |digest: u64, word: u64| (digest.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    let (words, rest) = bytes.as_chunks::<8>();
    let digest = words.iter().fold(bytes.len() as u64, |digest, word| mix(digest, u64::from_le_bytes(*word)));
    rest.iter().fold(digest, |digest, byte| mix(digest, u64::from(*byte)))
}
