use super::evidence::SPEC_NAME;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "spec/missing-name",
    severity: Severity::Error,
    summary: "the frontmatter has no `name`",
    why: "The name is what agents call the skill by. It is required.",
    evidence: &[SPEC_NAME],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("description: Sorts parcels.\n"),
        Example::Yaml("description: Sorts parcels.\nmetadata:\n  name: my-skill\n"),
        Example::Yaml("   \n"),
    ],
    good: &[Example::Yaml("description: Sorts parcels.\nname: my-skill\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(span) = super::lacking(context, "name") {
        let diagnostic = sink.report(span, "the frontmatter has no `name`");
        match context.folder {
            Some(folder) if !folder.name.is_empty() => {
                diagnostic.help(format!("add `name: {}`, the name of its folder", folder.name));
            }
            _ => {
                diagnostic.help("add `name:` with the name of its folder");
            }
        }
    }
}
