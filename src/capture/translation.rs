//! A text and its translation in one copy, told apart by their scripts: one after the other, or paragraph by paragraph.
//!
//! Lines that read the same in both (commands, names) go by where they stand. In lists that is settled by pairing: a list and its
//! translation have the same shape.

use super::bullets;
use super::flattened;
use super::language::{self, Class, Language, Script};
use super::ledger::Rule;
use super::line::Line;
use super::outline;
use super::table;
use crate::error::{Error, ErrorKind, Result};

/// A copy's two sides.
#[derive(Debug)]
pub(crate) struct Sides<'t> {
    /// The lines to read.
    pub(crate) kept: Vec<Line<'t>>,
    /// The other language's, empty where there is one language.
    pub(crate) other: Vec<Line<'t>>,
}

/// Lines that a language must have to count as one side of a copy.
const FEW: usize = 3;

/// Tells the sides apart and takes the one that `language` asks for.
pub(crate) fn split(mut lines: Vec<Line<'_>>, language: Language) -> Result<Sides<'_>> {
    let classes: Vec<Class> = lines.iter().map(|line| language::class(line.words())).collect();
    let count = |class| classes.iter().filter(|found| **found == class).count();
    let (latin, other) = (count(Class::Latin), count(Class::Other));
    let bilingual = latin >= FEW && other >= FEW && other * 6 >= latin && latin * 6 >= other;
    if !bilingual {
        if let Language::In(script) = language
            && !lines.iter().any(|line| language::has_script(&line.text, script))
        {
            return Err(absent());
        }
        if language == Language::Translation {
            return Err(absent());
        }
        return Ok(Sides { kept: lines, other: Vec::new() });
    }
    let latin_first = starts_with_latin(&lines, &classes);
    let keeps_latin = match language {
        Language::Original => latin_first,
        Language::Translation => !latin_first,
        Language::In(Script::Latin) => true,
        Language::In(script) => {
            if !lines.iter().any(|line| language::has_script(&line.text, script)) {
                return Err(absent());
            }
            false
        }
    };
    if let Some(at) = appended_at(&lines, &classes, latin_first) {
        let later = lines.split_off(at);
        let (mut kept, mut other) = if keeps_latin == latin_first { (lines, later) } else { (later, lines) };
        if !keeps_latin {
            name_headings(&mut kept, &other);
            name_parts(&mut kept);
        }
        mark_all(&mut kept);
        mark_all(&mut other);
        return Ok(Sides { kept, other });
    }
    let sides = Interleaved { lines: &mut lines, classes: &classes }.sides();
    let mut kept = Vec::new();
    let mut other = Vec::new();
    let headings: Vec<bool> = (0..lines.len()).map(|at| looks_like_a_heading(&lines, at)).collect();
    let mut after_landmark = false;
    for ((mut line, is_other), looks) in lines.into_iter().zip(sides).zip(headings) {
        let shared = line.is_blank() || !keeps_latin && !is_other && is_landmark(&line);
        if shared {
            other.push(line.clone());
        }
        // The translation of a heading that is kept says nothing more.
        let repeats_heading = !keeps_latin && after_landmark && is_other && looks;
        if !line.is_blank() {
            after_landmark = shared;
        }
        if repeats_heading {
            continue;
        }
        if shared || is_other != keeps_latin {
            if !line.is_blank() {
                line.rules = line.rules.with(Rule::Translation);
            }
            kept.push(line);
        } else {
            other.push(line);
        }
    }
    if !keeps_latin {
        name_parts(&mut kept);
    }
    Ok(Sides { kept, other })
}

/// Which language comes first, by its first sentence: a title may read like a word of either.
fn starts_with_latin(lines: &[Line<'_>], classes: &[Class]) -> bool {
    const SENTENCE: usize = 8;
    let is_long = |at: usize| lines[at].words().chars().filter(|c| !c.is_ascii()).nth(SENTENCE).is_some();
    let latin = classes.iter().position(|class| *class == Class::Latin);
    let other = (0..lines.len()).find(|&at| classes[at] == Class::Other && is_long(at));
    latin.is_some_and(|latin| other.is_none_or(|other| latin < other))
}

fn absent() -> Error {
    Error::new(ErrorKind::Invalid, "it holds no text in the language that was asked for")
        .hint("leave out --lang to take the original")
}

fn mark_all(lines: &mut [Line<'_>]) {
    for line in lines.iter_mut().filter(|line| !line.is_blank()) {
        line.rules = line.rules.with(Rule::Translation);
    }
}

/// Where the second language starts, when it follows the whole of the first: at the line that repeats the title.
fn appended_at(lines: &[Line<'_>], classes: &[Class], latin_first: bool) -> Option<usize> {
    let (early, late) = if latin_first { (Class::Latin, Class::Other) } else { (Class::Other, Class::Latin) };
    let early_count = classes.iter().filter(|class| **class == early).count();
    let late_count = classes.iter().filter(|class| **class == late).count();
    // A few words of the other language on either side do not make them alternate.
    let mut early_left = early_count;
    let mut late_seen = 0;
    let mut best = (usize::MAX, 0);
    for (at, class) in classes.iter().enumerate() {
        let misplaced = early_left + late_seen;
        if misplaced < best.0 {
            best = (misplaced, at);
        }
        early_left -= usize::from(*class == early);
        late_seen += usize::from(*class == late);
    }
    let (misplaced, mut at) = best;
    if misplaced * 10 > early_count.min(late_count) {
        return None;
    }
    // Up to where it starts to differ, the second text repeats the first: its title, at least.
    let first = lines.get(at..)?.iter().position(|line| !line.is_blank())? + at;
    at = first;
    let head: Vec<usize> = (0..at).rev().filter(|&at| !lines[at].is_blank()).take(3).collect();
    let repeats = |at: usize| {
        let words = lines[at].words();
        classes[at] == Class::Neutral && lines[..at].iter().any(|line| line.words() == words)
    };
    Some(head.into_iter().take_while(|&at| repeats(at)).last().unwrap_or(at))
}

/// Headings that a reader needs whatever the language.
fn is_landmark(line: &Line<'_>) -> bool {
    let words = line.heading().map_or(line.words(), |(_, text)| text);
    let is_name = || {
        let is_row = !matches!(flattened::read(words, &flattened::Context::default()), flattened::Reading::None);
        words.split(' ').count() <= 3 && !is_row && !bullets::is_item(words) && !table::is_flat_header(line)
    };
    outline::is_known(words) || (language::class(words) == Class::Neutral && is_name())
}

/// Gives the headings of a translation their names in the original, when it has as many lines that look like headings.
fn name_headings(kept: &mut [Line<'_>], original: &[Line<'_>]) {
    let name = |line: &Line<'_>| {
        let words = line.heading().map_or(line.words(), |(_, text)| text);
        outline::is_known(words).then(|| words.to_owned())
    };
    let names: Vec<String> = original.iter().filter_map(name).collect();
    let places: Vec<usize> = (0..kept.len()).filter(|&at| looks_like_a_heading(kept, at)).collect();
    if names.len() == places.len() {
        for (at, name) in places.into_iter().zip(names) {
            kept[at].rewrite(name, Rule::Translation);
        }
    }
}

fn looks_like_a_heading(lines: &[Line<'_>], at: usize) -> bool {
    let words = lines[at].words();
    let after_marker = at > 0 && lines[at - 1].words() == "-";
    language::class(words) == Class::Other
        && !after_marker
        && words.chars().count() <= 40
        && !words.ends_with(|c: char| c.is_ascii_punctuation() || matches!(c, '。' | ':' | '!' | '?' | ','))
        && !bullets::is_item(words)
        && !words.contains(['|', ':', ',', '\u{ff1a}', '\u{ff0c}', '\u{3002}'])
}

/// Gives the docs line and the header of a flattened table of a translation the names that the reader knows.
fn name_parts(kept: &mut [Line<'_>]) {
    let docs = kept
        .iter_mut()
        .take(200)
        .find(|line| language::class(line.words()) == Class::Other && url_at_end(line.words()).is_some());
    if let Some(line) = docs {
        let url = url_at_end(line.words()).unwrap_or_default().to_owned();
        line.rewrite(format!("{} {url}", outline::DOCS), Rule::Translation);
    }
    let certain = |line: &Line<'_>| {
        matches!(flattened::read(line.words(), &flattened::Context::default()),
            flattened::Reading::Certain(cells) if cells.name.ends_with(|c: char| !c.is_ascii()))
    };
    if let Some(row) = kept.iter().position(certain)
        && let Some(header) = kept[..row].iter_mut().rev().find(|line| !line.is_blank())
        && header.words().chars().count() <= 24
    {
        header.rewrite("NameKeyDescription".to_owned(), Rule::Translation);
    }
}

/// The URL of a short line such as `文档: https://docs.example/`.
fn url_at_end(words: &str) -> Option<&str> {
    let at = words.find("https://").or_else(|| words.find("http://"))?;
    let label = words[..at].trim_end();
    let is_label = label.ends_with([':', ':']) && label.chars().count() <= 24;
    (is_label && !words[at..].contains(char::is_whitespace)).then(|| &words[at..])
}

struct Interleaved<'a, 't> {
    lines: &'a mut [Line<'t>],
    classes: &'a [Class],
}

impl Interleaved<'_, '_> {
    /// For every line, whether it belongs to the text in the other script.
    fn sides(&mut self) -> Vec<bool> {
        let mut sides: Vec<bool> = self.classes.iter().map(|class| *class == Class::Other).collect();
        self.lists(&mut sides);
        self.repeated(&mut sides);
        sides
    }

    /// Pairs each list with its translation: of the same shape, right after it or with text between.
    fn lists(&mut self, sides: &mut [bool]) {
        let mut unpaired: Option<std::ops::Range<usize>> = None;
        let mut at = 0;
        while at < self.lines.len() {
            if !bullets::is_item(&self.lines[at].text) {
                at += 1;
                continue;
            }
            let len = self.lines[at..].iter().take_while(|line| bullets::is_item(&line.text)).count();
            let list = at..at + len;
            at = list.end;
            let has_other = self.classes[list.clone()].contains(&Class::Other);
            let middle = list.start + len / 2;
            let halves = len % 2 == 0 && self.same_shape(list.start..middle, middle..list.end);
            if let Some(first) = &unpaired
                && self.same_shape(first.clone(), list.clone())
                && (has_other || self.same_texts(first.clone(), list.clone()))
            {
                sides[list].fill(true);
                unpaired = None;
            } else if halves && self.is_pair(list.start..middle, middle..list.end, has_other) {
                sides[middle..list.end].fill(true);
            } else if has_other {
                self.by_first_foreign(list, sides);
            } else {
                unpaired = Some(list);
            }
        }
    }

    /// No pair was found: from the first line in the other script on, the list is its.
    fn by_first_foreign(&mut self, list: std::ops::Range<usize>, sides: &mut [bool]) {
        let first = self.classes[list.clone()].iter().position(|class| *class == Class::Other).unwrap_or(0);
        let first = list.start + first;
        sides[first..list.end].fill(true);
        for line in &mut self.lines[list.start..first] {
            let words = line.words().to_owned();
            let alternatives = vec![format!("{words:?} is the original's"), format!("{words:?} is the translation's")];
            line.doubt(alternatives, "the list and its translation are not of one shape");
        }
    }

    /// Whether two lists of one shape are one in both languages, or the same list twice.
    fn is_pair(&self, one: std::ops::Range<usize>, other: std::ops::Range<usize>, has_other: bool) -> bool {
        if has_other { !self.classes[one].contains(&Class::Other) } else { self.same_texts(one, other) }
    }

    fn same_shape(&self, one: std::ops::Range<usize>, other: std::ops::Range<usize>) -> bool {
        let indent = |line: &Line<'_>| line.text.len() - line.text.trim_start().len();
        one.len() == other.len() && self.lines[one].iter().map(indent).eq(self.lines[other].iter().map(indent))
    }

    fn same_texts(&self, one: std::ops::Range<usize>, other: std::ops::Range<usize>) -> bool {
        self.lines[one].iter().map(Line::words).eq(self.lines[other].iter().map(Line::words))
    }

    /// A command that a block has once before its translation starts and once after it.
    fn repeated(&self, sides: &mut [bool]) {
        let mut seen: std::collections::HashSet<&str> = std::collections::HashSet::new();
        let mut other_started = false;
        for (at, line) in self.lines.iter().enumerate() {
            if line.is_blank() {
                seen.clear();
                other_started = false;
            } else if sides[at] {
                other_started = true;
            } else if other_started && self.classes[at] == Class::Neutral && seen.contains(line.words()) {
                sides[at] = true;
            } else {
                seen.insert(line.words());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::split as lines;
    use super::*;

    fn sides(text: &str, language: Language) -> (Vec<String>, Vec<String>) {
        let sides = split(lines(text, 0), language).unwrap();
        let texts = |lines: &[Line<'_>]| {
            lines.iter().map(|line| line.text.to_string()).filter(|text| !text.is_empty()).collect::<Vec<_>>()
        };
        (texts(&sides.kept), texts(&sides.other))
    }

    const WOVEN: &str = "Loafly\n\nLoafly\n\nLoafly bakes bread for you.\nLoafly 为你烤面包。\n\n• Loaf\n  • API\nUse it when you bake.\n• 面包\n  • API\n烘焙时使用。\n\nMore words are here.\n更多的话。\n";

    #[test]
    fn paragraphs_and_lists_are_paired() {
        let (kept, _) = sides(WOVEN, Language::Original);
        let expected = [
            "Loafly",
            "Loafly",
            "Loafly bakes bread for you.",
            "• Loaf",
            "  • API",
            "Use it when you bake.",
            "More words are here.",
        ];
        assert_eq!(kept, expected);
        let (kept, _) = sides(WOVEN, Language::Translation);
        assert!(
            kept.ends_with(&["• 面包".into(), "  • API".into(), "烘焙时使用。".into(), "更多的话。".into()]),
            "{kept:?}"
        );
    }

    #[test]
    fn a_translation_may_follow_the_whole_text() {
        let text = "Loafly\nLoafly bakes bread for you.\nIt is warm and good.\nAll of it is here.\nLoafly\nLoafly 为你烤面包。\n很温暖。\n都在这里。\n";
        let (kept, other) = sides(text, Language::Original);
        assert_eq!(kept.len(), 4);
        assert_eq!(other[0], "Loafly");
    }

    #[test]
    fn headings_of_a_translation_get_the_names_of_the_originals() {
        let text = "Loafly\nLoafly bakes bread for you.\nLoafly Overview\nAll of it is here.\nPopular actions\nUse it when you bake.\n\
            Loafly\nLoafly 为你烤面包。\nLoafly 概述\n都在这里面了。\n常用操作\n烘焙的时候使用。\n";
        let (kept, _) = sides(text, Language::Translation);
        let expected = [
            "Loafly",
            "Loafly 为你烤面包。",
            "Loafly Overview",
            "都在这里面了。",
            "Popular actions",
            "烘焙的时候使用。",
        ];
        assert_eq!(kept, expected);
    }

    #[test]
    fn one_language_is_left_alone_and_an_absent_one_is_an_error() {
        let text = "Loafly bakes bread for you.\nAlso for 面 people.\n";
        assert_eq!(sides(text, Language::Original).0.len(), 2);
        assert!(split(lines(text, 0), Language::Translation).is_err());
        assert!(split(lines(text, 0), Language::In(Script::Cyrillic)).is_err());
    }
}
