use super::evidence::VSCODE_FIELDS;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/copilot-field-value",
    severity: Severity::Warning,
    summary: "a field of VS Code has a value that it does not know",
    why: "VS Code ignores a value that it does not know, as if the field were not there.",
    evidence: &[VSCODE_FIELDS],
    clients: &[Client::Copilot],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nuser-invocable: maybe\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ncontext: split\n"),
    ],
    good: &[Example::Yaml(
        "name: my-skill\ndescription: Sorts parcels.\nuser-invocable: false\ncontext: fork\nargument-hint: '[file]'\n",
    )],
    check: Check::Manifest(|context, sink| super::field_values(Client::Copilot, context, sink)),
};
