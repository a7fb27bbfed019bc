//! Identical changes shown once: two changes are the same when their diffs are, with each manifest's own values named instead of
//! shown.

use std::collections::BTreeMap;

use serde::Serialize;

use super::planned::{Outcome, Planned};

/// A change that some manifests have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// What becomes of them.
    pub outcome: Outcome,
    /// The generation they are on.
    pub generation: Option<String>,
    /// How many manifests.
    pub count: usize,
    /// Lines taken out of each.
    pub removed: usize,
    /// Lines put into each.
    pub added: usize,
    /// The change as a unified diff in which `{{ slot }}` stands for a value that stays as it is.
    pub diff: String,
}

/// Groups the changes of a plan, the commonest first, and tells each manifest its group.
pub(super) fn group(manifests: &mut [Planned]) -> Vec<Group> {
    let mut found: BTreeMap<(Outcome, Option<&str>, &str), (usize, usize)> = BTreeMap::new();
    for (at, planned) in manifests.iter().enumerate() {
        if let Some(change) = &planned.change {
            let key = (planned.outcome, planned.generation.as_deref(), change.as_str());
            found.entry(key).or_insert((at, 0)).1 += 1;
        }
    }
    let mut keys: Vec<_> = found.into_iter().collect();
    keys.sort_by_key(|(_, (first, count))| (std::cmp::Reverse(*count), *first));
    let groups: Vec<Group> = keys
        .iter()
        .map(|((outcome, generation, diff), (_, count))| {
            let lines = |sign: char| diff.lines().filter(|line| line.starts_with(sign)).count();
            let (removed, added) = (lines('-'), lines('+'));
            let (diff, generation) = ((*diff).to_owned(), generation.map(str::to_owned));
            Group { outcome: *outcome, generation, count: *count, removed, added, diff }
        })
        .collect();
    let index: BTreeMap<(Outcome, Option<String>, String), usize> = keys
        .into_iter()
        .enumerate()
        .map(|(at, ((outcome, generation, diff), _))| ((outcome, generation.map(str::to_owned), diff.to_owned()), at))
        .collect();
    for planned in manifests {
        let key = planned.change.clone().map(|change| (planned.outcome, planned.generation.clone(), change));
        planned.group = key.and_then(|key| index.get(&key)).copied();
    }
    groups
}
