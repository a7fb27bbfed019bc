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
    let entries = &context.manifest.frontmatter.entries;
    let mut unknown = entries.iter().filter(|entry| !known(&entry.key) && !entry.key.is_empty());
    let Some(first) = unknown.next() else { return };
    let rest: Vec<_> = unknown.collect();
    let help = advice(&first.key);
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

const ELSEWHERE: &str = "put fields of your own under `metadata`";

/// The field that was meant, or where the value belongs.
fn advice(key: &str) -> Cow<'static, str> {
    // The commonest of all.
    if key == "homepage" {
        return ELSEWHERE.into();
    }
    let lower = key.to_lowercase().replace('_', "-");
    if let Some(field) = FIELDS.iter().find(|field| **field == lower) {
        return format!("the field is written `{field}`").into();
    }
    let meant = match lower.as_str() {
        // Near to nothing.
        "repository" | "author" | "version" | "tags" | "category" | "categories" | "keywords" => None,
        "licence" => Some("license"),
        "title" | "id" | "skill" => Some("name"),
        "desc" | "summary" | "about" => Some("description"),
        "tools" | "allowedtools" | "permissions" => Some("allowed-tools"),
        "requirements" | "requires" | "environment" => Some("compatibility"),
        _ => nearest(&lower, FIELDS, 1).first().copied().filter(|field| strsim::levenshtein(&lower, field) <= 3),
    };
    match meant {
        Some(field) => format!("did you mean `{field}`?").into(),
        None => ELSEWHERE.into(),
    }
}
