//! Commands that an agent is told to run: those in blocks of code, and code in a sentence or a table that says so.

use std::borrow::Cow;

use super::speaks_against;
use crate::lint::context::Context;
use crate::manifest::actions::unescape;
use crate::manifest::source::Span;

/// The command that `hit` is a part of, if it is one that is to be run.
pub(super) fn command_at(context: &Context<'_>, hit: Span) -> Option<Span> {
    if context.in_code_block(hit) { Some(command_around(context, hit.start)) } else { told_to_run(context, hit) }
}

/// A part of the command around `hit` as a shell gets it: in a cell of a table Markdown reads `\|` as a bar, in code as well, and so does
/// whoever reads it unrendered.
pub(super) fn as_run<'t>(context: &Context<'_>, hit: Span, part: &'t str) -> Cow<'t, str> {
    if context.in_code_block(hit) { Cow::Borrowed(part) } else { Cow::Owned(unescape(part)) }
}

/// The command around an offset: its line, and those that a backslash, or in code a pipe or `&&`, joins to it.
pub(super) fn command_around(context: &Context<'_>, offset: usize) -> Span {
    /// Longer commands are not looked at to their ends.
    const MAX_LINES: usize = 20;
    let in_code = context.in_code_block(Span::at(offset));
    let goes_on = |line: Span| {
        let line = context.slice(line).trim();
        // A line that starts with a bar is the row of a table.
        line.ends_with('\\') || in_code && (line.ends_with("&&") || line.ends_with('|') && !line.starts_with('|'))
    };
    let mut first = context.line_around(offset);
    let mut last = first;
    for _ in 0..MAX_LINES {
        first = context.line_above(first).filter(|above| goes_on(*above)).unwrap_or(first);
        last = context.line_below(last).filter(|_| goes_on(last)).unwrap_or(last);
    }
    Span::new(first.start, last.end)
}

/// The code span around `hit`, where its sentence or the head of its table tells to run it and does not talk about it, or where a `!`
/// before it has Claude Code run it when the skill is loaded.
fn told_to_run(context: &Context<'_>, hit: Span) -> Option<Span> {
    const TELLS: [&str; 5] = ["run", "install", "execute", "paste", "type"];
    const HEADS: [&str; 4] = ["command", "commands", "step", "steps"];
    const TALKS: [&str; 10] =
        ["such as", "like", "e.g.", "example", "pattern", "warn", "report", "find", "look for", "check"];
    /// Bytes of a line on either side that have a say: a line may be all of the manifest, and hold a hundred thousand spans.
    const NEAR: usize = 512;
    let spans = &context.manifest.document.code_spans;
    let span = *spans.get(spans.partition_point(|span| span.end <= hit.start))?;
    let code = Some(Span::new(span.start + 1, span.end - 1)).filter(|code| code.contains(hit))?;
    let text = context.text();
    if text[..span.start].ends_with('!') {
        return Some(code);
    }
    let line = context.line_around(hit.start);
    let start = line.start.max(text.ceil_char_boundary(span.start.saturating_sub(NEAR)));
    let end = line.end.min(text.floor_char_boundary(text.len().min(span.end + NEAR)));
    let head = head_of_table(context, line).map_or("", |head| context.slice(head)).to_lowercase();
    let before = context.slice(Span::new(start, span.start.max(start))).to_lowercase();
    let words = format!("{head} {before}");
    let any_of = |text: &str, any: &[&str]| text.split(|c: char| !c.is_alphanumeric()).any(|word| any.contains(&word));
    let tells = any_of(&words, &TELLS) || any_of(&head, &HEADS);
    let talks =
        || TALKS.iter().any(|word| words.contains(word)) || speaks_against(context.slice(Span::new(start, end)));
    (tells && !talks()).then_some(code)
}

/// The first row of the table that a line is a row of; of a very long table nothing.
fn head_of_table(context: &Context<'_>, row: Span) -> Option<Span> {
    const MAX_ROWS: usize = 100;
    let is_row = |line: Span| context.slice(line).trim_start().starts_with('|');
    let above = |line: &Span| context.line_above(*line).filter(|above| is_row(*above));
    let rows = std::iter::successors(Some(row).filter(|row| is_row(*row)), above).skip(1).take(MAX_ROWS);
    rows.last().filter(|head| above(head).is_none())
}
