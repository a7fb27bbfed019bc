//! Shell code in fenced blocks: what an agent copies into a terminal.

mod angle_placeholder;
mod syntax;
mod two_spellings;
mod unpinned_runner;

use super::evidence;
use crate::lint::context::Context;
use crate::lint::rule::Rule;
use crate::manifest::document::{CodeBlock, Fence};
use crate::manifest::source::{Span, lines_in, trimmed};

pub(in crate::lint) static RULES: &[&Rule] =
    &[&syntax::RULE, &angle_placeholder::RULE, &two_spellings::RULE, &unpinned_runner::RULE];

/// Fenced blocks of shell code.
fn blocks<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a CodeBlock> {
    let manifest = context.manifest;
    manifest.document.code_blocks.iter().filter(move |block| {
        matches!(block.fence, Fence::Fenced { closed: true })
            && matches!(manifest.text(block.language), "bash" | "sh" | "shell")
    })
}

/// The lines of shell blocks that hold commands, without white space around them.
fn commands<'a>(context: &'a Context<'a>) -> impl Iterator<Item = Span> + 'a {
    let text = context.text();
    blocks(context)
        .flat_map(move |block| lines_in(text, block.content))
        .map(move |line| trimmed(text, line))
        .filter(move |line| !line.is_empty() && !text[line.range()].starts_with('#'))
}

/// The placeholders in a block of code, a span each.
fn placeholders_in<'a>(context: &'a Context<'a>, code: Span) -> impl Iterator<Item = Span> + 'a {
    let bytes = context.slice(code).as_bytes();
    let mut done = code.start;
    memchr::memchr_iter(b'<', bytes)
        .filter_map(move |at| {
            let at = code.start + at;
            let line = context.line_around(at);
            // One line may hold several.
            (at >= done).then(|| done = line.end)?;
            Some(
                placeholders(context.slice(line))
                    .map(move |(at, word)| Span::new(at, at + word.len()).shifted(line.start)),
            )
        })
        .flatten()
}

/// A word in angle brackets that stands for another: `<id>`, `<skill-name>`.
fn placeholders(line: &str) -> impl Iterator<Item = (usize, &str)> {
    line.match_indices('<').filter_map(move |(at, _)| {
        let inner = &line[at + 1..];
        let end = inner.find('>')?;
        let name = &inner[..end];
        let starts = name.starts_with(char::is_alphabetic);
        let is_name = starts && name.len() <= 60 && name.chars().all(|c| c.is_alphanumeric() || " _-./|:".contains(c));
        // Quoted ones are no redirections.
        let quoted = |quote| line[..at].matches(quote).count() % 2 == 1;
        let redirection = line[..at].ends_with('<');
        (is_name && !quoted('"') && !quoted('\'') && !redirection).then_some((at, &line[at..at + end + 2]))
    })
}
