//! Digests of installed trees.
//!
//! A file's digest is the SHA-256 of its bytes; a link's, of the path it leads to. A tree's digest is the SHA-256 of one line a file,
//! sorted by path: the mode as git writes it, the file's digest, the path. With public tools, in the skill's folder, for a skill of
//! plain files:
//!
//! ```sh
//! find . -type f | sed 's|^./||' | LC_ALL=C sort | while read -r f; do
//!   if [ -x "$f" ]; then mode=100755; else mode=100644; fi
//!   echo "$mode $(sha256sum < "$f" | cut -d' ' -f1) $f"
//! done | sha256sum
//! ```
//!
//! No path holds a line end (see [`crate::source::tree`]), so no two trees have the same lines.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read, Write};
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, ErrorKind, Result};
use crate::fs::RelativePath;
use crate::source::tree::{FileKind, Tree};

/// A SHA-256 digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of all that can be read, which is not kept.
    pub fn of_all(mut from: impl Read) -> io::Result<Self> {
        let mut hasher = Hasher(Sha256::new());
        io::copy(&mut from, &mut hasher)?;
        Ok(Self(hasher.0.finalize().into()))
    }

    /// Hands on its digits; a lock holds thousands of them, and none needs memory of its own.
    fn with_digits<T>(&self, then: impl FnOnce(&str) -> T) -> T {
        const DIGITS: [u8; 16] = *b"0123456789abcdef";
        let mut digits = [0; 64];
        for (byte, pair) in self.0.iter().zip(digits.as_chunks_mut::<2>().0) {
            *pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
        }
        then(std::str::from_utf8(&digits).unwrap_or_default())
    }
}

/// Takes what is copied to it into a digest.
struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_digits(|digits| f.write_str(digits))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_digits(|digits| serializer.serialize_str(digits))
    }
}

/// A lock holds thousands, so the text is read where it is.
impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Digest;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a SHA-256 digest of 64 digits")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Digest, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl FromStr for Digest {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let half = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
        let byte = |[high, low]: &[u8; 2]| Some(half(*high)? << 4 | half(*low)?);
        let mut bytes = [0; 32];
        let are_digits = pairs.iter().zip(&mut bytes).all(|(pair, into)| byte(pair).map(|byte| *into = byte).is_some());
        (are_digits && rest.is_empty() && pairs.len() == bytes.len())
            .then_some(Self(bytes))
            .ok_or_else(|| Error::new(ErrorKind::Invalid, format!("{text:?} is no SHA-256 digest")))
    }
}

/// What is known of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    /// What it is.
    pub mode: FileKind,
    /// Its bytes, or where it leads.
    pub sha256: Digest,
}

/// What is known of a tree's files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TreeDigest(pub BTreeMap<RelativePath, FileDigest>);

impl TreeDigest {
    /// Of a tree in memory.
    pub fn of(tree: &Tree) -> Self {
        let digest =
            |file: &crate::source::tree::TreeFile| FileDigest { mode: file.kind, sha256: Digest::of(&file.bytes) };
        Self(tree.files.iter().map(|file| (file.path.clone(), digest(file))).collect())
    }

    /// The folders that the files are in, below the top.
    pub fn folders(&self) -> BTreeSet<&str> {
        let paths = self.0.keys().map(RelativePath::as_str);
        paths.flat_map(|path| path.match_indices('/').map(|(at, _)| &path[..at])).collect()
    }

    /// All of it in one.
    pub fn total(&self) -> Digest {
        self.total_in(None)
    }

    /// The same as it is seen where all files have one mode.
    pub fn total_in(&self, one_mode: Option<FileKind>) -> Digest {
        let mut hasher = Sha256::new();
        for (path, file) in &self.0 {
            let mode = file.mode.shown_in(one_mode).mode();
            file.sha256
                .with_digits(|digits| [mode, " ", digits, " ", path.as_str(), "\n"].map(|part| hasher.update(part)));
        }
        Digest(hasher.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::tree::TreeFile;

    #[test]
    fn the_digest_is_the_documented_one() {
        let file = |path: &str, kind, bytes: &[u8]| TreeFile {
            path: RelativePath::new(path).unwrap(),
            kind,
            bytes: bytes.to_vec(),
        };
        let tree = Tree {
            files: vec![file("SKILL.md", FileKind::Plain, b"a\n"), file("scripts/run", FileKind::Executable, b"b\n")],
        };
        let lines = "100644 87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7 SKILL.md\n\
                     100755 0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e99813f scripts/run\n";
        assert_eq!(TreeDigest::of(&tree).total(), Digest::of(lines.as_bytes()));
    }

    #[test]
    fn digests_come_back_from_text() {
        let digest = Digest::of(b"");
        assert_eq!(digest.to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(digest.to_string().parse::<Digest>().unwrap(), digest);
        assert!("e3".parse::<Digest>().is_err());
    }

    #[test]
    fn what_is_read_has_the_digest_of_its_bytes() {
        for len in [0, 1, 16 * 1024, 100_000] {
            let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(len).collect();
            assert_eq!(Digest::of_all(bytes.as_slice()).unwrap(), Digest::of(&bytes), "{len}");
        }
    }
}
