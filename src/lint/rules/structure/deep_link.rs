use super::evidence::SPEC_REFERENCES;
use super::{Target, links};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

/// Folders that a file may stand under without a word.
const FOLDERS: usize = 1;

pub(super) static RULE: Rule = Rule {
    name: "structure/deep-link",
    severity: Severity::Warning,
    summary: "a link leads to a file more than one folder deep",
    why: "The specification asks to keep references one level deep: agents read what is near and overlook chains. Two folders are a hint, \
          three and more a warning.",
    evidence: &[SPEC_REFERENCES],
    clients: &[],
    fix: None,
    bad: &[Example::Folder("Read [this](references/a/b/c.md).\n", &[("references/a/b/c.md", b"")])],
    good: &[
        Example::Folder("Read [this](references/c.md).\n", &[("references/c.md", b"")]),
        Example::Body("Read [this](https://parcels.example/a/b/c/d.md).\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (link, target) in links(context) {
        let Target::Inside(path, depth) = target else { continue };
        if depth > FOLDERS {
            let diagnostic =
                sink.report(link.span, format!("`{path}` stands {depth} folders deep, and one is recommended"));
            if depth == FOLDERS + 1 {
                diagnostic.at_most(Severity::Info);
            }
        }
    }
}
