use super::evidence::SPEC_REFERENCES;
use super::{Target, links};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "structure/backslash-link",
    severity: Severity::Warning,
    summary: "a link to a file is written with backslashes",
    why: "Only Windows takes a backslash for the end of a folder's name. Elsewhere it is a part of the name, and there is no such file; \
          slashes are understood everywhere.",
    evidence: &[SPEC_REFERENCES],
    clients: &[],
    fix: None,
    bad: &[Example::Folder("Read [the guide](references\\\\guide.md).\n", &[("references/guide.md", b"")])],
    good: &[
        Example::Folder("Read [the guide](references/guide.md).\n", &[("references/guide.md", b"")]),
        Example::Body("Write `references\\guide.md` never, and [see](https://parcels.example/a\\b).\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (link, target) in links(context) {
        if matches!(target, Target::Inside(..) | Target::Outside) && link.destination.contains('\\') {
            let slashes = link.destination.replace('\\', "/");
            sink.report(link.span, format!("`{}` has backslashes", link.destination))
                .help(format!("write it with slashes: `{slashes}`"));
        }
    }
}
