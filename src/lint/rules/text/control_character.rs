use super::evidence::COMMONMARK_NUL;
use crate::lint::context::Context;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "text/control-character",
    severity: Severity::Warning,
    summary: "the file holds control characters",
    why: "With a NUL in it, search tools and version control take the file for binary. Other controls steer a terminal and cannot be seen.",
    evidence: &[COMMONMARK_NUL],
    clients: &[],
    fix: Some(Safety::Unsafe),
    bad: &[Example::Body("Sort\0the parcels.\n"), Example::Body("Sort \u{1b}[31mall\u{1b}[0m parcels.\n")],
    good: &[Example::Body("Sort\tthe parcels.\r\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let bytes = context.text().as_bytes();
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || *byte == 0x7f;
    // Nearly no file has one; counting compiles to a loop without branches.
    if bytes.iter().filter(|byte| is_control(byte)).count() == 0 {
        return;
    }
    let mut places = bytes.iter().enumerate().filter(|(_, byte)| is_control(byte)).map(|(at, byte)| (at, *byte));
    let Some((first, byte)) = places.next() else { return };
    let rest: Vec<usize> = places.map(|(at, _)| at).collect();
    let name = format!("U+{byte:04X}");
    let message = match rest.len() {
        0 => format!("the control character {name} stands here"),
        count => format!("the control character {name} stands here, and {count} more follow"),
    };
    let diagnostic = sink.report(Span::new(first, first + 1), message);
    for at in std::iter::once(first).chain(rest) {
        diagnostic.fix(Safety::Unsafe, Span::new(at, at + 1), "");
    }
}
