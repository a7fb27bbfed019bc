//! Reading frontmatter as other programs do: their fences, their YAML, their kinds of values.

use std::borrow::Cow;

use crate::manifest::problem::ProblemKind;
use crate::manifest::source::Span;
use crate::manifest::yaml::{self, Node, ScalarKind, Value};

/// YAML as a client reads it.
#[derive(Debug, Default)]
pub(super) struct Yaml {
    root: Option<Node>,
    /// It cannot be read to its end.
    pub(super) invalid: bool,
    /// Aliases make it larger than anyone should read.
    pub(super) too_large: bool,
    /// It holds a character that YAML does not allow.
    pub(super) control: bool,
    /// Keys that are given twice, at any depth.
    pub(super) duplicates: Vec<String>,
}

impl Yaml {
    pub(super) fn read(text: &str) -> Self {
        // A tab after a colon is YAML to all of them, and not to the parser here.
        let spaced = if text.contains(":\t") { Cow::Owned(text.replace(":\t", ": ")) } else { Cow::Borrowed(text) };
        let text = spaced.as_ref();
        let mut problems = Vec::new();
        let root = yaml::parse(text, Span::new(0, text.len()), &mut problems);
        let mut yaml = Self { root, ..Self::default() };
        for problem in problems {
            match problem.kind {
                ProblemKind::InvalidYaml => yaml.invalid = true,
                ProblemKind::ControlCharacter => yaml.control = true,
                ProblemKind::DuplicateKey => yaml.duplicates.push(unquoted(&text[problem.span.range()]).to_owned()),
                // Most do not count; what is complete before the bound is what they read.
                ProblemKind::YamlTooLarge => yaml.too_large = true,
                _ => {}
            }
        }
        yaml
    }

    /// Whether every reader takes it: nothing is wrong with it but what it says.
    pub(super) fn is_strict(&self) -> bool {
        !self.invalid && !self.control && self.duplicates.is_empty()
    }

    /// Whether it maps keys to values.
    pub(super) fn is_mapping(&self) -> bool {
        matches!(self.root.as_ref().map(|root| &root.value), Some(Value::Mapping(_)))
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self) -> bool {
        self.root.as_ref().is_none_or(|root| root.as_scalar().is_some_and(|scalar| scalar.kind == ScalarKind::Null))
    }

    /// The value of the last key of this name.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        get(self.root.as_ref()?, key)
    }
}

/// The value of the last key of this name in a mapping.
pub(super) fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Value::Mapping(entries) = &node.value else { return None };
    let named = |(name, _): &&(Node, Node)| name.as_scalar().is_some_and(|scalar| scalar.text == key);
    entries.iter().rev().find(named).map(|(_, value)| value)
}

pub(super) fn kind(node: &Node) -> Option<ScalarKind> {
    node.as_scalar().map(|scalar| scalar.kind)
}

pub(super) fn is_null(node: &Node) -> bool {
    kind(node) == Some(ScalarKind::Null)
}

/// What YAML takes for a text.
pub(super) fn text(node: &Node) -> Option<&str> {
    node.as_scalar().filter(|scalar| scalar.kind == ScalarKind::Text).map(|scalar| scalar.text.as_str())
}

/// What YAML 1.1 takes for a text: an unquoted date is none.
pub(super) fn text_but_no_date(node: &Node) -> Option<&str> {
    let plain = node.as_scalar().is_some_and(|scalar| scalar.style == yaml::Style::Plain);
    text(node).filter(|text| !(plain && is_date(text)))
}

/// `2026-01-31`, alone or with a time after it.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, count: usize| {
        part.is_some_and(|part| part.len() >= count && part.bytes().take(count).all(|byte| byte.is_ascii_digit()))
    };
    digits(parts.next().filter(|year| year.len() == 4), 4)
        && digits(parts.next().filter(|month| month.len() == 2), 2)
        && digits(parts.next(), 2)
}

/// White space as JavaScript's `\s` and `trim` see it.
pub(super) fn is_js_space(character: char) -> bool {
    (character.is_whitespace() && character != '\u{85}') || character == '\u{feff}'
}

pub(super) fn js_trim(text: &str) -> &str {
    text.trim_matches(is_js_space)
}

/// What JavaScript calls the length of a text.
pub(super) fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// White space of any kind and length becomes one blank.
pub(super) fn single_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}
