use super::evidence::{CLAUDE_CODE_LOADER, CLAUDE_FRONTMATTER};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/claude-changes",
    severity: Severity::Warning,
    summary: "Claude Code loads this skill otherwise than it is written",
    why: "Claude Code goes on without a frontmatter that it cannot read: the first line of the body stands in for the description, and no field \
          counts. It takes the first `---` after the first line for the end of the frontmatter, even inside a value. It lists at most \
          1,536 characters of description and `when_to_use` together.",
    evidence: &[CLAUDE_CODE_LOADER, CLAUDE_FRONTMATTER],
    clients: &[Client::ClaudeCode],
    fix: None,
    bad: &[
        Example::File("\n---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::Yaml("name: my-skill\ndescription: \"Puts a --- between parcels.\"\n"),
        Example::Yaml("name: my-skill\ndescription: [Sorts parcels]\n"),
        Example::Yaml("name: my-skill\n"),
    ],
    good: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels: all of them.\n"),
        Example::File("\u{feff}---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::File("--- \r\nname: my-skill\r\ndescription: Sorts parcels.\r\n---\r\n"),
    ],
    check: Check::Manifest(|context, sink| super::changes(Client::ClaudeCode, context, sink)),
};
