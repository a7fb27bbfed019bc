//! One mistake in a template is one finding, not three thousand: findings of one rule that say the same in many files become one
//! with a count and its first places.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::diagnostic::{Diagnostic, Safety, Severity};
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

/// Findings of many files on their way to being folded. Of those that stand in enough files only the first places are kept, so that
/// a mistake in a template costs no memory, however large the set is.
#[derive(Debug, Default)]
pub struct Folding {
    /// What is not folded at all.
    apart: Option<Vec<(Order, Finding)>>,
    groups: Vec<Group>,
    /// Groups by a digest of what their findings say; where two have the same, one stands at the next.
    by_digest: HashMap<u64, usize, RandomState>,
}

/// Findings that say the same.
#[derive(Debug)]
struct Group {
    /// The first of them, or all, as long as they stand in too few files to be folded. Each with its order.
    findings: Vec<(Order, Finding)>,
    count: usize,
    files: usize,
    last_file: usize,
}

/// The number of a file, and that of a finding in it.
type Order = (usize, usize);

impl Folding {
    /// Gathers findings and folds none.
    pub fn of_none() -> Self {
        Self { apart: Some(Vec::new()), ..Self::default() }
    }

    /// Adds the findings of a file. Files come in the order of their numbers.
    pub fn add(&mut self, file: usize, findings: impl IntoIterator<Item = Finding>) {
        for (number, finding) in findings.into_iter().enumerate() {
            self.add_one((file, number), finding);
        }
    }

    /// Adds what was gathered in the same way of the files after these.
    pub fn append(&mut self, later: Self) {
        self.apart.iter_mut().zip(later.apart).for_each(|(apart, mut later)| apart.append(&mut later));
        for group in later.groups {
            let Some(((_, first), _)) = group.findings.split_first() else { continue };
            match self.group_of(&first.diagnostic) {
                Ok(at) => self.groups[at].append(group),
                Err(digest) => self.open(digest, group),
            }
        }
    }

    /// What was added, in its order: a folded finding stands where its first stood.
    pub fn finish(self) -> Vec<Folded> {
        let apart = self.apart.into_iter().flatten();
        let mut folded: Vec<(Order, Folded)> = apart.map(|(order, finding)| (order, Folded::one(finding))).collect();
        for group in self.groups {
            let mut findings = group.findings.into_iter();
            if group.files < FOLD_FROM {
                folded.extend(findings.map(|(order, finding)| (order, Folded::one(finding))));
            } else if let Some((order, finding)) = findings.next() {
                let others = findings.map(|(_, finding)| Place::of(&finding));
                let places = std::iter::once(Place::of(&finding)).chain(others).collect();
                folded.push((order, Folded { finding, count: group.count, places }));
            }
        }
        folded.sort_by_key(|(order, _)| *order);
        folded.into_iter().map(|(_, folded)| folded).collect()
    }

    fn add_one(&mut self, order: Order, finding: Finding) {
        if let Some(apart) = &mut self.apart {
            apart.push((order, finding));
            return;
        }
        match self.group_of(&finding.diagnostic) {
            Ok(at) => self.groups[at].push(order, finding),
            Err(digest) => {
                let group = Group { findings: vec![(order, finding)], count: 1, files: 1, last_file: order.0 };
                self.open(digest, group);
            }
        }
    }

    /// The group of those that say the same, or the digest under which there is room for one.
    fn group_of(&self, diagnostic: &Diagnostic) -> Result<usize, u64> {
        let mut digest = self.by_digest.hasher().hash_one(said(diagnostic));
        while let Some(&at) = self.by_digest.get(&digest) {
            let first = self.groups[at].findings.first();
            if first.is_some_and(|(_, first)| said(&first.diagnostic) == said(diagnostic)) {
                return Ok(at);
            }
            digest = digest.wrapping_add(1);
        }
        Err(digest)
    }

    fn open(&mut self, digest: u64, group: Group) {
        self.by_digest.insert(digest, self.groups.len());
        self.groups.push(group);
    }
}

impl Group {
    fn push(&mut self, order: Order, finding: Finding) {
        self.count += 1;
        self.files += usize::from(order.0 != self.last_file);
        self.last_file = order.0;
        if self.has_room() {
            self.findings.push((order, finding));
        } else {
            self.findings.truncate(PLACES);
        }
    }

    fn append(&mut self, later: Self) {
        let first_file = later.findings.first().map(|((file, _), _)| *file);
        self.count += later.count;
        self.files += later.files - usize::from(first_file == Some(self.last_file));
        self.last_file = later.last_file;
        for found in later.findings {
            if self.has_room() {
                self.findings.push(found);
            }
        }
        if !self.has_room() {
            self.findings.truncate(PLACES);
        }
    }

    fn has_room(&self) -> bool {
        self.files < FOLD_FROM || self.findings.len() < PLACES
    }
}

/// What makes two findings the same. Those that can be mended are told from those that cannot: they are counted apart.
fn said(diagnostic: &Diagnostic) -> (&str, Severity, &str, Option<Safety>) {
    (diagnostic.rule, diagnostic.severity, &diagnostic.message, diagnostic.fix.as_ref().map(|fix| fix.safety))
}

/// Folds findings that come file by file.
pub fn fold(findings: Vec<Finding>) -> Vec<Folded> {
    let mut folding = Folding::default();
    let (mut file, mut last) = (0, None);
    for (number, finding) in findings.into_iter().enumerate() {
        if last.replace(Arc::clone(&finding.path)).is_some_and(|last| last != finding.path) {
            file += 1;
        }
        folding.add_one((file, number), finding);
    }
    folding.finish()
}

/// Every finding by itself.
pub fn unfolded(findings: Vec<Finding>) -> Vec<Folded> {
    findings.into_iter().map(Folded::one).collect()
}

impl Folded {
    fn one(finding: Finding) -> Self {
        Self { finding, count: 1, places: Vec::new() }
    }
}

impl Place {
    fn of(finding: &Finding) -> Self {
        Self { path: Arc::clone(&finding.path), line: finding.start.line, column: finding.start.column }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::manifest::source::Span;

    #[test]
    fn the_same_in_many_files_is_one() {
        let mut findings: Vec<Finding> = (0..9).map(|file| Finding::example(&format!("{file}"), "same")).collect();
        findings.insert(1, Finding::example("0", "other"));
        findings.extend((0..3).map(|file| Finding::example(&format!("{file}"), "few")));
        let folded = fold(findings);
        let counts: Vec<_> = folded.iter().map(|f| (f.count, f.places.len())).collect();
        assert_eq!(counts, [(9, PLACES), (1, 0), (1, 0), (1, 0), (1, 0)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn parts_fold_as_the_whole_does(
            files in prop::collection::vec(prop::collection::vec(0..4_usize, 0..4), 0..20),
            cut in 0..20_usize,
            none in any::<bool>(),
        ) {
            let empty = || if none { Folding::of_none() } else { Folding::default() };
            let of_file = |(file, said): (usize, &Vec<usize>)| -> (usize, Vec<Finding>) {
                let messages = ["a", "b", "c", "d"];
                (file, said.iter().map(|&message| Finding::example(&format!("{file}"), messages[message])).collect())
            };
            let all = |from: usize, to: usize| {
                let mut folding = empty();
                for (file, findings) in files.iter().enumerate().skip(from).take(to - from).map(of_file) {
                    folding.add(file, findings);
                }
                folding
            };
            let cut = cut.min(files.len());
            let mut parts = all(0, cut);
            parts.append(all(cut, files.len()));
            let whole = all(0, files.len()).finish();
            prop_assert_eq!(&parts.finish(), &whole);
            let each: Vec<Finding> = files.iter().enumerate().flat_map(|file| of_file(file).1).collect();
            prop_assert_eq!(if none { unfolded(each) } else { fold(each) }, whole);
        }
    }

    #[test]
    fn what_can_be_mended_is_counted_apart() {
        let mut findings: Vec<Finding> = (0..8).map(|file| Finding::example(&format!("{file}"), "same")).collect();
        for finding in &mut findings[..4] {
            finding.diagnostic.fix(Safety::Safe, Span::at(0), "x");
        }
        let folded = fold(findings);
        let counts: Vec<_> = folded.iter().map(|f| (f.count, f.finding.diagnostic.fix.is_some())).collect();
        assert_eq!(counts, [(4, true), (4, false)]);
    }

    #[test]
    fn many_in_one_file_stay_apart() {
        let findings: Vec<Finding> = (0..9).map(|_| Finding::example("a", "same")).collect();
        assert_eq!(fold(findings).len(), 9);
    }
}
