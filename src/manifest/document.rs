//! The Markdown of a manifest's body as a flat list of what matters in it, each with its place. The only file that names
//! `pulldown_cmark`.
//!
//! What is plain is read line by line, the rest in one pass over the parser's events; a property test holds that both say the same.
//! Nothing is copied but link destinations, which Markdown may escape.

mod plain;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};

use plain::Sink as _;

use super::source::{Span, trimmed};

/// What the body of a manifest is made of, in the order of the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The whole body.
    pub span: Span,
    /// Headings that stand in no list or quote.
    pub headings: Vec<Heading>,
    /// Fenced and indented code blocks.
    pub code_blocks: Vec<CodeBlock>,
    /// Code spans, backticks included.
    pub code_spans: Vec<Span>,
    /// Links and images.
    pub links: Vec<Link>,
    /// Raw HTML, blocks and inline, comments included.
    pub html: Vec<Span>,
}

/// A heading, and the section it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The heading's lines, without the last line end.
    pub span: Span,
    /// Its text as written, markers left out.
    pub text: Span,
    /// From the end of the heading's line to the next heading of any level, blanks at both ends left out.
    pub content: Span,
}

/// A block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeBlock {
    /// The whole block, fences included, without the last line end.
    pub span: Span,
    /// The code between the fences, with its line ends.
    pub content: Span,
    /// The word after the opening fence (`bash`); empty when there is none.
    pub language: Span,
    /// How it is marked.
    pub fence: Fence,
}

/// How a code block is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fence {
    /// By indentation.
    Indented,
    /// By fences, of which the closing one may be missing.
    Fenced {
        /// Whether the closing fence is there.
        closed: bool,
    },
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// All of it.
    pub span: Span,
    /// Where it leads, unescaped.
    pub destination: String,
    /// Whether it is an image.
    pub image: bool,
    /// Whether it is a bare `<https://...>`.
    pub autolink: bool,
}

impl Document {
    /// Reads `text[body..]`.
    pub(crate) fn read(text: &str, body: usize) -> Self {
        let text = &*without_lone_returns(text);
        let mut reader = Reader::new(text, body);
        if !plain::read(text, body, &mut reader) {
            return Self::parse(text, body);
        }
        reader.finish()
    }

    /// The same by the parser alone.
    fn parse(text: &str, body: usize) -> Self {
        let mut reader = Reader::new(text, body);
        reader.piece(Span::new(body, text.len()));
        reader.finish()
    }

    /// The section whose heading reads `name` in any case, or ends in it after a blank when `suffix`.
    pub(crate) fn section(&self, text: &str, name: &str, suffix: bool) -> Option<Heading> {
        self.headings.iter().copied().find(|heading| {
            let heading = &text[heading.text.range()];
            let Some(at) = heading.len().checked_sub(name.len()).filter(|&at| heading.is_char_boundary(at)) else {
                return false;
            };
            let (before, tail) = heading.split_at(at);
            tail.eq_ignore_ascii_case(name) && (before.is_empty() || suffix && before.ends_with([' ', '\t']))
        })
    }

    /// Every block of the body, each before those in it: paragraphs, headings, lists and their items, quotes, tables, code, HTML. Read
    /// when somebody asks, since nearly nobody does.
    pub(crate) fn blocks(&self, text: &str) -> Vec<Span> {
        let is_block = |event: &Event<'_>| match event {
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Table(_)) => {
                true
            }
            Event::Start(Tag::List(_) | Tag::Item | Tag::BlockQuote(_)) => true,
            _ => false,
        };
        let text = without_lone_returns(text);
        let events = Parser::new_ext(&text[self.span.range()], OPTIONS).into_offset_iter();
        let blocks = events.filter(|(event, _)| is_block(event));
        blocks.map(|(_, range)| Span::from(range).shifted(self.span.start)).collect()
    }

    fn close_sections(&mut self, text: &str) {
        let mut end = self.span.end;
        for heading in self.headings.iter_mut().rev() {
            let start = heading.span.end.min(end);
            heading.content = trimmed(text, Span::new(start, end));
            end = heading.span.start;
        }
    }
}

/// What is read beside CommonMark.
const OPTIONS: Options = Options::ENABLE_TABLES;

struct Reader<'t> {
    text: &'t str,
    /// Where the piece starts that the parser reads.
    piece: usize,
    document: Document,
    /// Lists and quotes that are open.
    containers: usize,
}

impl plain::Sink for Reader<'_> {
    fn heading(&mut self, level: u8, line: Span, text: Span) {
        let span = Span::new(line.start, line.start + self.text[line.range()].trim_end().len());
        let text = trimmed(self.text, text);
        self.document.headings.push(Heading { level, span, text, content: Span::at(span.end) });
    }

    fn fenced(&mut self, span: Span, content: Span, marks: usize) {
        let first_line = &self.text[span.start..content.start - 1];
        let language = language(first_line, marks, first_line[marks..].trim_ascii()).shifted(span.start);
        self.document.code_blocks.push(CodeBlock { span, content, language, fence: Fence::Fenced { closed: true } });
    }

    fn code_spans(&mut self, spans: &[Span]) {
        self.document.code_spans.extend_from_slice(spans);
    }

    fn piece(&mut self, span: Span) {
        self.piece = span.start;
        let mut events = Parser::new_ext(&self.text[span.range()], OPTIONS).into_offset_iter();
        while let Some((event, range)) = events.next() {
            self.event(event, range, &mut events);
        }
    }
}

impl<'t> Reader<'t> {
    fn new(text: &'t str, body: usize) -> Self {
        // What most manifests have is made room for at once.
        let document = Document {
            span: Span::new(body, text.len()),
            headings: Vec::with_capacity(16),
            code_blocks: Vec::with_capacity(16),
            code_spans: Vec::with_capacity(64),
            ..Document::default()
        };
        Self { text, piece: body, document, containers: 0 }
    }

    fn finish(mut self) -> Document {
        self.document.close_sections(self.text);
        self.document
    }

    fn event(&mut self, event: Event<'t>, range: Range<usize>, events: &mut OffsetIter<'t>) {
        let span = Span::from(range).shifted(self.piece);
        match event {
            Event::Start(Tag::Heading { level, .. }) if self.containers == 0 => {
                self.heading(level as u8, span, events);
            }
            Event::Start(Tag::CodeBlock(kind)) => self.code_block(&kind, span, events),
            Event::Start(Tag::BlockQuote(_) | Tag::List(_)) => self.containers += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_)) => self.containers -= 1,
            Event::Start(Tag::Link { link_type, dest_url, .. }) => self.link(link_type, &dest_url, span, false),
            Event::Start(Tag::Image { link_type, dest_url, .. }) => self.link(link_type, &dest_url, span, true),
            Event::Code(_) => self.document.code_spans.push(span),
            Event::Start(Tag::HtmlBlock) => self.document.html.push(span),
            Event::InlineHtml(_) => match self.document.html.last_mut() {
                Some(last) if last.end == span.start => last.end = span.end,
                _ => self.document.html.push(span),
            },
            _ => {}
        }
    }

    /// Reads up to the heading's end, since what stands in it is wanted for its place as well.
    fn heading(&mut self, level: u8, span: Span, events: &mut OffsetIter<'t>) {
        let mut text: Option<Span> = None;
        while let Some((event, range)) = events.next() {
            if matches!(event, Event::End(TagEnd::Heading(_))) {
                break;
            }
            let inner = Span::from(range.clone()).shifted(self.piece);
            text = Some(text.map_or(inner, |text| Span::new(text.start.min(inner.start), text.end.max(inner.end))));
            self.event(event, range, events);
        }
        let span = Span::new(span.start, span.start + self.text[span.range()].trim_end().len());
        let text = text.unwrap_or(Span::at(span.end));
        self.document.headings.push(Heading {
            level,
            span,
            text: trimmed(self.text, text),
            content: Span::at(span.end),
        });
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'t>, span: Span, events: &mut OffsetIter<'t>) {
        let mut content: Option<Span> = None;
        for (event, range) in events.by_ref() {
            if matches!(event, Event::End(TagEnd::CodeBlock)) {
                break;
            }
            let line = Span::from(range).shifted(self.piece);
            content = Some(content.map_or(line, |content| Span::new(content.start, line.end.max(content.end))));
        }
        let text = &self.text[span.range()];
        let first_line = text.split(['\n', '\r']).next().unwrap_or_default();
        let (fence, language) = match kind {
            CodeBlockKind::Indented => (Fence::Indented, Span::at(span.start)),
            CodeBlockKind::Fenced(info) => {
                let mark = first_line.chars().next().unwrap_or('`');
                let marks = first_line.len() - first_line.trim_start_matches(mark).len();
                let language = language(first_line, marks, info).shifted(span.start);
                (Fence::Fenced { closed: is_closed(text, &first_line[..marks]) }, language)
            }
        };
        let after_first_line = self.text.floor_char_boundary((span.start + first_line.len() + 1).min(span.end));
        let span = Span::new(span.start, span.start + text.trim_end_matches(['\n', '\r']).len());
        let content = content.unwrap_or(Span::at(after_first_line.max(span.start)));
        self.document.code_blocks.push(CodeBlock { span, content, language, fence });
    }

    fn link(&mut self, link_type: LinkType, destination: &str, span: Span, image: bool) {
        let autolink = matches!(link_type, LinkType::Autolink | LinkType::Email);
        self.document.links.push(Link { span, destination: destination.to_owned(), image, autolink });
    }
}

/// `text` with each carriage return that ends a line by itself, as CommonMark has it, written as a line feed: the parser overlooks some.
fn without_lone_returns(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut lone = memchr::memchr_iter(b'\r', bytes).filter(|at| bytes.get(at + 1) != Some(&b'\n')).peekable();
    if lone.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut written = String::with_capacity(text.len());
    for at in lone {
        written.push_str(&text[written.len()..at]);
        written.push('\n');
    }
    written.push_str(&text[written.len()..]);
    Cow::Owned(written)
}

/// Where in the first line of a fenced block the first word of what follows the fence stands.
fn language(first_line: &str, marks: usize, info: &str) -> Span {
    let word = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    let at = first_line.get(marks..).and_then(|rest| rest.find(word));
    at.map_or(Span::at(marks), |at| Span::new(marks + at, marks + at + word.len()))
}

/// Whether the last line of a fenced block is a fence at least as long as the one that opened it.
fn is_closed(block: &str, opening: &str) -> bool {
    let Some(mark) = opening.chars().next() else { return false };
    let mut lines = block.trim_end_matches(['\n', '\r']).rsplit(['\n', '\r']);
    let last = lines.next().unwrap_or_default();
    // A fence in a quote or a list stands behind the container's own marks.
    let last = last.trim_start_matches([' ', '\t', '>']).trim_end();
    lines.next().is_some() && last.len() >= opening.len() && last.chars().all(|c| c == mark)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headings_open_sections() {
        let text = "# A `b` #\n\ntext\n\nSetext\n------\n\n> # quoted\n\n### C\nend\n";
        let document = Document::read(text, 0);
        let headings: Vec<_> =
            document.headings.iter().map(|h| (h.level, &text[h.text.range()], &text[h.content.range()])).collect();
        assert_eq!(headings, [(1, "A `b`", "text"), (2, "Setext", "> # quoted"), (3, "C", "end")]);
        assert_eq!(document.code_spans.len(), 1);
    }

    #[test]
    fn code_blocks_know_their_language_and_whether_they_end() {
        let text =
            "```bash\nls\n```\n\n~~~~\na\n~~~\n~~~~\n\n    indented\n\n- x\n  ```sh\n  y\n  ```\n\n```js\nlost\n";
        let document = Document::read(text, 0);
        let blocks: Vec<_> = document
            .code_blocks
            .iter()
            .map(|block| (&text[block.language.range()], &text[block.content.range()], block.fence))
            .collect();
        let closed = Fence::Fenced { closed: true };
        assert_eq!(blocks[0], ("bash", "ls\n", closed));
        assert_eq!(blocks[1], ("", "a\n~~~\n", closed));
        assert_eq!((blocks[2].0, blocks[2].2), ("", Fence::Indented));
        assert_eq!((blocks[3].0, blocks[3].2), ("sh", closed));
        assert_eq!(blocks[4], ("js", "lost\n", Fence::Fenced { closed: false }));
    }

    #[test]
    fn links_images_and_html_are_found() {
        let text = "[a](x.md) ![b](y.png) <https://c.example> <!-- d -->\n\n<div>\ne\n</div>\n";
        let document = Document::read(text, 0);
        let links: Vec<_> = document.links.iter().map(|l| (l.destination.as_str(), l.image, l.autolink)).collect();
        assert_eq!(links, [("x.md", false, false), ("y.png", true, false), ("https://c.example", false, true)]);
        assert_eq!(document.html.len(), 2);
        let quoted = "> <!-- a\r\n> b -->\r\n";
        assert_eq!(Document::read(quoted, 0).html, [Span::new(2, quoted.len())]);
    }

    fn fragment() -> impl Strategy<Value = &'static str> {
        prop::sample::select(&[
            "a",
            "b c",
            "é",
            "\u{a0}",
            "`",
            "`x`",
            "``",
            "```",
            "~~~",
            "````",
            "\n",
            "\n",
            "\n",
            "\n\n",
            "\n\n",
            "\n    ",
            "\n  ",
            " ",
            "\t",
            "\x0c",
            "\0",
            "# ",
            "#",
            "## ",
            "- ",
            "-",
            "* ",
            "**",
            "*",
            "+ ",
            "1. ",
            "2) ",
            "1",
            "> ",
            "|",
            "| a | `b` |\n",
            "|---|---|\n",
            "\n--|--\n",
            "\n---\n",
            "\n===\n",
            "\n***\n",
            "[a](b)",
            "[a]",
            "\n[a]: c\n",
            "]: ",
            "![",
            "<b>",
            "<!-- ",
            "-->",
            "<pre>",
            "</pre>",
            "<https://a.example>",
            "\\",
            "&amp;",
            "\n```sh\n",
            "\n```\n",
            "\n~~~ a,b\n",
            "word: text",
            "\"q\"",
            "_",
            "=",
            ":",
            "\r\n",
            "1. a\n",
            "\n   ```sh\n",
            "   ```\n",
            "\n  ```\n",
            "- a\n",
        ])
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_plain_reads_as_the_parser_reads_it(fragments in prop::collection::vec(fragment(), 0..24)) {
            let text = fragments.concat();
            prop_assert_eq!(Document::read(&text, 0), Document::parse(&text, 0), "{:?}", text);
        }
    }

    #[test]
    fn a_line_may_end_in_any_of_the_three_ways() {
        let text = "# A\n\nRun:\n\n```bash\nls\n```\n\n- b\n  ~~~\n  c\n  ~~~\n\n<!-- d -->\n";
        let expected = Document::read(text, 0);
        assert_eq!((expected.code_blocks.len(), expected.headings.len(), expected.html.len()), (2, 1, 1));
        assert_eq!(Document::read(&text.replace('\n', "\r"), 0), expected);
        let mixed = "```text\nx\r```\r\r\nnone of it\n\n```\ny\r\n```\r";
        let blocks = Document::read(mixed, 0).code_blocks;
        let contents: Vec<_> = blocks.iter().map(|block| &mixed[block.content.range()]).collect();
        assert_eq!(contents, ["x\r", "y\r\n"]);
    }

    #[test]
    fn empty_headings_and_blocks_are_no_trouble() {
        for text in ["#", "# \n\n```\n```\n", "```", "~~~é\n", "> ```\n> x\n", "#\r\n\r\n```\r\n```\r\n"] {
            let document = Document::read(text, 0);
            assert!(document.headings.len() + document.code_blocks.len() > 0, "{text:?}");
        }
    }
}
