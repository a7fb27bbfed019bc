//! What the reader could not take as it stands. A problem never stops the reading of the rest.

use serde::Serialize;

use super::source::Span;

/// Something in a manifest that could not be read as what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What sort of problem.
    pub kind: ProblemKind,
    /// Where.
    pub span: Span,
    /// Another place that belongs to it, such as the first of two equal keys.
    pub related: Option<Span>,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
}

/// The sorts of problems the reader reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// A byte that is not UTF-8.
    NotUtf8,
    /// No `---` line at the very start.
    NoFrontmatter,
    /// No `---` line after the first.
    UnclosedFrontmatter,
    /// A control character that YAML does not allow.
    ControlCharacter,
    /// Not YAML.
    InvalidYaml,
    /// YAML nested too deep, or grown too large by its aliases.
    YamlTooLarge,
    /// YAML, but not a mapping of keys to values.
    NotAMapping,
    /// A key that its mapping already has.
    DuplicateKey,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, span: Span, message: impl Into<String>) -> Self {
        Self { kind, span, related: None, message: message.into() }
    }

    pub(crate) fn with_related(mut self, span: Span) -> Self {
        self.related = Some(span);
        self
    }
}
