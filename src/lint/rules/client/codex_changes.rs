use super::evidence::CODEX_LOADER;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/codex-changes",
    severity: Severity::Warning,
    summary: "Codex loads this skill otherwise than it is written",
    why: "Codex cuts a description to 1,024 characters, and takes an indented `---` inside the frontmatter for its end.",
    evidence: &[CODEX_LOADER],
    clients: &[Client::Codex],
    fix: None,
    bad: &[
        Example::Words("a description of 1,025 characters"),
        Example::Yaml("name: my-skill\ndescription: |\n  Sorts parcels.\n  ---\n  By size.\n"),
    ],
    good: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\n"),
        Example::Yaml("description: Sorts parcels.\n"),
    ],
    check: Check::Manifest(|context, sink| super::changes(Client::Codex, context, sink)),
};
