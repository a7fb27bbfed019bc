use super::evidence::SPEC_FORMAT;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::manifest::problem::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "spec/not-utf8",
    severity: Severity::Error,
    summary: "the file is not UTF-8",
    why: "Agents read manifests as UTF-8. Some drop a file with another encoding, others show damaged text to the model.",
    evidence: &[SPEC_FORMAT],
    clients: &[],
    fix: None,
    bad: &[Example::Bytes(b"---\nname: my-skill\ndescription: Finds caf\xe9s. Use when hungry.\n---\n")],
    good: &[Example::File("---\nname: my-skill\ndescription: Finds cafés. Use when hungry.\n---\n")],
    check: Check::Problem(ProblemKind::NotUtf8),
};
