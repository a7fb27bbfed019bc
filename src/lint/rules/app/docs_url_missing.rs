use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "app/docs-url-missing",
    severity: Severity::Info,
    summary: "an app skill does not link the application's documentation",
    why: "For requests that no action covers an agent needs the application's own documentation.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body("# Post\n\nPost moves parcels.\n\n## Popular actions\n\nSearch for them.\n")],
    good: &[Example::Body(
        "# Post\n\nPost moves parcels.\n\nOfficial docs: https://docs.post.example\n\n## Popular actions\n\nSearch for them.\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if super::is_app(context) && context.manifest.docs_url.is_none() {
        sink.report(super::title(context), "this app skill has no line `Official docs:` with a URL");
    }
}
