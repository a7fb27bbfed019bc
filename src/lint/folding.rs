//! One mistake in a template is one finding, not three thousand: findings of one rule that say the same in many files become one
//! with a count and its first places.

use std::collections::HashMap;
use std::sync::Arc;

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
    type Key = (&'static str, Severity, u64);
    let key = |finding: &Finding| -> Key {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        finding.diagnostic.message.hash(&mut hasher);
        (finding.diagnostic.rule, finding.diagnostic.severity, hasher.finish())
    };
    let keys: Vec<Key> = findings.iter().map(key).collect();
    let mut files: HashMap<Key, (usize, Option<Arc<str>>)> = HashMap::new();
    for (key, finding) in keys.iter().zip(&findings) {
        let (count, last) = files.entry(*key).or_default();
        // Findings come file by file.
        if last.as_ref() != Some(&finding.path) {
            *count += 1;
            *last = Some(Arc::clone(&finding.path));
        }
    }
    let mut folded: Vec<Folded> = Vec::new();
    let mut at: HashMap<Key, usize> = HashMap::new();
    for (key, finding) in keys.into_iter().zip(findings) {
        if let Some(&at) = at.get(&key) {
            let into = &mut folded[at];
            into.count += 1;
            if into.places.len() < PLACES {
                into.places.push(Place::of(&finding));
            }
            continue;
        }
        let mut places = Vec::new();
        if files.get(&key).is_some_and(|(count, _)| *count >= FOLD_FROM) {
            at.insert(key, folded.len());
            places.push(Place::of(&finding));
        }
        folded.push(Folded { finding, count: 1, places });
    }
    folded
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
