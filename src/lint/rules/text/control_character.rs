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
    bad: &[
        Example::Body("Sort\0the parcels.\n"),
        Example::Body("Sort \u{1b}[31mall\u{1b}[0m parcels.\n"),
        Example::Body("Sort \u{9b}31mall parcels.\n"),
    ],
    good: &[Example::Body("Sort\tthe parcels.\r\n"), Example::Body("«Sort» ± 1 µm at 20 °C.\n")],
    check: Check::Manifest(check),
};

/// What is no line end and may be a part of a control character: those of ASCII, and what those above it start with.
#[expect(clippy::needless_bitwise_bool, reason = "without branches it is compiled to vector instructions")]
fn may_be_control(byte: u8) -> bool {
    (byte < b' ') & (byte != b'\n') | (byte == 0x7f) | (byte == 0xc2)
}

/// A control character that starts at `at`. U+0085 is a line end.
fn control(text: &str, at: usize) -> Option<char> {
    let character = text.get(at..)?.chars().next()?;
    (character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}')).then_some(character)
}

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let bytes = context.text().as_bytes();
    // Nearly no file has one; the fold looks at all of a chunk at once.
    let any = |chunk: &[u8]| chunk.iter().fold(0, |any, byte| any | u8::from(may_be_control(*byte))) > 0;
    let (chunks, rest) = bytes.as_chunks::<128>();
    if !chunks.iter().any(|chunk| any(chunk)) && !any(rest) {
        return;
    }
    let suspects = bytes.iter().enumerate().filter(|(_, byte)| may_be_control(**byte));
    let mut places = suspects.filter_map(|(at, _)| Some((at, control(context.text(), at)?)));
    let Some((first, character)) = places.next() else { return };
    let span = |at: usize, character: char| Span::new(at, at + character.len_utf8());
    let first = span(first, character);
    let rest: Vec<Span> = places.map(|(at, character)| span(at, character)).collect();
    let name = format!("U+{:04X}", u32::from(character));
    let message = match rest.len() {
        0 => format!("the control character {name} stands here"),
        count => format!("the control character {name} stands here, and {count} more follow"),
    };
    let diagnostic = sink.report(first, message);
    for place in std::iter::once(first).chain(rest) {
        diagnostic.fix(Safety::Unsafe, place, "");
    }
}
