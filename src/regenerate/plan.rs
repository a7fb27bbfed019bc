//! What would happen to each manifest, and why: a value to print or to apply.

use std::path::PathBuf;

use serde::Serialize;

use super::data::Unused;
use super::group::{self, Group};
use super::names::Leak;
use super::refusal::Refusal;
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

/// One manifest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Planned {
    /// Its file.
    pub path: PathBuf,
    /// What it is and what becomes of it.
    pub outcome: Outcome,
    /// The generation it is on, or nearest to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
    /// Which of [`Plan::groups`] its change belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<usize>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
    /// Lines that were changed by hand and by the template.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
    /// Constant lines that were edited by hand, from 1; they are kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub edited_lines: Vec<usize>,
    /// For one that was not recognised: the first place where it differs from the nearest generation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<String>,
    /// The new text, when it is another.
    #[serde(skip)]
    pub after: Option<String>,
    /// The change with the manifest's own values named instead of shown.
    #[serde(skip)]
    pub change: Option<String>,
}

/// What a manifest is and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is what the target template renders.
    Current,
    /// It is on an older generation, or lacks a value that the data have, and becomes what the target renders.
    Upgraded,
    /// Its constant text was edited by hand; the edits are kept.
    Merged,
    /// Its constant text was edited where the template changed too; it is left as it is.
    Conflict,
    /// It is on no known generation; it is left as it is.
    Unrecognised,
    /// Something would be lost or leaked; it is left as it is.
    Refused,
    /// Its new text could not be written; it is left as it is.
    Unwritten,
}

/// Lines that were changed both by hand and by the template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The first line in the manifest, from 1.
    pub line: usize,
    /// What stands there.
    pub yours: String,
    /// What the target has there.
    pub template: String,
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

impl Outcome {
    /// How it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Upgraded => "upgraded",
            Self::Merged => "merged",
            Self::Conflict => "conflict",
            Self::Unrecognised => "unrecognised",
            Self::Refused => "refused",
            Self::Unwritten => "unwritten",
        }
    }

    /// Whether somebody has to look at the manifest before it can be brought up to date.
    pub fn is_left(self) -> bool {
        matches!(self, Self::Conflict | Self::Unrecognised | Self::Refused | Self::Unwritten)
    }
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
