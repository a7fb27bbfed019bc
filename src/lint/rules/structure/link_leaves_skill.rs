use super::evidence::SPEC_REFERENCES;
use super::{Target, links};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "structure/link-leaves-skill",
    severity: Severity::Warning,
    summary: "a link leads out of the skill's folder",
    why: "A skill is installed as its folder; what lies beside or above it stays behind. A link out of it may also lead an agent to files \
          that are none of the skill's business.",
    evidence: &[SPEC_REFERENCES],
    clients: &[],
    fix: None,
    bad: &[Example::Body("Read [the rest](../other/SKILL.md).\n")],
    good: &[Example::Folder("Read [the rest](references/../rest.md).\n", &[("rest.md", b"")])],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for (link, target) in links(context) {
        if target == Target::Outside {
            sink.report(link.span, format!("`{}` leads out of the skill's folder", link.destination))
                .help("copy the file into the skill");
        }
    }
}
