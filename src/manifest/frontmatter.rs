//! The YAML block between two `---` lines at the start of a manifest.
//!
//! The specification wants it first in the file. Where it is missing, unclosed or not YAML, that is a [`Problem`], and whatever of
//! it can be read still is.

use super::problem::{Problem, ProblemKind};
use super::source::{Source, Span, lines_in};
use super::yaml::{self, Node, Value};

/// The frontmatter of a manifest; empty when there is none.
#[derive(Debug, Default)]
pub struct Frontmatter {
    /// From the first fence through the line end of the second; `None` without a first fence.
    pub span: Option<Span>,
    /// The YAML between the fences.
    pub yaml: Span,
    /// Whether the closing fence is there.
    pub closed: bool,
    /// The top-level keys in the order of the file, duplicates included.
    pub entries: Vec<Entry>,
}

/// One `key: value` of the frontmatter.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key's text.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value and where it stands.
    pub value: Node,
}

impl Frontmatter {
    /// Reads the frontmatter of `source`, and gives the offset at which the body starts.
    pub(crate) fn read(source: &Source, problems: &mut Vec<Problem>) -> (Self, usize) {
        let text = source.text();
        let start = source.bom_len();
        let Some(fences) = Fences::find(text, start) else {
            problems.push(missing(text, start));
            return (Self::default(), start);
        };
        let yaml = Span::new(fences.open.end, fences.close.map_or(text.len(), |close| close.start));
        let end = fences.close.map_or(text.len(), |close| close.end);
        if fences.close.is_none() {
            problems.push(unclosed(text, fences.open, yaml));
        }
        let mut frontmatter =
            Self { span: Some(Span::new(start, end)), yaml, closed: fences.close.is_some(), entries: Vec::new() };
        // Without its end, everything would be taken for YAML; what the text says then is guesswork.
        if frontmatter.closed {
            frontmatter.read_entries(text, problems);
        }
        let body = if frontmatter.closed { end } else { fences.open.end };
        (frontmatter, body)
    }

    /// The first entry with this key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The text of the first entry with this key, when it is a scalar that is not null.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.value.as_text()
    }

    fn read_entries(&mut self, text: &str, problems: &mut Vec<Problem>) {
        let Some(root) = yaml::parse(text, self.yaml, problems) else { return };
        match root.value {
            Value::Mapping(entries) => {
                self.entries = entries.into_iter().map(|(key, value)| Entry::new(&key, value)).collect();
            }
            Value::Scalar(scalar) if scalar.text.is_empty() => {}
            Value::Scalar(_) | Value::Sequence(_) => {
                let what = Node { span: root.span, value: root.value };
                let message = format!("the frontmatter must map keys to values, and this is {}", what.kind_name());
                problems.push(Problem::new(ProblemKind::NotAMapping, what.span, message));
            }
        }
    }
}

impl Entry {
    fn new(key: &Node, value: Node) -> Self {
        let name = key.as_scalar().map_or_else(|| key.to_json().to_string(), |scalar| scalar.text.clone());
        Self { key: name, key_span: key.span, value }
    }
}

/// The two fence lines, each with its line end.
struct Fences {
    open: Span,
    close: Option<Span>,
}

impl Fences {
    fn find(text: &str, start: usize) -> Option<Self> {
        let mut lines = lines_in(text, Span::new(start, text.len())).peekable();
        let first = lines.next().filter(|line| is_fence(&text[line.range()]))?;
        let next_start = |line: Option<&Span>| line.map_or(text.len(), |line| line.start);
        let open = Span::new(first.start, next_start(lines.peek()));
        let mut close = None;
        while let Some(line) = lines.next() {
            if is_fence(&text[line.range()]) {
                close = Some(Span::new(line.start, next_start(lines.peek())));
                break;
            }
        }
        Some(Self { open, close })
    }
}

/// A fence is `---` at the start of a line; the specification is silent on blanks after it, and clients differ.
fn is_fence(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.trim_end_matches([' ', '\t']).is_empty())
}

/// Says what stands where the frontmatter should, since the commonest cause is something put before it.
fn missing(text: &str, start: usize) -> Problem {
    let all = Span::new(start, text.len());
    let later = lines_in(text, all).take(50).find(|line| is_fence(text[line.range()].trim_start()));
    let first = lines_in(text, all).next().unwrap_or(Span::at(start));
    let message = match later {
        _ if text[start..].trim().is_empty() => {
            "the file is empty: a manifest starts with YAML frontmatter between `---` lines"
        }
        Some(fence) if fence.start == start => "the `---` that opens the frontmatter must not be indented",
        Some(_) => "the frontmatter must start on the first line, and something stands before its `---`",
        None => "no frontmatter: a manifest starts with YAML between `---` lines",
    };
    Problem::new(ProblemKind::NoFrontmatter, first, message)
}

fn unclosed(text: &str, open: Span, yaml: Span) -> Problem {
    let dots = lines_in(text, yaml).find(|line| text[line.range()].trim_end() == "...");
    match dots {
        Some(line) => Problem::new(
            ProblemKind::UnclosedFrontmatter,
            line,
            "the frontmatter ends with a `---` line; `...` does not close it",
        ),
        None => Problem::new(
            ProblemKind::UnclosedFrontmatter,
            Span::new(open.start, open.start + 3),
            "the frontmatter opened here is never closed by another `---` line",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Frontmatter, usize, Vec<ProblemKind>) {
        let source = Source::new(text);
        let mut problems = Vec::new();
        let (frontmatter, body) = Frontmatter::read(&source, &mut problems);
        (frontmatter, body, problems.into_iter().map(|problem| problem.kind).collect())
    }

    #[test]
    fn dashes_inside_a_value_are_no_fence() {
        let (frontmatter, body, problems) = read("---\nname: a\ndescription: b --- c\n---\nbody\n");
        assert!(problems.is_empty());
        assert_eq!(frontmatter.text("description"), Some("b --- c"));
        assert_eq!(body, 37);
    }

    #[test]
    fn every_line_end_and_a_byte_order_mark_are_read() {
        for text in ["\u{feff}---\nname: a\n---\nb", "---\r\nname: a\r\n---\r\nb", "---\rname: a\r---\rb"] {
            let (frontmatter, body, problems) = read(text);
            assert!(problems.is_empty(), "{text:?}: {problems:?}");
            assert_eq!(frontmatter.text("name"), Some("a"), "{text:?}");
            assert_eq!(&text[body..], "b");
        }
    }

    #[test]
    fn what_is_wrong_with_the_fences_is_said() {
        for (text, kind) in [
            ("", ProblemKind::NoFrontmatter),
            ("# Title\n", ProblemKind::NoFrontmatter),
            ("\n---\nname: a\n---\n", ProblemKind::NoFrontmatter),
            ("  ---\nname: a\n---\n", ProblemKind::NoFrontmatter),
            ("---\nname: a\n", ProblemKind::UnclosedFrontmatter),
            ("---\nname: a\n...\n", ProblemKind::UnclosedFrontmatter),
            ("---\n- a\n---\n", ProblemKind::NotAMapping),
        ] {
            assert_eq!(read(text).2, [kind], "{text:?}");
        }
    }
}
