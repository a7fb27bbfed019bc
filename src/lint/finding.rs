//! A diagnostic with its file: what is printed, folded and kept in a baseline.

use std::sync::Arc;

use super::diagnostic::Diagnostic;
use crate::manifest::source::{Position, Source, Span};

/// Where every file starts.
const FIRST: Position = Position { line: 1, column: 1 };

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
        Self::place_from(path, source, (0, FIRST), diagnostic)
    }

    /// Places diagnostics that are in the order of their file.
    pub fn place_all(
        path: &Arc<str>,
        source: &Source,
        diagnostics: impl IntoIterator<Item = Diagnostic>,
    ) -> impl Iterator<Item = Self> {
        let mut known = (0, FIRST);
        diagnostics.into_iter().map(move |diagnostic| {
            let finding = Self::place_from(path, source, known, diagnostic);
            known = (finding.diagnostic.span.start, finding.start);
            finding
        })
    }

    /// Places a diagnostic, given an offset and its position; it is best when they are before it.
    fn place_from(path: &Arc<str>, source: &Source, known: (usize, Position), diagnostic: Diagnostic) -> Self {
        let Span { start: from, end: to } = diagnostic.span;
        let start = source.position_from(known.0, known.1, from);
        let end = source.position_from(from, start, to);
        Self { path: Arc::clone(path), start, end, diagnostic }
    }

    /// A finding about a path as a whole.
    pub fn about(path: &Arc<str>, diagnostic: Diagnostic) -> Self {
        Self { path: Arc::clone(path), start: FIRST, end: FIRST, diagnostic }
    }
}

#[cfg(test)]
impl Finding {
    /// A finding that says `message` about the file at `path`.
    pub(crate) fn example(path: &str, message: &'static str) -> Self {
        use super::diagnostic::Severity;
        Self::about(&Arc::from(path), Diagnostic::new("spec/a", Severity::Warning, Span::at(0), message))
    }
}
