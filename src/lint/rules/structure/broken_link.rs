use super::evidence::SPEC_REFERENCES;
use super::{Target, links};
use crate::lint::context::{Context, EntryKind};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

/// Parts of paths that stand for others in examples.
const EXAMPLES: [&str; 4] = ["path/to/", "your-", "example.", "my-"];

pub(super) static RULE: Rule = Rule {
    name: "structure/broken-link",
    severity: Severity::Warning,
    summary: "a link leads to a file that the skill does not have",
    why: "An agent that follows the link finds nothing, and what it should have read there is lost.",
    evidence: &[SPEC_REFERENCES],
    clients: &[],
    fix: None,
    bad: &[
        Example::Folder("Read [the guide](references/guide.md).\n", &[("references/other.md", b"")]),
        Example::Folder("Read [the guide](GUIDE.md#first).\n", &[("guide.md", b"")]),
    ],
    good: &[
        Example::Folder("Read [the guide](./references/the%20guide.md#first).\n", &[("references/the guide.md", b"")]),
        Example::Folder("All of [the references](references/).\n", &[("references/guide.md", b"")]),
        Example::Body("Write links as `[text](file.md)`, for example [text](url) or [text](path/to/file.md).\n"),
        Example::Body("See [the site](https://parcels.example/guide.md) and [this file](SKILL.md).\n"),
        Example::Body("```markdown\n[the guide](references/guide.md)\n```\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if context.folder.is_none() {
        return;
    }
    for (link, target) in links(context) {
        let Target::Inside(path, _) = target else { continue };
        let is_there = path.is_empty()
            || path == crate::manifest::FILE_NAME
            || context.entry(&path).is_some_and(|entry| entry.kind != EntryKind::DanglingLink);
        // What lies in a linked folder is not listed.
        let below_link = || {
            path.match_indices('/')
                .any(|(at, _)| context.entry(&path[..at]).is_some_and(|entry| entry.kind == EntryKind::Link))
        };
        if is_there || EXAMPLES.iter().any(|example| path.contains(example)) || below_link() {
            continue;
        }
        let message = format!("there is no `{path}` in this skill");
        let diagnostic = sink.report(link.span, message);
        let name = path.rsplit('/').next().unwrap_or(&path);
        let files = context.folder.map_or(&[][..], |folder| &folder.files);
        let alike = files
            .iter()
            .find(|entry| entry.path.rsplit('/').next().is_some_and(|other| other.eq_ignore_ascii_case(name)));
        if let Some(alike) = alike {
            diagnostic.help(format!("did you mean `{}`?", alike.path));
        }
    }
}
