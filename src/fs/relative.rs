//! Paths that cannot leave their folder.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};

/// The way from one folder to another where both are below `top`, with `/` between its parts; it starts with `.` or `..`. Nothing where one
/// is elsewhere, or a name is no text.
pub fn way(from: &Path, to: &Path, top: &Path) -> Option<String> {
    let up = from.strip_prefix(top).ok()?.components().map(|_| Some(".."));
    let down = to.strip_prefix(top).ok()?.components().map(|part| part.as_os_str().to_str());
    let here = (from == top).then_some(Some("."));
    let parts: Option<Vec<&str>> = here.into_iter().chain(up).chain(down).collect();
    Some(parts?.join("/"))
}

/// A path below some folder, with `/` between its parts: never absolute, never `..`, never empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct RelativePath(String);

impl RelativePath {
    /// Takes a path whose every part is a plain name.
    pub fn new(path: impl Into<String>) -> Result<Self> {
        let path = path.into();
        let plain = !path.is_empty()
            && !path.contains(['\\', '\0'])
            && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
            && Path::new(&path).components().all(|part| matches!(part, Component::Normal(_)));
        if plain {
            return Ok(Self(path));
        }
        Err(Error::new(ErrorKind::Refused, format!("the path {path:?} does not stay inside its folder")))
    }

    /// This path with one more part.
    pub fn join(&self, part: &str) -> Result<Self> {
        Self::new(format!("{}/{part}", self.0))
    }

    /// The parts, from the top.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// This path below `folder`.
    pub fn below(&self, folder: &Path) -> PathBuf {
        folder.join(&self.0)
    }
}

impl TryFrom<String> for RelativePath {
    type Error = Error;

    fn try_from(path: String) -> Result<Self> {
        Self::new(path)
    }
}

impl fmt::Display for RelativePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_cannot_leave() {
        for path in ["a", "a/b.md", "a b/…"] {
            assert_eq!(RelativePath::new(path).unwrap().as_str(), path);
        }
        for path in ["", "/a", "../a", "a/../b", "a//b", "a/", "./a", "a\\b", "a\0"] {
            assert!(RelativePath::new(path).is_err(), "{path:?}");
        }
    }
}
