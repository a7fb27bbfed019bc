use super::evidence::{CLAUDE_CODE_LOADER, CLAUDE_FRONTMATTER};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/claude-drops",
    severity: Severity::Warning,
    summary: "Claude Code does not load this skill",
    why: "Claude Code passes over manifests of more than 1,000,000 bytes, and over skills in a folder below its skills directory.",
    evidence: &[CLAUDE_CODE_LOADER, CLAUDE_FRONTMATTER],
    clients: &[Client::ClaudeCode],
    fix: None,
    bad: &[Example::Words("a manifest of 1,000,001 bytes")],
    good: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\n"),
        Example::File("\u{feff}---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
    ],
    check: Check::Manifest(|context, sink| super::drops(Client::ClaudeCode, context, sink)),
};
