use super::evidence::POSIX_REDIRECTION;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "shell/angle-placeholder",
    severity: Severity::Info,
    summary: "a placeholder in angle brackets is a redirection to a shell",
    why: "`get <id>` reads from a file called `id` and writes to whatever follows. A placeholder in capitals, or in quotes, is copied \
          without harm.",
    evidence: &[POSIX_REDIRECTION],
    clients: &[],
    fix: None,
    bad: &[Example::Body("```bash\npost get <parcel-id> --json\n```\n")],
    good: &[
        Example::Body(
            "```bash\npost get PARCEL_ID \"<note>\"\nsort < parcels > sorted\nsort <(cat parcels)\ncat <<EOF\n<id>\nEOF\n```\n",
        ),
        Example::Body("```text\npost get <parcel-id>\n```\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut first = None;
    let mut count = 0;
    for block in super::blocks(context) {
        let code = context.slice(block.content).as_bytes();
        // The text of a here-document is no command.
        if memchr::memchr_iter(b'<', code).any(|at| code.get(at + 1) == Some(&b'<')) {
            continue;
        }
        for placeholder in super::placeholders_in(context, block.content) {
            first.get_or_insert(placeholder);
            count += 1;
        }
    }
    if let Some(span) = first {
        let placeholder = context.slice(span);
        let message = match count {
            1 => format!("a shell takes `{placeholder}` for a redirection"),
            count => format!("a shell takes `{placeholder}` for a redirection, and {} more", count - 1),
        };
        sink.report(span, message).help("write it in capitals: `ID`");
    }
}
