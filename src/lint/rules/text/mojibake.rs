use super::evidence::SPEC_BODY;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "text/mojibake",
    severity: Severity::Warning,
    summary: "text was damaged by a wrong encoding",
    why: "UTF-8 that was once read as Latin-1 shows `Ã©` for `é`; U+FFFD stands for a character that is lost. A model reads the damage, \
          not the word.",
    evidence: &[SPEC_BODY],
    clients: &[],
    fix: None,
    bad: &[Example::Body("CafÃ© deliveries donâ€™t count.\n"), Example::Body("Caf\u{fffd} deliveries\n")],
    good: &[Example::Body("Café, Ã, â and € are fine; so is `Ã©` in code.\n")],
    check: Check::Literals(
        &[
            "Ã©",
            "Ã¨",
            "Ã¼",
            "Ã¶",
            "Ã¤",
            "Ã±",
            "Ã³",
            "Ã¡",
            "Ã§",
            "â€™",
            "â€œ",
            "â€\u{9d}",
            "â€“",
            "â€”",
            "â€¦",
            "â†’",
            "ï»¿",
            "\u{fffd}",
        ],
        check,
    ),
};

fn check(context: &Context<'_>, hits: &[Span], sink: &mut Sink<'_>) {
    let mut outside = hits.iter().filter(|hit| !context.in_code(**hit));
    let Some(&first) = outside.next() else { return };
    let message = match outside.count() {
        0 => "a wrong encoding damaged this".to_owned(),
        count => format!("a wrong encoding damaged this and {count} more places"),
    };
    sink.report(first, message).help("save the text as UTF-8 once, and convert it from no other encoding");
}
