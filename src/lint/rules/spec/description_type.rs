use super::evidence::SPEC_DESCRIPTION;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::yaml::Value;

pub(super) static RULE: Rule = Rule {
    name: "spec/description-type",
    severity: Severity::Error,
    summary: "the `description` is no text",
    why: "A description in square brackets without quotes is a YAML list, and one that was never filled in is nothing at all. Agents \
          drop a skill without a text for it.",
    evidence: &[SPEC_DESCRIPTION],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: [Sorts parcels]\n"),
        Example::Yaml("name: my-skill\ndescription: {what: sorts parcels}\n"),
    ],
    good: &[Example::Yaml("name: my-skill\ndescription: \"[Parcels] Sorts them.\"\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(entry) = context.manifest.frontmatter.get("description")
        && !matches!(entry.value.value, Value::Scalar(_))
    {
        let message = format!("the description must be a text, and this is {}", entry.value.kind_name());
        sink.report(super::value_span(entry), message).help("put it in quotes");
    }
}
