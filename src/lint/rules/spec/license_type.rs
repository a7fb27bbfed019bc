use super::evidence::SPEC_LICENSE;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "spec/license-type",
    severity: Severity::Error,
    summary: "the `license` is no text",
    why: "The field holds the name of a licence, or of the file that holds it.",
    evidence: &[SPEC_LICENSE],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nlicense: [MIT, Apache-2.0]\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nlicense:\n"),
    ],
    good: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nlicense: MIT OR Apache-2.0\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(entry) = context.manifest.frontmatter.get("license")
        && entry.value.as_text().is_none()
    {
        let message = format!("the license must be a text, and this is {}", entry.value.kind_name());
        sink.report(super::value_span(entry), message);
    }
}
