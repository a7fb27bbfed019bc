use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "app/action-key-format",
    severity: Severity::Warning,
    summary: "an action's key is empty or not in kebab-case",
    why: "Keys are lower-case words joined by hyphens. One that is written otherwise was likely never run.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | sendParcel | Sends. |\n| Get | | Gets. |\n",
    )],
    good: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send v2 | send-parcel-v2 | Sends. |\n| Get | `get` | Gets. |\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for row in super::rows(context).iter().filter(|row| row.cells > 1) {
        let key = context.slice(row.key).trim_matches('`');
        if key.is_empty() {
            sink.report(row.span, "this action has no key");
            continue;
        }
        let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if !key.split('-').all(word) {
            sink.report(row.key, format!("the key `{key}` is not in kebab-case"));
        }
    }
}
