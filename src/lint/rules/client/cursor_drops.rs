use super::evidence::{CURSOR_DOCS, CURSOR_LOADER};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/cursor-drops",
    severity: Severity::Warning,
    summary: "Cursor does not load this skill",
    why: "Cursor marks a skill as broken when its frontmatter is no valid YAML or has no text as its description.",
    evidence: &[CURSOR_LOADER, CURSOR_DOCS],
    clients: &[Client::Cursor],
    fix: None,
    bad: &[
        Example::File("\n---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::Yaml("name: my-skill\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels: all of them.\n"),
        Example::Yaml("name: my-skill\ndescription: 247\n"),
    ],
    good: &[
        Example::File("\u{feff}---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::Yaml("name: other-skill\ndescription: Sorts parcels.\n"),
    ],
    check: Check::Manifest(|context, sink| super::drops(Client::Cursor, context, sink)),
};
