//! The reversible form: what of Tera's syntax a template may use and still run backwards.
//!
//! That is literal text, `{{ slot }}` and `{% if slot %}...{% endif %}`. Comments, `{% raw %}` and the whitespace control of `{%-`
//! leave no trace in what is rendered, so they are taken too. The first construct outside this form is named with its line.

use std::fmt;

/// A piece of a reversible template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Text that stands in every manifest.
    Text(String),
    /// The place of a value.
    Slot {
        /// The slot's name.
        name: String,
        /// Its line in the template, from 1.
        line: usize,
    },
    /// A part that is there when the slot of this name is filled.
    Optional {
        /// The slot that decides.
        name: String,
        /// The line of the `if`.
        line: usize,
        /// What the part holds.
        nodes: Vec<Node>,
    },
}

/// The first construct of a template that cannot be run backwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Irreversible {
    /// The construct as it is written, or what is wrong with it.
    pub construct: String,
    /// Its line, from 1.
    pub line: usize,
    /// Why it stops a template from running backwards.
    pub reason: &'static str,
}

impl fmt::Display for Irreversible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: `{}` {}", self.line, self.construct, self.reason)
    }
}

impl Irreversible {
    pub(super) fn new(construct: impl Into<String>, line: usize, reason: &'static str) -> Self {
        Self { construct: construct.into(), line, reason }
    }
}

const COMPUTED: &str = "is computed: only `{{ slot }}` can be read back";
const NOT_A_SLOT_TEST: &str = "tests more than whether a slot is filled: only `{% if slot %}` can be read back";
const NO_BRANCH: &str = "chooses between texts: only `{% if slot %}...{% endif %}` can be read back";
const NO_WAY_BACK: &str = "has no way back: only `{{ slot }}` and `{% if slot %}...{% endif %}` can be read back";

/// Reads a template that the engine has accepted.
pub(super) fn read(source: &str) -> Result<Vec<Node>, Irreversible> {
    Reader { source, at: 0, trim_next: false }.nodes(source)
}

struct Reader<'s> {
    source: &'s str,
    at: usize,
    /// The tag just read ends in `-`: white space after it is dropped.
    trim_next: bool,
}

/// A part whose `endif` is not read yet.
struct Open {
    name: String,
    line: usize,
    before: Vec<Node>,
}

impl<'s> Reader<'s> {
    fn nodes(mut self, source: &'s str) -> Result<Vec<Node>, Irreversible> {
        let mut nodes = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        while self.at < source.len() {
            let start = self.next_marker();
            if start > self.at {
                self.content(start, &mut nodes);
                continue;
            }
            let line = self.line(start);
            match &source[start..start + 2] {
                "{{" => {
                    let inner = self.tag("}}", line)?;
                    let name = slot_name(inner)
                        .ok_or_else(|| Irreversible::new(format!("{{{{ {inner} }}}}"), line, COMPUTED))?;
                    nodes.push(Node::Slot { name: name.to_owned(), line });
                }
                "{#" => self.comment(line)?,
                _ if self.raw_tag("raw").is_some() => self.raw(&mut nodes, line)?,
                _ => {
                    let inner = self.tag("%}", line)?;
                    let written = || format!("{{% {inner} %}}");
                    if let Some(condition) = inner.strip_prefix("if ") {
                        let name = slot_name(condition.trim())
                            .ok_or_else(|| Irreversible::new(written(), line, NOT_A_SLOT_TEST))?;
                        let before = std::mem::take(&mut nodes);
                        open.push(Open { name: name.to_owned(), line, before });
                    } else if inner == "endif" {
                        let Some(Open { name, line, before }) = open.pop() else {
                            return Err(Irreversible::new(written(), line, "closes nothing"));
                        };
                        let inside = std::mem::replace(&mut nodes, before);
                        nodes.push(Node::Optional { name, line, nodes: inside });
                    } else if inner == "else" || inner.starts_with("elif ") {
                        return Err(Irreversible::new(written(), line, NO_BRANCH));
                    } else {
                        return Err(Irreversible::new(written(), line, NO_WAY_BACK));
                    }
                }
            }
        }
        match open.pop() {
            Some(open) => Err(Irreversible::new(format!("{{% if {} %}}", open.name), open.line, "is never closed")),
            None => Ok(nodes),
        }
    }

    /// Where the next tag starts, or the end.
    fn next_marker(&self) -> usize {
        let mut at = self.at;
        while let Some(brace) = memchr::memchr(b'{', &self.source.as_bytes()[at..]) {
            at += brace;
            if matches!(self.source.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#')) {
                return at;
            }
            at += 1;
        }
        self.source.len()
    }

    /// Literal text up to the tag at `end`, white space dropped where the tags around it say so.
    fn content(&mut self, end: usize, nodes: &mut Vec<Node>) {
        let mut text = &self.source[self.at..end];
        if std::mem::take(&mut self.trim_next) {
            text = text.trim_start();
        }
        if self.source.as_bytes().get(end + 2) == Some(&b'-') {
            text = text.trim_end();
        }
        push_text(nodes, text);
        self.at = end;
    }

    /// The inside of the tag at hand, which ends in `close`.
    fn tag(&mut self, close: &str, line: usize) -> Result<&'s str, Irreversible> {
        let rest = &self.source[self.at + 2..];
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let Some(len) = end_of_tag(rest, close) else {
            return Err(Irreversible::new(&self.source[self.at..self.at + 2], line, "is never closed"));
        };
        let inner = &rest[..len];
        self.at = self.source.len() - rest.len() + len + close.len();
        self.trim_next = inner.ends_with('-');
        Ok(inner.strip_suffix('-').unwrap_or(inner).trim())
    }

    /// A comment; it keeps what the tag before it said about white space, as the engine does.
    fn comment(&mut self, line: usize) -> Result<(), Irreversible> {
        let rest = &self.source[self.at + 2..];
        let Some(len) = rest.find("#}") else {
            return Err(Irreversible::new("{#", line, "is never closed"));
        };
        self.trim_next |= rest[..len].ends_with('-');
        self.at += 2 + len + 2;
        Ok(())
    }

    /// The length of `{% name %}` at the reader's place, and whether it ends in `-`.
    fn raw_tag(&self, name: &str) -> Option<(usize, bool)> {
        let source = &self.source[self.at..];
        let rest = source.strip_prefix("{%")?;
        let rest = rest.strip_prefix('-').unwrap_or(rest).trim_ascii_start().strip_prefix(name)?.trim_ascii_start();
        let trims = rest.starts_with('-');
        let rest = rest.strip_prefix('-').unwrap_or(rest).strip_prefix("%}")?;
        Some((source.len() - rest.len(), trims))
    }

    fn raw(&mut self, nodes: &mut Vec<Node>, line: usize) -> Result<(), Irreversible> {
        let Some((open, trims_start)) = self.raw_tag("raw") else { return Ok(()) };
        self.at += open;
        let start = self.at;
        while let Some(found) = self.source[self.at..].find("{%") {
            self.at += found;
            if let Some((close, trims_after)) = self.raw_tag("endraw") {
                let mut text = &self.source[start..self.at];
                if trims_start || std::mem::take(&mut self.trim_next) {
                    text = text.trim_start();
                }
                if self.source.as_bytes().get(self.at + 2) == Some(&b'-') {
                    text = text.trim_end();
                }
                self.at += close;
                // What follows may ask for less white space before it, here as after any text.
                if self.source[self.at..].get(2..3) == Some("-") && self.next_marker() == self.at {
                    text = text.trim_end();
                }
                push_text(nodes, text);
                self.trim_next = trims_after;
                return Ok(());
            }
            self.at += 2;
        }
        Err(Irreversible::new("{% raw %}", line, "is never closed"))
    }

    fn line(&self, at: usize) -> usize {
        memchr::memchr_iter(b'\n', &self.source.as_bytes()[..at]).count() + 1
    }
}

/// Where `close` stands outside of quotes.
fn end_of_tag(text: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) if character == open => quote = None,
            None if matches!(character, '"' | '\'' | '`') => quote = Some(character),
            None if text[at..].starts_with(close) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Adjacent texts are one, so that a comment between two leaves no trace.
fn push_text(nodes: &mut Vec<Node>, text: &str) {
    match nodes.last_mut() {
        _ if text.is_empty() => {}
        Some(Node::Text(before)) => before.push_str(text),
        _ => nodes.push(Node::Text(text.to_owned())),
    }
}

/// `text` when it is a plain name.
fn slot_name(text: &str) -> Option<&str> {
    const WORDS: [&str; 8] = ["true", "false", "True", "False", "none", "None", "loop", "not"];
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (plain && !WORDS.contains(&text)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(source: &str) -> (String, usize) {
        let refused = read(source).unwrap_err();
        (refused.construct, refused.line)
    }

    #[test]
    fn text_slots_and_optional_parts_are_read() {
        let slot = |name: &str, line| Node::Slot { name: name.to_owned(), line };
        assert_eq!(
            read("# {{ title }}\n{% if docs_url %}Docs: {{docs_url}}\n{% endif %}end\n").unwrap(),
            [
                Node::Text("# ".into()),
                slot("title", 1),
                Node::Text("\n".into()),
                Node::Optional {
                    name: "docs_url".into(),
                    line: 2,
                    nodes: vec![Node::Text("Docs: ".into()), slot("docs_url", 2), Node::Text("\n".into())],
                },
                Node::Text("end\n".into()),
            ]
        );
    }

    #[test]
    fn what_leaves_no_trace_is_taken() {
        let text = |source| match read(source).unwrap().as_slice() {
            [Node::Text(text)] => text.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(text("a {# note #}b"), "a b");
        assert_eq!(text("a {#- note -#} b"), "ab");
        assert_eq!(text("a {% raw %}{{ b }}{% endraw %} { c }"), "a {{ b }} { c }");
        assert_eq!(text("a {%- raw -%} {{ b }} {%- endraw -%} c"), "a{{ b }}c");
    }

    #[test]
    fn the_first_construct_without_a_way_back_is_named_with_its_line() {
        assert_eq!(refused("a\n{{ title | upper }}\n"), ("{{ title | upper }}".into(), 2));
        assert_eq!(refused("{{ skill.title }}"), ("{{ skill.title }}".into(), 1));
        assert_eq!(refused("\n\n{% for e in entities %}{% endfor %}"), ("{% for e in entities %}".into(), 3));
        assert_eq!(refused("{% if a %}\n{% else %}{% endif %}"), ("{% else %}".into(), 2));
        assert_eq!(refused("{% if not a %}{% endif %}"), ("{% if not a %}".into(), 1));
        assert_eq!(refused("{{ \"}}\" }}"), ("{{ \"}}\" }}".into(), 1));
    }
}
