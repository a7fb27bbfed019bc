use super::evidence::SPEC_NAME;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "spec/name-type",
    severity: Severity::Error,
    summary: "the `name` is no text",
    why: "The name is a text of 1 to 64 characters. What YAML takes for a number or a boolean is still read as it is written, but \
          nothing, a list or a mapping is no name.",
    evidence: &[SPEC_NAME],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: ~\ndescription: Sorts parcels.\n"),
        Example::Yaml("name:\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: [my, skill]\ndescription: Sorts parcels.\n"),
    ],
    good: &[
        Example::Yaml("name: 247\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: true\ndescription: Sorts parcels.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(entry) = context.manifest.frontmatter.get("name")
        && entry.value.as_text().is_none()
    {
        sink.report(
            super::value_span(entry),
            format!("the name must be a text, and this is {}", entry.value.kind_name()),
        );
    }
}
