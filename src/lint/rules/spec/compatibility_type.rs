use super::evidence::SPEC_COMPATIBILITY;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "spec/compatibility-type",
    severity: Severity::Error,
    summary: "the `compatibility` is no text",
    why: "The field is a sentence about what the skill needs, not a list of products.",
    evidence: &[SPEC_COMPATIBILITY],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ncompatibility: [git, jq]\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ncompatibility:\n"),
    ],
    good: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ncompatibility: Needs git and jq\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(entry) = context.manifest.frontmatter.get("compatibility")
        && entry.value.as_text().is_none()
    {
        let message = format!("the compatibility must be a text, and this is {}", entry.value.kind_name());
        sink.report(super::value_span(entry), message).help("write a sentence, or remove the field");
    }
}
