//! One JSON document: `diagnostics` and `summary`.

use serde::Serialize;

use super::findings::{Findings, Summary};
use crate::lint::diagnostic::{Fix, Severity};
use crate::lint::folding::{Folded, Place};

/// The document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document<'a> {
    diagnostics: Vec<Entry<'a>>,
    summary: Summary,
}

/// A finding as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Entry<'a> {
    rule: &'static str,
    severity: Severity,
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    message: &'a str,
    help: Option<&'a str>,
    fix: Option<&'a Fix>,
    count: usize,
    places: Vec<PlaceEntry<'a>>,
}

/// A place as JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct PlaceEntry<'a> {
    path: &'a str,
    line: usize,
    column: usize,
}

/// The findings as a JSON document.
pub fn document(findings: &Findings) -> Document<'_> {
    Document { diagnostics: findings.folded.iter().map(entry).collect(), summary: findings.summary }
}

fn entry(folded: &Folded) -> Entry<'_> {
    let Folded { finding, count, places } = folded;
    let diagnostic = &finding.diagnostic;
    Entry {
        rule: diagnostic.rule,
        severity: diagnostic.severity,
        path: &finding.path,
        line: finding.start.line,
        column: finding.start.column,
        end_line: finding.end.line,
        end_column: finding.end.column,
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        fix: diagnostic.fix.as_ref(),
        count: *count,
        places: places.iter().map(place).collect(),
    }
}

fn place(place: &Place) -> PlaceEntry<'_> {
    PlaceEntry { path: &place.path, line: place.line, column: place.column }
}
