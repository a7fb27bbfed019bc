//! A diagnostic with its file: what is printed, folded and kept in a baseline.

use std::sync::Arc;

use super::diagnostic::Diagnostic;
use crate::manifest::source::{Position, Source, Span};

/// A diagnostic and where it stands, so that the file's text is not needed any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, or the folder that has none.
    pub path: Arc<str>,
    /// Where it starts.
    pub start: Position,
    /// Where it ends; the column is one past the last character.
    pub end: Position,
    /// What was found.
    pub diagnostic: Diagnostic,
}

impl Finding {
    /// Places a diagnostic in the file it was found in.
    pub fn place(path: &Arc<str>, source: &Source, diagnostic: Diagnostic) -> Self {
        let start = source.position(diagnostic.span.start);
        let end = source.position_from(diagnostic.span.start, start, diagnostic.span.end);
        Self { path: Arc::clone(path), start, end, diagnostic }
    }

    /// Places diagnostics that are in the order of their file.
    pub fn place_all(
        path: &Arc<str>,
        source: &Source,
        diagnostics: impl IntoIterator<Item = Diagnostic>,
    ) -> impl Iterator<Item = Self> {
        let (mut at, mut position) = (0, Position { line: 1, column: 1 });
        diagnostics.into_iter().map(move |diagnostic| {
            let Span { start, end } = diagnostic.span;
            position = source.position_from(at, position, start);
            at = start;
            Self {
                path: Arc::clone(path),
                start: position,
                end: source.position_from(start, position, end),
                diagnostic,
            }
        })
    }

    /// A finding about a path as a whole.
    pub fn about(path: &Arc<str>, diagnostic: Diagnostic) -> Self {
        let first = Position { line: 1, column: 1 };
        Self { path: Arc::clone(path), start: first, end: first, diagnostic }
    }
}

#[cfg(test)]
impl Finding {
    /// A finding that says `message` about the file at `path`.
    pub(super) fn example(path: &str, message: &'static str) -> Self {
        use super::diagnostic::Severity;
        Self::about(&Arc::from(path), Diagnostic::new("spec/a", Severity::Warning, Span::at(0), message))
    }
}
