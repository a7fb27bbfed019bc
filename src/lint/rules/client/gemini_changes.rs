use super::evidence::GEMINI_LOADER;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/gemini-changes",
    severity: Severity::Warning,
    summary: "Gemini CLI loads this skill otherwise than it is written",
    why: "Blanks after the closing `---` make Gemini CLI lose the body, and characters that no file name has are replaced in the name. Where \
          YAML gives no two texts, it takes the lines as they stand, quotes and `|` included.",
    evidence: &[GEMINI_LOADER],
    clients: &[Client::GeminiCli],
    fix: None,
    bad: &[
        Example::File("---\nname: my-skill\ndescription: Sorts parcels.\n--- \nSort.\n"),
        Example::Yaml("name: 247\ndescription: |\n  Sorts parcels.\n"),
        Example::Yaml("name: post:sort\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription:\n"),
    ],
    good: &[
        Example::Yaml("name: my-skill\ndescription: |\n  Sorts parcels.\n"),
        Example::File("---\nname: my-skill\ndescription: Sorts parcels.\n---\nSort.\n"),
        Example::File("---\nname: my-skill\ndescription: Sorts parcels.\n--- \n"),
        Example::Yaml("name: post.sort\ndescription: Sorts parcels.\n"),
    ],
    check: Check::Manifest(|context, sink| super::changes(Client::GeminiCli, context, sink)),
};
