//! The journal of a transaction: with it on the disk, the transaction will be carried out.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::super::digest::Digest;
use super::super::naming::DirectoryName;
use super::super::trash::Trash;
use crate::error::{Error, ErrorKind, Result};

/// What is to be carried out, by us or by the next command.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Journal {
    pub(super) operations: Vec<Operation>,
    /// The trash folder, for edits that were made after the plan.
    pub(super) trash: Trash,
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
    pub(super) digest: Option<Digest>,
    /// What was installed there.
    pub(super) before: Option<Digest>,
    /// Where the folder goes that was there.
    pub(super) trash: Option<PathBuf>,
}

/// In which way a folder changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    Put,
    Replace,
    Remove,
}
