use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "app/action-description-empty",
    severity: Severity::Warning,
    summary: "actions have no description",
    why: "An agent chooses an action by its description; the name alone makes it guess.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | send | |\n",
    )],
    good: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | send | Sends. |\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let without = || super::rows(context).iter().filter(|row| row.description.is_empty());
    let Some(first) = without().next() else { return };
    let names: Vec<&str> = without().map(|row| context.slice(row.name)).collect();
    sink.report(first.span, format!("{} no description", super::actions_have(&names)));
}
