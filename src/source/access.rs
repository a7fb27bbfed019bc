//! How sources are reached: over which cache, with which engine and credentials, within which limits.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use super::cache::Cache;
use super::credentials::Credentials;
use super::locator;
use super::tree::Limits;
use crate::error::{Error, ErrorKind, Result};
use crate::words::number;

/// How sources may be reached, and what that may cost.
pub struct Access {
    /// Where fetched repositories are kept; nothing can be fetched without.
    pub cache: Option<Cache>,
    /// Whether the network is out of bounds.
    pub offline: bool,
    /// What fetches.
    pub engine: EngineName,
    /// What a fetch may cost.
    pub fetch: FetchLimits,
    /// What a skill may hold.
    pub limits: Limits,
    /// The user's secrets, each for its own host.
    pub credentials: Credentials,
    /// Hears of the progress of a fetch.
    pub progress: OnProgress,
}

/// What a fetch may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchLimits {
    /// From the first request to the last byte.
    pub time: Duration,
    /// Bytes that a server may send.
    pub bytes: u64,
}

impl FetchLimits {
    /// The failure of a fetch that takes too long.
    pub(crate) fn too_slow(&self, url: &str) -> Error {
        Error::new(ErrorKind::Network, format!("{url} took longer than {}", number(self.time.as_secs(), "second")))
            .hint("try again, or allow more with `timeout` under [source] in skillpress.toml")
    }

    /// The failure of a fetch that brings too much.
    pub(crate) fn too_large(&self, url: &str) -> Error {
        Error::new(ErrorKind::Refused, format!("{url} sends more than {} MiB", self.bytes >> 20))
            .hint("if that is right, allow more with `max-bytes` under [source] in skillpress.toml")
    }
}

/// Somebody who hears how far a fetch is.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// How far a fetch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Objects received.
    pub objects: usize,
    /// Objects to receive.
    pub total: usize,
    /// Bytes received.
    pub bytes: u64,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("offline", &self.offline).field("fetch", &self.fetch).finish_non_exhaustive()
    }
}

impl Access {
    pub(crate) fn cache(&self) -> Result<&Cache> {
        self.cache.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::Usage, "there is no place for fetched repositories: HOME is no absolute path")
                .hint("set HOME to an absolute path")
        })
    }
}

/// Which engine fetches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EngineName {
    /// In this program, over http and https.
    #[default]
    Builtin,
    /// The `git` program, with the user's own settings.
    Git,
}

/// Where configuration says how sources are reached.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Where names are looked up, in this order, when no source is given.
    pub order: Vec<String>,
    /// Sources by names of one's own.
    pub names: BTreeMap<String, String>,
    /// What `owner/repo` is on.
    pub host: String,
    /// What fetches over http and https.
    pub fetch: EngineName,
    /// Seconds that a fetch may take.
    pub timeout: u64,
    /// Bytes that a fetch may bring.
    pub max_bytes: u64,
    /// Bytes that one skill may have.
    pub max_skill_bytes: u64,
    /// Files that one skill may have.
    pub max_skill_files: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            order: vec![locator::BUNDLED.to_owned(), "membranedev/application-skills".to_owned()],
            names: BTreeMap::new(),
            host: "github.com".to_owned(),
            fetch: EngineName::default(),
            timeout: 300,
            max_bytes: 2 << 30,
            max_skill_bytes: limits.bytes,
            max_skill_files: limits.files,
        }
    }
}
