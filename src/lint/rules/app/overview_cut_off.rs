use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::overview::Form;

pub(super) static RULE: Rule = Rule {
    name: "app/overview-cut-off",
    severity: Severity::Warning,
    summary: "the overview of an app skill ends in the middle of an entity",
    why: "The last bullet opens bold text and never closes it, or has no text, or ends in dots: whatever made the overview stopped before \
          it was done, and the last entity is not what it says.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("# Post\n\n## Post Overview\n\n- **Parcel**\n- **Custo\n\n## Popular actions\n\nSearch.\n"),
        Example::Body("# Post\n\n## Post Overview\n\n- **Parcel**\n-\n\n## Popular actions\n\nSearch.\n"),
    ],
    good: &[Example::Body("# Post\n\n## Post Overview\n\n- **Custo\n- **Parcel**\n\n## Popular actions\n\nSearch.\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(overview) = super::overview(context) else { return };
    let Some(last) = overview.entities.last().filter(|_| overview.guidance.is_none()) else { return };
    let text = context.slice(last.span);
    if last.form == Form::Unclosed || last.name.is_empty() || text.ends_with("...") || text.ends_with('…') {
        sink.report(last.span, "the overview ends in the middle of an entity")
            .help("complete the last entity, or remove it");
    }
}
