//! Requests to one repository over http and https: credentials, redirects, and what a fetch may cost.
//!
//! What the requests say, and what the answers mean, is the matter of [`super::protocol`].

use std::io::{self, Read};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use ureq::http::{Request, Response, header};
use ureq::{Agent, AsSendBody, Body, BodyReader, Proxy, ProxyProtocol};

use crate::error::{Error, ErrorKind, Result};
use crate::source::FetchLimits;
use crate::source::credentials::Credentials;
use crate::source::url::{RepositoryUrl, Scheme, Secret, without_secret};

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

struct State {
    /// Where requests go: to the user's URL, or to where the server sent us.
    base: RepositoryUrl,
    login: Option<Login>,
    received: u64,
}

/// A secret, and the one server it is for.
#[derive(Clone)]
struct Login {
    server: RepositoryUrl,
    secret: Secret,
    /// Whether the user's git has it stored, and hears whether it was right.
    from_git: bool,
}

impl Session {
    /// Its time runs from its first request on: who waits for others before has lost none.
    pub(super) fn new(url: &RepositoryUrl, credentials: &Credentials, limits: FetchLimits) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(limits.time.min(Duration::from_secs(30))))
            .user_agent(concat!("git/skillpress-", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        let login = url.secret().map(|secret| Login { server: url.clone(), secret, from_git: false });
        let state = Mutex::new(State { base: url.clone(), login, received: 0 });
        let (url, credentials, started) = (url.clone(), credentials.clone(), OnceLock::new());
        Self { url, agent, credentials, started, limits, state }
    }

    /// Asks what the server has and how it speaks.
    pub(super) fn greet(&self) -> Result<Reply<'_>> {
        Ok(self.reply(self.advertisement()?))
    }

    /// Asks for something.
    pub(super) fn ask(&self, question: &[u8]) -> Result<Reply<'_>> {
        let answer = self.send(&self.base(), "/git-upload-pack", Some(question))?;
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
    fn base(&self) -> RepositoryUrl {
        self.state().base.clone()
    }

    fn send(&self, to: &RepositoryUrl, what: &str, body: Option<&[u8]>) -> Result<Response<Body>> {
        let mut request = Request::builder().uri(format!("{to}{what}")).header(VERSION.0, VERSION.1);
        if let Some(Login { secret, .. }) = self.login_for(to) {
            let value = format!("Basic {}", base64(format!("{}:{}", secret.user, secret.password).as_bytes()));
            request = request.header(header::AUTHORIZATION, value);
        }
        let Some(body) = body else {
            return self.run(to, request.method("GET").header(header::PRAGMA, "no-cache").body(()));
        };
        let request = request
            .method("POST")
            .header(header::CONTENT_TYPE, "application/x-git-upload-pack-request")
            .header(header::ACCEPT, "application/x-git-upload-pack-result");
        self.run(to, request.body(body))
    }

    fn run(&self, to: &RepositoryUrl, request: ureq::http::Result<Request<impl AsSendBody>>) -> Result<Response<Body>> {
        let proxy = self.credentials.proxies.for_server(to).map(proxy).transpose()?;
        let remaining = self.remaining().ok_or_else(|| self.too_slow())?;
        let answer = request.map_err(ureq::Error::from).and_then(|request| {
            let request = self.agent.configure_request(request).proxy(proxy).timeout_global(Some(remaining));
            self.agent.run(request.build())
        });
        answer.map_err(|error| self.unreachable(error))
    }

    /// What is shown to a server: only what is for this very one.
    fn login_for(&self, to: &RepositoryUrl) -> Option<Login> {
        self.state().login.clone().filter(|login| login.server.is_on_server_of(to))
    }

    /// Tells the user's git what a server says of the login that it was shown.
    fn tell_git(&self, server: &RepositoryUrl, right: bool) {
        if let Some(Login { server, secret, from_git: true }) = self.login_for(server) {
            self.credentials.tell_git(&server, &secret, right, self.remaining().unwrap_or_default());
        }
    }

    /// The login to show next to a server that accepts none of those before.
    fn next_login(&self, server: &RepositoryUrl, next: &mut Attempt) -> Option<Login> {
        let login = |secret, from_git| Login { server: server.clone(), secret, from_git };
        if *next == Attempt::Token {
            *next = Attempt::Git;
            if let Some(secret) = self.credentials.token_for(server) {
                return Some(login(secret, false));
            }
        }
        let user = self.url.user().filter(|_| self.url.is_on_server_of(server));
        if *next == Attempt::Git {
            *next = Attempt::User;
            if let Some(secret) = self.credentials.stored_by_git(server, user, self.remaining().unwrap_or_default()) {
                return Some(login(secret, true));
            }
        }
        if *next == Attempt::User {
            *next = Attempt::Over;
            // Where a forge takes tokens, it takes one in the place of the user as well.
            let user = user.filter(|_| self.url.secret().is_none())?;
            return Some(login(Secret { user: user.to_owned(), password: String::new() }, false));
        }
        None
    }

    fn unreachable(&self, error: ureq::Error) -> Error {
        match error {
            ureq::Error::Timeout(_) if self.remaining().is_none() => self.too_slow(),
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
        let mut attempt = Attempt::Token;
        loop {
            let base = self.base();
            let answer = self.send(&base, QUERY, None)?;
            match answer.status().as_u16() {
                200 => {
                    let kind = answer
                        .headers()
                        .get(header::CONTENT_TYPE)
                        .and_then(|kind| kind.to_str().ok())
                        .unwrap_or_default();
                    if kind.starts_with("application/x-git-upload-pack-advertisement") {
                        self.tell_git(&base, true);
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
                    if !next.is_on_server_of(&base) {
                        attempt = Attempt::Token;
                    }
                    self.state().base = next;
                }
                401 => {
                    self.tell_git(&base, false);
                    let login = self.next_login(&base, &mut attempt).ok_or_else(|| self.denied())?;
                    self.state().login = Some(login);
                }
                404 | 410 => {
                    return Err(Error::new(ErrorKind::NotFound, format!("there is no repository at {}", self.url))
                        .hint("check its name; some servers also say so of repositories that you may not see"));
                }
                status => return Err(self.unexpected(status)),
            }
        }
    }

    fn redirected(&self, base: &RepositoryUrl, location: &str) -> Result<RepositoryUrl> {
        let refuse = |why: &str| {
            let message = format!("refused: {} sends us elsewhere, {why}", self.url);
            Err(Error::new(ErrorKind::Refused, message).hint("use the repository's present URL"))
        };
        let absolute = if location.starts_with('/') {
            let base = base.to_string();
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
        // What a server writes into a URL is no login of the user's.
        RepositoryUrl::new(&to.to_string())
    }

    fn denied(&self) -> Error {
        if self.remaining().is_none() {
            return self.too_slow();
        }
        Error::new(ErrorKind::Network, format!("{} asks for credentials, and there are none it accepts", self.url)).hint(
            "a repository that does not exist is answered like this too; for a private one sign in with git, or set GITHUB_TOKEN or GITLAB_TOKEN for its host",
        )
    }

    fn unexpected(&self, status: u16) -> Error {
        let error = Error::new(ErrorKind::Network, format!("{} answers with the HTTP status {status}", self.url));
        match status {
            // A login that is right is answered like this as well, so that it stays where it is stored.
            403 => error.hint(
                "the account may lack the right to this repository or the sign-on of its organization, or the server wants fewer requests",
            ),
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
enum Attempt {
    Token,
    Git,
    User,
    Over,
}

/// A proxy that can be spoken to; to go around one that cannot would show what it is there to hide.
fn proxy(url: &str) -> Result<Proxy> {
    let refuse = |why: &str| {
        Error::new(ErrorKind::Usage, format!("the proxy {:?} of the environment cannot be used", without_secret(url)))
            .because(why)
            .hint("use an http or https proxy, or --fetch git, which takes all that git takes")
    };
    match Proxy::new(url) {
        Ok(proxy) if matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https) => Ok(proxy),
        Ok(_) => Err(refuse("only http and https proxies are spoken to")),
        Err(error) => Err(refuse(&error.to_string())),
    }
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

    fn session(url: &str) -> Session {
        let limits = FetchLimits { time: Duration::from_mins(5), bytes: 1 };
        Session::new(&RepositoryUrl::new(url).unwrap(), &Credentials::default(), limits)
    }

    #[test]
    fn a_server_that_does_not_answer_is_not_slow() {
        let error = session("https://a.example/o/r").unreachable(ureq::Error::Timeout(ureq::Timeout::Connect));
        assert_eq!(error.in_full(), "cannot reach https://a.example/o/r: timeout: connect");
    }

    #[test]
    fn redirects_never_become_less_safe() {
        let safe = session("https://a.example/o/r");
        let to = |location: &str| safe.redirected(&safe.url, location).ok().map(|to| to.to_string());
        assert_eq!(to("https://b.example/p/r/info/refs?service=x").as_deref(), Some("https://b.example/p/r"));
        assert_eq!(to("/p/r/info/refs").as_deref(), Some("https://a.example/p/r"));
        assert_eq!(to("http://a.example/o/r/info/refs"), None);
        assert_eq!(to("https://a.example/login"), None);
        let open = session("http://me:token@a.example/o/r");
        let shown = |url: &str| open.login_for(&RepositoryUrl::new(url).unwrap()).is_some();
        assert!(shown("http://a.example/o/r"));
        assert!(!shown("http://b.example/o/r") && !shown("https://a.example/o/r"));
    }
}
