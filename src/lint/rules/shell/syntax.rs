use super::evidence::BASH_GRAMMAR;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::shell;

pub(super) static RULE: Rule = Rule {
    name: "shell/syntax",
    severity: Severity::Warning,
    summary: "a block of shell code does not parse",
    why: "An agent copies the block into a shell, which refuses it or waits for the rest of an open quote. Blocks with placeholders in angle \
          brackets or dots are left to other rules.",
    evidence: &[BASH_GRAMMAR],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("```bash\necho \"Sorted\n```\n"),
        Example::Body("```sh\nif test -f parcels; then\n  sort parcels\n```\n"),
    ],
    good: &[
        Example::Body("```bash\nfor parcel in *.json; do\n  jq '.size' \"$parcel\"\ndone\n```\n"),
        Example::Body("```bash\nsort <file> ...\n```\n\n```console\n$ echo \"x\n```\n\n```python\nprint(\"(\")\n```\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for block in super::blocks(context) {
        let code = context.slice(block.content);
        let Some(error) = shell::first_error(code) else { continue };
        let stands_for_more = code.contains("...") || code.contains('…') || code.contains("{{");
        if stands_for_more || super::placeholders_in(context, block.content).next().is_some() {
            continue;
        }
        let span = error.shifted(block.content.start);
        // An error at the end of the block is best shown on its first line.
        let span = if context.slice(span).trim().is_empty() { block.language } else { span };
        sink.report(span, "this shell code does not parse");
    }
}
