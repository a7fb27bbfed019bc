use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "app/url-invalid",
    severity: Severity::Warning,
    summary: "the application's URL or its documentation's is no URL",
    why: "A URL with white space in it, without a host, or a sentence in its place leads nowhere.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body(
            "# Post\n\nPost moves parcels.\n\nOfficial docs: https:// post.example/docs\n\n## Popular actions\n\nSearch.\n",
        ),
        Example::Body("# Post\n\n```bash\nmembrane connection ensure \"the post office\" --json\n```\n"),
    ],
    good: &[
        Example::Body(
            "# Post\n\nPost moves parcels.\n\nOfficial docs: <https://docs.post.example/a_(b)?c=d#e>\n\n```bash\nmembrane connection ensure \"post.example\"\n```\n",
        ),
        Example::Body(
            "# Post\n\nPost moves parcels.\n\nOfficial docs: [the guide](https://docs.post.example)\n\n## Popular actions\n\nSearch.\n",
        ),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if !super::is_app(context) {
        return;
    }
    if let Some(docs) = context.manifest.docs_url
        && !is_url(inner(context.slice(docs)))
    {
        report(context, sink, docs, "the documentation's URL");
    }
    if let Some(app) = context.manifest.app_url {
        let text = context.slice(app);
        // The command takes a domain, too.
        if !text.trim().is_empty() && !is_url(text) && !is_host(text) {
            report(context, sink, app, "the application's URL");
        }
    }
}

fn report(context: &Context<'_>, sink: &mut Sink<'_>, span: Span, what: &str) {
    let text = context.slice(span);
    let why = match text.split_once("://") {
        Some((scheme, _)) if text.contains(char::is_whitespace) && !scheme.contains(' ') => "holds white space",
        _ => "is no URL",
    };
    sink.report(span, format!("{what} {why}"));
}

/// The URL of `<url>` and of a sole `[text](url)`.
fn inner(text: &str) -> &str {
    if let Some(inner) = text.strip_prefix('<').and_then(|inner| inner.strip_suffix('>')) {
        return inner;
    }
    match text.strip_prefix('[').and_then(|rest| rest.split_once("](")) {
        Some((_, rest)) => rest.strip_suffix(')').unwrap_or(rest),
        None => text,
    }
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        is_host(host) && !text.contains(char::is_whitespace)
    })
}

fn is_host(text: &str) -> bool {
    let host = text.split(['/', ':']).next().unwrap_or_default();
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '{' | '}' | '*'))
    };
    let text_is_one_word = !text.contains(char::is_whitespace);
    text_is_one_word && (host.contains('.') || host == "localhost") && host.split('.').all(label)
}
