//! A set as numbers: every distinct line has one, so that comparing lines is comparing numbers.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::Sample;

/// Stands for a manifest's title in a line; no text has it, since a manifest that does is not masked.
pub(super) const TITLE: char = '\u{1}';
/// Stands for a manifest's name in a line.
pub(super) const NAME: char = '\u{2}';

/// All lines of a set.
#[derive(Debug)]
pub(super) struct Set<'t> {
    samples: Vec<Sample<'t>>,
    numbers: HashMap<&'t str, u32>,
    lines: Vec<&'t str>,
    own: HashSet<u32>,
    /// The lines of each manifest in order.
    documents: Vec<Vec<u32>>,
    titles: Vec<Option<&'t str>>,
}

impl<'t> Set<'t> {
    pub(super) fn new(samples: &[Sample<'t>]) -> Self {
        let mut set = Self {
            samples: samples.to_vec(),
            numbers: HashMap::new(),
            lines: Vec::new(),
            own: HashSet::new(),
            documents: Vec::with_capacity(samples.len()),
            titles: samples.iter().map(|sample| title(sample.text)).collect(),
        };
        for sample in samples {
            let own = sections_of_its_own(sample.text);
            let number = |(at, line)| {
                if own.iter().any(|range| range.contains(&at)) { set.add_own(line) } else { set.add(line) }
            };
            let document = sample.text.split('\n').enumerate().map(number).collect();
            set.documents.push(document);
        }
        set
    }

    fn add(&mut self, line: &'t str) -> u32 {
        *self.numbers.entry(line).or_insert_with(|| {
            self.lines.push(line);
            u32::try_from(self.lines.len() - 1).unwrap_or(u32::MAX)
        })
    }

    /// A line that belongs to its manifest, whether others have the same or not: it is equal to no other.
    fn add_own(&mut self, line: &'t str) -> u32 {
        self.lines.push(line);
        let number = u32::try_from(self.lines.len() - 1).unwrap_or(u32::MAX);
        self.own.insert(number);
        number
    }

    /// Whether a line belongs to its manifest alone.
    pub(super) fn is_own(&self, number: u32) -> bool {
        self.own.contains(&number)
    }

    /// The distinct lines with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u32, &'t str)> {
        (0..).zip(self.lines.iter().copied())
    }

    pub(super) fn len(&self) -> usize {
        self.samples.len()
    }

    pub(super) fn text(&self, document: usize) -> &'t str {
        self.samples[document].text
    }

    pub(super) fn document(&self, document: usize) -> &[u32] {
        &self.documents[document]
    }

    pub(super) fn line(&self, number: u32) -> &'t str {
        self.lines[number as usize]
    }

    /// How many distinct lines there are.
    pub(super) fn distinct(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn title(&self, document: usize) -> Option<&'t str> {
        self.titles[document]
    }

    pub(super) fn name(&self, document: usize) -> &'t str {
        self.samples[document].name
    }

    /// The number of a line, if the set has it.
    pub(super) fn number(&self, line: &str) -> Option<u32> {
        self.numbers.get(line).copied()
    }

    /// A line with the manifest's title and name as placeholders, where it has them as whole words.
    pub(super) fn mask(&self, document: usize, line: &str) -> Option<String> {
        let mut masked = None;
        let values = [(self.title(document), TITLE), (Some(self.name(document)).filter(|name| name.len() > 2), NAME)];
        for (value, placeholder) in values {
            let Some(value) = value else { continue };
            if let Some(replaced) = replace_words(masked.as_deref().unwrap_or(line), value, placeholder) {
                masked = Some(replaced);
            }
        }
        masked
    }

    /// A masked line as it is in one manifest; nothing where that has no title.
    pub(super) fn unmask(&self, document: usize, masked: &str) -> Option<String> {
        let title = self.title(document);
        if masked.contains(TITLE) && title.is_none() {
            return None;
        }
        Some(masked.replace(TITLE, title.unwrap_or_default()).replace(NAME, self.name(document)))
    }
}

/// The lines under the headings that app skills have: their overview and their actions are their own, also where a whole cluster
/// has the same.
fn sections_of_its_own(text: &str) -> Vec<Range<usize>> {
    let mut sections = Vec::new();
    let mut open: Option<usize> = None;
    let mut fence = false;
    let mut filled: Option<Range<usize>> = None;
    for (at, line) in text.split('\n').enumerate() {
        fence ^= line.starts_with("```");
        if line.starts_with('#') && !fence {
            sections.extend(filled.take());
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let own = line.starts_with("##") && (heading.ends_with(" overview") || heading == "popular actions");
            open = own.then_some(at);
        } else if open.is_some() && !line.trim().is_empty() {
            filled = Some(filled.map_or(at, |range| range.start)..at + 1);
        }
    }
    sections.extend(filled);
    sections
}

/// The text of the first top-level heading.
fn title(text: &str) -> Option<&str> {
    let title = text.lines().find_map(|line| line.strip_prefix("# "))?.trim();
    (!title.is_empty() && !title.contains([TITLE, NAME])).then_some(title)
}

fn replace_words(text: &str, value: &str, placeholder: char) -> Option<String> {
    let mut replaced = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices(value) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        if text[..at].ends_with(is_word) || text[at + value.len()..].starts_with(is_word) {
            continue;
        }
        replaced.push_str(&text[from..at]);
        replaced.push(placeholder);
        from = at + value.len();
    }
    if from == 0 {
        return None;
    }
    replaced.push_str(&text[from..]);
    Some(replaced)
}

/// Whether a line says something: blank lines, fences and rules stand everywhere.
pub(super) fn says_something(line: &str) -> bool {
    line.chars().filter(|c| c.is_alphanumeric()).take(4).count() == 4
}
