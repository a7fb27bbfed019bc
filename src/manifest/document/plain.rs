//! The lines of a body that need no Markdown parser.
//!
//! Most of a manifest is Markdown of the simplest form: headings, paragraphs, lists and tables with nothing in them but words and
//! code spans, and fenced code at the margin. What matters of it is found line by line here, several times faster than by building
//! its tree. Everything else, from a link to indented code, is left to the parser, in pieces that Markdown takes for themselves: a
//! line at the margin after a blank one ends whatever is open above it, and so does a heading or a fence at the margin.
//!
//! Only what reads the same with and without the lines around it is taken for plain; where a piece might reach beyond its end (HTML,
//! the definition of a link, a fence that is indented and in no item of a list), the whole body goes to the parser.

use std::iter::Peekable;

use super::super::source::Span;

/// Receives what is found, in the order of the file.
pub(super) trait Sink {
    /// A heading at the margin: its line, and what stands after its marks.
    fn heading(&mut self, level: u8, line: Span, text: Span);
    /// A fenced block at the margin that is closed: the block, what stands between the fences, and how long the first is.
    fn fenced(&mut self, span: Span, content: Span, marks: usize);
    /// Code spans.
    fn code_spans(&mut self, spans: &[Span]);
    /// A piece for the parser.
    fn piece(&mut self, span: Span);
}

/// Reads `text[body..]`; `false` when the whole of it needs the parser, whatever the sink was given.
pub(super) fn read(text: &str, body: usize, sink: &mut impl Sink) -> bool {
    let bytes = text.as_bytes();
    if memchr::memchr(b'\r', &bytes[body..]).is_some() {
        return false;
    }
    let below = &bytes[body..];
    let mut scan = Scan {
        bytes,
        line_ends: Places::new(memchr::memchr_iter(b'\n', below), body),
        marks: Places::new(memchr::memchr3_iter(b'`', b'|', b'<', below), body),
        others: Places::new(memchr::memchr2_iter(b'[', b'\\', below), body),
        sink,
        piece: body,
        state: State::default(),
        before: Before::Blank,
        code_spans: Vec::with_capacity(16),
    };
    let mut at = body;
    while at < bytes.len() {
        match scan.line(at) {
            Some(next) => at = next,
            None => return false,
        }
    }
    scan.cut(bytes.len()).is_some()
}

/// What the line before was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Blank,
    /// Text that the next line may continue.
    Text,
    Other,
}

/// What is known of a piece.
#[derive(Default)]
struct State {
    /// Something in it is not plain.
    needs_parser: bool,
    /// It is an item of a list at the margin: where the item's text starts.
    item: Option<usize>,
    /// The bars in its first line that starts with one, and whether it ends with one.
    row: Option<(usize, bool)>,
}

struct Scan<'t, S> {
    bytes: &'t [u8],
    line_ends: Places<memchr::Memchr<'t>>,
    /// What code spans and tables are made of, and what opens HTML outside of them.
    marks: Places<memchr::Memchr3<'t>>,
    /// What else stands for more than itself.
    others: Places<memchr::Memchr2<'t>>,
    sink: &'t mut S,
    /// Where the piece that is being read starts.
    piece: usize,
    state: State,
    before: Before,
    /// Code spans of the piece.
    code_spans: Vec<Span>,
}

impl<S: Sink> Scan<'_, S> {
    /// Reads the line at `start` (of a fenced block, all of it) and says where the next one starts.
    fn line(&mut self, start: usize) -> Option<usize> {
        let end = self.line_end(start);
        let next = end + 1;
        let line = &self.bytes[start..end];
        let indent = line.iter().take_while(|&&byte| byte == b' ').count();
        let rest = &line[indent..];
        let Some(&first) = rest.first() else {
            self.before = Before::Blank;
            return Some(next);
        };
        // White space of another kind indents too.
        if indent == 0 && first > b' ' {
            if first == b'#'
                && let Some(level) = heading_level(line)
            {
                self.cut(start)?;
                self.heading(level, start, end)?;
                return Some(next);
            }
            if is_fence(line) {
                return self.fenced(start, end);
            }
            if self.before == Before::Blank {
                self.cut(start)?;
                if line.starts_with(b"---") && line.iter().all(|&byte| byte == b'-') {
                    self.before = Before::Other;
                    return Some(next);
                }
            }
        }
        self.state.item = match (item_offset(line), self.state.item) {
            (Some(offset), item) if item.is_some() || start == self.piece || self.interrupts(line) => Some(offset),
            (_, item) => item.filter(|&offset| indent >= offset),
        };
        let may_be_code = indent >= 4 && (self.before != Before::Text || self.state.row.is_some());
        if may_be_code || !starts_plainly(rest) || !self.words(start + indent, end) {
            // What a fence opens in an item of a list ends with the item, at the margin.
            let is_inside =
                self.state.item.is_some_and(|offset| (offset..offset + 4).contains(&indent)) && is_fence(rest);
            if reaches_further(line) && !is_inside {
                return None;
            }
            self.state.needs_parser = true;
        }
        self.before = Before::Text;
        Some(next)
    }

    /// Whether a line that starts an item of a list starts one also below a paragraph.
    fn interrupts(&self, line: &[u8]) -> bool {
        self.state.row.is_none() && (line.starts_with(b"1") && !line[1].is_ascii_digit() || !line[0].is_ascii_digit())
    }

    /// Ends the piece that is being read: what was found in it is given on, or all of it is. Nothing when what it holds may matter
    /// to others.
    fn cut(&mut self, at: usize) -> Option<()> {
        if self.state.needs_parser {
            if memchr::memmem::find(&self.bytes[self.piece..at], b"]:").is_some() {
                return None;
            }
            self.sink.piece(Span::new(self.piece, at));
        } else if !self.code_spans.is_empty() {
            self.sink.code_spans(&self.code_spans);
        }
        self.code_spans.clear();
        self.piece = at;
        self.state = State::default();
        Some(())
    }

    fn heading(&mut self, level: u8, start: usize, end: usize) -> Option<()> {
        self.before = Before::Other;
        let rest = &self.bytes[start + usize::from(level)..end];
        let text = rest.trim_ascii();
        let at = end - rest.trim_ascii_start().len();
        let text = Span::new(at, at + text.len());
        // A heading may end in marks that are not its text, and the parser has its own mind about tabs at its end.
        let has_tabs = rest.iter().any(|byte| (1..b' ').contains(byte));
        if text.is_empty() || has_tabs || rest.trim_ascii_end().ends_with(b"#") || !self.words(text.start, text.end) {
            self.state.needs_parser = true;
            return Some(());
        }
        self.sink.heading(level, Span::new(start, end), text);
        self.cut(end)
    }

    /// A fenced block, from its first line on.
    fn fenced(&mut self, start: usize, end: usize) -> Option<usize> {
        let line = &self.bytes[start..end];
        let mark = line[0];
        let marks = line.iter().take_while(|&&byte| byte == mark).count();
        if line[marks..].iter().any(|byte| matches!(byte, b'`' | b'\\' | b'&')) {
            return None;
        }
        let content = end + 1;
        let mut at = content;
        while at < self.bytes.len() {
            let end = self.line_end(at);
            if closes(&self.bytes[at..end], mark, marks) {
                self.cut(start)?;
                self.sink.fenced(Span::new(start, end), Span::new(content, at), marks);
                self.cut(end)?;
                self.before = Before::Other;
                return Some(end + 1);
            }
            at = end + 1;
        }
        // What is never closed is the parser's.
        None
    }

    /// Whether `start..end` holds but words and code spans, each of which ends in the cell of a table that it starts in.
    fn words(&mut self, start: usize, end: usize) -> bool {
        let before = self.code_spans.len();
        let mut bars = 0;
        let mut opened: Option<usize> = None;
        while let Some(at) = self.marks.next_in(start, end) {
            match (self.bytes[at], opened) {
                (b'|', None) => bars += 1,
                (b'`', None) => opened = Some(at),
                // Two marks in a row are another kind of mark.
                (b'`', Some(mark)) if mark + 1 < at && self.bytes.get(at + 1) != Some(&b'`') => {
                    self.code_spans.push(Span::new(mark, at + 1));
                    opened = None;
                }
                (b'<', Some(_)) => {}
                _ => return false,
            }
        }
        let spans = &self.code_spans[before..];
        while let Some(at) = self.others.next_in(start, end) {
            if !spans.iter().any(|span| span.contains(Span::new(at, at + 1))) {
                return false;
            }
        }
        if bars == 0 || opened.is_some() {
            return opened.is_none();
        }
        let line = &self.bytes[start..end];
        let is_row = line[0] == b'|';
        let row = (bars, line.trim_ascii_end().ends_with(b"|"));
        let first_row = if is_row { Some(*self.state.row.get_or_insert(row)) } else { self.state.row };
        // Cells beyond the table's last column are no text at all.
        spans.is_empty() || first_row.is_none_or(|first_row| is_row && first_row == row)
    }

    /// The end of the line at `start`.
    fn line_end(&mut self, start: usize) -> usize {
        self.line_ends.next_in(start, self.bytes.len()).unwrap_or(self.bytes.len())
    }
}

/// The places of some bytes in a body, found many at once and asked for from the front.
struct Places<I: Iterator<Item = usize>> {
    found: Peekable<I>,
    base: usize,
}

impl<I: Iterator<Item = usize>> Places<I> {
    fn new(found: I, base: usize) -> Self {
        Self { found: found.peekable(), base }
    }

    /// The next place in `start..end`; those before it are passed over.
    fn next_in(&mut self, start: usize, end: usize) -> Option<usize> {
        loop {
            let at = self.found.peek()? + self.base;
            if at >= end {
                return None;
            }
            self.found.next();
            if at >= start {
                return Some(at);
            }
        }
    }
}

/// The level of a heading with a blank after its marks.
fn heading_level(line: &[u8]) -> Option<u8> {
    let marks = line.iter().take_while(|&&byte| byte == b'#').count();
    (line.get(marks) == Some(&b' ')).then(|| u8::try_from(marks).ok()).flatten().filter(|level| *level <= 6)
}

fn is_fence(line: &[u8]) -> bool {
    line.starts_with(b"```") || line.starts_with(b"~~~")
}

fn closes(line: &[u8], mark: u8, marks: usize) -> bool {
    let indent = line.iter().take_while(|&&byte| byte == b' ').count();
    let run = line[indent..].iter().take_while(|&&byte| byte == mark).count();
    indent < 4 && run >= marks && line[indent + run..].iter().all(|&byte| byte == b' ')
}

/// Whether a line starts as a paragraph, a row of a table, or an item of a list with a word in it.
fn starts_plainly(line: &[u8]) -> bool {
    line.starts_with(b"|") || starts_with_word(line) || item_offset(line).is_some()
}

/// Where the text of an item of a list starts, in a line that starts one with a word: after five blanks it would be code.
fn item_offset(line: &[u8]) -> Option<usize> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mark = match &line[digits..] {
        [b'-' | b'+' | b'*', b' ', ..] if digits == 0 => 1,
        [b'.' | b')', b' ', ..] if (1..10).contains(&digits) => digits + 1,
        _ => return None,
    };
    let blanks = line[mark..].iter().take_while(|&&byte| byte == b' ').count();
    (blanks <= 4 && starts_with_word(&line[mark + blanks..])).then_some(mark + blanks)
}

/// Whether a line starts with what is text wherever it stands.
fn starts_with_word(line: &[u8]) -> bool {
    match line {
        [b'*', b'*', next, ..] | [b'*' | b'`', next, ..] => {
            !b"* \t`".contains(next) || line[0] != b'`' && *next == b'`'
        }
        [b'0'..=b'9', ..] => {
            let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
            !matches!(line.get(digits), Some(b'.' | b')'))
        }
        [first, ..] => first.is_ascii_alphabetic() || !first.is_ascii() || b"\"'($/@%{}.,;?&^\0".contains(first),
        [] => false,
    }
}

/// Whether a line may open what ends neither with its block nor at the margin: HTML, or a fence in a list or a quote.
fn reaches_further(line: &[u8]) -> bool {
    let marks = line.iter().take_while(|byte| b" \t>-+*.)0123456789".contains(byte)).count();
    line[marks..].starts_with(b"<") || is_fence(&line[marks..])
}
