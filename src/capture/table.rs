//! Tables put right: rows whose cells run together, delimiter rows of one column, rows spread over several lines.

use std::collections::HashSet;

use super::flattened::{self, Cells, Context, Reading};
use super::ledger::{Rule, Rules};
use super::line::Line;
use crate::manifest::actions;
use crate::manifest::source::Span;

const HEADER: &str = "namekeydescription";
/// A row is spread over no more lines, and goes on in no more bytes.
const MAX_PARTS: usize = 32;
const MAX_ROW: usize = 4096;

/// A row that holds no key, or what seems to be one.
#[derive(Debug)]
pub(crate) struct LostRow {
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// Takes the flattened rows of one section apart: from a header whose cells run together, or the first row where there is none, to
/// the end of the block. `keys` are those of the same rows in a translation, where there is one.
pub(crate) fn unflatten(lines: &mut Vec<Line<'_>>, keys: &[String]) -> Vec<LostRow> {
    let is_row = |line: &Line<'_>| {
        !line.text.contains('|')
            && matches!(flattened::read(line.words(), &Context::default()), Reading::Certain(cells) if cells.key.contains('-'))
    };
    let header = lines.iter().position(is_flat_header);
    let Some(top) = header.or_else(|| lines.iter().position(is_row)) else { return Vec::new() };
    let block = block_from(lines, top + usize::from(header.is_some()));
    let mut verbs = HashSet::new();
    let mut count = 0;
    for line in &lines[block.clone()] {
        match flattened::read(line.words(), &Context::default()) {
            Reading::Certain(cells) => {
                verbs.insert(cells.key.split(['-', '_', '.']).next().unwrap_or_default().to_owned());
                count += 1;
            }
            Reading::Doubtful(..) => count += 1,
            Reading::None => {}
        }
    }
    // The translation's keys help only when it has the same rows.
    let keys = if keys.len() == count { keys } else { &[] };
    let mut table = Table { rows: Vec::new(), lost: Vec::new() };
    let mut context = Context { verbs, key: None };
    for line in &lines[block.clone()] {
        context.key = keys.get(table.rows.len()).cloned();
        table.take(line, &context);
    }
    let end = table.rows.last().map_or(lines[top].span.end, |row| row.span.end);
    let rule = Rules::from(Rule::FlattenedRow);
    let mut restored = vec![
        Line::blank(lines[top].span.start),
        Line::made("| Name | Key | Description |".to_owned(), lines[top].span, rule),
        Line::made("| --- | --- | --- |".to_owned(), lines[top].span, rule),
    ];
    restored.append(&mut table.rows);
    restored.push(Line::blank(end));
    lines.splice(top..block.end, restored);
    table.lost
}

/// The keys of a flattened table in another script, where every row shows its key for certain.
pub(crate) fn keys_between_other_letters(lines: &[Line<'_>]) -> Vec<String> {
    let certain = |line: &Line<'_>| match flattened::read(line.words(), &Context::default()) {
        Reading::Certain(Cells { name, key, .. }) if name.ends_with(|c: char| !c.is_ascii()) => Some(key.to_owned()),
        _ => None,
    };
    lines.iter().filter_map(certain).collect()
}

/// Whether a line is the header of an action table whose cells run together.
pub(crate) fn is_flat_header(line: &Line<'_>) -> bool {
    let words = line.words();
    words.len() <= 64
        && !words.contains('|')
        && words.split_whitespace().collect::<String>().eq_ignore_ascii_case(HEADER)
}

struct Table<'t> {
    rows: Vec<Line<'t>>,
    lost: Vec<LostRow>,
}

impl Table<'_> {
    fn take(&mut self, line: &Line<'_>, context: &Context) {
        if line.is_blank() {
            return;
        }
        let rules = line.rules.with(Rule::FlattenedRow);
        match flattened::read(line.words(), context) {
            Reading::Certain(cells) => self.rows.push(Line::made(row(&cells), line.span, rules)),
            Reading::Doubtful(readings, why) => {
                let Some(first) = readings.first() else { return };
                let mut made = Line::made(row(first), line.span, rules);
                made.doubt(readings.iter().map(Cells::shown).collect(), why);
                self.rows.push(made);
            }
            Reading::None => self.go_on(line),
        }
    }

    /// A line without a key goes on with the row above, whose description held code.
    fn go_on(&mut self, line: &Line<'_>) {
        let words = line.words();
        let Some(above) = self.rows.last_mut().filter(|above| above.text.len() + words.len() <= MAX_ROW) else {
            self.lost.push(LostRow { span: line.span, text: words.to_owned() });
            return;
        };
        let before = above.text.trim_end_matches(['|', ' ']).to_owned();
        let joined = format!("{before} {} |", actions::escape(words));
        above.rewrite(joined, Rule::CodeSpan);
        above.span.end = line.span.end;
        let alternatives = vec![format!("the description goes on with {words:?}"), "it ends before".to_owned()];
        above.doubt(alternatives, "the line under the row has no key of its own");
    }
}

fn row(cells: &Cells<'_>) -> String {
    let [name, key, description] = [cells.name, cells.key, cells.description].map(actions::escape);
    format!("| {name} | {key} | {description} |")
}

/// The lines of the table that starts at `start`: up to a blank line that no further row follows, or a heading.
fn block_from(lines: &[Line<'_>], start: usize) -> std::ops::Range<usize> {
    let mut end = start;
    let mut at = start;
    while let Some(line) = lines.get(at) {
        if line.heading().is_some() || is_flat_header(line) {
            break;
        }
        if line.is_blank() {
            let Some(next) = lines[at..].iter().position(|line| !line.is_blank()) else { break };
            at += next;
            let is_row = lines[at].heading().is_none()
                && matches!(flattened::read(lines[at].words(), &Context::default()), Reading::Certain(_));
            if !is_row && end > start {
                break;
            }
            continue;
        }
        at += 1;
        end = at;
    }
    start..end
}

/// Gives delimiter rows as many columns as their header has.
pub(crate) fn widen_delimiters(lines: &mut [Line<'_>]) {
    for at in 1..lines.len() {
        if !is_delimiter(lines[at].words()) {
            continue;
        }
        let columns = columns(lines[at - 1].words());
        if columns > self::columns(lines[at].words()) {
            let text = format!("|{}", " --- |".repeat(columns));
            lines[at].rewrite(text, Rule::ShortDelimiter);
        }
    }
}

/// Joins table rows that are spread over several lines.
pub(crate) fn join_split_rows(lines: &mut Vec<Line<'_>>) {
    if !lines.iter().any(|line| is_delimiter(line.words())) {
        return;
    }
    let mut joined: Vec<Line<'_>> = Vec::with_capacity(lines.len());
    let mut columns_now = 0;
    let mut lines_left = std::mem::take(lines).into_iter().peekable();
    while let Some(mut line) = lines_left.next() {
        if is_delimiter(line.words()) {
            columns_now = joined.last().map_or(0, |header| columns(header.words()));
        } else if line.is_blank() || line.heading().is_some() {
            columns_now = 0;
        } else if columns_now > 1 && line.words().starts_with('|') {
            let mut parts = 1;
            let mut text = line.words().to_owned();
            while !is_whole(&text, columns_now) {
                let goes_on = |next: &Line<'_>| {
                    let starts_a_row = next.words().starts_with('|') && pipes(&text) >= columns_now;
                    !next.is_blank() && next.heading().is_none() && !is_delimiter(next.words()) && !starts_a_row
                };
                if parts == MAX_PARTS || text.len() > MAX_ROW {
                    break;
                }
                let Some(next) = lines_left.next_if(goes_on) else { break };
                if !text.ends_with(' ') {
                    text.push(' ');
                }
                text.push_str(next.words());
                line.span.end = next.span.end;
                line.rules = line.rules.and(next.rules);
                parts += 1;
                if pipes(&text) > columns_now + 1 {
                    break;
                }
            }
            if parts > 1 {
                let whole = is_whole(&text, columns_now);
                line.rewrite(text, Rule::SplitRow);
                if !whole {
                    let alternatives = vec![line.words().to_owned()];
                    line.doubt(alternatives, "its lines do not add up to the columns of its table");
                }
            }
        }
        joined.push(line);
    }
    *lines = joined;
}

fn is_whole(row: &str, columns: usize) -> bool {
    row.len() > 1 && row.trim_end().ends_with('|') && pipes(row) > columns
}

/// Pipes that are not escaped.
fn pipes(row: &str) -> usize {
    let bytes = row.as_bytes();
    memchr::memchr_iter(b'|', bytes).filter(|&at| at == 0 || bytes[at - 1] != b'\\').count()
}

fn columns(row: &str) -> usize {
    let edges = usize::from(row.starts_with('|')) + usize::from(row.len() > 1 && row.ends_with('|'));
    if pipes(row) == 0 { 0 } else { pipes(row) + 1 - edges }
}

/// A row of dashes.
pub(crate) fn is_delimiter(line: &str) -> bool {
    line.contains('-') && line.contains('|') && line.chars().all(|c| matches!(c, '-' | ':' | '|' | ' ' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    fn texts(lines: &[Line<'_>]) -> Vec<String> {
        lines.iter().map(|line| line.text.to_string()).filter(|text| !text.is_empty()).collect()
    }

    #[test]
    fn flattened_tables_end_where_their_rows_do() {
        let text = "NameKeyDescription\nList Loaveslist-loavesLists | all\nBake Loafbake-loaf\n\nRunning actions\n";
        let mut lines = split(text, 0);
        assert!(unflatten(&mut lines, &[]).is_empty());
        assert_eq!(
            texts(&lines),
            [
                "| Name | Key | Description |",
                "| --- | --- | --- |",
                "| List Loaves | list-loaves | Lists \\| all |",
                "| Bake Loaf | bake-loaf |  |",
                "Running actions",
            ]
        );
    }

    #[test]
    fn a_row_without_a_key_is_lost_and_a_line_of_code_is_doubtful() {
        let text = "NameKeyDescription\nNothing here\nBake Loafbake-loafBakes with\n--hot\n";
        let mut lines = split(text, 0);
        let lost = unflatten(&mut lines, &[]);
        assert_eq!(lost[0].text, "Nothing here");
        let row = lines.iter().find(|line| line.text.contains("bake-loaf")).unwrap();
        assert_eq!(row.text, "| Bake Loaf | bake-loaf | Bakes with --hot |");
        assert!(row.doubt.is_some());
    }

    #[test]
    fn split_rows_are_joined_and_whole_ones_left_alone() {
        let text = "| Flag | Use |\n|---|\n| -a | one |\n| -b |\ntwo, so\nb=1 |\n|\n-c | three |\nText\n";
        let mut lines = split(text, 0);
        widen_delimiters(&mut lines);
        join_split_rows(&mut lines);
        assert_eq!(
            texts(&lines),
            ["| Flag | Use |", "| --- | --- |", "| -a | one |", "| -b | two, so b=1 |", "| -c | three |", "Text"]
        );
        assert_eq!(lines[2].rules, Rules::NONE);
        assert!(lines[3].rules.has(Rule::SplitRow) && lines[3].doubt.is_none());
    }
}
