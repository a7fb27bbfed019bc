//! A saved page as lines of Markdown: lists, tables and code stay what they are, so nothing about them needs guessing.
//!
//! The page goes through a tokenizer that follows the HTML standard and never fails. What matters here is flat: which block a text
//! stands in, how deep its list is, which cell of which row. So no tree is built, and a page nested without end costs no more than
//! its length.

use html5gum::{DefaultEmitter, EndTag, StartTag, Token, Tokenizer};

use super::ledger::Rules;
use super::line::Line;
use crate::manifest::source::Span;

/// Lists nested deeper are not indented further.
const MAX_INDENT: usize = 16;
/// What is no part of the text that people read.
const SKIPPED: [&str; 9] = ["script", "style", "noscript", "template", "svg", "button", "head", "iframe", "select"];

/// Whether a text is HTML: its first sign opens a tag or a document type, and tags close further on.
pub(crate) fn is_html(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let head = start.get(..15).unwrap_or(start).to_ascii_lowercase();
    let opens =
        start.strip_prefix('<').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!'));
    head.starts_with("<!doctype html") || head.starts_with("<html") || (opens && start.contains("</"))
}

/// The lines of a page.
pub(crate) fn lines(text: &str) -> Vec<Line<'static>> {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut page = Page::default();
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => page.start(&tag),
            Token::EndTag(tag) => page.end(&tag),
            Token::String(string) => {
                page.text(
                    &String::from_utf8_lossy(&string.value),
                    Span::new(string.span.start, string.span.end.max(string.span.start)),
                );
            }
            _ => {}
        }
    }
    page.flush();
    page.lines
}

#[derive(Default)]
struct Page {
    lines: Vec<Line<'static>>,
    /// The text of the block that is open, its blanks put together.
    buffer: String,
    span: Option<Span>,
    /// Open elements that are skipped.
    skipped: usize,
    skipped_name: Option<String>,
    heading: usize,
    /// Open lists: the number of the next item, or nothing for bullets.
    lists: Vec<Option<usize>>,
    /// The marker that the next text of an item stands behind.
    marker: Option<String>,
    pre: bool,
    row: Option<Row>,
    rows: usize,
    link: Option<(String, usize)>,
}

#[derive(Default)]
struct Row {
    cells: Vec<String>,
    span: Option<Span>,
}

impl Page {
    fn start(&mut self, tag: &StartTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let name = name.as_str();
        if self.skipped > 0 {
            self.skipped += usize::from(self.skipped_name.as_deref() == Some(name) && !tag.self_closing);
            return;
        }
        if SKIPPED.contains(&name) {
            if !tag.self_closing {
                self.skipped = 1;
                self.skipped_name = Some(name.to_owned());
            }
            return;
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.paragraph();
                self.heading = name[1..].parse().unwrap_or(1);
            }
            "ul" | "ol" => {
                self.flush();
                if self.lists.is_empty() {
                    self.blank();
                }
                self.lists.push((name == "ol").then_some(1));
            }
            "li" => self.item(),
            "pre" => {
                self.paragraph();
                self.pre = true;
            }
            "code" if self.pre => {
                let class =
                    tag.attributes.get(b"class".as_slice()).map(|class| String::from_utf8_lossy(class).into_owned());
                let language =
                    class.as_deref().and_then(|class| class.split(' ').find_map(|c| c.strip_prefix("language-")));
                if let Some(language) = language.filter(|_| self.buffer.trim().is_empty()) {
                    self.buffer = format!("\u{1}{language}\n");
                }
            }
            "code" | "kbd" | "samp" => self.buffer.push('`'),
            "strong" | "b" if self.heading == 0 && !self.pre => self.buffer.push_str("**"),
            "a" => {
                let href =
                    tag.attributes.get(b"href".as_slice()).map(|href| String::from_utf8_lossy(href).into_owned());
                self.link = href.map(|href| (href, self.buffer.len()));
            }
            "br" => self.line_break(),
            "table" => {
                self.paragraph();
                self.rows = 0;
            }
            "tr" => {
                self.flush();
                self.row = Some(Row::default());
            }
            "td" | "th" if self.row.is_some() => self.buffer.clear(),
            "body" | "p" | "div" | "section" | "article" | "header" | "footer" | "main" | "nav" | "blockquote"
            | "hr" | "dl" | "dt" | "dd" | "details" | "summary" | "figure" | "form" => self.paragraph(),
            _ => {}
        }
    }

    fn end(&mut self, tag: &EndTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let name = name.as_str();
        if self.skipped > 0 {
            self.skipped -= usize::from(self.skipped_name.as_deref() == Some(name));
            return;
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "p" | "div" | "section" | "article" | "header" | "footer"
            | "main" | "nav" | "blockquote" | "dt" | "dd" | "details" | "summary" | "figure" | "form" | "dl" => {
                self.paragraph();
            }
            "ul" | "ol" => {
                self.flush();
                self.marker = None;
                self.lists.pop();
                if self.lists.is_empty() {
                    self.blank();
                }
            }
            "li" => {
                self.flush();
                self.marker = None;
            }
            "pre" => self.code_block(),
            "code" | "kbd" | "samp" if !self.pre => self.buffer.push('`'),
            "strong" | "b" if self.heading == 0 && !self.pre => self.close_bold(),
            "a" => self.close_link(),
            "td" | "th" => self.cell(),
            "tr" => self.end_row(),
            "table" => {
                self.end_row();
                self.blank();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        if self.skipped > 0 {
            return;
        }
        if self.pre {
            self.buffer.push_str(text);
        } else {
            for part in text.split_inclusive(|c: char| c.is_ascii_whitespace()) {
                let word = part.trim_end_matches(|c: char| c.is_ascii_whitespace());
                self.buffer.push_str(word);
                if word.len() < part.len() && !self.buffer.is_empty() && !self.buffer.ends_with(' ') {
                    self.buffer.push(' ');
                }
            }
        }
        if !text.trim().is_empty() {
            self.span =
                Some(self.span.map_or(span, |open| Span::new(open.start.min(span.start), open.end.max(span.end))));
        }
    }

    /// Ends a block, and sets it apart from the next.
    fn paragraph(&mut self) {
        if self.row.is_some() || self.pre {
            self.line_break();
            return;
        }
        let wrote = self.flush();
        self.heading = 0;
        if wrote && self.lists.is_empty() {
            self.blank();
        }
    }

    fn line_break(&mut self) {
        if self.pre {
            self.buffer.push('\n');
        } else if self.row.is_some() {
            if !self.buffer.is_empty() && !self.buffer.ends_with(' ') {
                self.buffer.push(' ');
            }
        } else {
            self.flush();
        }
    }

    fn item(&mut self) {
        self.flush();
        let indent = 2 * (self.lists.len().clamp(1, MAX_INDENT) - 1);
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
        self.marker = Some(format!("{:indent$}{marker}", ""));
    }

    /// Writes the open text as a line; says whether there was any.
    fn flush(&mut self) -> bool {
        if self.row.is_some() || self.pre {
            return false;
        }
        self.link = None;
        let text = std::mem::take(&mut self.buffer);
        let span = self.span.take();
        let text = text.trim();
        let Some(span) = span.filter(|_| !text.is_empty()) else { return false };
        let prefix = match self.marker.take() {
            Some(marker) => marker,
            None if self.heading > 0 => format!("{} ", "#".repeat(self.heading)),
            None => " ".repeat(2 * self.lists.len().min(MAX_INDENT)),
        };
        self.lines.push(Line::made(format!("{prefix}{text}"), span, Rules::NONE));
        true
    }

    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_blank()) {
            let at = self.lines.last().map_or(0, |line| line.span.end);
            self.lines.push(Line::blank(at));
        }
    }

    fn code_block(&mut self) {
        if !std::mem::take(&mut self.pre) {
            return;
        }
        let text = std::mem::take(&mut self.buffer);
        let Some(span) = self.span.take() else { return };
        if self.row.is_some() {
            self.buffer = text;
            return;
        }
        let (language, code) = match text.strip_prefix('\u{1}').and_then(|rest| rest.split_once('\n')) {
            Some((language, code)) => (language.to_owned(), code.to_owned()),
            None => (String::new(), text),
        };
        let mut push = |text: String| self.lines.push(Line::made(text, span, Rules::NONE));
        push(format!("```{language}"));
        code.trim_matches('\n').lines().for_each(|line| push(line.to_owned()));
        push("```".to_owned());
        self.blank();
    }

    fn close_bold(&mut self) {
        // Markers around nothing would be read as text.
        if self.buffer.ends_with("**") {
            self.buffer.truncate(self.buffer.len() - 2);
            return;
        }
        let blank = self.buffer.ends_with(' ');
        self.buffer.truncate(self.buffer.trim_end().len());
        self.buffer.push_str("**");
        if blank {
            self.buffer.push(' ');
        }
    }

    fn close_link(&mut self) {
        let Some((href, start)) = self.link.take() else { return };
        let Some(shown) = self.buffer.get(start..) else { return };
        let shown = shown.trim();
        let is_address = href.starts_with("http://") || href.starts_with("https://");
        if shown.is_empty() || !is_address || self.pre || self.heading > 0 {
            return;
        }
        let bare = |url: &str| {
            let url = url.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
            url.trim_end_matches('/').to_owned()
        };
        let link = if bare(shown) == bare(&href) { href } else { format!("[{shown}]({href})") };
        self.buffer.truncate(start);
        self.buffer.push_str(&link);
    }

    fn cell(&mut self) {
        let text = std::mem::take(&mut self.buffer);
        let span = self.span.take();
        if let Some(row) = &mut self.row {
            row.cells.push(crate::manifest::actions::escape(text.trim()));
            row.span = match (row.span, span) {
                (Some(a), Some(b)) => Some(Span::new(a.start.min(b.start), a.end.max(b.end))),
                (a, b) => a.or(b),
            };
        }
    }

    fn end_row(&mut self) {
        let Some(row) = self.row.take() else { return };
        self.buffer.clear();
        let Some(span) = row.span else { return };
        self.lines.push(Line::made(format!("| {} |", row.cells.join(" | ")), span, Rules::NONE));
        if self.rows == 0 {
            let delimiter = format!("|{}", " --- |".repeat(row.cells.len()));
            self.lines.push(Line::made(delimiter, span, Rules::NONE));
        }
        self.rows += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markdown(html: &str) -> String {
        let lines = lines(html);
        lines.iter().map(|line| line.text.as_ref()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn lists_tables_and_code_stay_what_they_are() {
        let html = "<!DOCTYPE html><html><head><title>x</title></head><body><script>var a = '<h1>';</script>\
            <h1>Loafly</h1><p>Bread &amp; rolls\n with <code>heat</code>.</p>\
            <p>Docs: <a href='https://loafly.example/'>loafly.example</a></p>\
            <ul><li><p><strong>Loaf</strong></p><ul><li><b>Crumb</b> — small</li></ul></li><li>Oven</li></ul>\
            <table><thead><tr><th>Name</th><th>Key</th></tr></thead><tbody><tr><td>A|B</td><td><code>a-b</code></td></tr></table>\
            <pre><code class='language-bash'>bake\n  --hot\n</code></pre>After";
        insta::assert_snapshot!(markdown(html), @r"
        # Loafly

        Bread & rolls with `heat`.

        Docs: https://loafly.example/

        - **Loaf**
          - **Crumb** — small
        - Oven

        | Name | Key |
        | --- | --- |
        | A\|B | `a-b` |

        ```bash
        bake
          --hot
        ```

        After
        ");
    }

    #[test]
    fn spans_are_bytes_of_the_page() {
        let html = "<p>é <b>Loaf</b></p>";
        let line = &lines(html)[0];
        assert_eq!(&html[line.span.range()], "é <b>Loaf");
    }

    #[test]
    fn lists_without_end_are_no_trouble() {
        let html = "<ul><li>x".repeat(10_000);
        let lines = lines(&html);
        assert!(lines.len() >= 10_000 && lines.iter().all(|line| line.text.len() <= 2 * MAX_INDENT + 3));
    }

    #[test]
    fn pages_are_told_from_text() {
        assert!(is_html("  <!DOCTYPE html>") && is_html("<p>x</p>"));
        assert!(!is_html("---\nname: x\n---\n<p>x</p>") && !is_html("<3 bread </3"));
    }
}
