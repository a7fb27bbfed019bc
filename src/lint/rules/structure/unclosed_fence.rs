use super::evidence::COMMONMARK_FENCES;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::document::Fence;
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "structure/unclosed-fence",
    severity: Severity::Warning,
    summary: "a fenced block of code is never closed",
    why: "Everything after the fence, headings and instructions included, is code to a Markdown reader.",
    evidence: &[COMMONMARK_FENCES],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("```bash\nls\n\n## Then\n\nSort the parcels.\n"),
        Example::Body("````markdown\n```bash\nls\n```\n"),
    ],
    good: &[Example::Body("~~~~markdown\n```bash\n~~~~\n\n- In a list:\n  ```bash\n  ls\n  ```\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for block in &context.manifest.document.code_blocks {
        if block.fence == (Fence::Fenced { closed: false }) {
            let first_line = context.slice(block.span).split(['\n', '\r']).next().unwrap_or_default();
            let span = Span::new(block.span.start, block.span.start + first_line.len());
            // A fence that closes nothing at the end: one before it was closed by a fence meant to stand in it.
            let nested = context.slice(block.content).trim().is_empty();
            sink.report(span, "this fence is never closed").help(if nested {
                "if it was meant to close a block that holds fences of its own, that block needs more marks than they have"
            } else {
                "close it with a line of as many marks"
            });
        }
    }
}
