use super::evidence::SPEC_DISCLOSURE;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

const MAX: usize = 500;

pub(super) static RULE: Rule = Rule {
    name: "spec/body-length",
    severity: Severity::Warning,
    summary: "the manifest's body has more than 500 lines",
    why: "The whole body is loaded when the skill is used. The specification asks to keep it under 500 lines and to move detail to files \
          that are read when they are needed.",
    evidence: &[SPEC_DISCLOSURE],
    clients: &[],
    fix: None,
    bad: &[Example::Words("a body of 501 lines")],
    good: &[Example::Words("a body of 500 lines")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let source = &context.manifest.source;
    let body = context.manifest.document.span;
    // Most bodies are shorter than that in bytes.
    if body.len() <= MAX {
        return;
    }
    let text = context.text()[body.range()].trim_end();
    let lines = source.position(body.start + text.len()).line + 1 - source.position(body.start).line;
    if lines > MAX {
        let first_over = source.line(source.position(body.start).line + MAX).unwrap_or(Span::at(body.end));
        sink.report(first_over, format!("the body has {lines} lines, and under {MAX} are recommended"))
            .help("move detail to files under `references/` and say when to read them");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::tests::findings;

    #[test]
    fn blank_lines_at_the_end_do_not_count() {
        let manifest =
            |lines| format!("---\nname: my-skill\ndescription: x\n---\n{}\n\n\n", "line\n".repeat(lines)).into_bytes();
        assert_eq!(findings(super::RULE.name, manifest(500)), 0);
        assert_eq!(findings(super::RULE.name, manifest(501)), 1);
    }
}
