//! What a skill's folder is called in a skills directory.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::source::Origin;
use crate::source::name::SkillName;
use crate::source::safe;

/// The name of a folder directly in a skills directory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct DirectoryName(String);

/// How folders are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameStyle {
    /// `<owner>-<repository>-<skill>`; the skill's own name where there is no owner.
    #[default]
    Qualified,
    /// The skill's own name.
    Plain,
}

impl DirectoryName {
    /// Takes one part of a path.
    pub fn new(name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        let refuse = |why: &str| {
            Err(Error::new(ErrorKind::Invalid, format!("{name:?} cannot be the name of a skill's folder: {why}")))
        };
        if name.starts_with('.') {
            return refuse("it starts with a dot");
        }
        match safe::component(&name) {
            Err(why) => refuse(why),
            Ok(()) => Ok(Self(name)),
        }
    }

    /// What the folder of a skill is called.
    pub fn of(skill: &SkillName, origin: &Origin, style: NameStyle) -> Result<Self> {
        match (style, origin.owner_and_repository()) {
            (NameStyle::Qualified, Some((owner, repository))) => {
                let plain = |part: &str| {
                    part.trim_start_matches(['.', '~'])
                        .replace(|character: char| !character.is_alphanumeric() && !"-_.".contains(character), "-")
                };
                Self::new(format!("{}-{}-{skill}", plain(owner), plain(repository)))
            }
            _ => Self::new(skill.as_str()),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a case-folding, normalising file system takes it for.
    pub(crate) fn folded(&self) -> String {
        safe::folded(&self.0)
    }
}

impl std::borrow::Borrow<str> for DirectoryName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DirectoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DirectoryName {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        Self::new(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::url::RepositoryUrl;

    #[test]
    fn folders_say_whose_skill_it_is() {
        let skill = SkillName::new("chatrace").unwrap();
        let name = |url: &str, style| {
            let origin = Origin::Repository(RepositoryUrl::new(url).unwrap());
            DirectoryName::of(&skill, &origin, style).unwrap().to_string()
        };
        let url = "https://github.com/membranedev/application-skills";
        assert_eq!(name(url, NameStyle::Qualified), "membranedev-application-skills-chatrace");
        assert_eq!(name(url, NameStyle::Plain), "chatrace");
        assert_eq!(name("http://127.0.0.1:1/~me/r.git", NameStyle::Qualified), "me-r-chatrace");
        assert_eq!(DirectoryName::of(&skill, &Origin::Bundled, NameStyle::Qualified).unwrap().as_str(), "chatrace");
    }
}
