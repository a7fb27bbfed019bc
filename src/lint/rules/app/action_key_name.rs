use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "app/action-key-name",
    severity: Severity::Warning,
    summary: "an action's key has no word in common with its name",
    why: "Name and key say the same in two spellings. Where they share not one word, a row was likely shifted or pasted.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send Parcel | list-invoices | Sends. |\n",
    )],
    good: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Get Current User | get-me | Gets. |\n| Companies | list-company | Lists. |\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for row in super::rows(context) {
        let (name, key) = (context.slice(row.name), context.slice(row.key));
        if key.is_empty() || !name.is_ascii() || name.is_empty() || contains_alike(name, key) {
            continue;
        }
        sink.report(row.key, format!("the key `{key}` has nothing in common with the name `{name}`"));
    }
}

/// Whether some word of `key` starts as some word of `name` does.
fn contains_alike(name: &str, key: &str) -> bool {
    let alike = |a: &str, b: &str| {
        let len = a.len().min(b.len()).min(4);
        len > 0 && a.as_bytes()[..len].eq_ignore_ascii_case(&b.as_bytes()[..len])
    };
    let split = |c: char| !c.is_ascii_alphanumeric();
    let name_words = || name.split(split).filter(|word| !word.is_empty());
    let key_words = key.split(split).filter(|word| !word.is_empty());
    key_words.into_iter().any(|key| name_words().any(|name| alike(name, key)))
        || key
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .eq(name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()))
}
