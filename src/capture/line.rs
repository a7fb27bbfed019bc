//! The lines of a capture on their way back to Markdown, each with the bytes it came from and what was done to it.

use std::borrow::Cow;

use super::ledger::{Doubt, Rule, Rules};
use crate::manifest::source::{Span, lines_in, trimmed};

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Line<'t> {
    /// What it says by now, without a line end.
    pub(crate) text: Cow<'t, str>,
    /// The bytes of the capture that it was made from.
    pub(crate) span: Span,
    /// What was done to it.
    pub(crate) rules: Rules,
    /// Why it may be read otherwise.
    pub(crate) doubt: Option<Box<Doubt>>,
}

impl<'t> Line<'t> {
    /// The line at `span`, as it stands.
    pub(crate) fn at(text: &'t str, span: Span) -> Self {
        Self { text: Cow::Borrowed(&text[span.range()]), span, rules: Rules::NONE, doubt: None }
    }

    /// A line that `rule` made from the bytes at `span`.
    pub(crate) fn made(text: String, span: Span, rules: Rules) -> Self {
        Self { text: Cow::Owned(text), span, rules, doubt: None }
    }

    /// An empty line that stands in no capture.
    pub(crate) fn blank(at: usize) -> Self {
        Self { text: Cow::Borrowed(""), span: Span::at(at), rules: Rules::NONE, doubt: None }
    }

    /// The text without blanks around it.
    pub(crate) fn words(&self) -> &str {
        self.text.trim()
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.words().is_empty()
    }

    /// Replaces the text, and says by which rule.
    pub(crate) fn rewrite(&mut self, text: String, rule: Rule) {
        self.text = Cow::Owned(text);
        self.rules = self.rules.with(rule);
    }

    /// Adds a doubt; the first one stays.
    pub(crate) fn doubt(&mut self, alternatives: Vec<String>, why: &str) {
        self.doubt.get_or_insert_with(|| Box::new(Doubt { alternatives, why: why.to_owned() }));
    }

    /// The level and text of a heading with its marks.
    pub(crate) fn heading(&self) -> Option<(usize, &str)> {
        heading(&self.text)
    }
}

/// The level and text of `## Heading`.
pub(crate) fn heading(line: &str) -> Option<(usize, &str)> {
    let line = line.trim();
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    ((1..=6).contains(&level) && rest.starts_with([' ', '\t']))
        .then(|| (level, rest.trim().trim_end_matches('#').trim()))
}

/// The lines of a whole text, without blanks at their ends.
pub(crate) fn split(text: &str, from: usize) -> Vec<Line<'_>> {
    let all = Span::new(from, text.len());
    lines_in(text, all)
        .map(|line| Line::at(text, Span::new(line.start, line.start.max(trimmed(text, line).end))))
        .collect()
}

/// Lines put together as a text, with the way back from each byte of it to the capture.
#[derive(Debug)]
pub(crate) struct Restored<'t> {
    pub(crate) text: String,
    lines: Vec<Line<'t>>,
    starts: Vec<usize>,
}

/// What a stretch of the restored text was made from.
#[derive(Debug)]
pub(crate) struct Evidence<'a> {
    pub(crate) bytes: Span,
    pub(crate) rules: Rules,
    pub(crate) doubt: Option<&'a Doubt>,
}

impl<'t> Restored<'t> {
    pub(crate) fn new(lines: Vec<Line<'t>>) -> Self {
        let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
        let mut starts = Vec::with_capacity(lines.len());
        for line in &lines {
            starts.push(text.len());
            text.push_str(&line.text);
            text.push('\n');
        }
        Self { text, lines, starts }
    }

    /// Where a stretch of the text comes from. Exact inside a line that was not rewritten, else its whole lines.
    pub(crate) fn evidence(&self, span: Span) -> Evidence<'_> {
        let first = self.starts.partition_point(|&start| start <= span.start).saturating_sub(1);
        let mut evidence = Evidence { bytes: Span::at(0), rules: Rules::NONE, doubt: None };
        let mut bytes: Option<Span> = None;
        for (line, &start) in self.lines.iter().zip(&self.starts).skip(first) {
            if start >= span.end && bytes.is_some() {
                break;
            }
            if line.is_blank() && !span.is_empty() {
                continue;
            }
            evidence.rules = evidence.rules.and(line.rules);
            evidence.doubt = evidence.doubt.or(line.doubt.as_deref());
            let part = match line.text {
                Cow::Borrowed(text) if text.len() == line.span.len() => {
                    let from = span.start.saturating_sub(start).min(text.len());
                    let to = span.end.saturating_sub(start).min(text.len());
                    Span::new(line.span.start + from, line.span.start + to.max(from))
                }
                _ => line.span,
            };
            bytes = Some(bytes.map_or(part, |bytes| Span::new(bytes.start.min(part.start), bytes.end.max(part.end))));
            if start >= span.end {
                break;
            }
        }
        evidence.bytes = bytes.unwrap_or(evidence.bytes);
        evidence
    }

    /// Every rule that was used anywhere.
    pub(crate) fn rules(&self) -> Rules {
        self.lines.iter().fold(Rules::NONE, |all, line| all.and(line.rules))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_leads_back_to_the_capture() {
        let text = "one two\nthree\n";
        let mut lines = split(text, 0);
        lines[1].rewrite("- three".to_owned(), Rule::Bullet);
        let restored = Restored::new(lines);
        assert_eq!(restored.text, "one two\n- three\n");
        let two = restored.evidence(Span::new(4, 7));
        assert_eq!((two.bytes, two.rules), (Span::new(4, 7), Rules::NONE));
        let three = restored.evidence(Span::new(10, 15));
        assert_eq!((three.bytes, three.rules.list()), (Span::new(8, 13), vec![Rule::Bullet]));
    }

    #[test]
    fn headings_are_known_by_their_marks() {
        assert_eq!(heading("  ## A b ##"), Some((2, "A b")));
        assert_eq!(heading("#nothing"), None);
        assert_eq!(heading("####### seven"), None);
    }
}
