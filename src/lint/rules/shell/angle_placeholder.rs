use super::evidence::POSIX_REDIRECTION;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::shell::Block;

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
    let mut placeholders = context.shell().iter().flat_map(Block::placeholders);
    let Some(span) = placeholders.next() else { return };
    let placeholder = context.slice(span);
    let message = match placeholders.count() {
        0 => format!("a shell takes `{placeholder}` for a redirection"),
        more => format!("a shell takes `{placeholder}` for a redirection, and {more} more"),
    };
    sink.report(span, message).help("write it in capitals: `ID`");
}
