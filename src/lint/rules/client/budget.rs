//! What a client tells its model of all skills together, and sets that are too large for that.

use std::collections::BTreeMap;

use crate::lint::rule::{Client, SetSink};
use crate::lint::set::Set;
use crate::manifest::source::Span;

/// How much of all skills together a client tells its model.
pub(super) struct Budget {
    pub(super) client: Client,
    /// Characters of all names and descriptions.
    pub(super) characters: usize,
    /// Characters of one description that are told at most.
    pub(super) of_one: usize,
    /// What becomes of more.
    pub(super) then: &'static str,
}

impl Budget {
    /// Says once for each set that is too large for it.
    pub(super) fn check(&self, set: &Set<'_>, sink: &mut SetSink<'_>) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::config::{Config, Selector, Settings};
    use crate::lint::engine::Linter;
    use crate::lint::set::{Member, Texts};
    use crate::manifest::Manifest;

    #[test]
    fn all_skills_together_have_a_budget() {
        let found = |skills: usize, rule: &str| {
            let config = Config {
                select: vec![Selector::new(rule).unwrap()],
                clients: Client::ALL.to_vec(),
                ..Config::default()
            };
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
}
