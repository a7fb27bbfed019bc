use super::evidence::SPEC_FRONTMATTER;
use crate::lint::context::Context;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::yaml::ScalarKind;

/// The fields whose values are texts.
const TEXTS: [&str; 5] = ["name", "description", "license", "compatibility", "allowed-tools"];

pub(super) static RULE: Rule = Rule {
    name: "spec/unquoted-text",
    severity: Severity::Warning,
    summary: "YAML takes a text for a number or a boolean",
    why: "The field is a text. Without quotes YAML takes `247` for a number and `true` for a boolean; some readers turn it back into what was \
          written, others refuse the skill.",
    evidence: &[SPEC_FRONTMATTER],
    clients: &[],
    fix: Some(Safety::Safe),
    bad: &[
        Example::Yaml("name: 247\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: true\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nlicense: 0.0\n"),
    ],
    good: &[
        Example::Yaml("name: \"247\"\ndescription: yes\nlicense: 1.2.3\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata:\n  version: 1.0\nuser-invocable: true\n"),
        Example::Yaml("name: !!str 247\ndescription: ~\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for entry in context.manifest.frontmatter.entries.iter().filter(|entry| TEXTS.contains(&entry.key.as_str())) {
        let Some(scalar) = entry.value.as_scalar() else { continue };
        if matches!(scalar.kind, ScalarKind::Bool | ScalarKind::Number) {
            let message = format!("the {} is a text, and YAML takes this for {}", entry.key, entry.value.kind_name());
            let diagnostic = sink.report(super::value_span(entry), message);
            diagnostic.help("put it in quotes");
            if context.slice(entry.value.span) == scalar.text {
                diagnostic.fix(Safety::Safe, entry.value.span, format!("\"{}\"", scalar.text));
            }
        }
    }
}
