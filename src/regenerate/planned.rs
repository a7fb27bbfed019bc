//! What would happen to one manifest, and why.

use std::path::PathBuf;

use serde::Serialize;

use super::refusal::Refusal;

/// One manifest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Planned {
    /// Its file.
    #[serde(serialize_with = "crate::fs::as_text")]
    pub path: PathBuf,
    /// What it is and what becomes of it.
    pub outcome: Outcome,
    /// The generation it is on, or nearest to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
    /// Which of [`super::Plan::groups`] its change belongs to.
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
