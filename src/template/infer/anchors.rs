//! The lines that hold a template together: each stands exactly once in nearly every manifest of the cluster, and all of them stand
//! in the same order in every one.

use std::collections::{BTreeMap, HashMap, HashSet};

use rayon::prelude::*;

use super::lines::{Set, says_something};

/// A line of the template: constant, or constant but for the title and the name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Line {
    Constant(u32),
    Masked(String),
}

/// The anchors of a cluster in order, and where each stands in each of its manifests.
#[derive(Debug)]
pub(super) struct Anchors {
    pub(super) lines: Vec<Line>,
    /// For each manifest of the cluster, the line number of each anchor.
    pub(super) places: Vec<Vec<usize>>,
}

/// Finds the anchors of a cluster. The lines of `slots` are none, even where all have them.
pub(super) fn find(set: &Set<'_>, members: &[usize], slots: &HashSet<u32>) -> Anchors {
    let indices: Vec<Places> = members.par_iter().map(|&member| Places::of(set, member)).collect();
    let mut candidates = constant(set, &indices);
    candidates.retain(|line| !matches!(line, Line::Constant(number) if slots.contains(number)));
    candidates.extend(masked(set, members, &indices));
    // Where each candidate stands in each manifest; one that stands nowhere or, too often, twice is no anchor.
    let mut rows: Vec<(Line, Vec<Vec<usize>>)> = candidates
        .into_par_iter()
        .filter_map(|line| {
            let number = |member: usize| match &line {
                Line::Constant(number) => Some(*number),
                Line::Masked(masked) => set.number(&set.unmask(member, masked)?),
            };
            let stands = |(index, &member): (&Places, &usize)| Some(index.of_line(number(member)?).to_vec());
            let places: Option<Vec<Vec<usize>>> = indices.iter().zip(members).map(stands).collect();
            let places = places?;
            let once = places.iter().filter(|places| places.len() == 1).count();
            let enough = places.iter().all(|places| !places.is_empty()) && once * 50 >= members.len() * 49;
            enough.then_some((line, places))
        })
        .collect();
    // In the order of a manifest that has each of them once.
    let clear = (0..members.len()).max_by_key(|&member| {
        let once = rows.iter().filter(|(_, places)| places[member].len() == 1).count();
        (once, std::cmp::Reverse(member))
    });
    rows.sort_by_key(|(line, places)| (clear.map(|member| places[member][0]), line.clone()));
    in_one_order(rows, members.len())
}

/// Lines that every manifest has.
fn constant(set: &Set<'_>, indices: &[Places]) -> Vec<Line> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for index in indices {
        for number in index.distinct() {
            *counts.entry(number).or_default() += 1;
        }
    }
    let mut lines: Vec<u32> = counts
        .into_iter()
        .filter(|&(line, count)| count == indices.len() && says_something(set.line(line)))
        .map(|(line, _)| line)
        .collect();
    lines.sort_unstable();
    lines.into_iter().map(Line::Constant).collect()
}

/// Lines that most manifests have when their titles and names are taken out.
fn masked(set: &Set<'_>, members: &[usize], indices: &[Places]) -> Vec<Line> {
    let of_one = |(&member, index): (&usize, &Places)| -> Vec<String> {
        let mut masked: Vec<String> =
            index.distinct().filter_map(|number| set.mask(member, set.line(number))).collect();
        masked.sort_unstable();
        masked.dedup();
        masked
    };
    let all: Vec<Vec<String>> = members.par_iter().zip(indices).map(of_one).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for masked in all.into_iter().flatten() {
        *counts.entry(masked).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| count * 2 > members.len()).map(|(masked, _)| Line::Masked(masked)).collect()
}

/// Drops the anchors that stand in another order in some manifest.
fn in_one_order(rows: Vec<(Line, Vec<Vec<usize>>)>, members: usize) -> Anchors {
    let mut kept = vec![true; rows.len()];
    loop {
        let mut places: Vec<Vec<usize>> = Vec::with_capacity(members);
        let mut astray: Option<usize> = None;
        for member in 0..members {
            let mut at: Option<usize> = None;
            let mut found = Vec::new();
            for (row, (_, places)) in rows.iter().enumerate().filter(|(row, _)| kept[*row]) {
                let Some(&place) = places[member].iter().find(|&&place| at.is_none_or(|at| place > at)) else {
                    astray = Some(row);
                    break;
                };
                at = Some(place);
                found.push(place);
            }
            if astray.is_some() {
                break;
            }
            places.push(found);
        }
        let Some(row) = astray else {
            let lines = rows.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|((line, _), _)| line).collect();
            return Anchors { lines, places };
        };
        kept[row] = false;
    }
}

/// Where each line of one manifest stands.
struct Places {
    sorted: Vec<(u32, usize)>,
    places: Vec<usize>,
}

impl Places {
    fn of(set: &Set<'_>, member: usize) -> Self {
        let mut sorted: Vec<(u32, usize)> = set.document(member).iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        let places = sorted.iter().map(|(_, place)| *place).collect();
        Self { sorted, places }
    }

    fn of_line(&self, number: u32) -> &[usize] {
        let start = self.sorted.partition_point(|(line, _)| *line < number);
        let end = self.sorted.partition_point(|(line, _)| *line <= number);
        &self.places[start..end]
    }

    fn distinct(&self) -> impl Iterator<Item = u32> + '_ {
        self.sorted.chunk_by(|a, b| a.0 == b.0).map(|chunk| chunk[0].0)
    }
}
