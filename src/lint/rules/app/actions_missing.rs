use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "app/actions-missing",
    severity: Severity::Warning,
    summary: "an app skill has neither a table of actions nor a sentence in its place",
    why: "An agent takes the keys of actions from the table. Where there is none, a sentence says how to search for them.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("# Post\n\n## Post Overview\n\n- **Parcel**\n\n## Popular actions\n\n## Running actions\n"),
        Example::Body(
            "# Post\n\n## Post Overview\n\n- **Parcel**\n\n```bash\nmembrane connection ensure \"https://post.example\"\n```\n",
        ),
    ],
    good: &[
        Example::Body("# Post\n\n## Post Overview\n\n- **Parcel**\n\n## Popular actions\n\nSearch for them.\n"),
        Example::Body("# Post\n\n## Post Overview\n\n- **Parcel**\n\n## Usage\n\nSort them.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    match &context.manifest.actions {
        None if super::is_app(context) => {
            sink.report(super::title(context), "this app skill has no section `Popular actions`");
        }
        Some(actions) if actions.rows().is_empty() && actions.fallback.is_none() => {
            sink.report(actions.heading, "here is neither a table of actions nor a sentence in its place");
        }
        _ => {}
    }
}
