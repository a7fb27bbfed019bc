//! The forms of secrets that the rule set knows: keywords, and an expression for each.
//!
//! The table is read and the keywords are made ready when the first text has a run to look at; an expression is compiled when it is first
//! asked, which for that of a form is when one of its keywords stands beside a run.

use std::sync::{LazyLock, OnceLock};

use aho_corasick::AhoCorasick;
use regex::bytes::{Regex, RegexBuilder};

use crate::manifest::source::Span;

/// The rule set: see the head of the file, and `refresh` for how it is made.
const TABLE: &str = include_str!("forms.tsv");
/// A form that runs over lines may go on for so many bytes.
const BLOCK: usize = 16 << 10;
/// What the name of a value says where it is a secret; client ids and the like are none.
const SECRET_NAMES: [&str; 8] = ["key", "token", "secret", "pass", "pwd", "auth", "credential", "bearer"];

/// One form.
#[derive(Debug)]
pub(super) struct Form {
    /// Its id in the rule set.
    pub(super) id: &'static str,
    /// Bits a character that it has at least.
    pub(super) entropy: f64,
    /// Whether the expression looks for a name that a value is given to.
    pub(super) by_name: bool,
    expression: Expression,
    /// What a value, and what all of the match, is where it is none.
    unless: [Expression; 2],
}

/// An expression of the table.
#[derive(Debug)]
struct Expression {
    text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Expression {
    fn of(text: &'static str) -> Self {
        Self { text, compiled: OnceLock::new() }
    }

    /// Ready to be asked; nothing where the table has none.
    fn get(&self) -> Option<&Regex> {
        let compile = || RegexBuilder::new(self.text).unicode(false).build().ok();
        self.compiled.get_or_init(|| if self.text.is_empty() { None } else { compile() }).as_ref()
    }

    fn is_match(&self, text: &[u8]) -> bool {
        self.get().is_some_and(|expression| expression.is_match(text))
    }
}

/// The forms, the search for all keywords, and the form that each keyword belongs to.
struct Forms {
    all: Vec<Form>,
    keywords: Option<AhoCorasick>,
    of_keyword: Vec<usize>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let (mut forms, mut keywords, mut of_keyword) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows(TABLE) {
        let [id, entropy, words, expression, unless_value, unless_match] = row;
        for word in words.split(' ') {
            keywords.push(word);
            of_keyword.push(forms.len());
        }
        forms.push(Form {
            id,
            entropy: entropy.parse().unwrap_or_default(),
            by_name: expression.contains(ASSIGNS),
            expression: Expression::of(expression),
            unless: [unless_value, unless_match].map(Expression::of),
        });
    }
    let search = AhoCorasick::builder().ascii_case_insensitive(true).build(keywords);
    Forms { all: forms, keywords: search.ok(), of_keyword }
});

/// What stands between a name and its value in the expressions that look for names.
const ASSIGNS: &str = "(?:=|>|:{1,3}=|";

/// The rows of the table, comments left out.
pub(super) fn rows(table: &str) -> impl Iterator<Item = [&str; 6]> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut fields = line.split('\t');
        let row = [(); 6].map(|()| fields.next().unwrap_or_default());
        (!row[3].is_empty()).then_some(row)
    })
}

/// The forms one of whose keywords stands in `text`, in the order of the table.
pub(super) fn told_by_keywords(text: &[u8]) -> impl Iterator<Item = &'static Form> {
    let forms = &*FORMS;
    let mut told: Vec<usize> = Vec::new();
    if let Some(search) = &forms.keywords {
        told.extend(search.find_overlapping_iter(text).map(|hit| forms.of_keyword[hit.pattern().as_usize()]));
    }
    told.sort_unstable();
    told.dedup();
    told.into_iter().map(|at| &forms.all[at])
}

impl Form {
    /// The secret of this form that `run` is a part of, looked for in `around`.
    pub(super) fn find(&self, text: &[u8], around: Span, run: Span) -> Option<Span> {
        let expression = self.expression.get()?;
        let end = if self.expression.text.contains(r"[\s\S") { text.len().min(run.end + BLOCK) } else { around.end };
        let mut from = around.start;
        while from < run.end {
            let captures = expression.captures_at(&text[..end], from)?;
            let whole = captures.get(0)?;
            // What is secret is the longest group, or all of it.
            let value = captures.iter().skip(1).flatten().max_by_key(regex::bytes::Match::len).unwrap_or(whole);
            if value.start() < run.end && run.start < value.end() {
                let named = !self.by_name || says_secret(&text[whole.start()..value.start()]);
                let [unless_value, unless_match] = &self.unless;
                let is_one =
                    named && !unless_value.is_match(value.as_bytes()) && !unless_match.is_match(whole.as_bytes());
                return is_one.then(|| Span::new(value.start(), value.end()));
            }
            from = whole.end().max(from + 1);
        }
        None
    }
}

fn says_secret(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|word| memchr::memmem::find(&name, word.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let mut ids = std::collections::BTreeSet::new();
        for [id, entropy, keywords, expression, unless_value, unless_match] in rows(TABLE) {
            assert!(ids.insert(id), "{id} is there twice");
            assert!(entropy.parse::<f64>().is_ok(), "{id}");
            assert!(keywords.split(' ').all(|word| word.len() >= 2), "{id}");
            for expression in [expression, unless_value, unless_match] {
                assert!(expression.is_empty() || Expression::of(expression).get().is_some(), "{id}: {expression}");
            }
        }
        assert!(ids.len() > 150, "{}", ids.len());
        assert!(FORMS.keywords.is_some());
    }
}
