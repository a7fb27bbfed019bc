use super::evidence::GEMINI_LOADER;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/gemini-drops",
    severity: Severity::Warning,
    summary: "Gemini CLI does not load this skill",
    why: "Gemini CLI finds the frontmatter by a pattern: the file starts with `---` and a line end, nothing between them. What does not match, \
          or holds no name and description, is left out without a word.",
    evidence: &[GEMINI_LOADER],
    clients: &[Client::GeminiCli],
    fix: None,
    bad: &[
        Example::File("\u{feff}---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::File("--- \nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::Yaml("name: my-skill\n"),
        Example::Yaml("description: Sorts parcels.\n"),
    ],
    good: &[
        Example::File("---\r\nname: my-skill\r\ndescription: Sorts parcels.\r\n---\r\nSort.\r\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels: all of them.\n"),
        Example::Yaml("name: 247\ndescription: Sorts parcels.\n"),
    ],
    check: Check::Manifest(|context, sink| super::drops(Client::GeminiCli, context, sink)),
};
