use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "app/app-url-empty",
    severity: Severity::Warning,
    summary: "the URL given to `membrane connection ensure` is empty",
    why: "The command cannot find an application by an empty URL; it fails as soon as an agent copies it.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body("# Post\n\n```bash\nmembrane connection ensure \"\" --json\n```\n")],
    good: &[Example::Body("# Post\n\n```bash\nmembrane connection ensure \"https://post.example\" --json\n```\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(url) = context.manifest.app_url
        && context.slice(url).trim().is_empty()
    {
        let quoted = Span::new(url.start - 1, url.end + 1);
        sink.report(quoted, "the application's URL is empty");
    }
}
