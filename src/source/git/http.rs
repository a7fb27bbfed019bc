//! Requests to one repository over http and https: credentials, redirects, and what a fetch may cost.
//!
//! What the requests say, and what the answers mean, is the matter of [`super::protocol`].

use std::io::{self, Read};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use ureq::http::{Request, Response, header};
use ureq::{Agent, Body, BodyReader};

use crate::error::{Error, ErrorKind, Result};
use crate::source::FetchLimits;
use crate::source::credentials::Credentials;
use crate::source::url::{RepositoryUrl, Scheme, Secret};

/// The version of git's protocol that a server is asked for; one that does not know it answers in its own.
const VERSION: (&str, &str) = ("git-protocol", "version=2");

/// The requests of one fetch: what they may cost, and whom they may tell what.
pub(super) struct Session {
    url: RepositoryUrl,
    agent: Agent,
    credentials: Credentials,
    /// When the first request was made.
    started: OnceLock<Instant>,
    limits: FetchLimits,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Where the server sent us, for the requests that follow.
    base: Option<String>,
    secret: Option<Secret>,
    received: u64,
}

impl Session {
    /// Its time runs from its first request on: who waits for others before has lost none.
    pub(super) fn new(url: &RepositoryUrl, credentials: &Credentials, limits: FetchLimits) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(limits.time.min(Duration::from_secs(30))))
            .user_agent(concat!("git/skillpress-", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        let state = Mutex::new(State { secret: url.secret().cloned(), ..State::default() });
        let (url, credentials, started) = (url.clone(), credentials.clone(), OnceLock::new());
        Self { url, agent, credentials, started, limits, state }
    }

    /// Asks what the server has and how it speaks.
    pub(super) fn greet(&self) -> Result<Reply<'_>> {
        Ok(self.reply(self.advertisement()?))
    }

    /// Asks for something.
    pub(super) fn ask(&self, question: &[u8]) -> Result<Reply<'_>> {
        let answer = self.send(&format!("{}/git-upload-pack", self.base()), Some(question))?;
        match answer.status().as_u16() {
            200 => Ok(self.reply(answer)),
            status => Err(self.unexpected(status)),
        }
    }

    fn reply(&self, answer: Response<Body>) -> Reply<'_> {
        Reply { session: self, body: answer.into_body().into_reader() }
    }

    /// The time that is left; none when it is over.
    fn remaining(&self) -> Option<Duration> {
        /// Nobody waits longer, and clocks can be added to.
        const LONGEST: Duration = Duration::from_hours(24 * 365);
        let elapsed = self.started.get_or_init(Instant::now).elapsed();
        self.limits.time.checked_sub(elapsed).filter(|left| !left.is_zero()).map(|left| left.min(LONGEST))
    }

    fn too_slow(&self) -> Error {
        self.limits.too_slow(&self.url.to_string())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The repository's URL as requests use it.
    fn base(&self) -> String {
        self.state().base.clone().unwrap_or_else(|| self.url.to_string())
    }

    fn send(&self, url: &str, body: Option<&[u8]>) -> Result<Response<Body>> {
        let remaining = self.remaining().ok_or_else(|| self.too_slow())?;
        let mut request = Request::builder().uri(url).header(VERSION.0, VERSION.1);
        if let Some(secret) = self.secret_for(url) {
            let value = format!("Basic {}", base64(format!("{}:{}", secret.user, secret.password).as_bytes()));
            request = request.header(header::AUTHORIZATION, value);
        }
        let answer = match body {
            None => {
                let request = request.method("GET").header(header::PRAGMA, "no-cache").body(());
                request.map_err(ureq::Error::from).and_then(|request| {
                    self.agent.run(self.agent.configure_request(request).timeout_global(Some(remaining)).build())
                })
            }
            Some(body) => {
                let request = request
                    .method("POST")
                    .header(header::CONTENT_TYPE, "application/x-git-upload-pack-request")
                    .header(header::ACCEPT, "application/x-git-upload-pack-result")
                    .body(body);
                request.map_err(ureq::Error::from).and_then(|request| {
                    self.agent.run(self.agent.configure_request(request).timeout_global(Some(remaining)).build())
                })
            }
        };
        answer.map_err(|error| self.unreachable(error))
    }

    /// Secrets go to the server of the URL the user gave; where it sends us, only a secret of that host's own may follow.
    fn secret_for(&self, url: &str) -> Option<Secret> {
        let to = RepositoryUrl::new(url).ok()?;
        let same = to.scheme() == self.url.scheme() && to.host() == self.url.host();
        if same { self.state().secret.clone() } else { None }
    }

    fn unreachable(&self, error: ureq::Error) -> Error {
        match error {
            ureq::Error::Timeout(_) => self.too_slow(),
            error => Error::new(ErrorKind::Network, format!("cannot reach {}", self.url))
                .because(error)
                .hint("check the network and the proxy settings; --offline works from what was fetched before"),
        }
    }

    /// The list of refs, after redirects and, where the server wants it, with credentials.
    fn advertisement(&self) -> Result<Response<Body>> {
        const QUERY: &str = "/info/refs?service=git-upload-pack";
        const MAX_REDIRECTS: usize = 5;
        let mut redirects = 0;
        let mut attempts = Attempts::Token;
        let mut from_git: Option<Secret> = None;
        loop {
            let base = self.base();
            let answer = self.send(&format!("{base}{QUERY}"), None)?;
            match answer.status().as_u16() {
                200 => {
                    let kind = answer
                        .headers()
                        .get(header::CONTENT_TYPE)
                        .and_then(|kind| kind.to_str().ok())
                        .unwrap_or_default();
                    if kind.starts_with("application/x-git-upload-pack-advertisement") {
                        if let Some(secret) = &from_git {
                            self.credentials.tell_git(&self.url, secret, true);
                        }
                        return Ok(answer);
                    }
                    return Err(Error::new(ErrorKind::NotFound, format!("there is no git repository at {}", self.url))
                        .because(format!("the server answers with {kind:?}, which is not git's protocol"))
                        .hint("check the URL; it must be the one that `git clone` takes"));
                }
                301 | 302 | 303 | 307 | 308 if redirects < MAX_REDIRECTS => {
                    redirects += 1;
                    let location =
                        answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
                    let next = self.redirected(&base, location)?;
                    self.state().base = Some(next);
                }
                401 | 403 if attempts != Attempts::Over => {
                    if let Some(secret) = from_git.take() {
                        self.credentials.tell_git(&self.url, &secret, false);
                    }
                    let secret = loop {
                        match attempts {
                            Attempts::Token => {
                                attempts = Attempts::Git;
                                if let Some(secret) = self.credentials.token_for(&self.url) {
                                    break Some(secret);
                                }
                            }
                            Attempts::Git => {
                                attempts = Attempts::Over;
                                from_git = self.credentials.stored_by_git(&self.url);
                                break from_git.clone();
                            }
                            Attempts::Over => break None,
                        }
                    };
                    if secret.is_none() {
                        return Err(self.denied());
                    }
                    self.state().secret = secret;
                }
                401 | 403 => {
                    if let Some(secret) = &from_git {
                        self.credentials.tell_git(&self.url, secret, false);
                    }
                    return Err(self.denied());
                }
                404 | 410 => {
                    return Err(Error::new(ErrorKind::NotFound, format!("there is no repository at {}", self.url))
                        .hint("check its name; some servers also say so of repositories that you may not see"));
                }
                status => return Err(self.unexpected(status)),
            }
        }
    }

    fn redirected(&self, base: &str, location: &str) -> Result<String> {
        let refuse = |why: &str| {
            let message = format!("refused: {} sends us elsewhere, {why}", self.url);
            Err(Error::new(ErrorKind::Refused, message).hint("use the repository's present URL"))
        };
        let absolute = if location.starts_with('/') {
            let host_end =
                base.find("://").and_then(|at| base[at + 3..].find('/').map(|end| at + 3 + end)).unwrap_or(base.len());
            format!("{}{location}", &base[..host_end])
        } else {
            location.to_owned()
        };
        let Some((repository, _)) = absolute.split_once("/info/refs") else { return refuse("and not to a repository") };
        let Ok(to) = RepositoryUrl::new(repository) else { return refuse("and not to a repository's URL") };
        if !matches!(to.scheme(), Scheme::Http | Scheme::Https)
            || (self.url.scheme() == Scheme::Https && to.scheme() != Scheme::Https)
        {
            return refuse("from https to something less safe");
        }
        Ok(to.to_string())
    }

    fn denied(&self) -> Error {
        Error::new(ErrorKind::Network, format!("{} asks for credentials, and there are none it accepts", self.url)).hint(
            "a repository that does not exist is answered like this too; for a private one sign in with git, or set GITHUB_TOKEN or GITLAB_TOKEN for its host",
        )
    }

    fn unexpected(&self, status: u16) -> Error {
        let error = Error::new(ErrorKind::Network, format!("{} answers with the HTTP status {status}", self.url));
        match status {
            429 => error.hint("the server asks for fewer requests; wait a little"),
            500.. => error.hint("the server has a problem; try again later"),
            _ => error,
        }
    }

    /// Counts what arrives.
    fn count(&self, bytes: usize) -> Result<()> {
        let mut state = self.state();
        state.received += bytes as u64;
        if state.received > self.limits.bytes { Err(self.limits.too_large(&self.url.to_string())) } else { Ok(()) }
    }
}

/// An answer while it comes in. What breaks a limit is an [`Error`] inside of the [`io::Error`].
pub(super) struct Reply<'s> {
    session: &'s Session,
    body: BodyReader<'static>,
}

impl Read for Reply<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.body.read(into) {
            Ok(bytes) => self.session.count(bytes).map(|()| bytes).map_err(io::Error::other),
            Err(_) if self.session.remaining().is_none() => Err(io::Error::other(self.session.too_slow())),
            Err(error) => Err(error),
        }
    }
}

/// Which credentials are tried next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Attempts {
    Token,
    Git,
    Over,
}

/// For the one header that needs it.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) & 63;
            text.push(if digit <= group.len() { char::from(DIGITS[value as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_the_standard_one() {
        for (plain, encoded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("a:\u{ff}", "YTrDvw==")]
        {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn redirects_never_become_less_safe() {
        let session = |url: &str| {
            let url = RepositoryUrl::new(url).unwrap();
            Session::new(&url, &Credentials::default(), FetchLimits { time: Duration::from_secs(1), bytes: 1 })
        };
        let safe = session("https://a.example/o/r");
        let to = |location: &str| safe.redirected("https://a.example/o/r", location).ok();
        assert_eq!(to("https://b.example/p/r/info/refs?service=x").as_deref(), Some("https://b.example/p/r"));
        assert_eq!(to("/p/r/info/refs").as_deref(), Some("https://a.example/p/r"));
        assert_eq!(to("http://a.example/o/r/info/refs"), None);
        assert_eq!(to("https://a.example/login"), None);
        let open = session("http://me:token@a.example/o/r");
        assert!(open.secret_for("http://a.example/o/r").is_some());
        assert!(open.secret_for("http://b.example/o/r").is_none());
        assert!(open.secret_for("https://a.example/o/r").is_none());
    }
}
