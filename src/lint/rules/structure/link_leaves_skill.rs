use super::evidence::SPEC_REFERENCES;
use super::{Target, links};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::FILE_NAME;
use crate::manifest::document::Link;

pub(super) static RULE: Rule = Rule {
    name: "structure/link-leaves-skill",
    severity: Severity::Warning,
    summary: "a link leads out of the skill's folder",
    why: "A skill is installed as its folder; what lies beside or above it stays behind. A link out of it may also lead an agent to files \
          that are none of the skill's business.",
    evidence: &[SPEC_REFERENCES],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("Read [the rest](../other/SKILL.md).\n"),
        Example::Body("Read [the rest](../../rest.md) and [more](..%2fmore.md).\n"),
    ],
    good: &[Example::Folder("Read [the rest](references/../rest.md).\n", &[("rest.md", b"")])],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut siblings: Vec<(&Link, &str)> = Vec::new();
    for (link, _) in links(context).filter(|(_, target)| *target == Target::Outside) {
        if let Some(name) = sibling(&link.destination) {
            siblings.push((link, name));
            continue;
        }
        sink.report(link.span, format!("`{}` leads out of the skill's folder", link.destination))
            .help("copy the file into the skill");
    }
    // Skills that belong together point at each other, often; once is enough.
    if let [(first, name), rest @ ..] = siblings.as_slice() {
        let message = match rest.len() {
            0 => format!("`{}` leads to another skill, which need not be installed", first.destination),
            count => {
                format!(
                    "`{}` and {count} more links lead to other skills, which need not be installed",
                    first.destination
                )
            }
        };
        sink.report(first.span, message).help(format!("call it by its name, `{name}`, so that an agent can find it"));
    }
}

/// The skill beside this one that a link leads to: `../NAME/SKILL.md`.
fn sibling(destination: &str) -> Option<&str> {
    let (name, file) = destination.strip_prefix("../")?.split_once('/')?;
    let file = file.split('#').next().unwrap_or(file);
    (name != ".." && (file == FILE_NAME || file.is_empty())).then_some(name)
}
