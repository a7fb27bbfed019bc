use super::evidence::{CODEX_LOADER, GEMINI_LOADER};
use crate::lint::context::Context;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "text/byte-order-mark",
    severity: Severity::Warning,
    summary: "the file starts with a byte order mark",
    why: "Agents look for `---` at the very start of the file. With an invisible mark before it several of them drop the skill without a \
          word.",
    evidence: &[CODEX_LOADER, GEMINI_LOADER],
    clients: &[],
    fix: Some(Safety::Safe),
    bad: &[Example::File("\u{feff}---\nname: my-skill\ndescription: Sorts parcels.\n---\n")],
    good: &[Example::File("---\nname: my-skill\ndescription: Sorts parcels.\n---\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let length = context.manifest.source.bom_len();
    if length > 0 {
        let mark = Span::new(0, length);
        sink.report(mark, "a byte order mark stands before the frontmatter").help("save the file without it").fix(
            Safety::Safe,
            mark,
            "",
        );
    }
}
