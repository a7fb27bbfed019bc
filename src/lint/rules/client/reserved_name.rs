use super::evidence::CLAUDE_PLATFORM;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "client/reserved-name",
    severity: Severity::Warning,
    summary: "the name holds a word that Anthropic reserves",
    why: "Uploads to claude.ai and to the Claude API are refused when the name holds `claude` or `anthropic`. Claude Code itself loads them.",
    evidence: &[CLAUDE_PLATFORM],
    clients: &[Client::ClaudeCode],
    fix: None,
    bad: &[Example::Yaml("name: claude-helper\ndescription: Sorts parcels.\n")],
    good: &[Example::Yaml("name: clause-helper\ndescription: Sorts parcels for Claude.\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let (Some(entry), Some(name)) = (context.manifest.frontmatter.get("name"), context.manifest.name()) else { return };
    if let Some(word) = ["claude", "anthropic"].into_iter().find(|word| name.contains(word)) {
        sink.report(entry.value.span, format!("the word `{word}` is reserved in names"));
    }
}
