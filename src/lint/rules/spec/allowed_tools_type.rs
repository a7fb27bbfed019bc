use super::evidence::SPEC_ALLOWED_TOOLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::yaml::Value;

pub(super) static RULE: Rule = Rule {
    name: "spec/allowed-tools-type",
    severity: Severity::Error,
    summary: "the `allowed-tools` are neither a text nor a list of texts",
    why: "The field is a text with blanks between the tools, or a YAML list of texts. From anything else no agent can tell what is \
          allowed.",
    evidence: &[SPEC_ALLOWED_TOOLS],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nallowed-tools: {Read: true}\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nallowed-tools: [[Read]]\n"),
    ],
    good: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nallowed-tools: Read Bash(git:*)\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nallowed-tools:\n  - Read\n  - Bash(git:*)\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(entry) = context.manifest.frontmatter.get("allowed-tools") else { return };
    match &entry.value.value {
        Value::Scalar(_) if entry.value.as_text().is_some() => {}
        Value::Scalar(_) => {
            sink.report(super::value_span(entry), "the allowed tools are empty")
                .at_most(Severity::Warning)
                .help("remove the field");
        }
        Value::Sequence(items) => {
            for item in items.iter().filter(|item| item.as_text().is_none()) {
                let span = if item.span.is_empty() { entry.key_span } else { item.span };
                sink.report(span, format!("a tool must be a text, and this is {}", item.kind_name()));
            }
        }
        Value::Mapping(_) => {
            sink.report(super::value_span(entry), "the allowed tools must be a text or a list, and this is a mapping")
                .help("write them with blanks between them: `Read Bash(git:*)`");
        }
    }
}
