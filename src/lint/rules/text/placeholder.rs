use super::evidence::SPEC_BODY;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "text/placeholder",
    severity: Severity::Warning,
    summary: "a placeholder stands where text should",
    why: "Converters put marks such as CODEBLOCK0 in the place of code and fill them in again at the end; where they did not, the command \
          is lost. Filler text says nothing at all.",
    evidence: &[SPEC_BODY],
    clients: &[],
    fix: None,
    bad: &[Example::Body("Run this:\n\nCODEBLOCK0\n"), Example::Body("Lorem ipsum dolor sit amet.\n")],
    good: &[Example::Body("A codeblock 0 is not `CODEBLOCK0`, and CODEBLOCKS are many.\n")],
    check: Check::Literals(
        &["CODEBLOCK", "INLINECODE", "CODE_BLOCK_", "Lorem ipsum dolor", "lorem ipsum dolor"],
        check,
    ),
};

fn check(context: &Context<'_>, hits: &[Span], sink: &mut Sink<'_>) {
    let text = context.text();
    for &hit in hits {
        let written = &text[hit.range()];
        let digits = text[hit.end..].bytes().take_while(u8::is_ascii_digit).count();
        let filler = written.eq_ignore_ascii_case("lorem ipsum dolor");
        let mark = digits > 0 && !written.chars().any(|c| c.is_ascii_lowercase());
        if (filler || mark) && !context.in_code(hit) {
            let span = Span::new(hit.start, hit.end + digits);
            sink.report(span, format!("the placeholder `{}` stands here", &text[span.range()]));
        }
    }
}
