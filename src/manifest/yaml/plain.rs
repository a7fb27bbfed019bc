//! Frontmatter that needs no YAML parser.
//!
//! Nearly all of it is the simplest YAML there is: a key a line, its value a text on the same line, a block of lines, or an indented
//! list or mapping of such texts. That is read here, several times faster than by a parser's events. Whatever might mean anything
//! else - a comment, an anchor, a tag, a flow collection, an escape, a line that continues the one before - is left to the parser,
//! and all of the frontmatter with it. A property test holds that both read the same.

use super::{Node, Scalar, ScalarKind, Style, Value, is_printable, plain_kind};
use crate::manifest::source::Span;

/// Longer ones are left to the parser, which counts what it reads.
const MAX_BYTES: usize = 8 * 1024;
/// YAML reads longer keys another way.
const MAX_KEY: usize = 128;

/// Reads `yaml`, which starts at `base` in its file; nothing where it needs the parser.
pub(super) fn read(yaml: &str, base: usize) -> Option<Node> {
    if yaml.len() > MAX_BYTES || !yaml.ends_with('\n') || !is_plain(yaml) {
        return None;
    }
    let mut lines = Lines { yaml, base, at: 0 };
    let mut entries = Vec::new();
    while lines.at < yaml.len() {
        entries.push(lines.entry(0)?);
    }
    let span = Span::new(base, base + yaml.len());
    (!entries.is_empty()).then_some(Node { span, value: Value::Mapping(entries) })
}

/// Whether all characters are printable, and no line ends but at a line feed.
fn is_plain(yaml: &str) -> bool {
    let is_plain = |byte: &u8| matches!(byte, b'\n' | b' '..=b'~');
    let may_be_more = |c: char| !matches!(c, '\t' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    yaml.as_bytes().iter().all(is_plain) || yaml.chars().all(|c| is_printable(c) && may_be_more(c))
}

struct Lines<'t> {
    yaml: &'t str,
    base: usize,
    /// Where the next line starts.
    at: usize,
}

impl<'t> Lines<'t> {
    /// The key on the next line, which is indented by `indent` blanks, and its value.
    fn entry(&mut self, indent: usize) -> Option<(Node, Node)> {
        let line = self.line();
        let start = self.at + indent;
        let content = line.get(indent..)?;
        let len = content.bytes().position(|byte| !is_key(byte))?;
        let key = &content[..len];
        if !(1..=MAX_KEY).contains(&len) || !key.as_bytes()[0].is_ascii_alphabetic() {
            return None;
        }
        let rest = content[len..].strip_prefix(':')?;
        self.skip(line);
        let value = match rest {
            "" if indent > 0 => return None,
            "" => self.below(start + len)?,
            " |" => self.block(true, "\n")?,
            " |-" => self.block(true, "")?,
            " >" => self.block(false, "\n")?,
            " >-" => self.block(false, "")?,
            _ => {
                let value = rest.strip_prefix(' ')?;
                self.text(value, start + len + 2)?
            }
        };
        let key_node = self.scalar(start, start + len, key.to_owned(), Style::Plain);
        // What is indented more would belong to the value.
        (self.indent()? <= indent).then_some((key_node, value))
    }

    /// The value of a key at the margin with nothing beside it: a mapping, a list, or nothing.
    fn below(&mut self, at: usize) -> Option<Node> {
        let indent = self.indent()?;
        let start = self.at + indent;
        if indent == 0 {
            // A list may stand at the margin, and what ends the text may end otherwise.
            let is_key = self.yaml.as_bytes().get(start).is_some_and(u8::is_ascii_alphabetic);
            return is_key.then(|| self.scalar(at, at, String::new(), Style::Plain));
        }
        let value = if self.yaml[start..].starts_with('-') {
            let mut items = Vec::new();
            while self.indent()? == indent {
                let line = self.line();
                let item = line[indent..].strip_prefix("- ")?;
                let item = self.text(item, self.at + indent + 2)?;
                self.skip(line);
                items.push(item);
            }
            Value::Sequence(items)
        } else {
            let mut entries = Vec::new();
            while self.indent()? == indent {
                entries.push(self.entry(indent)?);
            }
            Value::Mapping(entries)
        };
        let span = Span::new(start, self.at).shifted(self.base);
        (self.indent()? == 0).then_some(Node { span, value })
    }

    /// A text on one line, plain or in quotes, which starts at `start`.
    fn text(&self, text: &str, start: usize) -> Option<Node> {
        let quote = text.as_bytes().first().copied().filter(|first| matches!(first, b'"' | b'\''));
        if let Some(quote) = quote {
            let inner =
                text.get(1..text.len() - 1).filter(|_| text.len() > 1 && text.as_bytes().last() == Some(&quote))?;
            let is_simple = !inner.bytes().any(|byte| byte == quote || byte == b'\\');
            return is_simple.then(|| self.scalar(start, start + text.len(), inner.to_owned(), Style::Quoted));
        }
        let text = text.trim_end_matches(' ');
        let starts = text
            .starts_with(|first: char| first.is_ascii_alphanumeric() || matches!(first, '/' | '.' | '(' | '$' | '_'));
        let bytes = text.as_bytes();
        let marks = memchr::memchr2_iter(b':', b'#', bytes);
        let is_mark = |at: usize| match bytes[at] {
            b':' => bytes.get(at + 1).is_none_or(|next| *next == b' '),
            _ => bytes[at - 1] == b' ',
        };
        (starts && !marks.into_iter().any(is_mark))
            .then(|| self.scalar(start, start + text.len(), text.to_owned(), Style::Plain))
    }

    /// The lines of a block, kept apart or folded into one, and the end that it gets.
    fn block(&mut self, keeps_lines: bool, end: &str) -> Option<Node> {
        let indent = self.indent()?;
        let start = self.at + indent;
        let mut text = String::new();
        while indent > 0 && self.indent()? >= indent {
            let line = self.line();
            let content = &line[indent..];
            if !keeps_lines && content.starts_with(' ') {
                return None;
            }
            if !text.is_empty() {
                text.push(if keeps_lines { '\n' } else { ' ' });
            }
            text.push_str(content);
            self.skip(line);
        }
        if text.is_empty() || self.indent()? > 0 {
            return None;
        }
        text.push_str(end);
        Some(self.scalar(start, self.at, text, Style::Block))
    }

    fn scalar(&self, start: usize, end: usize, text: String, style: Style) -> Node {
        let kind = if style == Style::Plain { plain_kind(&text) } else { ScalarKind::Text };
        Node { span: Span::new(start, end).shifted(self.base), value: Value::Scalar(Scalar { text, style, kind }) }
    }

    /// The blanks before the next line's text; nothing when it is a blank line.
    fn indent(&self) -> Option<usize> {
        let rest = &self.yaml.as_bytes()[self.at..];
        let blanks = rest.iter().take_while(|&&byte| byte == b' ').count();
        (rest.get(blanks) != Some(&b'\n')).then_some(blanks)
    }

    fn line(&self) -> &'t str {
        let rest = &self.yaml[self.at..];
        &rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())]
    }

    fn skip(&mut self, line: &str) {
        self.at += line.len() + 1;
    }
}

fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::builder::Builder;
    use super::*;

    fn parsed(yaml: &str) -> Option<Node> {
        let (root, problem) = Builder::build(yaml, yaml, Span::new(0, yaml.len()));
        root.filter(|_| problem.is_none())
    }

    #[test]
    fn the_usual_is_read_and_reads_the_same() {
        let yaml = "name: a-b\nversion: 1.0\ndescription: |\n  One: two # three.\n    Four.\nsummary: >-\n  Five\n  six.\n\
                    url: https://a.example/#b\nempty:\nquoted: \"a: b\"\nmetadata:\n  x: 'y'\n  z: true\ntags:\n  - one\n  - 2\n";
        assert!(read(yaml, 0).is_some());
        assert_eq!(read(yaml, 0), parsed(yaml));
    }

    fn fragment() -> impl Strategy<Value = &'static str> {
        prop::sample::select(&[
            "a: b\n",
            "c: d e\n",
            "f:\n",
            "  g: h\n",
            "  i: j: k\n",
            "    l: m\n",
            "  - n\n",
            "- o\n",
            "  -\n",
            "p: |\n",
            "q: >\n",
            "r: |-\n",
            "s: >-\n",
            "  text\n",
            "    more\n",
            "  text \n",
            " less\n",
            "\n",
            "  \n",
            "t: \"u\"\n",
            "v: 'w' \n",
            "x: \"\"\n",
            "y: 'it''s'\n",
            "z: 1\n",
            "true: null\n",
            "a: b # c\n",
            "a: b#c\n",
            "a:b\n",
            "a: b:\n",
            "a:  b\n",
            "a: b  \n",
            "# c\n",
            "a: -b\n",
            "a: - b\n",
            "a: .5\n",
            "a: [b]\n",
            "a: &b c\n",
            "a: ---\n",
            "---\n",
            "...\n",
            "a: (b) c\n",
            "a: |2\n",
            "a: ~\n",
            "a: \"b\nc\"\n",
            "b c: d\n",
            "a: \"b\" c\n",
            "  'k': v\n",
            "a: b",
            " a: b\n",
            "a: b — é\n",
            "é: b\n",
            "  é\n",
            "a: \u{a0}\n",
            "a: b\u{85}\n",
            "a: b\u{2028}c\n",
            "a: b\u{feff}\n",
        ])
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_plain_reads_as_the_parser_reads_it(fragments in prop::collection::vec(fragment(), 0..8)) {
            let yaml = fragments.concat();
            if let Some(root) = read(&yaml, 0) {
                prop_assert_eq!(Some(root), parsed(&yaml), "{:?}", yaml);
            }
        }
    }
}
