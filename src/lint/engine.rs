//! The engine: which rules are on where, and one pass of them over a manifest.
//!
//! A pure function of a manifest (and a listing of its folder) to diagnostics. Literals of all rules are searched in one pass over
//! the text; rules whose literals do not occur are not asked.

use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, Match, MatchKind, packed};
use rayon::prelude::*;

use super::config::Settings;
use super::context::Context;
use super::diagnostic::{Diagnostic, Severity};
use super::registry;
use super::rule::{Check, Rule, SetSink, Sink};
use super::set::Set;
use super::suppressions::Suppressions;
use crate::manifest::source::Span;

/// A configured set of rules.
#[derive(Debug)]
pub struct Linter {
    settings: Settings,
    heeds_comments: bool,
    /// The search for the literals of the rules that are on, once somebody asks for it.
    literals: OnceLock<Search>,
}

/// What one manifest came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// Findings in the order of the file.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more a comment suppressed.
    pub suppressed: usize,
}

impl Linter {
    /// An engine with these settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings, heeds_comments: true, literals: OnceLock::new() }
    }

    /// An engine that a manifest's own comments cannot silence, for manifests of strangers.
    pub fn unsilenced(settings: Settings) -> Self {
        Self { settings, heeds_comments: false, literals: OnceLock::new() }
    }

    /// How much a rule's findings matter in the file at `path`, or nothing where it is off.
    pub fn severity(&self, rule: &str, path: &str) -> Option<Severity> {
        let at = registry::RULES.iter().position(|known| known.name == rule)?;
        self.settings.severities(path)[at]
    }

    /// Whether a text holds one of the texts that any rule that is on looks for.
    pub fn has_literals(&self, text: &str) -> bool {
        let search = self.literals.get_or_init(|| {
            let severities = self.settings.severities("");
            let of_those_on = literals().filter(|(rule, _)| severities[*rule].is_some());
            Search::new(&of_those_on.map(|(_, literal)| literal).collect::<Vec<_>>())
        });
        search.is_in(text)
    }

    /// Runs every rule that is on for `path` over one manifest.
    pub fn check(&self, context: &Context<'_>, path: &str) -> Checked {
        let severities = self.settings.severities(path);
        let mut found = Vec::new();
        let hits = Hits::find(context.text());
        for (at, rule) in registry::RULES.iter().enumerate() {
            let Some(severity) = severities[at] else { continue };
            let mut sink = Sink::new(rule.name, severity, self.settings.clients(), &mut found);
            match rule.check {
                Check::Problem(kind) => {
                    for problem in context.manifest.problems.iter().filter(|problem| problem.kind == kind) {
                        let diagnostic = sink.report(problem.span, problem.message.clone());
                        if let Some(related) = problem.related {
                            diagnostic.related(related, "first given here");
                        }
                    }
                }
                Check::Manifest(check) => check(context, &mut sink),
                Check::Literals(_, check) => {
                    if let Some(spans) = hits.of(at) {
                        check(context, spans, &mut sink);
                    }
                }
                Check::Set(_) | Check::Outside => {}
            }
        }
        let unused = severities.get(registry::position(registry::UNUSED_SUPPRESSION)).copied().flatten();
        let suppressed = if self.heeds_comments { Suppressions::read(context).apply(&mut found, unused) } else { 0 };
        found.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.rule));
        Checked { diagnostics: found, suppressed }
    }

    /// Runs the rules that compare manifests with each other. Each finding comes with the index of its member.
    pub fn check_set(&self, set: &Set<'_>) -> Vec<(usize, Diagnostic)> {
        let members = set.members;
        let one = |(at, rule): (usize, &&'static Rule)| {
            let mut found = Vec::new();
            if let Check::Set(check) = rule.check {
                let severities: Vec<_> =
                    members.iter().map(|member| self.settings.severities(&member.path)[at]).collect();
                if severities.iter().any(Option::is_some) {
                    check(set, &mut SetSink::new(rule.name, &severities, &mut found));
                }
            }
            found
        };
        let mut found = registry::RULES.par_iter().enumerate().map(one).collect::<Vec<_>>().concat();
        let is_suppressed = |(of, diagnostic): &(usize, Diagnostic)| {
            members[*of].suppressed.iter().any(|suppression| suppression.suppresses(diagnostic))
        };
        found.retain(|one| !is_suppressed(one));
        found
    }
}

/// The places of every rule's literals in one text.
struct Hits {
    /// By rule, sorted by rule and place.
    found: Vec<(usize, Vec<Span>)>,
}

/// The search for all literals, and the rule that each belongs to.
static LITERALS: LazyLock<(Search, Vec<usize>)> = LazyLock::new(|| {
    let (rules, patterns): (Vec<usize>, Vec<&str>) = literals().unzip();
    (Search::new(&patterns), rules)
});

/// All literals, each with the rule that it belongs to.
fn literals() -> impl Iterator<Item = (usize, &'static str)> {
    registry::RULES.iter().enumerate().flat_map(|(at, rule)| {
        let literals = if let Check::Literals(literals, _) = rule.check { literals } else { &[] };
        literals.iter().map(move |literal| (at, *literal))
    })
}

/// Looks for many texts at once, with vector instructions where the machine has them.
#[derive(Debug)]
enum Search {
    Packed(packed::Searcher),
    Automaton(Option<AhoCorasick>),
}

impl Search {
    fn new(patterns: &[&str]) -> Self {
        let packed =
            packed::Config::new().match_kind(packed::MatchKind::LeftmostFirst).builder().extend(patterns).build();
        match packed {
            Some(searcher) => Self::Packed(searcher),
            None => Self::Automaton(AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(patterns).ok()),
        }
    }

    fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Packed(searcher) => searcher.find(text).is_some(),
            Self::Automaton(automaton) => automaton.iter().any(|automaton| automaton.is_match(text)),
        }
    }

    fn each(&self, text: &str, mut found: impl FnMut(Match)) {
        match self {
            Self::Packed(searcher) => searcher.find_iter(text).for_each(found),
            Self::Automaton(automaton) => automaton.iter().flat_map(|a| a.find_iter(text)).for_each(&mut found),
        }
    }
}

impl Hits {
    fn find(text: &str) -> Self {
        let (search, rules) = &*LITERALS;
        let mut found: Vec<(usize, Vec<Span>)> = Vec::new();
        search.each(text, |hit| {
            let rule = rules[hit.pattern().as_usize()];
            let span = Span::new(hit.start(), hit.end());
            match found.iter_mut().find(|(of, _)| *of == rule) {
                Some((_, spans)) => spans.push(span),
                None => found.push((rule, vec![span])),
            }
        });
        Self { found }
    }

    fn of(&self, rule: usize) -> Option<&[Span]> {
        self.found.iter().find(|(of, _)| *of == rule).map(|(_, spans)| spans.as_slice())
    }
}
