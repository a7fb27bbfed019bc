//! What is not written, because something would be lost or would leak.

use std::fmt;

use serde::Serialize;

/// Why a manifest was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The slot it is about.
    pub slot: String,
    /// What is wrong.
    pub reason: RefusalReason,
    /// In words.
    pub message: String,
}

/// What is wrong with writing a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalReason {
    /// The target needs a value that the manifest does not have.
    NoValue,
    /// The manifest has a value that the target has no place for.
    WouldBeEmptied,
    /// A value holds a control character.
    ControlCharacter,
    /// The target cannot take a value.
    DoesNotFit,
    /// The target's constant text holds another manifest's title.
    Leak,
}

impl Refusal {
    pub(super) fn new(slot: &str, reason: RefusalReason, message: impl Into<String>) -> Self {
        Self { slot: slot.to_owned(), reason, message: message.into() }
    }

    /// Whether naming the file in `--force` overrules it.
    pub(super) fn can_be_forced(&self) -> bool {
        self.reason != RefusalReason::DoesNotFit
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
