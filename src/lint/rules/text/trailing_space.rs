use super::evidence::COMMONMARK_BREAKS;
use crate::lint::context::Context;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::{Span, lines_in};

pub(super) static RULE: Rule = Rule {
    name: "text/trailing-space",
    severity: Severity::Info,
    summary: "lines end in white space",
    why: "It cannot be seen and means nothing. Two blanks or more between two lines of text are a line break, and what stands in code or HTML may \
          be meant: both are left alone.",
    evidence: &[COMMONMARK_BREAKS],
    clients: &[],
    fix: Some(Safety::Safe),
    bad: &[
        Example::Body("Sort \nthe parcels.\n"),
        Example::Body("Sort\t\nthe parcels.\n   \nAll.\n"),
        Example::Body("Sort.   \n\nAll.\n"),
    ],
    good: &[
        Example::Body("Sort  \nthe parcels.\n\n```text\nas it is \n```\n"),
        Example::Body("Sort   \nthe parcels \t    \nby size.\n"),
        Example::Body("Sort\\ \nthe parcels.\n"),
        Example::Body("<pre>\nas it is \n\n\t\n</pre>\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let text = context.text();
    let body = context.manifest.document.span;
    let bytes = text.as_bytes();
    // Most manifests have none, which is found faster than lines.
    let has_blank = || memchr::memmem::find(&bytes[body.range()], b" \n").is_some();
    if memchr::memchr2(b'\t', b'\r', &bytes[body.range()]).is_none() && !has_blank() {
        return;
    }
    let mut places = Vec::new();
    for line_end in memchr::memchr_iter(b'\n', &bytes[body.range()]) {
        let end = body.start + line_end;
        let end = if end > body.start && bytes[end - 1] == b'\r' { end - 1 } else { end };
        if end == body.start || !matches!(bytes[end - 1], b' ' | b'\t') {
            continue;
        }
        let line = text[body.start..end].trim_end_matches([' ', '\t']);
        let span = Span::new(body.start + line.len(), end);
        // Without the blank behind it a backslash would be a line break.
        let is_meant = line.ends_with('\\') || is_break(text, line, span);
        if !is_meant && !context.in_code_block(span) && !context.in_html(span) {
            places.push(span);
        }
    }
    let Some(&first) = places.first() else { return };
    let message = match places.len() {
        1 => "this line ends in white space".to_owned(),
        count => format!("{count} lines end in white space"),
    };
    let diagnostic = sink.report(first, message);
    for place in places {
        diagnostic.fix(Safety::Safe, place, "");
    }
}

/// Whether the blanks at `span` break the line between two lines of text; `before` ends where they start.
fn is_break(text: &str, before: &str, span: Span) -> bool {
    let below = lines_in(text, Span::new(span.end, text.len())).nth(1);
    let goes_on = below.is_some_and(|below| !text[below.range()].trim().is_empty());
    let is_text = !before.is_empty() && !before.ends_with(['\n', '\r']);
    is_text && goes_on && text[span.range()].ends_with("  ")
}
