use super::evidence::SPEC_NAME;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

const MAX: usize = 64;

pub(super) static RULE: Rule = Rule {
    name: "spec/name-length",
    severity: Severity::Error,
    summary: "the `name` is empty or longer than 64 characters",
    why: "The specification allows 1 to 64 characters; agents refuse longer names or cut them.",
    evidence: &[SPEC_NAME],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml(
            "name: a-name-that-goes-on-and-on-until-it-is-longer-than-sixty-four-letters\ndescription: Sorts parcels.\n",
        ),
        Example::Yaml("name: \"\"\ndescription: Sorts parcels.\n"),
    ],
    good: &[Example::Yaml(
        "name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\ndescription: Sorts parcels.\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some((entry, name)) = super::text_field(context, "name") else { return };
    let length = name.chars().count();
    if length == 0 {
        sink.report(super::value_span(entry), "the name is empty");
    } else if length > MAX {
        sink.report(entry.value.span, format!("the name has {length} characters, and at most {MAX} are allowed"));
    }
}
