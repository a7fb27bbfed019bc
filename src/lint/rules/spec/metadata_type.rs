use super::evidence::SPEC_METADATA;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::yaml::Value;

pub(super) static RULE: Rule = Rule {
    name: "spec/metadata-type",
    severity: Severity::Error,
    summary: "the `metadata` is no mapping",
    why: "The field maps names to texts. A list or a bare text is refused by readers that expect a mapping.",
    evidence: &[SPEC_METADATA],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata: [post, parcels]\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata: parcels\n"),
    ],
    good: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata: {topic: parcels}\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(entry) = context.manifest.frontmatter.get("metadata") else { return };
    if matches!(entry.value.value, Value::Mapping(_)) {
        return;
    }
    let message = format!("the metadata must map names to texts, and this is {}", entry.value.kind_name());
    let diagnostic = sink.report(super::value_span(entry), message);
    // A mapping that nobody filled in does no harm.
    if matches!(entry.value.value, Value::Scalar(_)) && entry.value.as_text().is_none() {
        diagnostic.at_most(Severity::Warning).help("remove the field");
    }
}
