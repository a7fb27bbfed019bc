//! YAML as a tree that knows where everything stands. This file and the one below it are the only ones that name the YAML crates.
//!
//! Frontmatter comes from strangers, so reading it is bounded: nesting, the number of nodes, and the bytes that aliases may expand
//! to. Reading stops at the first error and keeps what was complete before it.

mod builder;
mod plain;
mod writer;

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::manifest::problem::{Problem, ProblemKind};
use crate::manifest::source::Span;
use builder::Builder;
pub use writer::{in_double_quotes, inline_scalar};

/// Stands for NUL while parsing: YAML readers take a NUL for the end of the text.
const SUBSTITUTE: char = '\u{1a}';

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands; for the copy that an alias makes, where the alias stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A single text.
    Scalar(Scalar),
    /// `- a` or `[a]`.
    Sequence(Vec<Node>),
    /// `a: b` or `{a: b}`, in the order of the file, duplicates kept.
    Mapping(Vec<(Node, Node)>),
}

/// A text and how it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text, unquoted and unfolded.
    pub text: String,
    /// How it was written.
    pub style: Style,
    /// What the YAML 1.2 core schema takes it for.
    pub kind: ScalarKind,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// As a block, `|` or `>`.
    Block,
}

/// What the YAML 1.2 core schema takes a scalar for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarKind {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Anything else, and everything in quotes.
    Text,
}

impl Node {
    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar that is not null: what the author wrote, whatever YAML takes it for.
    pub fn as_text(&self) -> Option<&str> {
        self.as_scalar().filter(|scalar| scalar.kind != ScalarKind::Null).map(|scalar| scalar.text.as_str())
    }

    /// What it is, for messages: `a list`, `a number`.
    pub fn kind_name(&self) -> &'static str {
        match &self.value {
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
            Value::Scalar(scalar) => match scalar.kind {
                ScalarKind::Null => "empty",
                ScalarKind::Bool => "a boolean",
                ScalarKind::Number => "a number",
                ScalarKind::Text => "a text",
            },
        }
    }

    /// The value as JSON. A scalar that YAML takes for a number or a boolean becomes one.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Sequence(items) => Json::Array(items.iter().map(Node::to_json).collect()),
            Value::Mapping(entries) => {
                let key = |key: &Node| key.as_scalar().map_or_else(|| key.to_json().to_string(), |s| s.text.clone());
                Json::Object(entries.iter().map(|(k, v)| (key(k), v.to_json())).collect())
            }
            Value::Scalar(scalar) => match scalar.kind {
                ScalarKind::Null => Json::Null,
                ScalarKind::Bool => Json::Bool(scalar.text.eq_ignore_ascii_case("true")),
                ScalarKind::Number => {
                    scalar.text.parse().map_or_else(|_| Json::String(scalar.text.clone()), Json::Number)
                }
                ScalarKind::Text => Json::String(scalar.text.clone()),
            },
        }
    }
}

/// Reads the YAML document in `text[range]`. Gives what could be read, and adds to `problems` what could not.
pub(crate) fn parse(text: &str, range: Span, problems: &mut Vec<Problem>) -> Option<Node> {
    let yaml = &text[range.range()];
    if let Some(root) = plain::read(yaml, range.start) {
        find_duplicate_keys(&root, problems);
        return Some(root);
    }
    if let Some((at, character)) = first_unprintable(yaml) {
        let message = format!("YAML allows no control character U+{:04X}", u32::from(character));
        let span = Span::new(at, at + character.len_utf8()).shifted(range.start);
        problems.push(Problem::new(ProblemKind::ControlCharacter, span, message));
    }
    let readable = if yaml.contains('\0') { Cow::Owned(yaml.replace('\0', "\u{1a}")) } else { Cow::Borrowed(yaml) };
    let readable = without_tabs_after_keys(readable);
    let (root, error) = Builder::build(&readable, text, range);
    problems.extend(error);
    let root = root?;
    find_duplicate_keys(&root, problems);
    Some(root)
}

/// Reads one YAML or JSON document into a type.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_yaml::from_str(text).map_err(|error| Error::new(ErrorKind::Invalid, "this is not valid YAML").because(error))
}

/// Writes a value as YAML.
pub fn to_string<T: Serialize>(value: &T) -> Result<String> {
    serde_yaml::to_string(value)
        .map(writer::quote_doubtful)
        .map_err(|error| Error::new(ErrorKind::Invalid, "this value has no YAML form").because(error))
}

/// YAML lets a tab stand between a key and its value, and the parser does not; a blank is as long. Only keys at the start of a line are
/// looked at: what is indented may be part of a block of text.
fn without_tabs_after_keys(yaml: Cow<'_, str>) -> Cow<'_, str> {
    if !yaml.contains(":\t") {
        return yaml;
    }
    let mut readable = String::with_capacity(yaml.len());
    for line in yaml.split_inclusive('\n') {
        let key = line.find(":\t").filter(|&at| line[..at].chars().all(|c| c.is_alphanumeric() || "-_".contains(c)));
        let (key, rest) = line.split_at(key.map_or(0, |at| at + 1));
        let value = if key.is_empty() { rest } else { rest.trim_start_matches('\t') };
        readable.push_str(key);
        readable.extend(std::iter::repeat_n(' ', rest.len() - value.len()));
        readable.push_str(value);
    }
    Cow::Owned(readable)
}

fn first_unprintable(yaml: &str) -> Option<(usize, char)> {
    // Nearly all frontmatter is plain ASCII, of which bytes tell enough.
    if yaml.bytes().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')) {
        return None;
    }
    yaml.char_indices().find(|&(_, character)| !is_printable(character))
}

/// YAML's `c-printable`.
fn is_printable(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..)
        && !matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// The core schema of YAML 1.2.2, section 10.3.2.
pub(crate) fn plain_kind(text: &str) -> ScalarKind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => ScalarKind::Null,
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => ScalarKind::Bool,
        _ if is_number(text) => ScalarKind::Number,
        _ => ScalarKind::Text,
    }
}

fn is_number(text: &str) -> bool {
    let all = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    if let Some(hex) = text.strip_prefix("0x") {
        return all(hex, 16);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return all(octal, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let starts_like_one = unsigned.strip_prefix('.').unwrap_or(unsigned).starts_with(|c: char| c.is_ascii_digit());
    starts_like_one && unsigned.parse::<f64>().is_ok()
}

/// Reports every key that its mapping already has. Keys are the same when their texts are.
fn find_duplicate_keys(node: &Node, problems: &mut Vec<Problem>) {
    match &node.value {
        Value::Scalar(_) => {}
        Value::Sequence(items) => items.iter().for_each(|item| find_duplicate_keys(item, problems)),
        Value::Mapping(entries) => {
            let mut seen: HashMap<&str, Span, RandomState> =
                HashMap::with_capacity_and_hasher(entries.len(), RandomState::default());
            for (key, value) in entries {
                if let Some(scalar) = key.as_scalar() {
                    if let Some(first) = seen.get(scalar.text.as_str()) {
                        let message = format!("the key `{}` is given twice", scalar.text.replace(SUBSTITUTE, ""));
                        let problem = Problem::new(ProblemKind::DuplicateKey, key.span, message);
                        problems.push(problem.with_related(*first));
                    } else {
                        seen.insert(&scalar.text, key.span);
                    }
                }
                find_duplicate_keys(value, problems);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(yaml: &str) -> (Option<Node>, Vec<Problem>) {
        let mut problems = Vec::new();
        let node = parse(yaml, Span::new(0, yaml.len()), &mut problems);
        (node, problems)
    }

    fn kinds(problems: &[Problem]) -> Vec<ProblemKind> {
        problems.iter().map(|problem| problem.kind).collect()
    }

    #[test]
    fn keys_and_values_know_where_they_stand() {
        let yaml = "näme: a b # c\n\"deep\":\n  - x: 'y'\n";
        let (node, problems) = read(yaml);
        assert!(problems.is_empty());
        let Some(Value::Mapping(entries)) = node.map(|node| node.value) else { panic!("a mapping") };
        let (key, value) = &entries[0];
        assert_eq!((&yaml[key.span.range()], &yaml[value.span.range()]), ("näme", "a b"));
        assert_eq!(&yaml[entries[1].0.span.range()], "\"deep\"");
    }

    #[test]
    fn what_stands_before_an_error_is_kept() {
        let (node, problems) = read("name: x\ndescription: a: b\n");
        assert_eq!(kinds(&problems), [ProblemKind::InvalidYaml]);
        assert_eq!(node.map(|node| node.to_json()), Some(serde_json::json!({"name": "x"})));
    }

    #[test]
    fn errors_stand_on_the_line_that_is_wrong() {
        for (yaml, place) in [
            ("a: b: c\n", ""),
            ("a: 1\njust words\n", "just words"),
            ("a: [1\nb: 2\n", ""),
            ("a: [1", "a: [1"),
            ("a:\n  b: 1\n c: 2\n", ""),
        ] {
            let (_, problems) = read(yaml);
            assert_eq!(kinds(&problems), [ProblemKind::InvalidYaml], "{yaml}");
            assert_eq!(&yaml[problems[0].span.range()], place, "{yaml}");
        }
    }

    #[test]
    fn a_nul_is_a_problem_and_the_keys_after_it_are_read() {
        let (node, problems) = read("a: x\0y\nb: z\n");
        assert_eq!(kinds(&problems), [ProblemKind::ControlCharacter]);
        assert_eq!(problems[0].span, Span::new(4, 5));
        assert_eq!(node.map(|node| node.to_json()), Some(serde_json::json!({"a": "x\u{1a}y", "b": "z"})));
    }

    #[test]
    fn a_tab_may_stand_between_a_key_and_its_value() {
        let (node, problems) = read("a:\t\tx\nb: |\n  c:\ty\n");
        assert!(problems.is_empty());
        assert_eq!(node.map(|node| node.to_json()), Some(serde_json::json!({"a": "x", "b": "c:\ty\n"})));
        assert_eq!(kinds(&read("a:\n\tb: x\n").1), [ProblemKind::InvalidYaml]);
    }

    #[test]
    fn aliases_expand_within_a_budget() {
        let (node, problems) = read("a: &x [1, 2]\nb: *x\n");
        assert!(problems.is_empty());
        assert_eq!(node.map(|node| node.to_json()), Some(serde_json::json!({"a": [1, 2], "b": [1, 2]})));

        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            let before = level - 1;
            let aliases = [format!("*a{before}"), format!("*a{before}"), format!("*a{before}")].join(", ");
            bomb.extend(["a", &level.to_string(), ": &a", &level.to_string(), " [", &aliases, "]\n"]);
        }
        assert_eq!(kinds(&read(&bomb).1), [ProblemKind::YamlTooLarge]);
        assert_eq!(kinds(&read(&"[".repeat(100)).1), [ProblemKind::YamlTooLarge]);
    }

    #[test]
    fn duplicate_keys_are_found_at_any_depth() {
        let (_, problems) = read("a: 1\nb:\n  c: 1\n  'c': 2\na: 2\n");
        assert_eq!(kinds(&problems), [ProblemKind::DuplicateKey, ProblemKind::DuplicateKey]);
        assert_eq!(problems[1].related, Some(Span::new(0, 1)));
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        for (text, kind) in [
            ("247", ScalarKind::Number),
            ("1.0", ScalarKind::Number),
            ("-.5e3", ScalarKind::Number),
            ("0x1F", ScalarKind::Number),
            ("1.2.3", ScalarKind::Text),
            ("infinity", ScalarKind::Text),
            ("yes", ScalarKind::Text),
            ("True", ScalarKind::Bool),
            ("~", ScalarKind::Null),
        ] {
            assert_eq!(plain_kind(text), kind, "{text}");
        }
    }
}
