//! The parser's events to a tree, within bounds.
//!
//! Reading stops at the first error; what was complete before it is the tree.

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::{Node, Scalar, ScalarKind, Style, Value, plain_kind};
use crate::error::Result;
use crate::manifest::problem::{Problem, ProblemKind};
use crate::manifest::source::Span;

/// Nesting deeper than this is refused.
const MAX_DEPTH: usize = 32;
/// More nodes than this, aliases expanded, are refused.
const MAX_NODES: usize = 10_000;
/// More bytes of scalar text than this, aliases expanded, are refused.
const MAX_TEXT: usize = 1 << 20;

/// Turns the parser's character counts into byte offsets. The counts may go back a little, never far.
struct Offsets<'t> {
    text: &'t str,
    base: usize,
    ascii: bool,
    chars: usize,
    bytes: usize,
}

impl<'t> Offsets<'t> {
    fn new(text: &'t str, base: usize) -> Self {
        Self { text, base, ascii: text.is_ascii(), chars: 0, bytes: 0 }
    }

    fn byte(&mut self, chars: usize) -> usize {
        if self.ascii {
            return self.base + chars.min(self.text.len());
        }
        if chars < self.chars {
            (self.chars, self.bytes) = (0, 0);
        }
        let rest = &self.text[self.bytes..];
        self.bytes += rest.char_indices().nth(chars - self.chars).map_or(rest.len(), |(at, _)| at);
        self.chars = chars;
        self.base + self.bytes
    }

    /// Where an error is. What is noticed at the start of a line, or at the end of the text, is about the line before.
    fn blamed(&mut self, chars: usize) -> Span {
        let at = self.byte(chars) - self.base;
        let before = self.text[..at].trim_end();
        if at < self.text.len() && !self.text[..at].ends_with(['\n', '\r']) {
            return Span::at(self.base + at);
        }
        let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let line = line + (before[line..].len() - before[line..].trim_start().len());
        Span::new(self.base + line, self.base + before.len())
    }

    fn span(&mut self, span: saphyr_parser::Span) -> Span {
        let start = self.byte(span.start.index());
        let end = self.byte(span.end.index());
        Span::new(start, end.max(start))
    }
}

/// A collection that is still open.
struct Open {
    start: usize,
    anchor: usize,
    kind: OpenKind,
}

enum OpenKind {
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>, Option<Node>),
}

pub(super) struct Builder<'t> {
    offsets: Offsets<'t>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    root: Option<Node>,
    nodes: usize,
    text_bytes: usize,
}

impl<'t> Builder<'t> {
    /// The tree of `yaml`, which stands at `range` in `text`, and what ended the reading of it.
    pub(super) fn build(yaml: &str, text: &'t str, range: Span) -> (Option<Node>, Option<Problem>) {
        let mut builder = Self::new(Offsets::new(&text[range.range()], range.start));
        let error = builder.run(yaml).err();
        if let Some(error) = &error {
            builder.drop_unfinished(text, error.span.end);
        }
        (builder.finish(), error)
    }

    fn new(offsets: Offsets<'t>) -> Self {
        Self { offsets, open: Vec::new(), anchors: HashMap::new(), root: None, nodes: 0, text_bytes: 0 }
    }

    fn run(&mut self, yaml: &str) -> Result<(), Problem> {
        let mut parser = Parser::new_from_str(yaml);
        while let Some(event) = parser.next_event() {
            let (event, span) = event.map_err(|error| {
                let span = self.offsets.blamed(error.marker().index());
                Problem::new(ProblemKind::InvalidYaml, span, explain(error.info()))
            })?;
            if matches!(event, Event::StreamEnd) {
                break;
            }
            let span = self.offsets.span(span);
            if matches!(event, Event::DocumentStart(_)) && self.root.is_some() {
                let message = "a second YAML document starts here; only the first is read";
                return Err(Problem::new(ProblemKind::InvalidYaml, span, message.to_owned()));
            }
            self.event(event, span)?;
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Problem> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = scalar(text, style, tag.as_deref());
                self.count(1, scalar.text.len(), span)?;
                self.place(Node { span, value: Value::Scalar(scalar) }, anchor);
            }
            Event::SequenceStart(anchor, _) => self.open(OpenKind::Sequence(Vec::new()), anchor, span)?,
            Event::MappingStart(anchor, _) => self.open(OpenKind::Mapping(Vec::new(), None), anchor, span)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(span.end),
            Event::Alias(anchor) => {
                let message = "this alias has no anchor before it";
                let Some(target) = self.anchors.get(&anchor) else {
                    return Err(Problem::new(ProblemKind::InvalidYaml, span, message.to_owned()));
                };
                let (nodes, text_bytes) = weight(&target.value);
                let value = if self.nodes + nodes <= MAX_NODES { Some(target.value.clone()) } else { None };
                self.count(nodes, text_bytes, span)?;
                if let Some(value) = value {
                    self.place(Node { span, value }, 0);
                }
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn open(&mut self, kind: OpenKind, anchor: usize, span: Span) -> Result<(), Problem> {
        self.count(1, 0, span)?;
        if self.open.len() == MAX_DEPTH {
            let message = format!("YAML nested more than {MAX_DEPTH} deep is not read");
            return Err(Problem::new(ProblemKind::YamlTooLarge, span, message));
        }
        self.open.push(Open { start: span.start, anchor, kind });
        Ok(())
    }

    fn close(&mut self, end: usize) {
        if let Some(Open { start, anchor, kind }) = self.open.pop() {
            let value = match kind {
                OpenKind::Sequence(items) => Value::Sequence(items),
                OpenKind::Mapping(entries, _) => Value::Mapping(entries),
            };
            self.place(Node { span: Span::new(start, end.max(start)), value }, anchor);
        }
    }

    fn place(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.root = Some(node),
            Some(OpenKind::Sequence(items)) => items.push(node),
            Some(OpenKind::Mapping(entries, key)) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => *key = Some(node),
            },
        }
    }

    fn count(&mut self, nodes: usize, text_bytes: usize, span: Span) -> Result<(), Problem> {
        self.nodes += nodes;
        self.text_bytes += text_bytes;
        if self.nodes > MAX_NODES || self.text_bytes > MAX_TEXT {
            let message = format!(
                "YAML that expands to more than {MAX_NODES} values or {MAX_TEXT} bytes is not read; aliases multiply both"
            );
            return Err(Problem::new(ProblemKind::YamlTooLarge, span, message));
        }
        Ok(())
    }

    /// Forgets the value on whose last line reading stopped: its end is not what the author meant.
    fn drop_unfinished(&mut self, text: &str, error: usize) {
        let line_start = text[..error].rfind(['\n', '\r']).map_or(0, |at| at + 1);
        if let Some(Open { kind: OpenKind::Mapping(entries, key), .. }) = self.open.first_mut() {
            *key = None;
            if entries.last().is_some_and(|(_, value)| value.span.end > line_start) {
                entries.pop();
            }
        }
    }

    /// The tree, with collections that an error left open closed where they are.
    fn finish(mut self) -> Option<Node> {
        while let Some(open) = self.open.last() {
            let end = match &open.kind {
                OpenKind::Sequence(items) => items.last().map(|node| node.span.end),
                OpenKind::Mapping(entries, _) => entries.last().map(|(_, node)| node.span.end),
            };
            let end = end.unwrap_or(open.start);
            self.close(end);
        }
        self.root
    }
}

/// The parser's message in words for people who do not know its grammar; the rarer ones as they are.
fn explain(info: &str) -> String {
    let words = [
        ("illegal placement of ':'", "a `: ` inside a value reads as another key; put the whole value in quotes"),
        ("mapping values are not allowed", "a `: ` inside a value reads as another key; put the whole value in quotes"),
        ("simple key expect", "this line is no `key: value`, and it belongs to no value above it"),
        ("tab cannot be used", "YAML is indented with blanks, never with tabs"),
        ("tabs disallowed", "YAML is indented with blanks, never with tabs"),
        ("quoted scalar, found unexpected", "a quote is opened here or above and never closed"),
        ("unknown escape character", "a backslash in double quotes starts an escape; write two, or use single quotes"),
        ("flow sequence, expected", "a list that starts with `[` needs commas between its items and a `]` at its end"),
        (
            "flow mapping, did not find",
            "a mapping that starts with `{` needs commas between its entries and a `}` at its end",
        ),
        ("found unknown anchor", "this alias has no anchor before it"),
        ("did not find expected key", "this line is neither the next key nor part of the value above it"),
        ("found a tab", "YAML is indented with blanks, never with tabs"),
        ("unexpected character", "a value does not start with this character unless it is in quotes"),
        ("indentation", "this line is indented by more or fewer blanks than what it belongs to"),
    ];
    let known = words.iter().find(|(theirs, _)| info.contains(theirs)).map(|(_, ours)| (*ours).to_owned());
    known.unwrap_or_else(|| info.to_owned())
}

/// Nodes and bytes of text in a value.
fn weight(value: &Value) -> (usize, usize) {
    let sum = |a: (usize, usize), b: (usize, usize)| (a.0 + b.0, a.1 + b.1);
    match value {
        Value::Scalar(scalar) => (1, scalar.text.len()),
        Value::Sequence(items) => items.iter().map(|node| weight(&node.value)).fold((1, 0), sum),
        Value::Mapping(entries) => {
            entries.iter().flat_map(|(k, v)| [weight(&k.value), weight(&v.value)]).fold((1, 0), sum)
        }
    }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Scalar {
    let style = match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    };
    let forced_text = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    let kind = if style == Style::Plain && !forced_text { plain_kind(&text) } else { ScalarKind::Text };
    Scalar { text: text.into_owned(), style, kind }
}
