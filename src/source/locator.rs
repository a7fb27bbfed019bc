//! Locators: the one piece of text that says where skills come from.
//!
//! A locator is taken apart here and nowhere else. What comes out cannot name a transport that runs commands, a path that leaves
//! its repository, or an option in place of a value.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::name::Pattern;
use super::url::{RepositoryUrl, percent_decoded, without_secret};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::RelativePath;
use crate::words::quoted;

/// Where skills come from, and which part of it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locator {
    /// Where.
    pub place: Place,
    /// Which state of a repository; its own choice when there is none.
    pub wanted: Option<Wanted>,
    /// Which folder of it.
    pub path: Option<RelativePath>,
    /// Which skill of it.
    pub skill: Option<Pattern>,
}

/// A place that holds skills.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// What this program carries in itself.
    Bundled,
    /// A folder on this machine: its files as they are, or a commit of the repository it lies in when a ref is asked for.
    Folder(PathBuf),
    /// A git repository.
    Repository(RepositoryUrl),
}

/// A state of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// A branch, a tag or a commit.
    Ref(RefName),
    /// The tail of a browser's URL, `<ref>/<path>`: where one ends and the other starts, only the repository knows.
    RefAndPath(String),
}

/// The name of a branch or tag, or a commit id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RefName(String);

/// What locators are read against.
#[derive(Debug, Clone, Copy)]
pub struct Base<'a> {
    /// The folder that relative paths start from.
    pub working: &'a Path,
    /// What `~` means.
    pub home: Option<&'a Path>,
    /// The host that `owner/repo` means.
    pub host: &'a str,
}

/// The name of the bundled source.
pub const BUNDLED: &str = "bundled";

impl Locator {
    /// Whether a word on the command line is a locator and not the name of a skill.
    pub fn is_one(word: &str) -> bool {
        word == BUNDLED
            || word.starts_with("bundled@")
            || word.contains(['/', ':', '\\'])
            || word.starts_with(['.', '~'])
    }

    /// Takes a locator apart.
    pub fn parse(text: &str, base: Base<'_>) -> Result<Self> {
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err(Error::new(ErrorKind::Usage, format!("{:?} is no source", without_secret(text))).hint(FORMS));
        }
        if text == BUNDLED {
            return Ok(Self::at(Place::Bundled));
        }
        if let Some(skill) = text.strip_prefix("bundled@") {
            return Ok(Self { skill: Some(Pattern::new(skill)?), ..Self::at(Place::Bundled) });
        }
        if is_local(text) {
            return Self::local(text, base);
        }
        if text.contains("://") {
            return Self::url(text);
        }
        if let Some(colon) = text.find(':') {
            let (place, tail) = Tail::split(text, colon + 1);
            return tail.on(Self::at(Place::Repository(RepositoryUrl::at_start_of(text, place)?)));
        }
        Self::short(text, base)
    }

    /// Asks for another state of the repository.
    pub fn with_ref(mut self, name: RefName) -> Result<Self> {
        if self.place == Place::Bundled {
            return Err(Error::new(ErrorKind::Usage, "the bundled skills have no refs"));
        }
        if self.wanted.is_some() {
            return Err(Error::new(ErrorKind::Usage, "a ref is given twice: in the source and with --ref"));
        }
        self.wanted = Some(Wanted::Ref(name));
        Ok(self)
    }

    fn at(place: Place) -> Self {
        Self { place, wanted: None, path: None, skill: None }
    }

    fn local(text: &str, base: Base<'_>) -> Result<Self> {
        let absolute = |text: &str| -> Result<PathBuf> {
            let path = match text.strip_prefix('~') {
                Some(rest) if rest.is_empty() || rest.starts_with(['/', '\\']) => base
                    .home
                    .ok_or_else(|| {
                        Error::new(ErrorKind::Usage, format!("{text:?} needs a home folder, and HOME is not set"))
                    })?
                    .join(rest.trim_start_matches(['/', '\\'])),
                _ => base.working.join(text),
            };
            let path = normal(&path);
            if path.to_str().is_none() {
                // The lock is text, and has to name the folder.
                return Err(Error::new(ErrorKind::Usage, format!("the path {} is not UTF-8", path.display()))
                    .hint("give the folders above the skills other names, or copy the skills to another place"));
            }
            Ok(path)
        };
        // A folder may have `#` or `@` in its name; if it is there as it is written, that is what is meant.
        let whole = absolute(text)?;
        let is_there = |end: &usize| absolute(&text[..*end]).is_ok_and(|folder| folder.is_dir());
        let there = text.rmatch_indices(['/', '\\', '#']).map(|(at, _)| at).find(is_there);
        let (plain, tail) = Tail::split(text, there.unwrap_or(0));
        if whole.exists() || plain.is_empty() {
            return Ok(Self::at(Place::Folder(whole)));
        }
        tail.on(Self::at(Place::Folder(absolute(plain)?)))
    }

    fn url(text: &str) -> Result<Self> {
        // A password may hold whatever a tail begins with.
        let path = text.find("://").map_or(0, |at| at + 3);
        let path = text[path..].find('/').map_or(text.len(), |at| path + at);
        let (place, tail) = Tail::split(text, path);
        let url = RepositoryUrl::at_start_of(text, place)?;
        if url.scheme() == super::url::Scheme::File || url.scheme() == super::url::Scheme::Ssh {
            return tail.on(Self::at(Place::Repository(url)));
        }
        let Some((repository, rest)) = browser_url(place, &url) else {
            return tail.on(Self::at(Place::Repository(url)));
        };
        let rest = percent_decoded(rest.trim_matches('/'));
        let mut locator = Self::at(Place::Repository(RepositoryUrl::at_start_of(text, repository)?));
        if !rest.is_empty() {
            RelativePath::new(&rest)?;
            locator.wanted = Some(Wanted::RefAndPath(rest));
        }
        tail.on(locator)
    }

    fn short(text: &str, base: Base<'_>) -> Result<Self> {
        let (plain, tail) = Tail::split(text, 0);
        let mut parts: Vec<&str> = plain.trim_end_matches('/').split('/').collect();
        let refuse = || {
            let error = Error::new(ErrorKind::Usage, format!("{text:?} is no source"));
            let folder = base.working.join(text);
            Err(if folder.exists() {
                error.hint(format!("for the folder write {}", quoted(&format!("./{text}"))))
            } else {
                error.hint(FORMS)
            })
        };
        // No owner on a forge has a dot in its name; hosts do.
        let host = match parts.first() {
            Some(first) if first.contains('.') && parts.len() > 2 => parts.remove(0),
            _ => base.host,
        };
        let [owner, repository, path @ ..] = parts.as_slice() else { return refuse() };
        let is_plain = |part: &str| {
            !part.is_empty()
                && !part.starts_with(['-', '.'])
                && part.chars().all(|character| character.is_ascii_alphanumeric() || "-_.".contains(character))
        };
        if !is_plain(owner) || !is_plain(repository) {
            return refuse();
        }
        let scheme = if host.contains("://") { "" } else { "https://" };
        let mut locator =
            Self::at(Place::Repository(RepositoryUrl::new(&format!("{scheme}{host}/{owner}/{repository}"))?));
        match path {
            [] => {}
            ["tree" | "blob", rest @ ..] if host != base.host && !rest.is_empty() => {
                locator.wanted = Some(Wanted::RefAndPath(rest.join("/")));
            }
            path => locator.path = Some(RelativePath::new(path.join("/"))?),
        }
        tail.on(locator)
    }
}

const FORMS: &str = "a source is OWNER/REPO, OWNER/REPO/PATH, OWNER/REPO@SKILL, OWNER/REPO#REF, a git URL, a folder such as ./DIR, or `bundled`";

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Bundled => f.write_str(BUNDLED)?,
            Place::Folder(folder) => write!(f, "{}", folder.display())?,
            Place::Repository(url) => write!(f, "{url}")?,
        }
        match &self.wanted {
            Some(Wanted::Ref(name)) => write!(f, "#{name}")?,
            Some(Wanted::RefAndPath(rest)) => write!(f, "/tree/{rest}")?,
            None => {}
        }
        Ok(())
    }
}

impl RefName {
    /// Takes a name that git could give a ref, or a commit id.
    pub fn new(name: &str) -> Result<Self> {
        let forbidden =
            |character: char| character.is_control() || character.is_whitespace() || "~^:?*[\\".contains(character);
        let sound = !name.is_empty()
            && !name.starts_with(['-', '/', '.'])
            && !name.ends_with(['/', '.'])
            && !name.contains("..")
            && !name.contains("//")
            && !name.contains("@{")
            && !name.contains(forbidden);
        if sound {
            return Ok(Self(name.to_owned()));
        }
        Err(Error::new(ErrorKind::Usage, format!("{name:?} cannot be the name of a branch, a tag or a commit")))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RefName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RefName {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        Self::new(&name)
    }
}

/// What may follow a place: `#ref`, `@skill`, or `#ref@skill`.
struct Tail<'a> {
    name: Option<&'a str>,
    skill: Option<&'a str>,
}

impl<'a> Tail<'a> {
    /// Splits it off what begins at `path`; what stands before that is a server and its user.
    fn split(text: &'a str, path: usize) -> (&'a str, Self) {
        if let Some(at) = text[path..].find('#').map(|at| path + at) {
            let after = &text[at + 1..];
            let (name, skill) = after.rsplit_once('@').map_or((after, None), |(name, skill)| (name, Some(skill)));
            return (&text[..at], Self { name: Some(name), skill });
        }
        let start = text[path..].rfind(['/', '\\']).map_or(path, |at| path + at + 1);
        match text[start..].rfind('@') {
            Some(at) if at > 0 && (start > path || text[..path].contains('@')) => {
                (&text[..start + at], Self { name: None, skill: Some(&text[start + at + 1..]) })
            }
            _ => (text, Self { name: None, skill: None }),
        }
    }

    fn on(self, mut locator: Locator) -> Result<Locator> {
        if let Some(name) = self.name {
            locator = locator.with_ref(RefName::new(name)?)?;
        }
        locator.skill = self.skill.map(Pattern::new).transpose()?;
        Ok(locator)
    }
}

fn is_local(text: &str) -> bool {
    let drive = matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    text.starts_with(['.', '~', '/', '\\']) || drive || (cfg!(windows) && text.contains('\\'))
}

/// Splits `https://host/owner/repo/tree/<ref>/<path>`, and the forms of it that forges show, before the ref.
fn browser_url<'a>(text: &'a str, url: &RepositoryUrl) -> Option<(&'a str, &'a str)> {
    let text = text.split(['?', '#']).next().unwrap_or(text);
    for marker in ["/-/tree/", "/-/blob/", "/-/raw/"] {
        if let Some((repository, rest)) = text.split_once(marker) {
            return Some((repository, rest));
        }
    }
    let parts: Vec<&str> = url.path().split('/').skip(1).collect();
    if !matches!(parts.as_slice(), [_, _, "tree" | "blob", _, ..]) {
        return None;
    }
    for marker in ["/tree/", "/blob/"] {
        if let Some((repository, rest)) = text.split_once(marker) {
            return Some((repository, rest));
        }
    }
    None
}

/// Removes `.` and `..` as they are written, so that one folder has one name.
pub(crate) fn normal(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => drop(normal.pop()),
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests;
