//! Comments that say that a finding is meant: in Markdown `<!-- skillpress-ignore group/name -->`, in frontmatter
//! `# skillpress-ignore group/name`.
//!
//! `skillpress-ignore` covers its own line, and the next line that is not blank with the block that starts there: a fenced block, a
//! paragraph, a list or a table. `skillpress-ignore-file` covers the file. Several rules or groups are separated by blanks or
//! commas; without one, all are meant. A comment that suppresses nothing is itself a finding.

use super::context::Context;
use super::diagnostic::{Diagnostic, Safety, Severity};
use super::registry;
use crate::manifest::Manifest;
use crate::manifest::source::{Span, line_start, lines_in, trimmed};

const MARKER: &str = "skillpress-ignore";
/// More comments than this in one manifest are not heeded: each may cover a part of the file that has to be looked for.
const MAX_COMMENTS: usize = 1_000;
/// Lines that one comment covers at most, where it does not cover the file.
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
    /// The comments that cover all of a file.
    pub fn in_file(manifest: &Manifest) -> Vec<Self> {
        let mut comments = read(manifest);
        comments.retain(|comment| comment.covers == Span::new(0, manifest.source.text().len()));
        comments
    }

    /// Whether it names this rule, its group, or none.
    pub fn matches(&self, rule: &str) -> bool {
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
                let touches =
                    comment.covers.start <= diagnostic.span.start && diagnostic.span.start <= comment.covers.end;
                if touches && comment.matches(diagnostic.rule) {
                    (kept, *used) = (false, true);
                }
            }
            kept
        });
        let suppressed = before - found.len();
        for (comment, _) in self.comments.iter().zip(used).filter(|(_, used)| !used) {
            // What a set's rules find is not known yet.
            let may_be_of_the_set = comment.rules.iter().any(|rule| rule.split('/').next() == Some("set"));
            if let Some(severity) = unused.filter(|_| !may_be_of_the_set) {
                found.push(unused_comment(comment, severity));
            }
        }
        suppressed
    }
}

fn unused_comment(comment: &Suppression, severity: Severity) -> Diagnostic {
    let unknown = comment.rules.iter().find(|name| super::config::matching(name).is_err());
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
        let Some(at) = content.find('#').filter(|&at| content[..at].trim().is_empty() || content[..at].ends_with(' '))
        else {
            continue;
        };
        let inner = content[at + 1..].trim();
        if let Some((whole_file, rules)) = parse(inner) {
            let comment = Span::new(line.start + at, line.end);
            let end = manifest.frontmatter.yaml.end;
            let covers = if whole_file { Span::new(0, text.len()) } else { next_key(text, comment, end) };
            comments.push(Suppression { comment, covers, rules });
        }
    }
    for comment in html_comments(manifest) {
        if comments.len() >= MAX_COMMENTS {
            break;
        }
        // `<!-->` is a comment, too.
        let inner = text.get(comment.start + 4..comment.end - 3).unwrap_or_default();
        if let Some((whole_file, rules)) = parse(inner.trim()) {
            let covers = Span::new(0, text.len());
            let covers = if whole_file { covers } else { next_block(text, comment, covers.end) };
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
    let rules = rest.split([' ', ',', '\t', '\n']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
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

/// From the start of the comment's line to the end of the block that follows it.
fn next_block(text: &str, comment: Span, end: usize) -> Span {
    let line_start = line_start(text, comment.start);
    let mut last = comment.end;
    let mut fence: Option<&str> = None;
    let mut in_block = false;
    for line in lines_in(text, Span::new(comment.end, end)).skip(1).take(MAX_LINES) {
        let content = text[trimmed(text, line).range()].trim();
        match fence {
            Some(mark) => {
                last = line.end;
                if content.starts_with(mark) && content.chars().all(|c| mark.starts_with(c)) {
                    break;
                }
            }
            None if content.is_empty() && in_block => break,
            None if content.is_empty() => {}
            None => {
                if let Some(mark) = ["```", "~~~"].into_iter().find(|mark| content.starts_with(mark)) {
                    if in_block {
                        break;
                    }
                    fence = Some(mark);
                }
                in_block = true;
                last = line.end;
            }
        }
    }
    Span::new(line_start, last)
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
