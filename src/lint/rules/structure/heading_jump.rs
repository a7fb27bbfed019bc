use super::evidence::WCAG_HEADINGS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "structure/heading-jump",
    severity: Severity::Info,
    summary: "a heading is more than one level deeper than the one before it",
    why: "A level that is skipped leaves open what the section belongs to.",
    evidence: &[WCAG_HEADINGS],
    clients: &[],
    fix: None,
    bad: &[Example::Body("# Parcels\n\n### Sorting\n")],
    good: &[Example::Body("## Parcels\n\n### Sorting\n\n#### By size\n\n## Letters\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let headings = &context.manifest.document.headings;
    for pair in headings.windows(2) {
        if pair[1].level > pair[0].level + 1 {
            let message =
                format!("this heading has level {} and stands under one of level {}", pair[1].level, pair[0].level);
            sink.report(pair[1].span, message);
        }
    }
}
