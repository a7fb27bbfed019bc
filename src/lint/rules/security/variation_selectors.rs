use super::evidence::UNICODE_VARIATION;
use crate::lint::context::Context;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::unusual::{Kind, runs, span_of};

pub(super) static RULE: Rule = Rule {
    name: "security/variation-selectors",
    severity: Severity::Warning,
    summary: "variation selectors in a row carry hidden bytes",
    why: "There are 256 variation selectors, one for each byte, and none is drawn. One may follow a character to choose its form; a row of \
          them is a message, which is shown decoded where it is text.",
    evidence: &[UNICODE_VARIATION],
    clients: &[],
    fix: Some(Safety::Unsafe),
    bad: &[
        Example::Body("Sort \u{1f4e6}\u{e0158}\u{e0159}\u{e015a} parcels.\n"),
        Example::Body("Sort\u{e0158} parcels.\n"),
    ],
    good: &[Example::Body("A heart \u{2764}\u{fe0f}, a keycap 1\u{fe0f}\u{20e3} and a variant 葛\u{e0100}.\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for run in runs(&context.unusual, Kind::VariationSelector) {
        let span = span_of(run);
        let before = context.text()[..span.start].chars().next_back();
        let supplement = run.iter().any(|selector| selector.character >= '\u{e0100}');
        let of_ideograph = before.is_some_and(
            |c| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}'),
        );
        if run.len() == 1 && (!supplement || of_ideograph) {
            continue;
        }
        let bytes: Vec<u8> = run.iter().filter_map(|selector| byte(selector.character)).collect();
        let printable = bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
        let message = match String::from_utf8(bytes) {
            Ok(text) if printable => format!("{} variation selectors say \"{text}\"", run.len()),
            _ => format!("{} variation selectors in a row hide as many bytes", run.len()),
        };
        sink.report(span, message).help("remove them").fix(Safety::Unsafe, span, "");
    }
}

fn byte(selector: char) -> Option<u8> {
    match selector {
        '\u{fe00}'..='\u{fe0f}' => u8::try_from(u32::from(selector) - 0xfe00).ok(),
        _ => u8::try_from(u32::from(selector) - 0xe0100 + 16).ok(),
    }
}
