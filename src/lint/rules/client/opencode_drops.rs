use super::evidence::{OPENCODE_DOCS, OPENCODE_LOADER};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/opencode-drops",
    severity: Severity::Warning,
    summary: "opencode does not load this skill",
    why: "opencode wants a name and a description that YAML takes for texts, in a frontmatter that starts the file. A number, a date or \
          nothing at all is no text, and the skill is left out without a word.",
    evidence: &[OPENCODE_LOADER, OPENCODE_DOCS],
    clients: &[Client::Opencode],
    fix: None,
    bad: &[
        Example::File("\n---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::Yaml("name: 247\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: 2024-01-31\ndescription: Sorts parcels.\n"),
        Example::Yaml("description: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription:\n"),
    ],
    good: &[
        Example::File("\u{feff}---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::Yaml("name: \"247\"\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels: all of them.\n"),
    ],
    check: Check::Manifest(|context, sink| super::drops(Client::Opencode, context, sink)),
};
