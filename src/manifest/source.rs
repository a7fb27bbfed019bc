//! The bytes of a manifest and the places in them.
//!
//! Every offset in this crate is a byte offset into the file. To keep that true for files that are not UTF-8, the text form
//! replaces each byte that cannot be decoded by one `?`, so text and bytes always have the same length.

use std::ops::Range;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// A half-open range of byte offsets in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "span {start}..{end} runs backwards");
        Self { start, end }
    }

    /// The empty range at `offset`.
    pub fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// The same range, `by` bytes further on.
    #[must_use]
    pub fn shifted(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by }
    }

    /// Bytes covered.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// As a range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// A place as people count it: both numbers start at 1, columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line number.
    pub line: usize,
    /// Column in characters.
    pub column: usize,
}

/// The content of one file: its bytes, its text, its lines.
#[derive(Debug)]
pub struct Source {
    content: Content,
    line_starts: OnceLock<Vec<usize>>,
    has_returns: bool,
}

#[derive(Debug)]
enum Content {
    Utf8(String),
    Other { bytes: Vec<u8>, text: String, first_invalid: usize },
}

impl Source {
    /// Takes the bytes of a file, whatever they are.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let has_returns = memchr::memchr(b'\r', &bytes).is_some();
        let content = match String::from_utf8(bytes) {
            Ok(text) => Content::Utf8(text),
            Err(error) => {
                let first_invalid = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                Content::Other { text: decode_same_length(&bytes), bytes, first_invalid }
            }
        };
        Self { content, line_starts: OnceLock::new(), has_returns }
    }

    /// The bytes, as they were given.
    pub fn bytes(&self) -> &[u8] {
        match &self.content {
            Content::Utf8(text) => text.as_bytes(),
            Content::Other { bytes, .. } => bytes,
        }
    }

    /// The bytes again, without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        match self.content {
            Content::Utf8(text) => text.into_bytes(),
            Content::Other { bytes, .. } => bytes,
        }
    }

    /// The text, as long as the bytes.
    pub fn text(&self) -> &str {
        match &self.content {
            Content::Utf8(text) | Content::Other { text, .. } => text,
        }
    }

    /// The text of one range.
    ///
    /// # Panics
    ///
    /// When the span is not from this source.
    pub fn slice(&self, span: Span) -> &str {
        &self.text()[span.range()]
    }

    /// The offset of the first byte that is not UTF-8.
    pub fn first_invalid_byte(&self) -> Option<usize> {
        match &self.content {
            Content::Utf8(_) => None,
            Content::Other { first_invalid, .. } => Some(*first_invalid),
        }
    }

    /// The bytes of a UTF-8 byte order mark at the start, 0 or 3.
    pub fn bom_len(&self) -> usize {
        if self.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// Where an offset is. An offset past the end is the end.
    pub fn position(&self, offset: usize) -> Position {
        let text = self.text();
        let offset = text.floor_char_boundary(offset);
        let (line, start) = match self.line_starts.get() {
            // To count is cheaper than to index, as long as little is asked of little.
            None if offset <= COUNTED => (self.breaks(0, offset) + 1, line_start(text, offset)),
            _ => {
                let starts = self.line_starts();
                let line = starts.partition_point(|&start| start <= offset);
                (line, starts[line - 1])
            }
        };
        Position { line, column: text[start..offset].chars().count() + 1 }
    }

    /// Where `end` is, given that `start` is at `position`, so that nothing is counted twice.
    pub fn position_from(&self, start: usize, position: Position, end: usize) -> Position {
        let text = self.text();
        match text.get(start..end) {
            Some(between) if memchr::memchr2(b'\n', b'\r', between.as_bytes()).is_none() => {
                Position { column: position.column + between.chars().count(), ..position }
            }
            Some(_) if end <= COUNTED => Position {
                line: position.line + self.breaks(start, end),
                column: text[line_start(text, end)..end].chars().count() + 1,
            },
            _ => self.position(end),
        }
    }

    /// The range of a line (counted from 1) without its line end, or nothing past the last.
    pub fn line(&self, line: usize) -> Option<Span> {
        let starts = self.line_starts();
        let start = *starts.get(line.checked_sub(1)?)?;
        let end = starts.get(line).copied().unwrap_or(self.text().len());
        let content = self.text()[start..end].trim_end_matches(['\r', '\n']);
        Some(Span::new(start, start + content.len()))
    }

    /// How many lines there are; a line end at the end of the file starts none.
    pub fn line_count(&self) -> usize {
        let text = self.text();
        let breaks = self.breaks(0, text.len());
        if breaks > 0 && text.ends_with(['\n', '\r']) { breaks } else { breaks + 1 }
    }

    /// How many lines end in `text[start..end]`.
    fn breaks(&self, start: usize, end: usize) -> usize {
        let bytes = self.text().as_bytes();
        let ends = memchr::memchr_iter(b'\n', &bytes[start..end]).count();
        if !self.has_returns {
            return ends;
        }
        let returns = memchr::memchr_iter(b'\r', &bytes[start..end]);
        ends + returns.filter(|&at| bytes.get(start + at + 1) != Some(&b'\n')).count()
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| line_starts(self.bytes()))
    }
}

/// Bytes up to which lines are counted and not indexed.
const COUNTED: usize = 16 * 1024;

/// A text whose lines all end in CRLF, with LF. Such line ends belong to its file, and can be put back there.
pub fn with_lf(text: &str) -> Option<String> {
    let with_lf = text.contains('\r').then(|| text.replace("\r\n", "\n"))?;
    (with_crlf(&with_lf) == text).then_some(with_lf)
}

/// The way back from [`with_lf`].
pub fn with_crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// Where the line starts that `offset` is in. The offset between the two bytes of a line end is on the line that ends.
pub(crate) fn line_start(text: &str, offset: usize) -> usize {
    let bytes = text.as_bytes();
    let inside = bytes.get(offset) == Some(&b'\n') && offset > 0 && bytes[offset - 1] == b'\r';
    let before = if inside { offset - 1 } else { offset };
    memchr::memrchr2(b'\n', b'\r', &bytes[..before]).map_or(0, |at| at + 1)
}

/// Every offset at which a line starts. A line ends at LF, CR LF, or a lone CR.
fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    starts.extend(memchr::memchr2_iter(b'\n', b'\r', bytes).filter_map(|at| {
        let first_of_pair = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        (!first_of_pair).then_some(at + 1)
    }));
    starts
}

/// Decodes with one `?` for each byte that is no part of a character.
fn decode_same_length(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    text
}

/// The lines of `text[range]` with their spans in `text`, line ends left out.
pub(crate) fn lines_in(text: &str, range: Span) -> impl Iterator<Item = Span> + '_ {
    let mut at = range.start;
    std::iter::from_fn(move || {
        if at >= range.end {
            return None;
        }
        let rest = &text.as_bytes()[at..range.end];
        let (len, skip) = match memchr::memchr2(b'\n', b'\r', rest) {
            Some(len) if rest[len] == b'\r' && rest.get(len + 1) == Some(&b'\n') => (len, 2),
            Some(len) => (len, 1),
            None => (rest.len(), 0),
        };
        let line = Span::new(at, at + len);
        at += len + skip;
        Some(line)
    })
}

/// Whether a line is but an HTML comment, which speaks to the file's readers and is no part of what it stands in.
pub(crate) fn is_comment(line: &str) -> bool {
    let inner = line.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| !inner.contains("-->"))
}

/// `span` without the white space at both its ends.
#[inline]
pub(crate) fn trimmed(text: &str, span: Span) -> Span {
    // Nearly always there is none.
    if let [first, .., last] = &text.as_bytes()[span.range()]
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return span;
    }
    let content = &text[span.range()];
    let start = span.start + (content.len() - content.trim_start().len());
    Span::new(start, start + content.trim().len())
}

/// What stands between backticks, where they stand around all of `span`.
pub(crate) fn without_backticks(text: &str, span: Span) -> Span {
    let inner = text[span.range()].strip_prefix('`').and_then(|inner| inner.strip_suffix('`'));
    match inner {
        Some(inner) if !inner.contains('`') => trimmed(text, Span::new(span.start + 1, span.end - 1)),
        _ => span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_and_every_line_end() {
        let source = Source::new("é1\r\n2\r3\n");
        assert_eq!(source.position(2), Position { line: 1, column: 2 });
        assert_eq!(source.position(5), Position { line: 2, column: 1 });
        assert_eq!(source.position(7), Position { line: 3, column: 1 });
        assert_eq!(source.position(999), Position { line: 4, column: 1 });
        assert_eq!(source.line_count(), 3);
        assert_eq!(source.line(3).map(|span| source.slice(span)), Some("3"));
        assert_eq!(source.line(0), None);
    }

    #[test]
    fn lines_are_counted_as_they_are_indexed() {
        for text in ["", "a", "a\n", "\n\n", "\r\r\n\n\r", "a\r\nb\r", "é\r\n\r\n", "\na"] {
            let (counted, indexed) = (Source::new(text), Source::new(text));
            let starts = indexed.line_starts();
            let last_is_empty = starts.len() > 1 && starts.last() == Some(&text.len());
            assert_eq!(counted.line_count(), starts.len() - usize::from(last_is_empty), "{text:?}");
            for offset in 0..=text.len() {
                let position = indexed.position(offset);
                assert_eq!(counted.position(offset), position, "{text:?} {offset}");
                for end in offset..=text.len() {
                    assert_eq!(counted.position_from(offset, position, end), indexed.position(end), "{text:?} {end}");
                }
            }
        }
    }

    #[test]
    fn text_is_as_long_as_its_bytes() {
        let source = Source::new(b"caf\xe9 \xff\xfe ok".as_slice());
        assert_eq!(source.text(), "caf? ?? ok");
        assert_eq!(source.first_invalid_byte(), Some(3));
        assert_eq!(source.into_bytes(), b"caf\xe9 \xff\xfe ok");
    }

    #[test]
    fn lines_in_a_range_keep_their_offsets() {
        let text = "a\r\nb\rc\n\nd";
        let lines: Vec<&str> = lines_in(text, Span::new(0, text.len())).map(|line| &text[line.range()]).collect();
        assert_eq!(lines, ["a", "b", "c", "", "d"]);
    }
}
