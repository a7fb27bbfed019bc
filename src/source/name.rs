//! Names of skills, and the patterns that people type to choose among them.
//!
//! A name becomes part of a path sooner or later, so there is no value of [`SkillName`] that could leave its folder.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::safe;
use crate::error::{Error, ErrorKind, Result};

/// A skill's name: one part of a path, safe on every system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct SkillName(String);

impl SkillName {
    /// The longest name taken; the specification allows 64 characters, and sets in the field hold longer ones.
    pub const MAX_LEN: usize = 128;

    /// Takes a name that can be a folder's name everywhere.
    pub fn new(name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        let refuse = |why: &str| {
            let message = format!("{name:?} cannot be the name of a skill: {why}");
            Err(Error::new(ErrorKind::Usage, message)
                .hint("names are letters, digits and hyphens, such as `pdf-forms`"))
        };
        if name.len() > Self::MAX_LEN {
            return refuse("it is too long");
        }
        if name.starts_with(['.', '-']) {
            return refuse("it starts with a dot or a hyphen");
        }
        if name.contains(['*', '?', '[', ']', '@', '#']) || name.contains(char::is_whitespace) {
            return refuse("it holds a blank or a character that locators and globs use");
        }
        match safe::component(&name) {
            Err(why) => refuse(why),
            Ok(()) => Ok(Self(name)),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SkillName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SkillName {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        Self::new(name)
    }
}

/// A name, or a glob over names: `*` any run of characters, `?` any one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Pattern {
    /// Exactly this name.
    Name(SkillName),
    /// Every name that fits.
    Glob(String),
}

impl Pattern {
    /// Takes what stands on a command line for one or more skills.
    pub fn new(text: &str) -> Result<Self> {
        if !text.contains(['*', '?']) {
            return SkillName::new(text).map(Self::Name);
        }
        if text.contains(['/', '\\']) || text.chars().any(char::is_control) {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("{text:?} cannot choose skills: globs are over names, not paths"),
            ));
        }
        Ok(Self::Glob(text.to_owned()))
    }

    /// Whether `name` is meant.
    pub fn matches(&self, name: &str) -> bool {
        match self {
            Self::Name(own) => own.as_str() == name,
            Self::Glob(glob) => glob_matches(glob, name),
        }
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Name(name) => name.as_str(),
            Self::Glob(glob) => glob,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Matches in time proportional to the product of both lengths, whatever the glob.
fn glob_matches(glob: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    // `reached[i]`: the glob so far matches the first `i` characters.
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for wanted in glob.chars() {
        let mut next = vec![false; name.len() + 1];
        match wanted {
            '*' => {
                let mut any = false;
                for (at, here) in reached.iter().enumerate() {
                    any |= here;
                    next[at] = any;
                }
            }
            _ => {
                for (at, here) in name.iter().enumerate() {
                    next[at + 1] = reached[at] && (wanted == '?' || wanted == *here);
                }
            }
        }
        reached = next;
    }
    reached[name.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_their_folder_are_no_names() {
        for name in ["chatrace", "247", "a_b", "Ünal", "a.b"] {
            assert_eq!(SkillName::new(name).unwrap().as_str(), name);
        }
        for name in
            ["", ".", "..", "../a", "a/b", "a\\b", ".git", "-rf", "a b", "con", "a.", "a\u{202e}b", "a\0", "a:b"]
        {
            assert!(SkillName::new(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn globs_choose_by_name() {
        let glob = Pattern::new("chat*").unwrap();
        assert!(glob.matches("chatra") && glob.matches("chat") && !glob.matches("achat"));
        assert!(Pattern::new("?*a").unwrap().matches("chatra"));
        assert!(Pattern::new("*").unwrap().matches(""));
        assert!(!glob_matches(&"*a".repeat(200), &"a".repeat(190)));
    }
}
