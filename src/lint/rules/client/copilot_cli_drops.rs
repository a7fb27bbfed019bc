use super::evidence::{COPILOT_CLI, COPILOT_DOCS};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/copilot-cli-drops",
    severity: Severity::Warning,
    summary: "Copilot CLI does not load this skill",
    why: "Copilot CLI reads strict YAML and refuses a field of the wrong kind: a name or description that is no text, a hint that is a list, \
          a boolean in quotes. `copilot skill list` names the file; a session goes on without it.",
    evidence: &[COPILOT_CLI, COPILOT_DOCS],
    clients: &[Client::CopilotCli],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels: all of them.\n"),
        Example::Yaml("name: 247\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: post/sort\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nargument-hint: [file]\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nuser-invocable: \"false\"\n"),
    ],
    good: &[
        Example::File("\u{feff}--- \nname: my-skill\ndescription: Sorts parcels.\n--- \n"),
        Example::Yaml("name: My.Skill_2\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nuser-invocable: false\n"),
    ],
    check: Check::Manifest(|context, sink| super::drops(Client::CopilotCli, context, sink)),
};
