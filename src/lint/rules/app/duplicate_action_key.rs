use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "app/duplicate-action-key",
    severity: Severity::Warning,
    summary: "two actions have the same key",
    why: "An action is run by its key, so one of the two cannot be meant.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | send | Sends. |\n| Send All | send | Sends all. |\n",
    )],
    good: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | send | Sends. |\n| Send | send-all | Sends. |\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let rows = super::rows(context);
    let mut seen: HashMap<&str, Span, RandomState> =
        HashMap::with_capacity_and_hasher(rows.len(), RandomState::default());
    for row in rows.iter().filter(|row| !row.key.is_empty()) {
        let key = context.slice(row.key);
        match seen.get(key) {
            Some(&first) => {
                sink.report(row.key, format!("another action has the key `{key}`")).related(first, "first used here");
            }
            None => drop(seen.insert(key, row.key)),
        }
    }
}
