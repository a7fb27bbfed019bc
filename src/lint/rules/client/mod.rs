//! What single clients do differently. The rules of a client run when it is targeted; the values of Claude Code's own fields are
//! checked wherever these fields are used.
//!
//! Rules whose names end in `drops` or `changes` say what [`crate::lint::clients`] knows, one rule for each client and answer.

mod agent_without_fork;
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

use std::collections::BTreeMap;

use super::evidence;
use crate::lint::clients::{self, Outcome, fields};
use crate::lint::context::Context;
use crate::lint::rule::{Client, Rule, SetSink, Sink};
use crate::lint::set::Set;
use crate::manifest::source::Span;

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

/// How much of all skills together a client tells its model.
struct Budget {
    client: Client,
    /// Characters of all names and descriptions.
    characters: usize,
    /// Characters of one description that are told at most.
    of_one: usize,
    /// What becomes of more.
    then: &'static str,
}

impl Budget {
    /// Says once for each set that is too large for it.
    fn check(&self, set: &Set<'_>, sink: &mut SetSink<'_>) {
        let count = |field: Option<&(String, Span)>| field.map_or(0, |(text, _)| text.chars().count());
        let mut sets: BTreeMap<usize, (usize, usize, usize)> = BTreeMap::new();
        for (index, member) in set.members.iter().enumerate() {
            let (_, skills, characters) = sets.entry(member.set).or_insert((index, 0, 0));
            *skills += 1;
            *characters += count(member.name.as_ref()) + count(member.description.as_ref()).min(self.of_one);
        }
        for (index, skills, characters) in sets.into_values().filter(|(_, _, all)| *all > self.characters) {
            let first = &set.members[index];
            let place = first.description.as_ref().or(first.name.as_ref()).map_or(Span::at(0), |(_, span)| *span);
            let message = format!(
                "{} tells its model about {} characters of all skills, and the names and descriptions of these {skills} have {characters}",
                self.client.title(),
                self.characters
            );
            let help = format!("{}; install fewer at once, or describe them in fewer words", self.then);
            sink.report(index, place, message, help);
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
    use crate::lint::config::{Config, Settings};
    use crate::lint::engine::Linter;
    use crate::lint::rule::Client;
    use crate::lint::rules::tests::findings;
    use crate::lint::set::{Member, Set, Texts};
    use crate::manifest::Manifest;

    #[test]
    fn all_skills_together_have_a_budget() {
        let found = |skills: usize, rule: &str| {
            let config = Config { select: vec![rule.to_owned()], clients: Client::ALL.to_vec(), ..Config::default() };
            let member = |number| {
                let text = format!("---\nname: skill-{number}\ndescription: {}\n---\n", "x".repeat(800));
                Member::of(&Manifest::read(text), &format!("skill-{number}/SKILL.md"), 0)
            };
            let members: Vec<Member> = (0..skills).map(member).collect();
            Linter::new(Settings::new(&config).unwrap()).check_set(&Set::new(&members, &NoTexts))
        };
        for rule in ["client/codex-budget", "client/claude-budget"] {
            assert!(found(9, rule).is_empty());
            let found = found(10, rule);
            assert_eq!(found.len(), 1);
            assert!(found[0].1.message.contains("of these 10 have 8070"), "{}", found[0].1.message);
        }
    }

    #[derive(Debug)]
    struct NoTexts;

    impl Texts for NoTexts {
        fn text(&self, _: &str) -> Option<String> {
            None
        }
    }

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
