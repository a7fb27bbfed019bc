//! URLs of git repositories, with their credentials kept apart so that nothing that is shown or stored can hold one.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// How a repository is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// TLS.
    Https,
    /// Plain text; loopback and closed networks.
    Http,
    /// Through the `git` program, which has the user's own agent and settings.
    Ssh,
    /// On this machine; opened in place.
    File,
}

/// Why what may be a URL without its scheme, or with a slash in its password, is not taken for a host and a path.
const COULD_BE_A_PASSWORD: &str =
    "what stands between its `:` and its `@` could be a password; name a skill by a word of its own";

/// A repository's URL. `Display` and the serialised form hold no credentials, neither does `Debug`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepositoryUrl {
    scheme: Scheme,
    /// A part of the address for ssh. For http it may be a token, and is shown nowhere.
    user: Option<String>,
    /// Host and port.
    host: String,
    /// Starts with `/`, ends in none.
    path: String,
    /// Whether the path starts in the user's home folder on the server, as that of `user@host:path` does.
    below_home: bool,
    password: Option<String>,
}

/// A user and a password or token out of a URL.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secret {
    /// The user.
    pub user: String,
    /// The password or token.
    pub password: String,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(a secret)")
    }
}

impl RepositoryUrl {
    /// Takes `https`, `http`, `ssh` and `file` URLs, and the short form `user@host:path`.
    pub fn new(text: &str) -> Result<Self> {
        Self::at_start_of(text, text)
    }

    /// Takes the URL that `whole` starts with. A failure shows all of it, because where a secret ends is seen there only.
    pub(super) fn at_start_of(whole: &str, text: &str) -> Result<Self> {
        let refuse = |why: &str| {
            let shown = without_secret(whole);
            Err(Error::new(ErrorKind::Usage, format!("{shown:?} is no repository's URL: {why}"))
                .hint("use https://HOST/OWNER/REPO, ssh://USER@HOST/PATH, USER@HOST:PATH or file:///PATH"))
        };
        let text = text.strip_prefix("git+").unwrap_or(text);
        if let Some((before, _)) = text.split_once("::")
            && could_be_a_scheme(before)
        {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("{:?} names a transport that runs commands", without_secret(whole)),
            )
            .hint("only https, http, ssh and file are used to reach repositories"));
        }
        if text.chars().any(|character| character.is_control() || character.is_whitespace()) {
            return refuse("it holds a blank or a control character");
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return Self::short(text, whole).or_else(refuse);
        };
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            "ssh" => Scheme::Ssh,
            "file" => Scheme::File,
            "git" => return refuse("`git://` proves neither server nor content; most servers speak https"),
            _ => return refuse("its scheme is not one of https, http, ssh and file"),
        };
        let rest = if scheme == Scheme::File { rest } else { rest.split(['?', '#']).next().unwrap_or(rest) };
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        Self::with(scheme, authority, path).or_else(refuse)
    }

    /// Takes `user@host:path`.
    fn short(text: &str, whole: &str) -> std::result::Result<Self, &'static str> {
        let colon = text.find(':').ok_or("it has no scheme")?;
        // The colons in brackets are those of an address.
        let in_brackets = text[..colon].rsplit('@').next().is_some_and(|host| host.starts_with('['));
        let host_end = if in_brackets { text.find("]:").ok_or("its host has no end")? + 1 } else { colon };
        let (authority, path) = (&text[..host_end], &text[host_end + 1..]);
        if matches!(authority.to_ascii_lowercase().as_str(), "http" | "https" | "ssh" | "file") {
            return Err("its scheme ends in `://`");
        }
        if path.contains('@') || (whole.contains('@') && !authority.contains('@')) {
            return Err(COULD_BE_A_PASSWORD);
        }
        let url = Self::with(Scheme::Ssh, authority, &format!("/{}", path.trim_start_matches('/')))?;
        Ok(Self { below_home: !path.starts_with('/'), ..url })
    }

    fn with(scheme: Scheme, authority: &str, path: &str) -> std::result::Result<Self, &'static str> {
        let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
        // A port may be left out though its colon stands there.
        let host = host.strip_suffix(':').unwrap_or(host).to_ascii_lowercase();
        let path = path.trim_end_matches('/').to_owned();
        // What starts with a hyphen would be an option to the programs that it may be given to.
        if host.starts_with('-')
            || path.trim_start_matches('/').starts_with('-')
            || user.is_some_and(|user| user.starts_with('-'))
        {
            return Err("a part of it starts with a hyphen");
        }
        let host_is_plain =
            host.chars().all(|character| character.is_ascii_alphanumeric() || ".-_:[]".contains(character));
        match scheme {
            Scheme::File if !matches!(host.as_str(), "" | "localhost") => return Err("a file URL has three slashes"),
            Scheme::File => {}
            _ if host.is_empty() => return Err("it names no host"),
            _ if !host_is_plain => return Err("its host holds a character that hosts do not have"),
            _ => {}
        }
        let port = host.rsplit(']').next().and_then(|end| end.split_once(':')).map(|(_, port)| port);
        if port.is_some_and(|port| port.parse::<u16>().is_err()) {
            return Err("its port is no number");
        }
        if port.is_some() && user.is_none() && path.contains('@') {
            return Err(COULD_BE_A_PASSWORD);
        }
        if path.is_empty() {
            return Err("it names no repository");
        }
        if path.split('/').any(|part| part == ".." || part == ".") {
            return Err("its path leads through `.` or `..`");
        }
        let (user, password) = user.map_or((None, None), |user| match user.split_once(':') {
            Some((user, password)) => (Some(user), Some(password)),
            None => (Some(user), None),
        });
        let (user, password) = match scheme {
            Scheme::Http | Scheme::Https => (user.map(percent_decoded), password.map(percent_decoded)),
            Scheme::Ssh => (user.map(str::to_owned), None),
            Scheme::File => (None, None),
        };
        // Git's helpers are asked in lines.
        if user.iter().chain(&password).any(|part| part.chars().any(char::is_control)) {
            return Err("its user or password holds a control character");
        }
        let host = if scheme == Scheme::File { String::new() } else { host };
        Ok(Self { scheme, user, host, path, below_home: false, password })
    }

    /// How it is reached.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Host and port, in lower case.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether both are reached at one server in the same way, so that what is for one of them may be shown to the other.
    pub(super) fn is_on_server_of(&self, other: &Self) -> bool {
        self.scheme == other.scheme && self.host == other.host
    }

    /// The path, from `/` on.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The folder that a `file` URL means.
    pub fn file_path(&self) -> Option<std::path::PathBuf> {
        (self.scheme == Scheme::File).then(|| percent_decoded(&self.path).into())
    }

    /// The user that was written into the URL.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Credentials that were written into the URL. A user alone is none: forges write one into the URLs of public repositories.
    pub fn secret(&self) -> Option<Secret> {
        Some(Secret { user: self.user.clone()?, password: self.password.clone()? })
    }

    /// The last two parts of the path: who owns the repository, and its name.
    pub fn owner_and_repository(&self) -> Option<(&str, &str)> {
        let path = self.path.strip_suffix(".git").unwrap_or(&self.path);
        let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
        let repository = parts.next()?;
        Some((parts.next()?, repository))
    }
}

impl fmt::Display for RepositoryUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.scheme {
            Scheme::Https => "https",
            Scheme::Http => "http",
            Scheme::Ssh => "ssh",
            Scheme::File => "file",
        };
        if !self.below_home {
            write!(f, "{scheme}://")?;
        }
        if let (Scheme::Ssh, Some(user)) = (self.scheme, &self.user) {
            write!(f, "{user}@")?;
        }
        match self.path.strip_prefix('/') {
            Some(path) if self.below_home => write!(f, "{}:{path}", self.host),
            _ => write!(f, "{}{}", self.host, self.path),
        }
    }
}

impl fmt::Debug for RepositoryUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl TryFrom<String> for RepositoryUrl {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::new(&text)
    }
}

impl From<RepositoryUrl> for String {
    fn from(url: RepositoryUrl) -> Self {
        url.to_string()
    }
}

/// `text` as it may be shown: what could be a user and a password is left out, up to the last `@` in case they are not well written.
pub(crate) fn without_secret(text: &str) -> String {
    let start = text
        .split_once("://")
        .filter(|(scheme, _)| could_be_a_scheme(scheme))
        .map_or(0, |(scheme, _)| scheme.len() + 3);
    let (scheme, rest) = text.split_at(start);
    match rest.rfind('@') {
        Some(at) if start > 0 || rest[..at].contains(':') => format!("{scheme}…{}", &rest[at..]),
        _ => text.to_owned(),
    }
}

fn could_be_a_scheme(text: &str) -> bool {
    text.chars().all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character))
}

/// Undoes `%41`; what is no escape, or no UTF-8 afterwards, stays.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = (first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()));
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_one_spelling() {
        for (text, shown) in [
            ("https://GitHub.com/a/b.git/", "https://github.com/a/b.git"),
            ("git@github.com:a/b.git", "git@github.com:a/b.git"),
            ("host:a", "host:a"),
            ("git@host:~me/a", "git@host:~me/a"),
            ("git@host:/a/b", "ssh://git@host/a/b"),
            ("git@[::1]:a/b", "git@[::1]:a/b"),
            ("git@host:a]:b", "git@host:a]:b"),
            ("ssh://git@host:2222/a/b", "ssh://git@host:2222/a/b"),
            ("git+https://host/a/b", "https://host/a/b"),
            ("file:///srv/a/b", "file:///srv/a/b"),
            ("http://127.0.0.1:8080/a/b?x=1", "http://127.0.0.1:8080/a/b"),
        ] {
            let url = RepositoryUrl::new(text).unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(RepositoryUrl::new(shown).unwrap(), url, "{shown}");
        }
        assert_ne!(RepositoryUrl::new("git@host:a/b").unwrap(), RepositoryUrl::new("ssh://git@host/a/b").unwrap());
        let url = RepositoryUrl::new("git@github.com:o/r.git").unwrap();
        assert_eq!(url.owner_and_repository(), Some(("o", "r")));
        let url = RepositoryUrl::new("https://gitlab.com/group/sub/repo.git").unwrap();
        assert_eq!(url.owner_and_repository(), Some(("sub", "repo")));
    }

    #[test]
    fn secrets_are_not_shown() {
        let url = RepositoryUrl::new("https://me:tok%21en@host/a/b").unwrap();
        assert_eq!((url.to_string().as_str(), format!("{url:?}").as_str()), ("https://host/a/b", "https://host/a/b"));
        assert_eq!(url.secret().unwrap().password, "tok!en");
        let url = RepositoryUrl::new("https://me%40x@host/a/b").unwrap();
        assert_eq!((url.to_string().as_str(), url.user(), url.secret()), ("https://host/a/b", Some("me@x"), None));
        let error = RepositoryUrl::new("https://me:token@/").unwrap_err();
        assert!(!error.to_string().contains("token"), "{error}");
    }

    #[test]
    fn what_could_run_a_command_is_refused() {
        for text in [
            "ext::sh -c touch% /tmp/x",
            "ext::sh",
            "fd::3",
            "-oProxyCommand=x:a",
            "ssh://-oProxyCommand=x/a",
            "git@host:-a",
            "file:/srv/r",
            "ssh:/host/r",
            "git://host/a",
            "ftp://host/a",
            "https:///a",
            "https://host",
            "https://ho$t/a",
            "file://host/a",
            "https://host/a/../b",
            "https://me%0Ahost=other@host/a/b",
            "https://host:port/a/b",
        ] {
            assert!(RepositoryUrl::new(text).is_err(), "{text}");
        }
    }
}
