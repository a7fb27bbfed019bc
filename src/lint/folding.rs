//! One mistake in a template is one finding, not three thousand: findings of one rule that say the same in many files become one
//! with a count and its first places.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::diagnostic::Severity;
use super::finding::Finding;

/// From so many files on, the same finding is reported once.
pub const FOLD_FROM: usize = 4;
/// So many places of a folded finding are named.
pub const PLACES: usize = 5;

/// A finding, or many that say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folded {
    /// The first of them.
    pub finding: Finding,
    /// How many they are.
    pub count: usize,
    /// The first places, where they are more than one.
    pub places: Vec<Place>,
}

/// Where a finding stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: Arc<str>,
    /// Its line.
    pub line: usize,
    /// Its column.
    pub column: usize,
}

/// Folds findings, whose order is kept: a folded one stands where its first stood.
pub fn fold(findings: Vec<Finding>) -> Vec<Folded> {
    let groups = groups(&findings);
    let mut files: Vec<(usize, Option<&Arc<str>>)> = vec![(0, None); groups.len()];
    for (&group, finding) in groups.iter().zip(&findings) {
        let (count, last) = &mut files[group];
        // Findings come file by file.
        if !last.is_some_and(|last| Arc::ptr_eq(last, &finding.path) || *last == finding.path) {
            *count += 1;
            *last = Some(&finding.path);
        }
    }
    let is_folded: Vec<bool> = files.into_iter().map(|(count, _)| count >= FOLD_FROM).collect();
    let mut folded: Vec<Folded> = Vec::new();
    let mut at: Vec<Option<usize>> = vec![None; groups.len()];
    for (group, finding) in groups.into_iter().zip(findings) {
        if let Some(at) = at[group] {
            let into = &mut folded[at];
            into.count += 1;
            if into.places.len() < PLACES {
                into.places.push(Place::of(&finding));
            }
            continue;
        }
        let mut places = Vec::new();
        if is_folded[group] {
            at[group] = Some(folded.len());
            places.push(Place::of(&finding));
        }
        folded.push(Folded { finding, count: 1, places });
    }
    folded
}

/// For each finding a number that it shares with those that say the same.
fn groups(findings: &[Finding]) -> Vec<usize> {
    let mut groups: HashMap<(&str, Severity, &str), usize, RandomState> = HashMap::default();
    let mut numbers = Vec::with_capacity(findings.len());
    for Finding { diagnostic, .. } in findings {
        let next = groups.len();
        numbers.push(*groups.entry((diagnostic.rule, diagnostic.severity, &diagnostic.message)).or_insert(next));
    }
    numbers
}

/// Every finding by itself.
pub fn unfolded(findings: Vec<Finding>) -> Vec<Folded> {
    findings.into_iter().map(|finding| Folded { finding, count: 1, places: Vec::new() }).collect()
}

impl Place {
    fn of(finding: &Finding) -> Self {
        Self { path: Arc::clone(&finding.path), line: finding.start.line, column: finding.start.column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_in_many_files_is_one() {
        let mut findings: Vec<Finding> = (0..9).map(|file| Finding::example(&format!("{file}"), "same")).collect();
        findings.insert(1, Finding::example("0", "other"));
        findings.extend((0..3).map(|file| Finding::example(&format!("{file}"), "few")));
        let folded = fold(findings);
        let counts: Vec<_> = folded.iter().map(|f| (f.count, f.places.len())).collect();
        assert_eq!(counts, [(9, PLACES), (1, 0), (1, 0), (1, 0), (1, 0)]);
    }

    #[test]
    fn many_in_one_file_stay_apart() {
        let findings: Vec<Finding> = (0..9).map(|_| Finding::example("a", "same")).collect();
        assert_eq!(fold(findings).len(), 9);
    }
}
