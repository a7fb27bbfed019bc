use super::budget::Budget;
use super::evidence::CLAUDE_BUDGET;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

const BUDGET: Budget = Budget {
    client: Client::ClaudeCode,
    characters: 8_000,
    of_one: 1_536,
    then: "of the skills that are used least it lists the names alone",
};

pub(super) static RULE: Rule = Rule {
    name: "client/claude-budget",
    severity: Severity::Warning,
    summary: "Claude Code has no room for the descriptions of all skills",
    why: "Claude Code lists skills in 1 % of what its model can take in, about 8,000 characters of 200,000 tokens, unless \
          `skillListingBudgetFraction` says otherwise. Beyond that it names skills without saying what they are for, so they are chosen by \
          nobody but the user. Each path that is checked is counted by itself.",
    evidence: &[CLAUDE_BUDGET],
    clients: &[Client::ClaudeCode],
    fix: None,
    bad: &[Example::Words("ten skills with descriptions of 800 characters each")],
    good: &[
        Example::Words("nine skills with descriptions of 800 characters each"),
        Example::Set(&[("sort", "---\nname: sort\ndescription: Sorts parcels.\n---\n")]),
    ],
    check: Check::Set(|set, sink| BUDGET.check(set, sink)),
};
