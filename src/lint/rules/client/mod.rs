//! What single clients do differently. The rules of a client run when it is targeted; the values of Claude Code's own fields are
//! checked wherever these fields are used.
//!
//! Rules whose names end in `drops` or `changes` say what [`crate::lint::clients`] knows, one rule for each client and answer.

mod agent_without_fork;
mod budget;
mod claude_budget;
mod claude_changes;
mod claude_drops;
mod claude_field_value;
mod codex_budget;
mod codex_changes;
mod codex_drops;
mod copilot_changes;
mod copilot_cli_changes;
mod copilot_cli_drops;
mod copilot_field_value;
mod cursor_changes;
mod cursor_drops;
mod cursor_field_value;
mod gemini_changes;
mod gemini_drops;
mod opencode_changes;
mod opencode_drops;
mod reserved_name;

use super::evidence;
use crate::lint::clients::{self, Outcome, fields};
use crate::lint::context::Context;
use crate::lint::rule::{Client, Rule, Sink};

pub(in crate::lint) static RULES: &[&Rule] = &[
    &claude_field_value::RULE,
    &agent_without_fork::RULE,
    &reserved_name::RULE,
    &claude_drops::RULE,
    &claude_changes::RULE,
    &claude_budget::RULE,
    &codex_drops::RULE,
    &codex_changes::RULE,
    &codex_budget::RULE,
    &opencode_drops::RULE,
    &opencode_changes::RULE,
    &gemini_drops::RULE,
    &gemini_changes::RULE,
    &copilot_changes::RULE,
    &copilot_field_value::RULE,
    &copilot_cli_drops::RULE,
    &copilot_cli_changes::RULE,
    &cursor_drops::RULE,
    &cursor_changes::RULE,
    &cursor_field_value::RULE,
];

/// Says that a client does not load the skill.
fn drops(client: Client, context: &Context<'_>, sink: &mut Sink<'_>) {
    for effect in clients::effects(client, context) {
        if effect.outcome == Outcome::Drops {
            sink.report(effect.span, format!("{} does not load this skill: {}", client.title(), effect.why));
        }
    }
}

/// Says what a client loads otherwise than it is written.
fn changes(client: Client, context: &Context<'_>, sink: &mut Sink<'_>) {
    for effect in clients::effects(client, context) {
        if matches!(effect.outcome, Outcome::Changes | Outcome::Shortens) {
            sink.report(effect.span, format!("{} loads this skill with a difference: {}", client.title(), effect.why));
        }
    }
}

/// Says which of a client's own fields hold what it does not know.
fn field_values(client: Client, context: &Context<'_>, sink: &mut Sink<'_>) {
    let own = fields::of(client);
    for entry in &context.manifest.frontmatter.entries {
        let Some(field) = own.iter().find(|field| field.name == entry.key) else { continue };
        if !field.values.allow(&entry.value) {
            let span = if entry.value.span.is_empty() { entry.key_span } else { entry.value.span };
            sink.report(span, format!("{} does not know this value of `{}`", client.title(), field.name))
                .help(format!("it is {}", field.values.words()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::tests::findings;

    #[test]
    fn limits_are_met_exactly() {
        let manifest = |what: usize, when: usize| {
            let (what, when) = ("x".repeat(what), "x".repeat(when));
            format!("---\nname: my-skill\ndescription: {what}\nwhen_to_use: {when}\n---\n").into_bytes()
        };
        assert_eq!(findings("client/claude-changes", manifest(1000, 533)), 0);
        assert_eq!(findings("client/claude-changes", manifest(1000, 534)), 1);
        assert_eq!(findings("client/codex-changes", manifest(1024, 1)), 0);
        assert_eq!(findings("client/codex-changes", manifest(1025, 1)), 1);
        assert_eq!(findings("client/copilot-changes", manifest(1025, 1)), 1);
        assert_eq!(findings("client/copilot-cli-drops", manifest(1024, 1)), 0);
        assert_eq!(findings("client/copilot-cli-drops", manifest(1025, 1)), 1);
        assert_eq!(findings("client/cursor-changes", manifest(1536, 1)), 0);
        assert_eq!(findings("client/cursor-changes", manifest(1537, 1)), 1);
        let long = |length: usize| {
            let mut text = b"---\nname: my-skill\ndescription: Sorts.\n---\n".to_vec();
            text.resize(length, b'x');
            text
        };
        assert_eq!(findings("client/claude-drops", long(1_000_000)), 0);
        assert_eq!(findings("client/claude-drops", long(1_000_001)), 1);
    }
}
