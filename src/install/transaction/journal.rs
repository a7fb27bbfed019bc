//! The journal of a transaction: with it on the disk, the transaction will be carried out.
//!
//! A repository may hold one that nobody here has written, so it names nothing but folders of its skills directory, and no way to lose
//! what is in them.

use serde::{Deserialize, Serialize};

use super::super::digest::Digest;
use super::super::naming::DirectoryName;
use crate::error::{Error, ErrorKind, Result};

/// What is to be carried out, by us or by the next command.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    pub(super) operations: Vec<Operation>,
}

impl Journal {
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self)
            .map_err(|error| Error::new(ErrorKind::Invalid, "this journal has no JSON form").because(error))
    }
}

/// What happens to one folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Operation {
    pub(super) directory: DirectoryName,
    pub(super) kind: Kind,
    /// What is put there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) digest: Option<Digest>,
    /// What was installed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Digest>,
    /// Whether what was there holds the user's edits, and goes to the trash.
    pub(super) edited: bool,
}

/// In which way a folder changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Put,
    Replace,
    Remove,
}
