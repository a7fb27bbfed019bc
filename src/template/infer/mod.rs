//! Learning the templates of a set.
//!
//! Manifests that one template made share its constant lines, and differ between them. So a set is first split into clusters that
//! share most of their common lines; then the lines that stand exactly once in every manifest of a cluster hold the template
//! together, and what lies between two of them is constant where all agree and a slot where they do not. Nothing is claimed that was
//! not proved: each manifest is matched against the template that was learned from it.

mod anchors;
mod cluster;
mod gaps;
mod lines;
mod naming;
mod writer;

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::{Mismatch, Slots, Template};
use crate::error::Result;
use lines::Set;

/// One manifest to learn from.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'t> {
    /// What it is called: the name of its folder or file.
    pub name: &'t str,
    /// Its text.
    pub text: &'t str,
}

/// What was learned from a set. Manifests are their indices in the set.
#[derive(Debug)]
pub struct Inference {
    /// The templates, those of most manifests first.
    pub learned: Vec<Learned>,
    /// Manifests that share a template with no other.
    pub alone: Vec<usize>,
}

/// A template and the manifests that it was learned from.
#[derive(Debug)]
pub struct Learned {
    /// The template.
    pub template: Template,
    /// The manifests it reproduces byte for byte, with their slots.
    pub reproduced: Vec<(usize, Slots)>,
    /// The manifests of its cluster that it does not, and where they differ.
    pub not_reproduced: Vec<(usize, Mismatch)>,
}

impl Learned {
    /// How many manifests the cluster has.
    pub fn count(&self) -> usize {
        self.reproduced.len() + self.not_reproduced.len()
    }
}

/// Learns the templates of a set, and proves them.
pub fn infer(samples: &[Sample<'_>]) -> Result<Inference> {
    let set = Set::new(samples);
    let (clusters, mut alone) = cluster::split(&set);
    let none = HashSet::new();
    let mut learned: Vec<(Vec<usize>, Option<Attempt>)> = clusters
        .into_par_iter()
        .map(|members| learn(&set, &members, &none).map(|learned| (members, learned)))
        .collect::<Result<_>>()?;
    // A key that holds a slot in one generation holds one in all, though some have the same value throughout: else that value
    // would be lost on the way to the other generation.
    let keys: BTreeSet<&str> = learned
        .iter()
        .flat_map(|(_, attempt)| attempt.iter().flat_map(|attempt| &attempt.keys))
        .map(String::as_str)
        .collect();
    let slots = lines_with(&set, &keys);
    let again: Vec<Option<Attempt>> = learned
        .par_iter()
        .map(|(members, attempt)| match attempt {
            Some(attempt) if attempt.lacks(&keys) => learn(&set, members, &slots),
            _ => Ok(None),
        })
        .collect::<Result<_>>()?;
    for ((_, attempt), again) in learned.iter_mut().zip(again) {
        let better = |again: &Attempt| {
            attempt.as_ref().is_none_or(|one| again.learned.reproduced.len() >= one.learned.reproduced.len())
        };
        if let Some(again) = again.filter(better) {
            *attempt = Some(again);
        }
    }
    let mut templates = Vec::new();
    for (members, attempt) in learned {
        match attempt {
            Some(attempt) => templates.push(attempt.learned),
            None => alone.extend(members),
        }
    }
    templates.sort_by_key(|learned| {
        let first = learned.reproduced.first().map(|(sample, _)| *sample);
        (std::cmp::Reverse(learned.count()), first)
    });
    for (at, learned) in templates.iter_mut().enumerate() {
        let name = format!("{}-{}.md.tera", at + 1, learned.count());
        learned.template = Template::parse(name, learned.template.source())?;
    }
    alone.sort_unstable();
    Ok(Inference { learned: templates, alone })
}

/// The clusters of a set, those of most manifests first; a manifest that is like no other is in none.
pub fn clusters(samples: &[Sample<'_>]) -> Vec<Vec<usize>> {
    let (mut clusters, _) = cluster::split(&Set::new(samples));
    for cluster in &mut clusters {
        cluster.sort_unstable();
    }
    clusters.sort_by_key(|cluster| (std::cmp::Reverse(cluster.len()), cluster[0]));
    clusters
}

/// What was learned from one cluster, and the keys whose lines hold a slot.
struct Attempt {
    learned: Learned,
    keys: BTreeSet<String>,
}

impl Attempt {
    fn lacks(&self, keys: &BTreeSet<&str>) -> bool {
        keys.iter().any(|key| !self.keys.contains(*key))
    }
}

/// The lines of a set that begin with one of these keys.
fn lines_with(set: &Set<'_>, keys: &BTreeSet<&str>) -> HashSet<u32> {
    set.lines()
        .filter(|(_, line)| gaps::label(line).is_some_and(|key| keys.contains(key)))
        .map(|(line, _)| line)
        .collect()
}

/// The template of one cluster; nothing when no reversible one could be found.
fn learn(set: &Set<'_>, members: &[usize], slots: &HashSet<u32>) -> Result<Option<Attempt>> {
    let anchors = anchors::find(set, members, slots);
    let mut best: Option<Attempt> = None;
    // With optional parts first; where those could not be told apart, without.
    for optional_parts in [true, false] {
        let written = gaps::template(set, members, &anchors, slots, optional_parts);
        let template = Template::parse("learned", written.source)?;
        let Ok(pattern) = template.reversible() else { continue };
        let matched: Vec<(usize, Result<Slots, Mismatch>)> = members
            .par_iter()
            .map(|&member| (member, pattern.matches(set.text(member)).map(|found| found.slots())))
            .collect();
        let mut learned = Learned { reproduced: Vec::new(), not_reproduced: Vec::new(), template };
        for (member, found) in matched {
            match found {
                Ok(slots) => learned.reproduced.push((member, slots)),
                Err(mismatch) => learned.not_reproduced.push((member, mismatch)),
            }
        }
        let all = learned.not_reproduced.is_empty();
        if best.as_ref().is_none_or(|best| learned.reproduced.len() > best.learned.reproduced.len()) {
            best = Some(Attempt { learned, keys: written.keys });
        }
        if all {
            break;
        }
    }
    Ok(best.filter(|best| best.learned.reproduced.len() > 1))
}

#[cfg(test)]
mod tests;
