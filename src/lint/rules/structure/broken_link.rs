use super::evidence::SPEC_REFERENCES;
use super::{Target, links};
use crate::lint::context::{Context, EntryKind};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

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
        Example::Body("Read [the terms](references/taxonomy-terms.md).\n"),
        Example::Body("Read [an example](references/example.md).\n"),
        Example::Body("Read [the guide](<references/the guide.md>).\n"),
        Example::Body("See <img src=\"assets/parcel.png\" alt=\"a parcel\">.\n"),
    ],
    good: &[
        Example::Folder("Read [the guide](./references/the%20guide.md#first).\n", &[("references/the guide.md", b"")]),
        Example::Folder("All of [the references](references/).\n", &[("references/guide.md", b"")]),
        Example::Body("Write links as `[text](file.md)`, for example [text](url) or [text](path/to/file.md).\n"),
        Example::Body("Or [text](my-skill/file.md), [text](references/your-file.md), [text](example.md).\n"),
        Example::Folder("Read [the guide](<references/the guide.md>).\n", &[("references/the guide.md", b"")]),
        Example::Body("See [the site](https://parcels.example/guide.md) and [this file](SKILL.md).\n"),
        Example::Folder("<img src=\"a.png\"> <a href=\"https://parcels.example/a.md\">a</a>\n", &[("a.png", b"")]),
        Example::Body("<!-- <img src=\"gone.png\"> -->\n\n`<a href=\"gone.md\">`\n"),
        Example::Body("```markdown\n[the guide](references/guide.md)\n```\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if context.folder.is_none() {
        return;
    }
    let html = html_links(context);
    let html = html.iter().map(|(span, destination)| (*span, super::target(destination)));
    for (span, target) in links(context).map(|(link, target)| (link.span, target)).chain(html) {
        let Target::Inside(path, _) = target else { continue };
        let is_there = path.is_empty()
            || path == crate::manifest::FILE_NAME
            || context.entry(&path).is_some_and(|entry| entry.kind != EntryKind::DanglingLink);
        // What lies in a linked folder is not listed.
        let below_link = || {
            path.match_indices('/')
                .any(|(at, _)| context.entry(&path[..at]).is_some_and(|entry| entry.kind == EntryKind::Link))
        };
        if is_there || is_example(&path) || below_link() {
            continue;
        }
        let message = format!("there is no `{path}` in this skill");
        let diagnostic = sink.report(span, message);
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

/// Whether a path stands for another: `path/to/file.md`, `my-skill/file.md`, `example.com/file.md`.
fn is_example(path: &str) -> bool {
    let mut parts = path.split('/');
    let whose = |part: &str| part.starts_with("my-") || part.starts_with("your-");
    path.starts_with("example.") || format!("/{path}").contains("/path/to/") || parts.any(whose)
}

/// What `href` and `src` of raw HTML name, outside comments.
fn html_links<'a>(context: &Context<'a>) -> Vec<(Span, &'a str)> {
    let mut found = Vec::new();
    for &html in &context.manifest.document.html {
        let text = context.slice(html);
        if text.starts_with("<!--") {
            continue;
        }
        for attribute in [" href=\"", " src=\""] {
            for (at, _) in text.match_indices(attribute) {
                let start = at + attribute.len();
                let Some(length) = text[start..].find('"') else { break };
                let span = Span::new(start, start + length).shifted(html.start);
                found.push((span, context.slice(span)));
            }
        }
    }
    found
}
