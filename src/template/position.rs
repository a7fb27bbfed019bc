//! Where in a manifest a slot stands, and how a value is written there.
//!
//! In the body a value is its own text. In YAML it may need quotes, escapes or an indent, so the same description reads differently
//! inline and in a block. A value that moves from one place to another is read by the rules of the first and written by those of
//! the second; one that stays keeps its bytes.

use crate::manifest::source::Span;
use crate::manifest::yaml;

/// How values are written at the place of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Position {
    /// As they are.
    Text,
    /// As a whole YAML scalar on one line: `key: {{ slot }}`.
    Inline,
    /// Between double quotes.
    DoubleQuoted,
    /// Between single quotes.
    SingleQuoted,
    /// As the lines of a YAML block scalar.
    Block {
        /// Columns before each line.
        indent: usize,
        /// Whether line ends read as blanks (`>`).
        folded: bool,
    },
}

impl Position {
    /// `value` as it is written here, or nothing where it cannot be.
    pub fn encode(self, value: &str) -> Option<String> {
        match self {
            Self::Text => Some(value.to_owned()),
            Self::Inline => Some(yaml::inline_scalar(value)),
            Self::DoubleQuoted => {
                let quoted = yaml::in_double_quotes(value);
                Some(quoted[1..quoted.len() - 1].to_owned())
            }
            Self::SingleQuoted => (!value.contains(['\n', '\r'])).then(|| value.replace('\'', "''")),
            Self::Block { indent, folded } => {
                // A line that starts with a blank would be taken for a deeper indent.
                if value.starts_with([' ', '\t', '\n']) || folded && value.contains("\n ") {
                    return None;
                }
                let mut written = String::with_capacity(value.len());
                for (at, line) in value.split('\n').enumerate() {
                    // Folding eats one line end of every run.
                    let first_of_run = at > 0 && !written.ends_with('\n');
                    written.push_str(if at == 0 { "" } else { "\n" });
                    written.push_str(if folded && first_of_run { "\n" } else { "" });
                    if at > 0 && !line.is_empty() {
                        written.extend(std::iter::repeat_n(' ', indent));
                    }
                    written.push_str(line);
                }
                Some(written)
            }
        }
    }

    /// What `written` means here, or nothing where it is no whole value.
    pub fn decode(self, written: &str) -> Option<String> {
        match self {
            Self::Text => Some(written.to_owned()),
            Self::Inline => scalar(written),
            Self::DoubleQuoted => scalar(&format!("\"{written}\"")),
            Self::SingleQuoted => scalar(&format!("'{written}'")),
            Self::Block { indent, folded } => {
                let mut lines = written.split('\n').enumerate().map(|(at, line)| {
                    let blanks = line.len() - line.trim_start_matches(' ').len();
                    if at == 0 { line } else { &line[blanks.min(indent)..] }
                });
                if !folded {
                    return Some(lines.collect::<Vec<_>>().join("\n"));
                }
                let mut value = lines.next()?.to_owned();
                for line in lines {
                    match (line.is_empty(), value.ends_with('\n')) {
                        (true, _) => value.push('\n'),
                        (false, true) => value.push_str(line),
                        (false, false) => value.extend([" ", line]),
                    }
                }
                Some(value)
            }
        }
    }

    /// `written` at `self` as it is written at `to`; nothing where the value cannot stand there.
    pub fn convert(self, written: &str, to: Self) -> Option<String> {
        if self == to { Some(written.to_owned()) } else { to.encode(&self.decode(written)?) }
    }
}

/// The text of a scalar that is all there is on its line.
fn scalar(written: &str) -> Option<String> {
    const KEY: &str = "k: ";
    let line = format!("{KEY}{written}\n");
    let mut problems = Vec::new();
    let root = yaml::parse(&line, Span::new(0, line.len()), &mut problems)?;
    let yaml::Value::Mapping(entries) = &root.value else { return None };
    let [(_, value)] = entries.as_slice() else { return None };
    // A comment after the value would be lost.
    let whole = value.span == Span::new(KEY.len(), KEY.len() + written.len());
    let scalar = value.as_scalar()?;
    (problems.is_empty() && (whole || written.is_empty())).then(|| scalar.text.clone())
}

/// What stands around a slot in its template: all lines up to it, and the rest of its line.
#[derive(Debug)]
pub(super) struct Surroundings<'t> {
    /// The template's constant text before the slot.
    pub(super) before: &'t str,
    /// The constant text from the slot to the end of its line.
    pub(super) after: &'t str,
    /// Whether another slot stands on the same line.
    pub(super) shared_line: bool,
}

impl Surroundings<'_> {
    /// The text before the slot on its own line.
    fn prefix(&self) -> &str {
        self.before.rsplit('\n').next().unwrap_or(self.before)
    }

    /// Whether the slot has its line to itself, blanks before it aside.
    pub(super) fn is_alone(&self) -> bool {
        !self.shared_line && self.after.is_empty() && self.prefix().trim_matches(' ').is_empty()
    }

    /// Whether a value must stay on one line here. With a line to itself it may have several; so it may between two constant texts
    /// of the body, of which the second tells where it ends: real sets have line breaks inside quotes.
    pub(super) fn is_one_line(&self) -> bool {
        let between = !self.shared_line && !self.prefix().is_empty() && !self.after.is_empty();
        !self.is_alone() && (!between || self.in_frontmatter())
    }

    /// How values are written here.
    pub(super) fn position(&self) -> Position {
        if !self.in_frontmatter() {
            return Position::Text;
        }
        let prefix = self.prefix();
        if let Some(folded) = self.block_scalar() {
            return if self.is_alone() { Position::Block { indent: prefix.len(), folded } } else { Position::Text };
        }
        let opening = prefix.trim_start_matches([' ', '-']);
        let value = match opening.split_once(": ") {
            Some((_, value)) => value.trim_start_matches(' '),
            None if prefix.trim_start_matches(' ').starts_with("- ") => opening,
            None => return Position::Text,
        };
        match value.chars().next() {
            None if self.after.trim_matches(' ').is_empty() && !self.shared_line => Position::Inline,
            Some('"') => Position::DoubleQuoted,
            Some('\'') => Position::SingleQuoted,
            _ => Position::Text,
        }
    }

    fn in_frontmatter(&self) -> bool {
        let Some(rest) = self.before.strip_prefix("---\n") else { return false };
        !rest.starts_with("---\n") && !rest.contains("\n---\n")
    }

    /// Whether a block scalar is open on the slot's line, and whether it folds.
    fn block_scalar(&self) -> Option<bool> {
        let mut open: Option<(usize, bool)> = None;
        for line in self.before.split('\n') {
            let indent = line.len() - line.trim_start_matches(' ').len();
            if line.trim_matches(' ').is_empty() && indent == 0 || open.is_some_and(|(key, _)| indent > key) {
                continue;
            }
            open = block_header(line).map(|folded| (indent, folded));
        }
        // The slot's own line is deep enough when it is the last that was looked at and did not close the block.
        let indent = self.prefix().len() - self.prefix().trim_start_matches(' ').len();
        open.filter(|&(key, _)| indent > key && !self.prefix().is_empty()).map(|(_, folded)| folded)
    }
}

/// Whether a line opens a block scalar (`key: |`), and whether that folds.
fn block_header(line: &str) -> Option<bool> {
    let header = line.trim_end().rsplit(' ').next()?;
    let folded = match header.chars().next()? {
        '|' => false,
        '>' => true,
        _ => return None,
    };
    header[1..].chars().all(|c| matches!(c, '+' | '-' | '1'..='9')).then_some(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(template: &str) -> Position {
        let (before, after) = template.split_once('@').unwrap();
        let after = after.split('\n').next().unwrap();
        Surroundings { before, after, shared_line: false }.position()
    }

    #[test]
    fn the_place_decides_how_a_value_is_written() {
        assert_eq!(position("---\nname: @\n---\n"), Position::Inline);
        assert_eq!(position("---\nname: \"@\"\n---\n"), Position::DoubleQuoted);
        assert_eq!(position("---\nname: 'a @'\n---\n"), Position::SingleQuoted);
        assert_eq!(position("---\nname: a @\n---\n"), Position::Text);
        assert_eq!(position("---\nlist:\n  - @\n---\n"), Position::Inline);
        assert_eq!(position("---\nd: |\n  @\n---\n"), Position::Block { indent: 2, folded: false });
        assert_eq!(position("---\nd: >-\n  a\n  @\n---\n"), Position::Block { indent: 2, folded: true });
        assert_eq!(position("---\nd: |\n  @ b\n---\n"), Position::Text);
        assert_eq!(position("---\nd: |\n  a\nname: @\n---\n"), Position::Inline);
        assert_eq!(position("---\n@\n---\n"), Position::Text);
        assert_eq!(position("---\na: b\n---\n\nname: @\n"), Position::Text);
        assert_eq!(position("name: @\n"), Position::Text);
    }

    #[test]
    fn a_value_keeps_its_meaning_when_it_moves() {
        let all = [
            Position::Inline,
            Position::DoubleQuoted,
            Position::Block { indent: 2, folded: false },
            Position::Block { indent: 4, folded: true },
        ];
        for value in ["plain", "a: b # \"c\" \\ 'd'", "[24]7.ai", "two\nlines", "two\n\nparagraphs", "W&B", "é\t."] {
            for (from, to) in all.into_iter().flat_map(|from| all.map(|to| (from, to))) {
                let written = from.encode(value).unwrap();
                assert_eq!(from.decode(&written).as_deref(), Some(value), "{from:?}");
                let moved = from.convert(&written, to).unwrap();
                assert_eq!(to.decode(&moved).as_deref(), Some(value), "{from:?} {to:?}");
            }
        }
    }

    #[test]
    fn a_word_that_some_readers_take_for_a_boolean_is_quoted_only_when_it_moves() {
        let block = Position::Block { indent: 2, folded: false };
        assert_eq!(block.convert("yes", Position::Inline).as_deref(), Some("\"yes\""));
        assert_eq!(Position::Inline.convert("yes", Position::Inline).as_deref(), Some("yes"));
        assert_eq!(Position::Inline.decode("yes").as_deref(), Some("yes"));
    }

    #[test]
    fn what_would_be_lost_does_not_move() {
        assert_eq!(Position::Inline.convert("a # note", Position::Text), None);
        assert_eq!(Position::Text.convert("a\nb", Position::SingleQuoted), None);
        assert_eq!(Position::Inline.convert("'it''s'", Position::Text).as_deref(), Some("it's"));
    }
}
