//! The Markdown of a manifest's body as a flat list of what matters in it, each with its place. The only file that names
//! `pulldown_cmark`.
//!
//! What is plain is read line by line, the rest in one pass over the parser's events; a property test holds that both say the same.
//! Nothing is copied but link destinations, which Markdown may escape.

mod plain;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, OffsetIter, Options, Parser, Tag, TagEnd};

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
        let is_block = |event: &Event<'_>| {
            let Event::Start(tag) = event else { return false };
            let is_container = matches!(tag, Tag::List(_) | Tag::Item | Tag::BlockQuote(_));
            let is_leaf = matches!(tag, Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::HtmlBlock);
            is_container || is_leaf || matches!(tag, Tag::Table(_))
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

/// What is read beside the common core of Markdown.
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

/// `text` with a line feed for each carriage return that ends a line by itself: Markdown has it so, and the parser overlooks some.
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

/// What a reader sees of a heading's text: without marks, HTML and the destinations of links, references replaced.
pub(crate) fn shown_text(heading: &str) -> String {
    let line = format!("# {}", heading.replace(['\n', '\r'], " "));
    // What a link refers to stands elsewhere.
    let any_reference = |_: BrokenLink<'_>| Some((CowStr::Borrowed(""), CowStr::Borrowed("")));
    let events = Parser::new_with_broken_link_callback(&line, OPTIONS, Some(any_reference));
    let texts = events.filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    });
    texts.collect::<Vec<_>>().concat()
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
