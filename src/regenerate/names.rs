//! Titles of manifests in the constant text of a template: what a migration leaks into a whole set.
//!
//! A title is often a plain word, and plain words stand in constant text: `Request body`, `Make sure`. So only a title that reads
//! as a name there counts: as a whole word, written the same, capitalised or otherwise unlike a plain word, and not where a
//! sentence or a cell begins, which capitalises any word.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;

use crate::template::Pattern;

/// A title that stands in the constant text of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leak {
    /// The title.
    pub title: String,
    /// The name of the skill whose title it is.
    pub skill: String,
    /// The line of constant text that it stands in.
    pub constant: String,
}

/// The title and name of one manifest, as far as they are known.
pub(super) type Title = Option<(String, String)>;

/// The constant text of a template, ready to be searched for names.
#[derive(Debug)]
pub(super) struct Names {
    text: String,
    words: HashSet<String>,
}

impl Names {
    pub(super) fn of(pattern: &Pattern) -> Self {
        let text = pattern.constants().collect::<Vec<_>>().join("\n");
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self { words: words.map(str::to_owned).collect(), text }
    }

    /// Whether a title could be in the text: a quick look before a thorough one.
    pub(super) fn may_hold(&self, title: &str) -> bool {
        let mut words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let first = words.next();
        first.is_some_and(|first| self.words.contains(first)) && words.all(|word| self.words.contains(word))
    }

    /// The titles that stand in the text as names.
    pub(super) fn leaked<'t>(&self, titles: impl Iterator<Item = &'t Title>) -> Vec<Leak> {
        let mut skills: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (title, skill) in titles.flatten() {
            skills.entry(title).or_default().insert(skill);
        }
        let leak = |(title, skills): (&str, BTreeSet<&str>)| {
            let skill = (*skills.first()?).to_owned();
            Some(Leak { title: title.to_owned(), skill, constant: self.line_with(title)? })
        };
        skills.into_iter().filter_map(leak).collect()
    }

    fn line_with(&self, title: &str) -> Option<String> {
        let unlike_a_word = title.chars().any(|c| c.is_uppercase() || c.is_ascii_digit())
            || title.contains(|c: char| !c.is_alphanumeric() && !c.is_whitespace());
        if !unlike_a_word {
            return None;
        }
        let found = self.text.match_indices(title).find(|(at, _)| {
            let (before, after) = (&self.text[..*at], &self.text[at + title.len()..]);
            let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
            !before.ends_with(is_word) && !after.starts_with(is_word) && goes_on(before)
        })?;
        let start = self.text[..found.0].rfind('\n').map_or(0, |end| end + 1);
        let line = self.text[start..].lines().next().unwrap_or_default();
        Some(line.to_owned())
    }
}

/// Whether a sentence is under way at the end of `before`.
fn goes_on(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before);
    let word = line.strip_suffix(' ').unwrap_or_default();
    word.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | ')' | '\'' | '’'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Template;

    #[test]
    fn a_title_counts_where_it_reads_as_a_name() {
        let source = "Send requests to the Airmeet API. Make sure of it.\n| `-d` | Request body |\nRun `npm` in Mode 3, with Membrane.\n{{ a }}";
        let template = Template::parse("t", source).unwrap();
        let names = Names::of(template.pattern().unwrap());
        let leaked = |title: &str| {
            let titles = [Some((title.to_owned(), "x".to_owned()))];
            let leaked = names.leaked(titles.iter());
            assert!(leaked.is_empty() || names.may_hold(title), "{title}");
            leaked.len()
        };
        for title in ["Airmeet", "Mode", "Membrane", "Airmeet API"] {
            assert_eq!(leaked(title), 1, "{title}");
        }
        for title in ["Make", "Request", "Npm", "npm", "Mem", "Air", "sure", "Airmeets"] {
            assert_eq!(leaked(title), 0, "{title}");
        }
    }
}
