use super::evidence::SPEC_DESCRIPTION;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "spec/missing-description",
    severity: Severity::Error,
    summary: "the frontmatter has no `description`",
    why: "The description is all that an agent knows of a skill before it loads it. It is required.",
    evidence: &[SPEC_DESCRIPTION],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\n"),
        Example::File("---\nname: my-skill\n---\ndescription: Sorts parcels.\n---\n"),
    ],
    good: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels.\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(span) = super::lacking(context, "description") {
        sink.report(span, "the frontmatter has no `description`")
            .help("say in a sentence or two what the skill does and when to use it");
    }
}
