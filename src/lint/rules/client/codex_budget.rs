use super::budget::Budget;
use super::evidence::CODEX_BUDGET;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

const BUDGET: Budget = Budget {
    client: Client::Codex,
    characters: 8_000,
    of_one: 1_024,
    then: "it shortens all of them, and leaves skills out when that is not enough",
};

pub(super) static RULE: Rule = Rule {
    name: "client/codex-budget",
    severity: Severity::Warning,
    summary: "Codex has no room for the names and descriptions of all skills",
    why: "What Codex tells its model of all skills together is 2 % of what the model can take in, or 8,000 characters where that is not \
          known. Descriptions beyond that are shortened, and skills are left out. Each path that is checked is counted by itself, without the \
          places of the skills, which count too.",
    evidence: &[CODEX_BUDGET],
    clients: &[Client::Codex],
    fix: None,
    bad: &[Example::Words("ten skills with descriptions of 800 characters each")],
    good: &[
        Example::Words("nine skills with descriptions of 800 characters each"),
        Example::Set(&[("sort", "---\nname: sort\ndescription: Sorts parcels.\n---\n")]),
    ],
    check: Check::Set(|set, sink| BUDGET.check(set, sink)),
};
