use super::evidence::SPEC_DESCRIPTION;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::yaml::Value;

pub(super) static RULE: Rule = Rule {
    name: "spec/description-empty",
    severity: Severity::Error,
    summary: "the `description` is empty",
    why: "The description is all that an agent knows of a skill before it loads it. An empty one, or blanks alone, tells it nothing.",
    evidence: &[SPEC_DESCRIPTION],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription:\n"),
        Example::Yaml("name: my-skill\ndescription: null\n"),
        Example::Yaml("name: my-skill\ndescription: \"  \"\n"),
    ],
    good: &[Example::Yaml("name: my-skill\ndescription: >\n\n  Sorts parcels.\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(entry) = context.manifest.frontmatter.get("description")
        && matches!(entry.value.value, Value::Scalar(_))
        && entry.value.as_text().is_none_or(|text| text.trim().is_empty())
    {
        sink.report(super::value_span(entry), "the description is empty")
            .help("say in a sentence or two what the skill does and when to use it");
    }
}
