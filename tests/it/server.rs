//! A git server on loopback: a few lines of HTTP in front of `git http-backend`. It counts requests, so that a test can say how
//! often it was asked.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

/// What a request is answered with instead of git's answer.
pub type Override = dyn Fn(&Request) -> Option<Answer> + Send + Sync;

/// What the git of a server can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// All that is known today.
    Modern,
    /// Commits come with all their files.
    Unfiltered,
    /// It knows version 0 of the protocol only.
    Old,
}

/// The server; it ends with the test's process.
pub struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<Request>>>,
}

/// One request.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: HashMap<String, String>,
    pub body: Vec<u8>,
}

/// An answer of one's own.
pub struct Answer {
    pub status: &'static str,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Server {
    /// Serves the repositories below `root`.
    pub fn start(root: &Path) -> Self {
        Self::start_with(root, |_| None)
    }

    /// Serves them; an answer of more bytes than this stands still there for a long time.
    pub fn start_stalling(root: &Path, at: usize) -> Self {
        Self::start_as(root, Some(at), Kind::Modern, |_| None)
    }

    /// Serves them as a server of this kind does.
    pub fn start_kind(root: &Path, kind: Kind) -> Self {
        Self::start_as(root, None, kind, |_| None)
    }

    /// Serves them, and answers what `instead` answers.
    pub fn start_with(root: &Path, instead: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static) -> Self {
        Self::start_as(root, None, Kind::Modern, instead)
    }

    fn start_as(
        root: &Path,
        stall: Option<usize>,
        kind: Kind,
        instead: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (root, all, instead): (PathBuf, _, Arc<Override>) = (root.to_owned(), Arc::clone(&seen), Arc::new(instead));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (root, all, instead) = (root.clone(), Arc::clone(&all), Arc::clone(&instead));
                std::thread::spawn(move || {
                    drop(stream.and_then(|stream| serve(stream, &root, &all, stall, kind, &*instead)));
                });
            }
        });
        Self { port, seen }
    }

    /// The URL of a repository.
    pub fn url(&self, repository: &str) -> String {
        format!("http://127.0.0.1:{}/{repository}", self.port)
    }

    /// How many fetches there were: requests that ended the negotiation and were answered with objects.
    pub fn fetches(&self) -> usize {
        let ends = |request: &&Request| request.body.windows(4).any(|window| window == b"done");
        self.seen.lock().unwrap().iter().filter(ends).count()
    }

    /// How many connections were begun: requests for what the server has and how it speaks.
    pub fn greetings(&self) -> usize {
        self.seen.lock().unwrap().iter().filter(|request| request.method == "GET").count()
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(
    stream: TcpStream,
    root: &Path,
    seen: &Mutex<Vec<Request>>,
    stall: Option<usize>,
    kind: Kind,
    instead: &Override,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut headers = HashMap::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
        let mut body = Vec::new();
        if let Some(length) = headers.get("content-length") {
            body.resize(length.parse().unwrap(), 0);
            reader.read_exact(&mut body)?;
        } else if headers.get("transfer-encoding").is_some_and(|encoding| encoding == "chunked") {
            loop {
                let mut size = String::new();
                reader.read_line(&mut size)?;
                let size = usize::from_str_radix(size.trim(), 16).unwrap();
                let mut chunk = vec![0; size + 2];
                reader.read_exact(&mut chunk)?;
                if size == 0 {
                    break;
                }
                body.extend_from_slice(&chunk[..size]);
            }
        }
        let request = Request { method, target, headers, body };
        seen.lock().unwrap().push(request.clone());
        let answer = instead(&request).unwrap_or_else(|| backend(&request, root, kind));
        write!(writer, "HTTP/1.1 {}\r\nContent-Length: {}\r\n", answer.status, answer.body.len())?;
        for (name, value) in &answer.headers {
            write!(writer, "{name}: {value}\r\n")?;
        }
        writer.write_all(b"\r\n")?;
        if let Some(part) = stall.and_then(|at| answer.body.get(..at)) {
            writer.write_all(part)?;
            std::thread::sleep(std::time::Duration::from_mins(1));
        }
        writer.write_all(&answer.body)?;
    }
}

fn backend(request: &Request, root: &Path, kind: Kind) -> Answer {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let header = |name: &str| request.headers.get(name).cloned().unwrap_or_default();
    let mut child = Command::new("git")
        .arg("http-backend")
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", root)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_COUNT", "2")
        .env("GIT_CONFIG_KEY_0", "safe.directory")
        .env("GIT_CONFIG_VALUE_0", "*")
        .env("GIT_CONFIG_KEY_1", "uploadpack.allowFilter")
        .env("GIT_CONFIG_VALUE_1", if kind == Kind::Modern { "true" } else { "false" })
        .env("GIT_PROJECT_ROOT", root)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_PROTOCOL", if kind == Kind::Old { String::new() } else { header("git-protocol") })
        .env("REQUEST_METHOD", &request.method)
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", request.body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("REMOTE_ADDR", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let body = request.body.clone();
    let feeder = std::thread::spawn(move || drop(stdin.write_all(&body)));
    let output = child.wait_with_output().unwrap().stdout;
    feeder.join().unwrap();
    let end = output.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(output.len());
    let mut status = "200 OK";
    let mut headers = Vec::new();
    for line in String::from_utf8_lossy(&output[..end]).lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("status") {
            status = if value.trim().starts_with("404") { "404 Not Found" } else { "403 Forbidden" };
        } else {
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
    }
    Answer { status, headers, body: output.get(end + 4..).unwrap_or_default().to_vec() }
}
