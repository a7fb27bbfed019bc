//! The one error type: what failed, why, and what to do next.
//!
//! A message names the file or the value it is about. The cause is kept whole, and the hint is the next step a reader can take.
//! Nothing below [`crate::cli`] decides how an error looks; it only fills these four fields.

use std::error::Error as StdError;
use std::path::Path;

/// The result of anything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it is, for callers that act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller asked for something that makes no sense: a bad locator, a bad name, a bad configuration.
    Usage,
    /// The named file, skill, source or ref does not exist.
    NotFound,
    /// Reading or writing failed in the operating system.
    Io,
    /// Something was read, and it is not what it should be.
    Invalid,
    /// Refused because carrying it out could harm: a hostile tree, an edit that would be lost.
    Refused,
    /// The network or the server at its other end failed.
    Network,
    /// A copy that can be made again is broken.
    Damaged,
    /// Another process holds what this one needs.
    Busy,
}

/// A failure that a person can act on.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    #[source]
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// A failure of `kind`, described by `message` (lower case, no full stop).
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, cause: None }
    }

    /// An operating-system failure: `cannot <action> <path>`, with a hint where the system's reason has a usual remedy.
    pub fn io(action: &str, path: &Path, cause: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let kind = if cause.kind() == Io::NotFound { ErrorKind::NotFound } else { ErrorKind::Io };
        let hint = match cause.kind() {
            Io::NotFound => Some("check the path"),
            Io::PermissionDenied => Some("check who owns it and its permissions, or choose another place"),
            Io::ReadOnlyFilesystem => Some("the file system is mounted read-only; choose another place"),
            Io::StorageFull | Io::QuotaExceeded => Some("free some space and run the command again"),
            _ => None,
        };
        let error = Self::new(kind, format!("cannot {action} {}", path.display())).because(cause);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    /// Adds what led to it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what to do next, where nothing better was said.
    #[must_use]
    pub fn hint_unless_there(mut self, hint: &str) -> Self {
        self.hint.get_or_insert_with(|| hint.to_owned());
        self
    }

    /// The same failure of the thing called `name`, which is one of several, unless it says so already.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        let named = format!("{name}: ");
        if !self.message.starts_with(&named) {
            self.message.insert_str(0, &named);
        }
        self
    }

    /// The same failure for a second reader; its causes become text.
    #[must_use]
    pub fn again(&self) -> Self {
        let causes: Vec<String> = self.causes().map(ToString::to_string).collect();
        let again = Self { kind: self.kind, message: self.message.clone(), hint: self.hint.clone(), cause: None };
        if causes.is_empty() { again } else { again.because(causes.join(": ")) }
    }

    /// What failed and every cause, in one text.
    pub fn in_full(&self) -> String {
        self.causes().fold(self.to_string(), |text, cause| format!("{text}: {cause}"))
    }

    /// The sort of failure.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What to do next, if there is something.
    pub fn help(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Every cause, outermost first.
    pub fn causes(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        let mut next = self.source();
        std::iter::from_fn(move || {
            let cause = next?;
            next = cause.source();
            Some(cause)
        })
    }
}
