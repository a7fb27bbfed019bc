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
    let learned: Vec<(Vec<usize>, Result<Option<Learned>>)> = clusters
        .into_par_iter()
        .map(|members| {
            let learned = learn(&set, &members);
            (members, learned)
        })
        .collect();
    let mut templates = Vec::new();
    for (members, learned) in learned {
        match learned? {
            Some(learned) => templates.push(learned),
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

/// The template of one cluster; nothing when no reversible one could be found.
fn learn(set: &Set<'_>, members: &[usize]) -> Result<Option<Learned>> {
    let anchors = anchors::find(set, members);
    let mut best: Option<Learned> = None;
    // With optional parts first; where those could not be told apart, without.
    for optional_parts in [true, false] {
        let source = gaps::template(set, members, &anchors, optional_parts);
        let template = Template::parse("learned", source)?;
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
        if best.as_ref().is_none_or(|best| learned.reproduced.len() > best.reproduced.len()) {
            best = Some(learned);
        }
        if all {
            break;
        }
    }
    Ok(best.filter(|best| best.reproduced.len() > 1))
}

#[cfg(test)]
mod tests;
