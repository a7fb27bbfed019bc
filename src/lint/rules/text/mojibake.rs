use super::evidence::SPEC_BODY;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::unusual::Kind;

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
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let damaged = context.unusual.iter().filter(|unusual| unusual.kind == Kind::Damaged).map(|unusual| unusual.span());
    let mut outside = damaged.filter(|span| !context.in_code(*span));
    let Some(first) = outside.next() else { return };
    let message = match outside.count() {
        0 => "a wrong encoding damaged this".to_owned(),
        1 => "a wrong encoding damaged this and one more place".to_owned(),
        count => format!("a wrong encoding damaged this and {count} more places"),
    };
    sink.report(first, message).help("save the text as UTF-8 once, and convert it from no other encoding");
}
