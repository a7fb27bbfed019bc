use super::evidence::SPEC_REFERENCES;
use super::{Target, links};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "structure/absolute-link",
    severity: Severity::Warning,
    summary: "a link leads to an absolute path",
    why: "The specification asks for paths relative to the skill: an absolute one holds on one machine only.",
    evidence: &[SPEC_REFERENCES],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("Read [the guide](/home/me/guide.md).\n"),
        Example::Body("Read [the guide](C:/guides/guide.md).\n"),
        Example::Body("Read [the guide](~/guide.md).\n"),
    ],
    good: &[
        Example::Body("Read [the guide](https://parcels.example/guide.md) or [call](tel:123).\n"),
        Example::Body("The file `/etc/hosts` is [standard](#standard).\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (link, target) in links(context) {
        if target == Target::Absolute {
            sink.report(link.span, format!("`{}` is an absolute path", link.destination))
                .help("link to a file of the skill, relative to its folder");
        }
    }
}
