use std::borrow::Cow;

use super::evidence::SPEC_FRONTMATTER;
use crate::lint::clients::fields;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule, Sink};
use crate::manifest::source::Span;
use crate::words::nearest;

/// The fields of the specification.
const FIELDS: [&str; 6] = ["name", "description", "license", "compatibility", "metadata", "allowed-tools"];

pub(super) static RULE: Rule = Rule {
    name: "spec/unknown-field",
    severity: Severity::Warning,
    summary: "the frontmatter has a field that the specification does not know",
    why: "The specification lists six fields and gives `metadata` for everything else. Strict readers, the specification's own among \
          them, refuse a manifest with another field; the rest ignore it, so it says nothing to anyone. The fields of Claude Code are \
          known, and those of the clients that are targeted.",
    evidence: &[SPEC_FRONTMATTER, super::evidence::SPEC_METADATA],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nhomepage: https://parcels.example\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nlicence: MIT\n"),
    ],
    good: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata:\n  homepage: https://parcels.example\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nuser-invocable: true\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let clients = std::iter::once(&Client::ClaudeCode).chain(sink.targeted());
    let known = |key: &str| FIELDS.contains(&key) || clients.clone().any(|client| fields::knows(*client, key));
    let frontmatter = &context.manifest.frontmatter;
    let mut unknown = frontmatter.entries.iter().filter(|entry| !known(&entry.key) && !entry.key.is_empty());
    let Some(first) = unknown.next() else { return };
    let rest: Vec<_> = unknown.collect();
    let of_clients = || clients.clone().flat_map(|client| fields::of(*client)).map(|field| field.name);
    let help = std::iter::once(&first)
        .chain(&rest)
        .find_map(|entry| {
            let field = meant(&entry.key, of_clients()).filter(|field| frontmatter.get(field).is_none())?;
            Some(format!("did you mean `{field}` by `{}`?", entry.key))
        })
        .map_or(Cow::Borrowed("put fields of your own under `metadata`"), Cow::Owned);
    let mut message = format!("`{}`", first.key);
    for (at, entry) in rest.iter().enumerate() {
        message.push_str(if at + 1 == rest.len() { " and `" } else { ", `" });
        message.push_str(&entry.key);
        message.push('`');
    }
    message.push_str(if rest.is_empty() { " is no field" } else { " are no fields" });
    message.push_str(" of the specification");
    let span = Span::new(first.key_span.start, first.key_span.end);
    let diagnostic = sink.report(span, message);
    diagnostic.help(help);
    if let Some(next) = rest.first() {
        diagnostic.related(next.key_span, "and here");
    }
}

/// The field that was meant, of the specification or of a client.
fn meant(key: &str, mut of_clients: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    // The commonest of all is near to one.
    if key == "homepage" {
        return None;
    }
    let lower = key.to_lowercase().replace('_', "-");
    match lower.as_str() {
        // Near to nothing.
        "repository" | "author" | "version" | "tags" | "category" | "categories" | "keywords" => None,
        "licence" => Some("license"),
        "title" | "id" | "skill" => Some("name"),
        "desc" | "summary" | "about" => Some("description"),
        "tools" | "allowedtools" | "permissions" => Some("allowed-tools"),
        "requirements" | "requires" | "environment" => Some("compatibility"),
        _ => {
            let near =
                nearest(&lower, FIELDS, 1).first().copied().filter(|field| strsim::levenshtein(&lower, field) <= 3);
            near.or_else(|| of_clients.find(|field| is_another_spelling(&lower, field)))
        }
    }
}

/// Whether two keys differ by hyphens, and in a long one by a letter: some write `user_invocable`, some `userInvokable`.
fn is_another_spelling(key: &str, field: &str) -> bool {
    const LONG: usize = 8;
    let [key, field] = [key, field].map(|key| key.replace(['-', '_'], ""));
    key == field || field.len() >= LONG && strsim::levenshtein(&key, &field) == 1
}

#[cfg(test)]
mod tests {
    use super::meant;
    use crate::lint::clients::fields;
    use crate::lint::rule::Client;

    #[test]
    fn what_was_meant_is_said_only_of_what_is_near() {
        for (key, field) in [
            ("licences", Some("license")),
            ("user_invocable", Some("user-invocable")),
            ("user-invokable", Some("user-invocable")),
            ("disableModelInvocation", Some("disable-model-invocation")),
            ("when-to-use", Some("when_to_use")),
            ("agents", None),
            ("level", None),
            ("homepage", None),
        ] {
            let of_claude = fields::of(Client::ClaudeCode).iter().map(|field| field.name);
            assert_eq!(meant(key, of_claude), field, "{key}");
        }
    }
}
