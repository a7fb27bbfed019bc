use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "app/overview-empty",
    severity: Severity::Warning,
    summary: "the overview of an app skill lists no entities",
    why: "From the overview an agent learns what the application holds; a heading alone tells it nothing.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body("# Post\n\n## Post Overview\n\n## Popular actions\n\nSearch for actions.\n")],
    good: &[
        Example::Body("# Post\n\n## Post Overview\n\n- Parcel\n\n## Popular actions\n\nSearch for actions.\n"),
        Example::Body("# Post\n\n## Overview\n\n## Usage\n\nSort the parcels.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(overview) = super::overview(context)
        && overview.entities.is_empty()
    {
        sink.report(overview.heading, "the overview lists no entities");
    }
}
