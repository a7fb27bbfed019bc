//! The popular actions of an app skill: a table of names, keys and descriptions, or the sentence that stands in its place.
//!
//! Read by lines as GitHub's Markdown reads tables: a pipe ends a cell, even in code, unless a backslash stands before it. The header
//! says which column is which. Comments are passed over.

use super::document::{CodeBlock, Fence};
use super::source::{Span, is_comment, lines_in, trimmed, without_backticks};

/// The actions section as it stands in a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actions {
    /// The heading's text.
    pub heading: Span,
    /// Everything under the heading.
    pub span: Span,
    /// The table, if there is one.
    pub table: Option<Table>,
    /// The first paragraph, where there is no table.
    pub fallback: Option<Span>,
}

/// A table of actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// From the header row to the last row.
    pub span: Span,
    /// The header's cells.
    pub header: Vec<Span>,
    /// The row of dashes.
    pub delimiter: Span,
    /// Everything below it.
    pub rows: Vec<Row>,
}

/// One action. A cell that the row does not have is an empty span at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The whole line.
    pub span: Span,
    /// What people call it.
    pub name: Span,
    /// What `membrane action run` calls it, without the backticks around it.
    pub key: Span,
    /// What it does.
    pub description: Span,
    /// How many cells the line has; three is right.
    pub cells: usize,
}

impl Actions {
    /// Reads the section that `content` spans, past the blocks of code in it.
    pub(crate) fn read(text: &str, heading: Span, content: Span, code: &[CodeBlock]) -> Self {
        let table = Table::find(text, content, code);
        let fallback = if table.is_some() { None } else { first_paragraph(text, content) };
        Self { heading, span: content, table, fallback }
    }

    /// The rows of the table, none without one.
    pub fn rows(&self) -> &[Row] {
        self.table.as_ref().map_or(&[], |table| &table.rows)
    }

    /// What of it the model holds, in the order of the file.
    pub(super) fn held(&self) -> Vec<Span> {
        let head = self.table.iter().map(|table| Span::new(table.span.start, table.delimiter.end));
        head.chain(self.rows().iter().map(|row| row.span)).chain(self.fallback).collect()
    }
}

impl Table {
    fn find(text: &str, content: Span, code: &[CodeBlock]) -> Option<Self> {
        // An indent makes code of a table that is only set in.
        let fenced = |line: Span| {
            let holds = |block: &CodeBlock| block.fence != Fence::Indented && block.span.range().contains(&line.start);
            code.iter().any(holds)
        };
        let mut lines = lines_in(text, content).peekable();
        while let Some(header) = lines.next() {
            let Some(&delimiter) = lines.peek() else { break };
            if !text[header.range()].contains('|') || !is_delimiter(&text[delimiter.range()]) || fenced(header) {
                continue;
            }
            lines.next();
            let header_cells = cells(text, header);
            let columns = Columns::of(text, &header_cells);
            let rows: Vec<Row> = lines
                .take_while(|&line| !text[line.range()].trim().is_empty() && !fenced(line))
                .filter(|line| !is_comment(&text[line.range()]))
                .map(|line| Row::read(text, line, columns))
                .collect();
            let end = rows.last().map_or(delimiter.end, |row| row.span.end);
            return Some(Self { span: Span::new(header.start, end), header: header_cells, delimiter, rows });
        }
        None
    }
}

/// Which cell of a row is which.
#[derive(Debug, Clone, Copy)]
struct Columns {
    name: usize,
    key: usize,
    description: usize,
}

impl Columns {
    /// As the header names them; those that it calls otherwise come in the usual order.
    fn of(text: &str, header: &[Span]) -> Self {
        let is = |cell: &Span, name: &str| text[cell.range()].trim_matches(['*', '_', '`']).eq_ignore_ascii_case(name);
        let named = ["name", "key", "description"].map(|name| header.iter().position(|cell| is(cell, name)));
        let mut others = (0..).filter(|at| !named.contains(&Some(*at)));
        let [name, key, description] = named.map(|at| at.or_else(|| others.next()).unwrap_or(header.len()));
        Self { name, key, description }
    }
}

impl Row {
    fn read(text: &str, line: Span, columns: Columns) -> Self {
        let span = trimmed(text, line);
        let cells = cells(text, span);
        let cell = |index: usize| cells.get(index).copied().unwrap_or(Span::at(span.end));
        let key = without_backticks(text, cell(columns.key));
        Self { span, name: cell(columns.name), key, description: cell(columns.description), cells: cells.len() }
    }
}

/// The text of a cell: `\|` read as `|`.
pub fn unescape(cell: &str) -> String {
    cell.replace("\\|", "|")
}

/// `text` as a cell of a table: on one line, its pipes escaped.
pub fn escape(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// The cells of one row, blanks around them left out.
fn cells(text: &str, line: Span) -> Vec<Span> {
    let line = trimmed(text, line);
    let bytes = &text.as_bytes()[line.range()];
    let mut cells = Vec::new();
    let mut start = usize::from(bytes.first() == Some(&b'|'));
    for at in memchr::memchr_iter(b'|', bytes) {
        if at >= start && (at == 0 || bytes[at - 1] != b'\\') {
            cells.push(trimmed(text, Span::new(line.start + start, line.start + at)));
            start = at + 1;
        }
    }
    let last = trimmed(text, Span::new(line.start + start, line.end));
    if !last.is_empty() {
        cells.push(last);
    }
    cells
}

/// A row of dashes, colons allowed. Damaged copies carry it with a single column.
fn is_delimiter(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.contains('|') && line.chars().all(|c| matches!(c, '-' | ':' | '|' | ' ' | '\t'))
}

fn first_paragraph(text: &str, content: Span) -> Option<Span> {
    let mut paragraph: Option<Span> = None;
    for line in lines_in(text, content) {
        let line = trimmed(text, line);
        match paragraph {
            None if line.is_empty() => {}
            Some(_) if line.is_empty() => break,
            _ if is_comment(&text[line.range()]) => {}
            None => paragraph = Some(line),
            Some(so_far) => paragraph = Some(Span::new(so_far.start, line.end)),
        }
    }
    paragraph
}

#[cfg(test)]
mod tests {
    use super::super::document::Document;
    use super::*;

    fn read(text: &str) -> Actions {
        let all = trimmed(text, Span::new(0, text.len()));
        Actions::read(text, Span::at(0), all, &Document::read(text, 0).code_blocks)
    }

    fn rows(text: &str) -> Vec<(&str, &str, &str, usize)> {
        let actions = read(text);
        let cell = |span: Span| &text[span.range()];
        actions.rows().iter().map(|r| (cell(r.name), cell(r.key), cell(r.description), r.cells)).collect()
    }

    #[test]
    fn both_styles_of_delimiter_are_read() {
        for delimiter in ["| --- | --- | --- |", "|---|---|---|", "|:--|:-:|--:|", "|---|"] {
            let text = format!("| Name | Key | Description |\n{delimiter}\n| List | list | Lists. |\n\nafter\n");
            assert_eq!(rows(&text), [("List", "list", "Lists.", 3)]);
        }
    }

    #[test]
    fn rows_may_be_short_long_or_escaped() {
        let text =
            "|Name|Key|Description|\n|-|-|-|\n| A | a |\n| B | b | one \\| two |\n| C | c | d | e |\nF | f | g\n";
        assert_eq!(
            rows(text),
            [("A", "a", "", 2), ("B", "b", "one \\| two", 3), ("C", "c", "d", 4), ("F", "f", "g", 3)]
        );
        assert_eq!(unescape("one \\| two"), "one | two");
        assert_eq!(escape("one |\n two"), "one \\| two");
    }

    #[test]
    fn the_header_says_which_column_is_which() {
        for (table, row) in [
            ("| Key | **name** | Description |\n|-|-|-|\n| a | A | b |\n", ("A", "a", "b", 3)),
            ("| Name | Key | Type | Description |\n|-|-|-|-|\n| A | a | t | b |\n", ("A", "a", "b", 4)),
            ("| Key | Action | Does |\n|-|-|-|\n| a | A | b |\n", ("A", "a", "b", 3)),
            ("| Name | Description |\n|-|-|\n| A | b |\n", ("A", "", "b", 2)),
        ] {
            assert_eq!(rows(table), [row]);
        }
    }

    #[test]
    fn a_key_stands_within_its_backticks() {
        assert_eq!(
            rows("|N|K|D|\n|-|-|-|\n| `A` | `a-b` | `c` |\n| B | `b` or `c` | |\n"),
            [("`A`", "a-b", "`c`", 3), ("B", "`b` or `c`", "", 3)]
        );
    }

    #[test]
    fn a_table_in_a_block_of_code_is_an_example() {
        let table = "| Name | Key | Description |\n|-|-|-|\n| A | a | b |\n";
        assert!(read(&format!("```\n{table}```\n")).table.is_none());
        let text = format!("```\n{table}```\n\n{}```\n| no row |\n", table.replace('a', "z"));
        assert_eq!(rows(&text).len(), 1);
        assert_eq!(rows(&text)[0].1, "z");
        let set_in: String = table.lines().flat_map(|line| ["    ", line, "\n"]).collect();
        assert_eq!(rows(&set_in).len(), 1);
    }

    #[test]
    fn comments_are_no_rows() {
        let text = "<!-- | -->\n|N|K|D|\n|-|-|-|\n<!-- a -->\n| A | a | b |\n<!-- | b | -->\n| C | c | d |\n";
        assert_eq!(rows(text), [("A", "a", "b", 3), ("C", "c", "d", 3)]);
        let text = "<!-- a -->\nRun it.\n<!-- b -->\n";
        assert_eq!(read(text).fallback.map(|span| &text[span.range()]), Some("Run it."));
    }

    #[test]
    fn an_empty_cell_is_a_cell() {
        assert_eq!(rows("|N|K|D|\n|-|-|-|\n| A | a | |\n"), [("A", "a", "", 3)]);
    }

    #[test]
    fn a_sentence_may_stand_in_place_of_the_table() {
        let text = "Run it\nto see.\n\nMore.\n";
        let actions = read(text);
        assert_eq!(actions.fallback.map(|span| &text[span.range()]), Some("Run it\nto see."));
        assert!(actions.table.is_none());
    }
}
