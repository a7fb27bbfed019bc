use super::evidence::{COPILOT_CLI, COPILOT_DOCS};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/copilot-cli-changes",
    severity: Severity::Warning,
    summary: "Copilot CLI loads this skill otherwise than it is written",
    why: "Copilot CLI takes the first line of the body for a description that is not there. Blanks in a name become hyphens.",
    evidence: &[COPILOT_CLI, COPILOT_DOCS],
    clients: &[Client::CopilotCli],
    fix: None,
    bad: &[Example::Yaml("name: my-skill\n"), Example::Yaml("name: My Skill\ndescription: Sorts parcels.\n")],
    good: &[
        Example::Yaml("description: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: other-skill\ndescription: Sorts parcels.\n"),
    ],
    check: Check::Manifest(|context, sink| super::changes(Client::CopilotCli, context, sink)),
};
