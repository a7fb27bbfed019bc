use super::evidence::SPEC_METADATA;
use crate::lint::context::Context;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::yaml::{ScalarKind, Value};

pub(super) static RULE: Rule = Rule {
    name: "spec/metadata-value-type",
    severity: Severity::Error,
    summary: "a value or a key under `metadata` is no text",
    why: "The specification maps texts to texts. Lists and mappings are refused by strict readers. Numbers and booleans are read as they \
          are written by some and turned into something else by others (`1.10` becomes `1.1`), so they are a warning.",
    evidence: &[SPEC_METADATA],
    clients: &[],
    fix: Some(Safety::Safe),
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata:\n  tags: [post, parcels]\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata:\n  a:\n    b: c\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata:\n  version: 1.10\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata:\n  2026: parcels\n"),
    ],
    good: &[Example::Yaml(
        "name: my-skill\ndescription: Sorts parcels.\nmetadata:\n  version: \"1.10\"\n  release: 1.2.3\n  tags: post, parcels\n  none: \"\"\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(entry) = context.manifest.frontmatter.get("metadata") else { return };
    let Value::Mapping(entries) = &entry.value.value else { return };
    for (key, value) in entries {
        if let Some(scalar) = key.as_scalar().filter(|key| key.kind != ScalarKind::Text) {
            let message = format!("a key must be a text, and YAML takes `{}` for {}", scalar.text, what(scalar.kind));
            let diagnostic = sink.report(key.span, message);
            diagnostic.at_most(Severity::Warning).help("put it in quotes");
            if !key.span.is_empty() && context.slice(key.span) == scalar.text {
                diagnostic.fix(Safety::Safe, key.span, format!("\"{}\"", scalar.text));
            }
        }
        let name = key.as_scalar().map_or("", |key| key.text.as_str());
        let span = if value.span.is_empty() { key.span } else { value.span };
        match &value.value {
            Value::Scalar(scalar) if scalar.kind == ScalarKind::Text => {}
            Value::Scalar(scalar) => {
                let message =
                    format!("the value of `{name}` must be a text, and YAML takes this for {}", what(scalar.kind));
                let diagnostic = sink.report(span, message);
                diagnostic.at_most(Severity::Warning).help("put it in quotes");
                if !value.span.is_empty() && context.slice(value.span) == scalar.text {
                    diagnostic.fix(Safety::Safe, value.span, format!("\"{}\"", scalar.text));
                }
            }
            Value::Sequence(_) | Value::Mapping(_) => {
                let message = format!("the value of `{name}` must be a text, and this is {}", value.kind_name());
                sink.report(span, message).help("write it as one text, for example with commas");
            }
        }
    }
}

fn what(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Null => "nothing",
        ScalarKind::Bool => "a boolean",
        ScalarKind::Number => "a number",
        ScalarKind::Text => "a text",
    }
}
