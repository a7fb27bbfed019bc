//! What would happen to a set of manifests: a value to print or to apply.

use serde::Serialize;

use super::data::Unused;
use super::group::{self, Group};
use super::names::Leak;
use super::planned::{Outcome, Planned};
use crate::error::Error;
use crate::fs;

/// What regenerating a set would do.
#[derive(Debug, Serialize)]
pub struct Plan {
    /// The target template.
    pub template: String,
    /// Titles of manifests that stand in the target's constant text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leaked: Vec<Leak>,
    /// What the data have values for and the plan has not.
    #[serde(skip_serializing_if = "Unused::is_empty")]
    pub unused: Unused,
    /// One entry a manifest, in the order they were given.
    pub manifests: Vec<Planned>,
    /// Identical changes, the commonest first.
    pub groups: Vec<Group>,
    /// Manifests that could not be read.
    #[serde(skip)]
    pub failed: Vec<Error>,
}

/// How many manifests have each outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are the outcomes")]
pub struct Tally {
    pub current: usize,
    pub upgraded: usize,
    pub merged: usize,
    pub conflict: usize,
    pub unrecognised: usize,
    pub refused: usize,
    pub unwritten: usize,
    pub unreadable: usize,
}

impl Plan {
    /// How many manifests have each outcome.
    pub fn tally(&self) -> Tally {
        let count = |outcome| self.manifests.iter().filter(|planned| planned.outcome == outcome).count();
        Tally {
            current: count(Outcome::Current),
            upgraded: count(Outcome::Upgraded),
            merged: count(Outcome::Merged),
            conflict: count(Outcome::Conflict),
            unrecognised: count(Outcome::Unrecognised),
            refused: count(Outcome::Refused),
            unwritten: count(Outcome::Unwritten),
            unreadable: self.failed.len(),
        }
    }

    /// Whether every manifest is what the target renders, and nothing is wrong with the target.
    pub fn is_clean(&self) -> bool {
        let current = |planned: &Planned| planned.outcome == Outcome::Current;
        self.manifests.iter().all(current) && self.failed.is_empty() && self.leaked.is_empty()
    }

    /// Whether some manifest stays behind.
    pub fn leaves_some(&self) -> bool {
        self.manifests.iter().any(|planned| planned.outcome.is_left()) || !self.failed.is_empty()
    }

    /// The manifests that get new text.
    pub fn changed(&self) -> impl Iterator<Item = (&Planned, &str)> {
        self.manifests.iter().filter_map(|planned| Some((planned, planned.after.as_deref()?)))
    }

    /// Writes the new texts. A file that cannot be written does not stop the others: the plan then says that it was not, and why
    /// is given.
    pub fn apply(&mut self) -> Vec<Error> {
        // Writers wait for the disk, not for a processor; many that wait together are served together.
        const WRITERS: usize = 16;
        let part = self.manifests.len().div_ceil(WRITERS).max(1);
        let write = |planned: &mut Planned| {
            let error = fs::write_linked(&planned.path, planned.after.as_ref()?.as_bytes()).err()?;
            (planned.outcome, planned.after, planned.change) = (Outcome::Unwritten, None, None);
            Some(error)
        };
        let write = |part: &mut [Planned]| -> Vec<Error> { part.iter_mut().filter_map(write).collect() };
        let failed: Vec<Error> = std::thread::scope(|scope| {
            let writers: Vec<_> =
                self.manifests.chunks_mut(part).map(|part| scope.spawn(move || write(part))).collect();
            writers.into_iter().filter_map(|writer| writer.join().ok()).flatten().collect()
        });
        if !failed.is_empty() {
            self.groups = group::group(&mut self.manifests);
        }
        failed
    }
}
