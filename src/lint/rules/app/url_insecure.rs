use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "app/url-insecure",
    severity: Severity::Info,
    summary: "the application's URL or its documentation's is plain http",
    why: "What is read over http can be changed on its way. Nearly every site answers to https.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body(
        "# Post\n\nPost moves parcels.\n\nOfficial docs: http://post.example/docs\n\n## Popular actions\n\nSearch.\n",
    )],
    good: &[
        Example::Body(
            "# Post\n\nPost moves parcels.\n\nOfficial docs: https://post.example/docs\n\n## Popular actions\n\nSearch.\n",
        ),
        Example::Body("# Post\n\n```bash\nmembrane connection ensure \"http://localhost:8080\"\n```\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if !super::is_app(context) {
        return;
    }
    for (span, what) in [(context.manifest.docs_url, "documentation's"), (context.manifest.app_url, "application's")] {
        let Some(span) = span else { continue };
        let rest = context.slice(span).trim_start_matches('<').strip_prefix("http://");
        if rest.is_some_and(|rest| !rest.starts_with("localhost") && !rest.starts_with("127.")) {
            sink.report(span, format!("the {what} URL is plain http")).help("try https");
        }
    }
}
