//! What a manifest refers to: files, sections, steps; and whether its own blocks and headings are whole.

mod absolute_link;
mod backslash_link;
mod broken_anchor;
mod broken_link;
mod deep_link;
mod heading_jump;
mod link_leaves_skill;
mod missing_step;
mod unclosed_fence;
mod unmentioned_file;

use std::borrow::Cow;

use super::evidence;
use crate::lint::context::Context;
use crate::lint::rule::Rule;
use crate::manifest::document::Link;

pub(in crate::lint) static RULES: &[&Rule] = &[
    &broken_link::RULE,
    &link_leaves_skill::RULE,
    &absolute_link::RULE,
    &backslash_link::RULE,
    &deep_link::RULE,
    &broken_anchor::RULE,
    &unmentioned_file::RULE,
    &unclosed_fence::RULE,
    &heading_jump::RULE,
    &missing_step::RULE,
];

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
enum Target<'a> {
    /// Somewhere on the network, or to a person.
    Elsewhere,
    /// To a heading of the same file.
    Anchor(&'a str),
    /// To a path that does not depend on where the skill stands.
    Absolute,
    /// To a file out of the skill's folder.
    Outside,
    /// To a file of the skill: the path without `.` and `..`, and how many folders deep.
    Inside(String, usize),
    /// It is no path but a pattern for one.
    Pattern,
}

/// Links of the body and where they lead.
fn links<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a Link, Target<'a>)> {
    context.manifest.document.links.iter().filter(|link| !link.autolink).map(|link| (link, target(&link.destination)))
}

fn target(destination: &str) -> Target<'_> {
    if let Some(anchor) = destination.strip_prefix('#') {
        return Target::Anchor(anchor);
    }
    let scheme = destination.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        scheme.len() > 1
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
            && scheme != "file"
    };
    if destination.starts_with("//") || destination.is_empty() || scheme.is_some_and(is_scheme) {
        return Target::Elsewhere;
    }
    let drive = scheme.is_some_and(|scheme| scheme.len() == 1 && scheme.starts_with(|c: char| c.is_ascii_alphabetic()));
    if destination.starts_with(['/', '\\', '~']) || drive || scheme == Some("file") {
        return Target::Absolute;
    }
    let path = destination.split(['#', '?']).next().unwrap_or_default();
    let looks_like_a_path = path.contains('/') || path.contains('.');
    if !looks_like_a_path || path.contains(['{', '}', '<', '>', '$', '*', '|']) || path.contains("...") {
        return Target::Pattern;
    }
    let path = percent_decoded(path);
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        if part == ".." {
            if parts.pop().is_none() {
                return Target::Outside;
            }
        } else if !matches!(part, "" | ".") {
            parts.push(part);
        }
    }
    let depth = parts.len().saturating_sub(1);
    Target::Inside(parts.join("/"), depth)
}

fn percent_decoded(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            decoded.push(byte);
            at += 3;
        } else {
            decoded.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(path), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_told_apart() {
        for (destination, expected) in [
            ("https://a.example/b.md", Target::Elsewhere),
            ("mailto:a@b.example", Target::Elsewhere),
            ("#a", Target::Anchor("a")),
            ("/a.md", Target::Absolute),
            ("C:\\a.md", Target::Absolute),
            ("file:///a.md", Target::Absolute),
            ("../a.md", Target::Outside),
            ("a/../../b.md", Target::Outside),
            ("./a/./b.md#c", Target::Inside("a/b.md".to_owned(), 1)),
            ("a/../b%20c.md", Target::Inside("b c.md".to_owned(), 0)),
            ("a b.md", Target::Inside("a b.md".to_owned(), 0)),
            ("url", Target::Pattern),
            ("<a>/b.md", Target::Pattern),
        ] {
            assert_eq!(target(destination), expected, "{destination}");
        }
    }
}
