//! Which manifests one template made: those that share most of the lines that most of them have.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::lines::{Set, says_something};

/// A manifest that lacks more than this part of what the others have in common is not one of them.
const MAX_MISSING_PERCENT: usize = 20;
/// Fewer common lines than this make no template.
const MIN_COMMON: usize = 3;
/// Common lines that make up less than this part of the text make no template.
const MIN_SHARE_PERCENT: usize = 15;
/// How often a set that has no majority is split by a line that some of it has.
const MAX_SPLITS: usize = 64;

/// The clusters of a set, and the manifests that belong to none.
pub(super) fn split(set: &Set<'_>) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut splitter =
        Splitter { set, counts: vec![0; set.distinct()], clusters: Vec::new(), alone: Vec::new(), splits: 0 };
    let distinct: Vec<Vec<u32>> = (0..set.len())
        .map(|document| {
            let mut lines = set.document(document).to_vec();
            lines.sort_unstable();
            lines.dedup();
            lines.retain(|&line| says_something(set.line(line)));
            lines
        })
        .collect();
    splitter.split((0..set.len()).collect(), &distinct);
    (splitter.clusters, splitter.alone)
}

struct Splitter<'s, 't> {
    set: &'s Set<'t>,
    /// How many manifests of the group at hand have each line; all zero between groups.
    counts: Vec<u32>,
    clusters: Vec<Vec<usize>>,
    alone: Vec<usize>,
    splits: usize,
}

impl Splitter<'_, '_> {
    fn split(&mut self, group: Vec<usize>, lines: &[Vec<u32>]) {
        let mut groups = vec![group];
        while let Some(group) = groups.pop() {
            if group.len() < 2 {
                self.alone.extend(group);
                continue;
            }
            let counted = self.count(&group, lines);
            let parts = self.parts(&group, &counted, lines);
            match parts {
                Parts::Two(first, second) => groups.extend([second, first]),
                Parts::Whole => self.clusters.push(group),
                Parts::None => self.alone.extend(group),
            }
            for (line, _) in counted {
                self.counts[line as usize] = 0;
            }
        }
    }

    /// The lines of a group with the number of manifests that have each, in the order in which they are met.
    fn count(&mut self, group: &[usize], lines: &[Vec<u32>]) -> Vec<(u32, u32)> {
        let mut met = Vec::new();
        for &document in group {
            for &line in &lines[document] {
                let count = &mut self.counts[line as usize];
                if *count == 0 {
                    met.push(line);
                }
                *count += 1;
            }
        }
        met.into_iter().map(|line| (line, self.counts[line as usize])).collect()
    }

    fn parts(&mut self, group: &[usize], counted: &[(u32, u32)], lines: &[Vec<u32>]) -> Parts {
        let size = group.len();
        let common = counted.iter().filter(|(_, count)| *count as usize * 2 > size).count();
        if common >= MIN_COMMON {
            let belongs = |document: &usize| {
                let has =
                    lines[*document].iter().filter(|&&line| self.counts[line as usize] as usize * 2 > size).count();
                let missing = common - has;
                missing * 100 <= common * MAX_MISSING_PERCENT
            };
            let (inside, outside): (Vec<usize>, Vec<usize>) = group.iter().copied().partition(belongs);
            if !inside.is_empty() && !outside.is_empty() {
                return Parts::Two(inside, outside);
            }
            if outside.is_empty() {
                if let Some((first, second)) = self.generations(group, counted, lines) {
                    return Parts::Two(first, second);
                }
                if self.is_template(group, counted) {
                    return Parts::Whole;
                }
            }
        }
        self.by_one_line(group, counted, lines)
    }

    /// Two halves of a group where each has lines of its own that the other lacks altogether.
    fn generations(
        &self,
        group: &[usize],
        counted: &[(u32, u32)],
        lines: &[Vec<u32>],
    ) -> Option<(Vec<usize>, Vec<usize>)> {
        const OWN_LINES: usize = 2;
        let size = group.len();
        let mut sums: HashMap<u32, u64> = HashMap::new();
        let mut total = 0_u64;
        let some = |line: &u32| {
            let count = self.counts[*line as usize] as usize;
            count > 1 && count < size
        };
        for &document in group {
            let hash = hash(document);
            total = total.wrapping_add(hash);
            for line in lines[document].iter().filter(|line| some(line)) {
                let sum = sums.entry(*line).or_default();
                *sum = sum.wrapping_add(hash);
            }
        }
        // Lines whose manifests are the same, by the sum of these manifests' hashes.
        let mut alike: HashMap<u64, (usize, u32)> = HashMap::new();
        for &(line, _) in counted {
            if let Some(sum) = sums.get(&line) {
                alike.entry(*sum).or_insert((0, line)).0 += 1;
            }
        }
        let own = |sum: u64| alike.get(&sum).filter(|(lines, _)| *lines >= OWN_LINES);
        let mut halves: Vec<u32> = alike
            .iter()
            .filter(|(sum, _)| own(**sum).is_some() && own(total.wrapping_sub(**sum)).is_some())
            .map(|(_, (_, line))| *line)
            .collect();
        halves.sort_unstable();
        let line = *halves.first()?;
        Some(group.iter().copied().partition(|document| lines[*document].binary_search(&line).is_ok()))
    }

    /// Whether what all have in common is enough to be called a template.
    fn is_template(&self, group: &[usize], counted: &[(u32, u32)]) -> bool {
        let all = counted.iter().filter(|(_, count)| *count as usize == group.len());
        let (lines, bytes) =
            all.fold((0, 0), |(lines, bytes), (line, _)| (lines + 1, bytes + self.set.line(*line).len()));
        let mean = group.iter().map(|&document| self.set.text(document).len()).sum::<usize>() / group.len();
        lines >= MIN_COMMON && bytes * 100 >= mean * MIN_SHARE_PERCENT
    }

    /// Splits by the line that most, but not all, have.
    fn by_one_line(&mut self, group: &[usize], counted: &[(u32, u32)], lines: &[Vec<u32>]) -> Parts {
        let some = counted.iter().filter(|(_, count)| *count > 1 && (*count as usize) < group.len());
        let Some(&(line, _)) = some.max_by_key(|(line, count)| (*count, std::cmp::Reverse(*line))) else {
            return Parts::None;
        };
        self.splits += 1;
        if self.splits > MAX_SPLITS {
            return Parts::None;
        }
        let has = |document: &usize| lines[*document].binary_search(&line).is_ok();
        let (first, second) = group.iter().copied().partition(has);
        Parts::Two(first, second)
    }
}

enum Parts {
    Two(Vec<usize>, Vec<usize>),
    Whole,
    None,
}

fn hash(document: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    document.hash(&mut hasher);
    hasher.finish()
}
