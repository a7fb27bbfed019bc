//! Where the title and the sections are, in a text that may have lost the marks of its headings and stands among a page's own words.
//!
//! An app skill names itself twice: `Loafly`, and `Loafly Overview`. That pair is found first. The headings between which a value
//! ends are known by what app skills call their sections; another line is taken for one only where it stands alone like one, and
//! then the value before it is doubted.

use super::bullets;
use super::code;
use super::ledger::{Rule, Rules};
use super::line::Line;
use super::table;

const OVERVIEW: &str = " Overview";
pub(crate) const ACTIONS: &str = "Popular actions";
pub(crate) const DOCS: &str = "Official docs:";
/// No title is longer.
const MAX_TITLE: usize = 160;

/// What the sections of app skills are called, and at which level. `{}` is the title.
const HEADINGS: [(usize, &str); 17] = [
    (2, "{} Overview"),
    (2, "Working with {}"),
    (3, "Install the CLI"),
    (3, "Authentication"),
    (3, "First-time setup"),
    (3, "Connecting to {}"),
    (4, "1b. Wait for the connection to be ready"),
    (3, "Getting list of existing connections"),
    (3, "Listing existing connections"),
    (3, "Searching for actions"),
    (2, ACTIONS),
    (3, "Creating an action (if none exists)"),
    (3, "Running actions"),
    (3, "Proxy requests"),
    (2, "Best practices"),
    (3, "Reading and running actions"),
    (3, "Troubleshooting"),
];

/// What was found besides the lines.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// The title.
    pub(crate) title: Option<String>,
    /// Whether the copy keeps the marks of headings.
    pub(crate) marked: bool,
}

/// Drops what stands before the title, and gives headings their marks.
pub(crate) fn restore(lines: &mut Vec<Line<'_>>) -> Outline {
    let marked = has_marks(lines);
    let Some(found) = Found::in_lines(lines) else { return Outline { title: None, marked } };
    let Found { title, at } = found;
    let start = at.min(lines.len());
    lines.drain(..start);
    match lines.first_mut() {
        Some(line) if line.heading() == Some((1, title.as_str())) => {}
        Some(line) if line.words() == title || line.heading().is_some_and(|(_, text)| text == title) => {
            line.rewrite(format!("# {title}"), Rule::LostHeading);
        }
        // Only the overview's heading names it.
        Some(line) => {
            let made = Line::made(format!("# {title}"), line.span, Rules::from(Rule::LostHeading));
            lines.insert(0, made);
        }
        None => {}
    }
    mark(lines, &title, marked);
    Outline { title: Some(title), marked }
}

/// Whether any line is a heading with its marks. A comment in code looks like one, so a known heading must be among them.
fn has_marks(lines: &[Line<'_>]) -> bool {
    lines.iter().filter_map(Line::heading).any(|(_, text)| is_known(text))
}

/// Whether no heading that app skills have stands without its marks, be they before it or under it.
pub(crate) fn keeps_headings(lines: &[Line<'_>]) -> bool {
    let is_underline = |line: &Line<'_>| {
        let words = line.words();
        words.len() > 2 && (words.bytes().all(|byte| byte == b'=') || words.bytes().all(|byte| byte == b'-'))
    };
    let bare = |at: usize| is_known(lines[at].words()) && !lines.get(at + 1).is_some_and(is_underline);
    has_marks(lines) || !(0..lines.len()).any(bare)
}

struct Found {
    title: String,
    /// The title's line, or the first after it.
    at: usize,
}

impl Found {
    fn in_lines(lines: &[Line<'_>]) -> Option<Self> {
        let text = |line: &Line<'_>| line.heading().map_or(line.words(), |(_, text)| text).to_owned();
        let named = |at: usize, suffix: &str| {
            let words = text(&lines[at]);
            let title = words.strip_suffix(suffix)?.trim_end();
            (!title.is_empty() && title.len() <= MAX_TITLE && !bullets::is_item(&words)).then(|| title.to_owned())
        };
        let overviews = || (0..lines.len()).filter_map(|at| Some((at, named(at, OVERVIEW)?)));
        let mut first = None;
        // A page can have overviews of its own; the one whose title stands above it is the skill's.
        for (at, title) in overviews().take(64) {
            if let Some(title_at) = lines[..at].iter().rposition(|line| text(line) == title) {
                return Some(Self { title, at: title_at });
            }
            first.get_or_insert((at, title));
        }
        if let Some((at, title)) = first {
            return Some(Self { title, at });
        }
        let working = |line: &Line<'_>| Some(text(line).strip_prefix("Working with ")?.trim().to_owned());
        let (at, title) = lines.iter().enumerate().find_map(|(at, line)| Some((at, working(line)?)))?;
        let title_at = lines[..at].iter().rposition(|line| text(line) == title)?;
        Some(Self { title, at: title_at })
    }
}

/// Gives known headings their marks, and ends a section that matters where an unknown heading seems to stand.
fn mark(lines: &mut Vec<Line<'_>>, title: &str, marked: bool) {
    if marked {
        return;
    }
    let mut in_value = false;
    let mut done: Vec<Line<'_>> = Vec::with_capacity(lines.len() + 64);
    for at in 0..lines.len() {
        let words = lines[at].words();
        if let Some((level, heading)) = known(words, title).filter(|_| at > 0) {
            in_value = level == 2 && (heading.ends_with(OVERVIEW) || heading == ACTIONS);
            let text = format!("{} {heading}", "#".repeat(level));
            // Headings stand apart, whatever the copy did to blank lines.
            done.push(Line::blank(lines[at].span.start));
            let mut line = lines[at].clone();
            line.rewrite(text, Rule::LostHeading);
            let end = line.span.end;
            done.push(line);
            done.push(Line::blank(end));
        } else if in_value && stands_alone(lines, at) {
            let mut line = lines[at].clone();
            if let Some(before) = done.iter_mut().rev().find(|line| !line.is_blank()) {
                let alternatives = vec![format!("it ends before {words:?}"), format!("{words:?} belongs to it")];
                before
                    .doubt(alternatives, "the next line stands alone like a heading, but is none that app skills have");
            }
            line.rewrite(format!("## {words}"), Rule::LostHeading);
            done.push(line);
            in_value = false;
        } else {
            done.push(lines[at].clone());
        }
    }
    *lines = done;
}

/// The level and text of a heading that app skills have.
fn known<'a>(words: &'a str, title: &str) -> Option<(usize, &'a str)> {
    HEADINGS.iter().find_map(|(level, pattern)| {
        let fits = match pattern.split_once("{}") {
            Some((before, after)) => words
                .strip_prefix(before)
                .and_then(|rest| rest.strip_suffix(after))
                .is_some_and(|middle| middle == title),
            None => words == *pattern,
        };
        fits.then_some((*level, words))
    })
}

/// Whether app skills have such a heading, whatever their title.
pub(crate) fn is_known(words: &str) -> bool {
    words.len() <= MAX_TITLE + 24
        && HEADINGS.iter().any(|(_, pattern)| match pattern.split_once("{}") {
            Some((before, after)) => {
                words.len() > before.len() + after.len() && words.starts_with(before) && words.ends_with(after)
            }
            None => words == *pattern,
        })
}

/// A short line between blank lines that starts like a heading and does not end like a sentence.
fn stands_alone(lines: &[Line<'_>], at: usize) -> bool {
    let words = lines[at].words();
    let apart = at > 0 && lines[at - 1].is_blank() && lines.get(at + 1).is_some_and(Line::is_blank);
    apart
        && words.len() <= 80
        && words.starts_with(char::is_uppercase)
        && !words.ends_with(|c: char| c.is_ascii_punctuation() && c != ')' || matches!(c, '。' | ':'))
        && !bullets::is_item(words)
        && !words.contains(['|', '`'])
        && !code::is_command(words)
        && !table::is_flat_header(&lines[at])
        && lines[at + 1..].iter().any(|line| !line.is_blank())
}

/// The range of lines under the heading that `is` picks, to the next heading.
pub(crate) fn section(lines: &[Line<'_>], is: impl Fn(&str) -> bool) -> Option<std::ops::Range<usize>> {
    let at = lines.iter().position(|line| line.heading().is_some_and(|(level, text)| level > 1 && is(text)))?;
    let len = lines[at + 1..].iter().position(|line| line.heading().is_some()).unwrap_or(lines.len() - at - 1);
    Some(at + 1..at + 1 + len)
}

pub(crate) fn is_overview(heading: &str) -> bool {
    heading.ends_with(OVERVIEW)
}

#[cfg(test)]
mod tests {
    use super::super::line::split;
    use super::*;

    fn texts(lines: &[Line<'_>]) -> Vec<String> {
        lines.iter().map(|line| line.text.to_string()).filter(|text| !text.is_empty()).collect()
    }

    #[test]
    fn the_title_is_the_line_that_its_overview_names() {
        let text =
            "A page\nLoafly\nmenu\n\nLoafly\n\nBread.\n\nLoafly Overview\n\n- Loaf\n\nWorking with Loafly\n\nText.\n";
        let mut lines = split(text, 0);
        let outline = restore(&mut lines);
        assert_eq!(outline.title.as_deref(), Some("Loafly"));
        assert_eq!(
            texts(&lines),
            ["# Loafly", "Bread.", "## Loafly Overview", "- Loaf", "## Working with Loafly", "Text."]
        );
    }

    #[test]
    fn a_line_that_only_looks_like_a_heading_makes_what_ends_there_doubtful() {
        let text = "Loafly\n\nLoafly Overview\n\n- Loaf\n\nSome words.\n\nSeasonal Things\n\nMore.\n";
        let mut lines = split(text, 0);
        restore(&mut lines);
        let guidance = lines.iter().find(|line| line.text == "Some words.").unwrap();
        assert!(guidance.doubt.is_some());
        assert!(texts(&lines).contains(&"## Seasonal Things".to_owned()));
    }

    #[test]
    fn marks_that_are_there_are_left_alone() {
        let text = "nav\n# Loafly\n\n## Loafly Overview\n\nOne Line\n\nText.\n";
        let mut lines = split(text, 0);
        assert!(restore(&mut lines).marked);
        assert_eq!(texts(&lines), ["# Loafly", "## Loafly Overview", "One Line", "Text."]);
    }
}
