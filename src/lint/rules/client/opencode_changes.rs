use super::evidence::OPENCODE_LOADER;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/opencode-changes",
    severity: Severity::Warning,
    summary: "opencode loads this skill otherwise than it is written",
    why: "opencode loads a skill without a description, and offers it to nobody: the list that the model sees leaves it out.",
    evidence: &[OPENCODE_LOADER],
    clients: &[Client::Opencode],
    fix: None,
    bad: &[Example::Yaml("name: my-skill\n"), Example::Yaml("name: my-skill\ndescription: \"\"\n")],
    good: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels.\n")],
    check: Check::Manifest(|context, sink| super::changes(Client::Opencode, context, sink)),
};
