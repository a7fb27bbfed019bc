use super::evidence::SUPPRESSIONS;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "text/unused-suppression",
    severity: Severity::Warning,
    summary: "a comment suppresses a finding that is not there",
    why: "A comment that outlived its reason hides the next finding of its rule, which nobody has looked at.",
    evidence: &[SUPPRESSIONS],
    clients: &[],
    fix: Some(Safety::Safe),
    bad: &[
        Example::Body("<!-- skillpress-ignore text/placeholder -->\nSort the parcels.\n"),
        Example::Body("<!-- skillpress-ignore-file text/no-such-rule -->\nSort the parcels.\n"),
    ],
    good: &[Example::Body("Write `<!-- skillpress-ignore -->` above a finding that is meant.\n")],
    check: Check::Outside,
};
