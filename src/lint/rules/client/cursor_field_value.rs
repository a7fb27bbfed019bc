use super::evidence::CURSOR_LOADER;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/cursor-field-value",
    severity: Severity::Warning,
    summary: "a field of Cursor has a value that it does not know",
    why: "Cursor ignores a value that it does not know, as if the field were not there.",
    evidence: &[CURSOR_LOADER],
    clients: &[Client::Cursor],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ndisable-model-invocation: \"true\"\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\npaths:\n  src: all\n"),
    ],
    good: &[Example::Yaml(
        "name: my-skill\ndescription: Sorts parcels.\ndisable-model-invocation: true\npaths:\n  - src/**\n",
    )],
    check: Check::Manifest(|context, sink| super::field_values(Client::Cursor, context, sink)),
};
