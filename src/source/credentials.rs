//! Who may see which secret: a token goes to the host it is for, over https, and to no other.

use std::io::{Read, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::source::proxy::Proxies;
use crate::source::ssh::Ssh;
use crate::source::url::{RepositoryUrl, Scheme, Secret};
use crate::source::user_git;

/// What is known of the user's access to servers.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// `GITHUB_TOKEN` or `GH_TOKEN`.
    pub github: Option<Token>,
    /// `GITLAB_TOKEN`.
    pub gitlab: Option<Token>,
    /// What is between us and servers.
    pub proxies: Proxies,
    /// How ssh is run.
    pub ssh: Ssh,
    /// Whether a person can be asked.
    pub may_ask: bool,
}

/// A token that no output can hold.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Takes a token; an empty one is none.
    pub fn new(token: &str) -> Option<Self> {
        let token = token.trim();
        (!token.is_empty() && !token.chars().any(char::is_control)).then(|| Self(token.to_owned()))
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(a secret)")
    }
}

impl Credentials {
    /// The token that is for this very host.
    pub(super) fn token_for(&self, url: &RepositoryUrl) -> Option<Secret> {
        if url.scheme() != Scheme::Https {
            return None;
        }
        let (user, token) = match url.host() {
            "github.com" => ("x-access-token", self.github.as_ref()?),
            "gitlab.com" => ("oauth2", self.gitlab.as_ref()?),
            _ => return None,
        };
        Some(Secret { user: user.to_owned(), password: token.0.clone() })
    }

    /// What the user's own git has stored for this server, and for this user of it.
    pub(super) fn stored_by_git(&self, url: &RepositoryUrl, user: Option<&str>, patience: Duration) -> Option<Secret> {
        let answer = self.git_credential("fill", &question(url, user, None), patience)?;
        let field =
            |name: &str| answer.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=').map(str::to_owned));
        Some(Secret { user: field("username")?, password: field("password")? })
    }

    /// Tells the user's git whether what it gave was right.
    pub(super) fn tell_git(&self, url: &RepositoryUrl, secret: &Secret, right: bool, patience: Duration) {
        let question = question(url, Some(&secret.user), Some(&secret.password));
        self.git_credential(if right { "approve" } else { "reject" }, &question, patience);
    }

    /// Runs `git credential`. A helper that takes longer than this is no helper, unless it may be waiting for a person.
    fn git_credential(&self, action: &str, question: &str, patience: Duration) -> Option<String> {
        let mut command = user_git::command(self.may_ask);
        // A repository in the user's folder may be anybody's, and its settings name commands to run.
        command.current_dir("/").args(["credential", action]).stdin(Stdio::piped()).stdout(Stdio::piped());
        if !self.may_ask {
            command.stderr(Stdio::null());
        }
        let mut child = command.spawn().ok()?;
        // A helper that does not listen is no helper.
        child.stdin.take()?.write_all(question.as_bytes()).ok();
        let mut stdout = child.stdout.take()?;
        let answer = std::thread::spawn(move || {
            let mut answer = Vec::new();
            stdout.read_to_end(&mut answer).map(|_| answer)
        });
        let started = Instant::now();
        let status = loop {
            match child.try_wait().ok()? {
                Some(status) if answer.is_finished() => break status,
                _ if !self.may_ask && started.elapsed() >= patience => {
                    user_git::stop(&mut child);
                    return None;
                }
                _ => std::thread::sleep(Duration::from_millis(1)),
            }
        };
        let answer = answer.join().ok()?.ok()?;
        status.success().then(|| String::from_utf8_lossy(&answer).into_owned())
    }
}

/// What git's helpers are asked.
fn question(url: &RepositoryUrl, user: Option<&str>, password: Option<&str>) -> String {
    let scheme = if url.scheme() == Scheme::Https { "https" } else { "http" };
    let path = url.path().trim_start_matches('/');
    let mut question = format!("protocol={scheme}\nhost={}\npath={path}\n", url.host());
    for (name, value) in [("username", user), ("password", password)] {
        question.extend(value.map(|value| format!("{name}={value}\n")));
    }
    question + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stay_with_their_hosts() {
        let credentials = Credentials { github: Token::new("secret"), ..Credentials::default() };
        let token = |url: &str| credentials.token_for(&RepositoryUrl::new(url).unwrap()).map(|secret| secret.password);
        assert_eq!(token("https://github.com/o/r").as_deref(), Some("secret"));
        for url in [
            "http://github.com/o/r",
            "https://github.com.evil.example/o/r",
            "https://gitlab.com/o/r",
            "https://github.com:444/o/r",
        ] {
            assert_eq!(token(url), None, "{url}");
        }
        assert!(!format!("{credentials:?}").contains("secret\""));
    }
}
