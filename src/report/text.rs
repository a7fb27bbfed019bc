//! Findings for people: each drawn on its source, or each on one line.
//!
//! All text that comes from a manifest is shown with its control and invisible characters written out.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use anstream::adapter::strip_str;
use rayon::prelude::*;
use std::fmt::Write as _;

use super::findings::Findings;
use crate::lint::diagnostic::Severity;
use crate::lint::finding::Finding;
use crate::lint::folding::Folded;
use crate::lint::registry::SECRET;
use crate::manifest::source::{Source, Span};
use crate::words::{escape, number};

/// Characters of a long line that are shown.
const WIDTH: usize = 100;
/// Of these, before the finding.
const BEFORE: usize = 30;

/// Findings drawn on their sources. `source` gives the file at a path, where it can still be read.
pub fn annotated(findings: &Findings, color: bool, source: &(dyn Fn(&str) -> Option<Source> + Sync)) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let by_file: Vec<&[Folded]> =
        findings.folded.chunk_by(|one, other| one.finding.path == other.finding.path).collect();
    let all = findings.folded.iter().map(|folded| &folded.finding);
    let secrets: Vec<&Finding> = all.filter(|finding| finding.diagnostic.rule == SECRET).collect();
    let drawn = by_file.into_par_iter().map(|of_file| {
        let path: &str = of_file.first().map_or("", |folded| &folded.finding.path);
        let file = source(path).map(|file| without_secrets(file, &secrets, path));
        of_file.iter().map(|folded| one(folded, file.as_ref(), &renderer) + "\n\n").collect::<String>()
    });
    drawn.collect::<Vec<_>>().concat()
}

/// A file as it may be shown: logs are read by more people than the file.
fn without_secrets(file: Source, secrets: &[&Finding], path: &str) -> Source {
    /// Bytes of a secret that tell which one it is.
    const SHOWN: usize = 4;
    let of_file = secrets.iter().filter(|finding| &*finding.path == path);
    let spans: Vec<Span> = of_file.map(|finding| finding.diagnostic.span).collect();
    if spans.is_empty() {
        return file;
    }
    let mut bytes = file.into_bytes();
    for span in spans {
        let hidden = bytes.get_mut(span.range()).into_iter().flatten().skip(SHOWN);
        hidden.filter(|byte| !byte.is_ascii_whitespace()).for_each(|byte| *byte = b'*');
    }
    Source::new(bytes)
}

/// Findings on a line each: `path:line:column: severity[rule] message`.
pub fn concise(findings: &Findings) -> String {
    let mut text = String::new();
    for Folded { finding, count, .. } in &findings.folded {
        let diagnostic = &finding.diagnostic;
        let place = format!("{}:{}:{}", in_line(&finding.path), finding.start.line, finding.start.column);
        let kind = format!("{}[{}]", diagnostic.severity.name(), diagnostic.rule);
        let _ = write!(text, "{place}: {kind} {}", one_line(&diagnostic.message));
        if *count > 1 {
            let _ = write!(text, " (and in {})", number(count - 1, "more place"));
        }
        text.push('\n');
    }
    text
}

/// How many findings each rule has.
pub fn statistics(findings: &Findings) -> String {
    let rows = findings.statistics();
    let width = rows.iter().map(|(_, _, count)| count.to_string().len()).max().unwrap_or(0);
    let rows = rows.iter().map(|(rule, severity, count)| format!("{count:>width$}  {:<7}  {rule}\n", severity.name()));
    rows.collect()
}

fn one(folded: &Folded, file: Option<&Source>, renderer: &Renderer) -> String {
    let Folded { finding, count, places } = folded;
    let diagnostic = &finding.diagnostic;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let path = in_line(&finding.path);
    let origin = Origin::path(&path).line(finding.start.line).char_column(finding.start.column);
    let mut group = level.primary_title(one_line(&diagnostic.message)).id(diagnostic.rule).element(origin);
    if let Some(excerpt) = file.and_then(|file| Excerpt::of(file, diagnostic.span)) {
        group = group.element(excerpt.snippet(AnnotationKind::Primary, None));
    }
    if let Some((file, related)) = file.zip(diagnostic.related.as_ref())
        && let Some(excerpt) = Excerpt::of(file, related.span)
    {
        group = group.element(excerpt.snippet(AnnotationKind::Context, Some(one_line(&related.message))));
    }
    if *count > 1 {
        let others = places.iter().skip(1).map(|place| format!("{}:{}", in_line(&place.path), place.line));
        let named: Vec<String> = others.collect();
        let left = count - 1 - named.len();
        let mut also = format!("and in {}: {}", number(count - 1, "more place"), named.join(", "));
        if left > 0 {
            let _ = write!(also, " and {}; --no-fold shows all", number(left, "other"));
        }
        group = group.element(Level::NOTE.message(also));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(one_line(help)));
    }
    // The place is named once, above; the renderer would mark each excerpt again as coming from nowhere.
    let drawn = renderer.render(&[group]);
    let lines = drawn.lines().filter(|line| strip_str(line).to_string().trim() != ":::");
    lines.collect::<Vec<_>>().join("\n")
}

/// A path with its line ends written out: a folder may be called so that its name reads like a finding.
pub(super) fn in_line(path: &str) -> String {
    escape(path).to_string().replace('\n', "\\n")
}

fn one_line(text: &str) -> String {
    escape(text).to_string().replace(['\n', '\r', '\t'], " ")
}

/// The part of a line that a finding is drawn on, with what cannot be seen written out.
struct Excerpt {
    text: String,
    line: usize,
    mark: Span,
}

impl Excerpt {
    fn of(source: &Source, span: Span) -> Option<Self> {
        let text = source.text();
        text.get(span.range())?;
        let line = source.position(span.start).line;
        let whole = source.line(line)?;
        // A line end is drawn as one place after the line.
        let start = span.start.min(whole.end);
        let end = span.end.clamp(start, whole.end);
        let first = text[whole.start..start].char_indices().rev().nth(BEFORE - 1).map_or(0, |(at, _)| at) + whole.start;
        let last = text[first..whole.end].char_indices().nth(WIDTH).map_or(whole.end, |(at, _)| first + at);
        let end = end.min(last);
        let mut shown = String::new();
        if first > whole.start {
            shown.push_str("...");
        }
        push_escaped(&mut shown, &text[first..start]);
        let mark_start = shown.len();
        push_escaped(&mut shown, &text[start..end]);
        let mark = Span::new(mark_start, shown.len());
        push_escaped(&mut shown, &text[end..last]);
        if last < whole.end {
            shown.push_str("...");
        }
        Some(Self { text: shown, line, mark })
    }

    fn snippet(
        self,
        kind: AnnotationKind,
        label: Option<String>,
    ) -> Snippet<'static, annotate_snippets::Annotation<'static>> {
        let annotation = kind.span(self.mark.range()).label(label);
        Snippet::source(self.text).line_start(self.line).annotation(annotation)
    }
}

fn push_escaped(shown: &mut String, text: &str) {
    shown.push_str(&escape(text).to_string().replace('\t', "    ").replace('\r', "\\r"));
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::lint::diagnostic::Diagnostic;
    use crate::lint::finding::Finding;
    use crate::lint::folding::{Place, unfolded};
    use crate::report::findings::Summary;

    fn findings(text: &str, span: Span) -> Findings {
        let mut diagnostic = Diagnostic::new("spec/a", Severity::Warning, span, "wrong \u{1b}[31m here");
        diagnostic.help("mend it");
        let finding = Finding::place(&Arc::from("a/SKILL.md"), &Source::new(text), diagnostic);
        Findings { folded: unfolded(vec![finding]), summary: Summary::default() }
    }

    #[test]
    fn a_finding_is_drawn_on_its_line_with_controls_written_out() {
        let text = "one\nt\u{202e}wo\u{1b} three\n";
        let findings = findings(text, Span::new(text.find("three").unwrap(), text.find("three").unwrap() + 5));
        let drawn = annotated(&findings, false, &|_| Some(Source::new(text)));
        insta::assert_snapshot!(drawn, @r"
        warning[spec/a]: wrong \u{1b}[31m here
         --> a/SKILL.md:2:7
          |
        2 | t\u{202e}wo\u{1b} three
          |                   ^^^^^
          |
          = help: mend it
        ");
        insta::assert_snapshot!(concise(&findings), @r"a/SKILL.md:2:7: warning[spec/a] wrong \u{1b}[31m here");
    }

    #[test]
    fn a_path_is_on_one_line() {
        let text = "one\n";
        let mut findings = findings(text, Span::new(0, 3));
        findings.folded[0].finding.path = Arc::from("a\nb/SKILL.md:1:1: error[spec/a] x");
        assert!(concise(&findings).starts_with("a\\nb/SKILL.md:1:1: error[spec/a] x:1:1: warning"));
        let drawn = annotated(&findings, false, &|_| Some(Source::new(text)));
        assert!(drawn.contains(" --> a\\nb/SKILL.md:1:1"), "{drawn}");
    }

    #[test]
    fn the_places_that_are_not_named_are_counted() {
        let mut findings = findings("one\n", Span::new(0, 3));
        for (count, also) in
            [(3, "2 more places: b/SKILL.md:1 and 1 other;"), (3_002, "b/SKILL.md:1 and 3,000 others;")]
        {
            findings.folded[0].count = count;
            findings.folded[0].places =
                ["a", "b"].map(|name| Place { path: Arc::from(format!("{name}/SKILL.md")), line: 1, column: 1 }).into();
            let drawn = annotated(&findings, false, &|_| None);
            assert!(drawn.contains(also), "{drawn}");
        }
    }

    #[test]
    fn no_secret_is_drawn_whole() {
        let text = "the key q7Lr5Ts9Zw1B is here\n";
        let mut findings = findings(text, Span::new(8, 20));
        findings.folded[0].finding.diagnostic.rule = SECRET;
        let drawn = annotated(&findings, false, &|_| Some(Source::new(text)));
        assert!(drawn.contains("the key q7Lr******** is here"), "{drawn}");
    }

    #[test]
    fn a_long_line_is_cut_around_its_finding() {
        let text = format!("{}HERE{}", "é".repeat(500), "é".repeat(500));
        let drawn = annotated(&findings(&text, Span::new(1000, 1004)), false, &|_| Some(Source::new(text.as_str())));
        assert!(drawn.contains("HERE") && drawn.lines().all(|line| line.chars().count() < 120), "{drawn}");
    }
}
