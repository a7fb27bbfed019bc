use super::evidence::CURSOR_LOADER;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/cursor-changes",
    severity: Severity::Warning,
    summary: "Cursor loads this skill otherwise than it is written",
    why: "Cursor cuts a description to 1,536 characters.",
    evidence: &[CURSOR_LOADER],
    clients: &[Client::Cursor],
    fix: None,
    bad: &[Example::Words("a description of 1,537 characters")],
    good: &[
        Example::Words("a description of 1,536 characters"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\n"),
    ],
    check: Check::Manifest(|context, sink| super::changes(Client::Cursor, context, sink)),
};
