use super::evidence::{VSCODE_DOCS, VSCODE_LOADER, VSCODE_PARSER};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/copilot-changes",
    severity: Severity::Warning,
    summary: "VS Code loads this skill otherwise than it is written",
    why: "VS Code calls a skill by its folder, removes from the description what looks like a tag, cuts it to 1,024 characters, and loads a \
          skill without a description, by which nothing can choose it.",
    evidence: &[VSCODE_LOADER, VSCODE_PARSER, VSCODE_DOCS],
    clients: &[Client::Copilot],
    fix: None,
    bad: &[
        Example::Yaml("name: other-skill\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts <b>parcels</b>.\n"),
        Example::Yaml("name: my-skill\n"),
        Example::File("\n---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
    ],
    good: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels of size < 3.\n"),
        Example::File("--- \nname: my-skill\ndescription: Sorts parcels.\n--- \n"),
    ],
    check: Check::Manifest(|context, sink| super::changes(Client::Copilot, context, sink)),
};
