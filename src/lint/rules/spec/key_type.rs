use super::evidence::SPEC_FRONTMATTER;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;
use crate::manifest::yaml::ScalarKind;

pub(super) static RULE: Rule = Rule {
    name: "spec/key-type",
    severity: Severity::Error,
    summary: "a key of the frontmatter is no text",
    why: "The specification's fields have names. A number, a boolean or a list as a key is refused by readers that expect texts.",
    evidence: &[SPEC_FRONTMATTER],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\n1: heavy\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\n[a, b]: heavy\n"),
    ],
    good: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata:\n  \"1\": heavy\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for entry in &context.manifest.frontmatter.entries {
        let written = context.slice(entry.key_span);
        let plain = written.starts_with(|c: char| c.is_ascii_digit() || "[{~+-.tTfFnN".contains(c));
        if !plain && !entry.key.is_empty() {
            continue;
        }
        let kind = crate::manifest::yaml::plain_kind(written);
        if kind != ScalarKind::Text || written.starts_with(['[', '{']) {
            let span = if entry.key_span.is_empty() { Span::at(entry.key_span.start) } else { entry.key_span };
            sink.report(span, format!("the key `{written}` is no text"))
                .help("a field has a name; put it in quotes under `metadata`, or remove it");
        }
    }
}
