use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

const PLACEHOLDERS: [&str; 10] = [
    "no description",
    "no description available",
    "no description provided",
    "description",
    "n/a",
    "none",
    "null",
    "tbd",
    "todo",
    "undefined",
];

pub(super) static RULE: Rule = Rule {
    name: "app/action-description-placeholder",
    severity: Severity::Warning,
    summary: "actions are described by a placeholder such as \"No description\"",
    why: "A placeholder costs tokens and tells an agent nothing.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | send | No description |\n",
    )],
    good: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | send | Sends a parcel that has no description. |\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let is_placeholder = |text: &str| {
        let text = text.trim_end_matches('.');
        text.len() <= 24 && PLACEHOLDERS.iter().any(|placeholder| placeholder.eq_ignore_ascii_case(text))
    };
    let such = || super::rows(context).iter().filter(|row| is_placeholder(context.slice(row.description)));
    let Some(first) = such().next() else { return };
    let names: Vec<&str> = such().map(|row| context.slice(row.name)).collect();
    let message = format!("{} a placeholder for a description", super::actions_have(&names));
    sink.report(first.description, message);
}
