use super::evidence::SPEC_BODY;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "text/todo-marker",
    severity: Severity::Warning,
    summary: "a note to the author was left in the text",
    why: "An agent reads \"TODO: describe the limits\" as an instruction.",
    evidence: &[SPEC_BODY],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("TODO: say how parcels are sorted\n"),
        Example::Yaml("name: my-skill\ndescription: \"[TODO: what it does and when to use it]\"\n"),
        Example::Body("- FIXME: weights are wrong\n"),
    ],
    good: &[
        Example::Body("Collect every TODO in the code, and write `TODO: fix` where something is missing.\n"),
        Example::Body("Keep a todo: list of parcels.\n\n```python\n# TODO: sort\n```\n"),
        Example::Body("Look for \"TODO: x\" and 'FIXME: y' in the sources.\n"),
    ],
    check: Check::Literals(&["TODO:", "[TODO", "FIXME:", "[FIXME", "[TBD]", "TBD:"], check),
};

fn check(context: &Context<'_>, hits: &[Span], sink: &mut Sink<'_>) {
    let text = context.text();
    let mut last = 0;
    for &hit in hits {
        let written = &text[hit.range()];
        let upper = !written.chars().any(|c| c.is_ascii_lowercase());
        let before = text[..hit.start].chars().next_back();
        let quoted =
            before.is_some_and(|c| c.is_alphanumeric() || "\"'“‘`".contains(c)) && !in_yaml_quotes(context, hit);
        if upper && !quoted && hit.start >= last && !context.in_code(hit) {
            last = context.line_around(hit.start).end;
            sink.report(hit, "a note to the author was left here");
        }
    }
}

/// A quote in frontmatter may be YAML's own.
fn in_yaml_quotes(context: &Context<'_>, hit: Span) -> bool {
    context.manifest.frontmatter.entries.iter().any(|entry| entry.value.span.start + 1 == hit.start)
}
