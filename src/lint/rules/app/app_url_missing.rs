use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "app/app-url-missing",
    severity: Severity::Info,
    summary: "an app skill does not say which URL to connect to",
    why: "`membrane connection ensure` finds the application by its URL. Without one an agent has to guess.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body("# Post\n\n## Post Overview\n\n- **Parcel**\n\n## Popular actions\n\nSearch for them.\n")],
    good: &[Example::Body(
        "# Post\n\n## Post Overview\n\n- **Parcel**\n\n```bash\nmembrane connection ensure \"https://post.example\"\n```\n\n## Popular actions\n\nSearch for them.\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if context.manifest.actions.is_some() && context.manifest.app_url.is_none() {
        sink.report(super::title(context), "this app skill gives no URL to `membrane connection ensure`");
    }
}
