use super::evidence::SPEC_BODY;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "text/template-syntax",
    severity: Severity::Warning,
    summary: "template syntax was left in the text",
    why: "`{{ name }}` outside code is a slot that a generator did not fill. In frontmatter and headings it is a warning, in running text, \
          which may be about templates, a hint.",
    evidence: &[SPEC_BODY],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: \"Sorts {{ things }} by size.\"\n"),
        Example::Body("# {{ title }}\n"),
        Example::Body("Sort the {% if heavy %}heavy{% endif %} parcels.\n"),
    ],
    good: &[
        Example::Body("Write `{{ name }}`:\n\n```jinja\n{% for parcel in parcels %}\n```\n\n    {{ indented }}\n"),
        Example::Body("Use ${{ secrets.TOKEN }} in a workflow, and {braces} anywhere.\n"),
    ],
    check: Check::Literals(&["{{", "{%", "<%="], check),
};

fn check(context: &Context<'_>, hits: &[Span], sink: &mut Sink<'_>) {
    let text = context.text();
    let mut in_text = None;
    for &hit in hits {
        let line = context.line_around(hit.start);
        let closing = match &text[hit.range()] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "%>",
        };
        let Some(len) = text[hit.end..line.end].find(closing) else { continue };
        let span = Span::new(hit.start, hit.end + len + closing.len());
        if text[..hit.start].ends_with('$') || context.in_code(span) {
            continue;
        }
        let headings = &context.manifest.document.headings;
        if context.in_frontmatter(span) || headings.iter().any(|heading| heading.span.contains(span)) {
            sink.report(span, "template syntax was left here");
        } else {
            in_text = in_text.or(Some(span));
        }
    }
    if let Some(span) = in_text {
        sink.report(span, "this looks like template syntax")
            .at_most(Severity::Info)
            .help("put it in backticks if it is meant");
    }
}
