use super::evidence::CODEX_LOADER;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/codex-drops",
    severity: Severity::Warning,
    summary: "Codex does not load this skill",
    why: "Codex wants `---` alone on the first line, YAML that it can read after mending single lines, a description, and a manifest that is \
          no symbolic link. What it does not load it leaves out of the list of skills.",
    evidence: &[CODEX_LOADER],
    clients: &[Client::Codex],
    fix: None,
    bad: &[
        Example::File("\u{feff}---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::Yaml("name: my-skill\n"),
        Example::Yaml("name: my-skill\ndescription: 'Sorts' parcels.\n"),
        Example::Yaml("name: [my-skill]\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata: none\n"),
    ],
    good: &[
        Example::File("---  \nname: my-skill\ndescription: Sorts parcels.\n---  \n"),
        Example::Yaml("name: 247\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels: all of them.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nargument-hint: [file] [mode]\n"),
    ],
    check: Check::Manifest(|context, sink| super::drops(Client::Codex, context, sink)),
};
