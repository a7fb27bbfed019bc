use super::evidence::SPEC_NAME;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "spec/name-hyphens",
    severity: Severity::Error,
    summary: "the `name` starts or ends with a hyphen, or has two in a row",
    why: "The specification forbids it, and readers that split a file at `---` break on a name with three.",
    evidence: &[SPEC_NAME],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill-\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: \"-my-skill\"\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my--skill\ndescription: Sorts parcels.\n"),
    ],
    good: &[Example::Yaml("name: my-very-own-skill\ndescription: Sorts parcels.\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some((entry, name)) = super::text_field(context, "name") else { return };
    let message = if name.starts_with('-') {
        "a name must not start with a hyphen"
    } else if name.ends_with('-') {
        "a name must not end with a hyphen"
    } else if name.contains("--") {
        "a name must not have two hyphens in a row"
    } else {
        return;
    };
    sink.report(entry.value.span, message);
}
