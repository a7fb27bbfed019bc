//! Comments that say that a finding is meant: in Markdown `<!-- skillpress-ignore group/name -->`, in frontmatter
//! `# skillpress-ignore group/name`.
//!
//! `skillpress-ignore` covers its own line, and the block of Markdown that follows: a fenced block, a paragraph, a list, an item of one
//! or a table. `skillpress-ignore-file` covers the file. Several rules or groups are separated by blanks or
//! commas; without one, all are meant. A comment that suppresses nothing is itself a finding.

use std::cell::OnceCell;

use super::config::Selector;
use super::context::Context;
use super::diagnostic::{Diagnostic, Safety, Severity};
use super::registry;
use crate::manifest::Manifest;
use crate::manifest::source::{Span, line_start, lines_in, trimmed};
use crate::manifest::yaml::{Node, Value};

const MARKER: &str = "skillpress-ignore";
/// More comments than this in one manifest are not heeded: each may cover a part of the file that has to be looked for.
const MAX_COMMENTS: usize = 1_000;
/// Lines of frontmatter that one comment covers at most, where it does not cover the file.
const MAX_LINES: usize = 10_000;

/// One comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The comment.
    pub comment: Span,
    /// The part of the file that it covers.
    pub covers: Span,
    /// Rules and groups; none means all.
    pub rules: Vec<String>,
}

/// The comments of one manifest.
#[derive(Debug, Default)]
pub struct Suppressions {
    comments: Vec<Suppression>,
}

impl Suppression {
    /// The comments of a manifest that suppress what the rules of a set find.
    pub fn of_set(manifest: &Manifest) -> Vec<Self> {
        let mut comments = read(manifest);
        comments.retain(|comment| comment.rules.is_empty() || comment.names_of_set());
        comments
    }

    /// Whether it suppresses a finding.
    pub fn suppresses(&self, diagnostic: &Diagnostic) -> bool {
        (self.covers.start..=self.covers.end).contains(&diagnostic.span.start) && self.matches(diagnostic.rule)
    }

    /// Whether it names rules about sets.
    fn names_of_set(&self) -> bool {
        self.rules.iter().any(|rule| rule.split('/').next() == Some("set"))
    }

    /// Whether it names this rule, its group, or none.
    fn matches(&self, rule: &str) -> bool {
        let group = rule.split('/').next().unwrap_or(rule);
        self.rules.is_empty() || self.rules.iter().any(|named| named == rule || named == group)
    }
}

impl Suppressions {
    /// Reads the comments of a manifest.
    pub fn read(context: &Context<'_>) -> Self {
        Self { comments: read(context.manifest) }
    }

    /// Takes out what the comments cover and says how many that were. Comments that cover nothing are reported, where `unused`.
    pub fn apply(&self, found: &mut Vec<Diagnostic>, unused: Option<Severity>) -> usize {
        if self.comments.is_empty() {
            return 0;
        }
        let before = found.len();
        let mut used = vec![false; self.comments.len()];
        found.retain(|diagnostic| {
            let mut kept = true;
            for (comment, used) in self.comments.iter().zip(&mut used) {
                if comment.suppresses(diagnostic) {
                    (kept, *used) = (false, true);
                }
            }
            kept
        });
        let suppressed = before - found.len();
        for (comment, _) in self.comments.iter().zip(used).filter(|(_, used)| !used) {
            // What a set's rules find is not known yet.
            if let Some(severity) = unused.filter(|_| !comment.names_of_set()) {
                found.push(unused_comment(comment, severity));
            }
        }
        suppressed
    }
}

fn unused_comment(comment: &Suppression, severity: Severity) -> Diagnostic {
    let unknown = comment.rules.iter().find(|name| Selector::new(name).is_err());
    let message = match unknown {
        Some(name) => format!("`{name}` is no rule and no group, so this comment suppresses nothing"),
        None => "this comment suppresses nothing".to_owned(),
    };
    let mut diagnostic = Diagnostic::new(registry::UNUSED_SUPPRESSION, severity, comment.comment, message);
    diagnostic.help("remove it").fix(Safety::Safe, comment.comment, "");
    diagnostic
}

fn read(manifest: &Manifest) -> Vec<Suppression> {
    let text = manifest.source.text();
    let is_marked = |span: Span| memchr::memmem::find(&text.as_bytes()[span.range()], MARKER.as_bytes()).is_some();
    if manifest.document.html.is_empty() && !is_marked(manifest.frontmatter.yaml) {
        return Vec::new();
    }
    let mut comments = Vec::new();
    for line in lines_in(text, manifest.frontmatter.yaml) {
        if comments.len() >= MAX_COMMENTS {
            break;
        }
        let content = &text[line.range()];
        let marks = content.match_indices('#').map(|(at, _)| at);
        let mut marks = marks.filter(|&at| content[..at].is_empty() || content[..at].ends_with([' ', '\t']));
        let marked = marks.find_map(|at| Some((at, parse(content[at + 1..].trim())?)));
        if let Some((at, (whole_file, rules))) = marked {
            let comment = Span::new(line.start + at, line.end);
            if manifest.frontmatter.entries.iter().any(|entry| is_text(&entry.value, comment.start)) {
                continue;
            }
            let end = manifest.frontmatter.yaml.end;
            let covers = if whole_file { Span::new(0, text.len()) } else { next_key(text, comment, end) };
            comments.push(Suppression { comment, covers, rules });
        }
    }
    let blocks = OnceCell::new();
    for comment in html_comments(manifest) {
        if comments.len() >= MAX_COMMENTS {
            break;
        }
        // `<!-->` is a comment, too.
        let inner = text.get(comment.start + 4..comment.end - 3).unwrap_or_default();
        if let Some((whole_file, rules)) = parse(inner.trim()) {
            let blocks = || blocks.get_or_init(|| manifest.document.blocks(text));
            let covers = if whole_file { Span::new(0, text.len()) } else { next_block(text, blocks(), comment) };
            comments.push(Suppression { comment, covers, rules });
        }
    }
    comments
}

/// The HTML comments of a manifest that end.
fn html_comments(manifest: &Manifest) -> impl Iterator<Item = Span> + '_ {
    let text = manifest.source.text();
    manifest.document.html.iter().flat_map(move |&html| {
        let mut from = html.start;
        std::iter::from_fn(move || {
            let start = from + text[from..html.end].find("<!--")?;
            let len = text[start..html.end].find("-->")?;
            from = start + len + 3;
            Some(Span::new(start, from))
        })
    })
}

/// The rules named after the marker, and whether the whole file is meant.
fn parse(inner: &str) -> Option<(bool, Vec<String>)> {
    let rest = inner.strip_prefix(MARKER)?;
    let (whole_file, rest) = match rest.strip_prefix("-file") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if !rest.is_empty() && !rest.starts_with(|c: char| c.is_whitespace() || c == ':') {
        return None;
    }
    // What follows a dash between blanks is for people.
    let rest = rest.trim_start_matches(':').split(" -").next().unwrap_or_default();
    let rules = rest
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    Some((whole_file, rules))
}

/// From the start of the comment's line to the end of the key that follows it, with its value.
fn next_key(text: &str, comment: Span, end: usize) -> Span {
    let line_start = line_start(text, comment.start);
    let mut last = comment.end;
    let mut in_key = false;
    for line in lines_in(text, Span::new(comment.end, end)).skip(1).take(MAX_LINES) {
        let content = &text[line.range()];
        match (content.trim().is_empty(), content.starts_with([' ', '\t', '-', '#'])) {
            (false, false) if in_key => break,
            (false, indented) => {
                in_key |= !indented;
                last = line.end;
            }
            (true, _) => {}
        }
    }
    Span::new(line_start, last)
}

/// Whether `at` lies in the text of a value, where a `#` starts no comment.
fn is_text(node: &Node, at: usize) -> bool {
    node.span.range().contains(&at)
        && match &node.value {
            Value::Scalar(_) => true,
            Value::Sequence(items) => items.iter().any(|item| is_text(item, at)),
            Value::Mapping(entries) => entries.iter().any(|(_, value)| is_text(value, at)),
        }
}

/// From the start of the comment's line to the end of the block that follows it. `blocks` are the document's, outer ones first.
fn next_block(text: &str, blocks: &[Span], comment: Span) -> Span {
    let line_start = line_start(text, comment.start);
    let mut covered = comment;
    loop {
        let line_end = lines_in(text, Span::new(covered.end, text.len())).next().map_or(covered.end, |line| line.end);
        let below = text.len() - text[line_end..].trim_start().len();
        let next = blocks.partition_point(|block| block.start < covered.end);
        let starts = blocks
            .get(next..)
            .into_iter()
            .flatten()
            .find(|block| block.end > below)
            .filter(|block| block.start <= below);
        // What starts nowhere below the comment goes on there: a paragraph that the comment stands in.
        let goes_on = || blocks[..next].iter().rev().find(|block| block.end > below);
        let Some(&block) = starts.or_else(goes_on) else { return Span::new(line_start, covered.end.max(line_end)) };
        covered = trimmed(text, block);
        if !is_suppression(&text[covered.range()]) {
            return Span::new(line_start, covered.end);
        }
    }
}

/// Whether a block is but a comment of this kind: several stand above what they are meant for.
fn is_suppression(block: &str) -> bool {
    let inner = block.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| !inner.contains("-->") && parse(inner.trim()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str) -> Vec<(&str, Vec<String>)> {
        let manifest = Manifest::read(text);
        read(&manifest).into_iter().map(|comment| (&text[comment.covers.range()], comment.rules)).collect()
    }

    #[test]
    fn a_comment_covers_the_next_block() {
        let fm = "---\nname: a\n---\n";
        let text = format!("{fm}<!-- skillpress-ignore text/todo-marker, shell -->\n\n```sh\na\n\nb\n```\nafter\n");
        let found = covered(&text);
        assert_eq!(found[0].1, ["text/todo-marker", "shell"]);
        assert!(found[0].0.ends_with("b\n```"), "{found:?}");
    }

    /// The lines of a body that comments above or in them cover.
    fn lines_covered(body: &str) -> Vec<Vec<String>> {
        let text = format!("---\nname: a\n---\n\n{body}");
        let found = covered(&text);
        found.iter().map(|(covers, _)| covers.lines().skip(1).map(|line| line.trim().to_owned()).collect()).collect()
    }

    #[test]
    fn a_block_is_covered_to_its_end() {
        for block in [
            "- a\n\n- b\n  - c",
            "1. a\n\n   more\n\n   ```sh\n   ls\n\n   ls\n   ```\n2. b",
            "````md\n```sh\nls\n```\n\nTODO\n````",
            "~~~~\n~~~\n\nTODO\n~~~~",
            "| a |\n|---|\n| b |",
            "one\ntwo",
            "<!-- a\n\nb -->",
        ] {
            let covered = lines_covered(&format!("<!-- skillpress-ignore -->\n{block}\n\nafter\n"));
            let expected: Vec<String> = block.lines().map(|line| line.trim().to_owned()).collect();
            assert_eq!(covered, [expected], "{block}");
        }
    }

    #[test]
    fn a_comment_covers_what_follows_where_it_stands() {
        let comment = "<!-- skillpress-ignore -->";
        assert_eq!(
            lines_covered(&format!("{comment}\n{comment}\na\nb\n\nc\n")),
            [vec![comment, "a", "b"], vec!["a", "b"]]
        );
        assert_eq!(lines_covered(&format!("one {comment}\ntwo\n\nthree\n")), [["two"]]);
        assert_eq!(lines_covered(&format!("one {comment}\n\ntwo\n\nthree\n")), [["", "two"]]);
        assert_eq!(lines_covered(&format!("- a\n\n  {comment}\n  b\n\n- c\n")), [["b"]]);
        assert_eq!(lines_covered(&format!("a\n\n{comment}\n")), [[""; 0]]);
    }

    #[test]
    fn rules_may_stand_on_several_lines_however_these_end() {
        let text = "---\r\nname: a\r\n---\r\n<!-- skillpress-ignore spec/a,\r\n  spec/b\r\n  text - why -->\r\nb\r\n";
        assert_eq!(covered(text)[0].1, ["spec/a", "spec/b", "text"]);
    }

    #[test]
    fn a_comment_of_yaml_starts_outside_of_values() {
        let yaml = |lines: &str| format!("---\nname: a\n{lines}---\n");
        let url = yaml("homepage: https://a/#b # skillpress-ignore spec/unknown-field\n");
        assert_eq!(covered(&url)[0].1, ["spec/unknown-field"]);
        for text in [
            "description: |\n  Sorts.\n  # skillpress-ignore-file\n",
            "description: \"Sorts # skillpress-ignore-file\n  # skillpress-ignore-file\"\n",
            "metadata:\n  - >-\n    # skillpress-ignore-file\n",
        ] {
            assert_eq!(covered(&yaml(text)), [], "{text}");
        }
        let below = yaml("description: |\n  Sorts.\n\n# skillpress-ignore spec\nhomepage: b\n");
        assert_eq!(covered(&below), [("# skillpress-ignore spec\nhomepage: b", vec!["spec".to_owned()])]);
    }

    #[test]
    fn a_comment_in_frontmatter_covers_the_next_line() {
        let found = covered(
            "---\nname: a\n# skillpress-ignore spec/unknown-field - kept for a tool\nhomepage: x\n\nb: c\n---\n",
        );
        assert!(found[0].0.ends_with("homepage: x"), "{found:?}");
        assert_eq!(found[0].1, ["spec/unknown-field"]);
    }

    #[test]
    fn a_comment_may_cover_the_file_and_other_comments_are_none() {
        let text =
            "---\nname: a\n---\n<!-- skillpress-ignore-file -->\n<!-- skillpress-ignored -->\nskillpress-ignore\n";
        assert_eq!(covered(text), [(text, vec![])]);
    }
}
