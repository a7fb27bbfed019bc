//! Git's protocol as one who only fetches speaks it: which refs a repository has, and packs of its objects.
//!
//! Servers that know version 2 are asked for those refs only that may be meant. Where they can, they send folders without the files in
//! them, which are asked for by their ids when somebody wants them; so a skill costs what it weighs, however large its repository is.
//! Older ones say all their refs first, and give a commit with everything in it.

use std::io;
use std::sync::OnceLock;

use git2::Oid;
use gix_packetline::blocking_io::encode;

use super::answer::{Answer, Greeting};
use super::http::Session;
use super::refs::Advertised;
use crate::error::{Error, ErrorKind, Result};
use crate::source::url::RepositoryUrl;

/// A repository on a server. It is first asked when something is wanted of it.
pub(super) struct Server {
    session: Session,
    /// As messages name it.
    url: String,
    greeting: OnceLock<Greeting>,
}

/// What to send.
#[derive(Debug, Default)]
pub(super) struct Order<'a> {
    /// Objects, with all that they lead to.
    pub(super) want: &'a [Oid],
    /// Whether commits come with all that was before them.
    pub(super) history: bool,
    /// Whether folders come without their files, from servers that can.
    pub(super) no_files: bool,
    /// Commits that are here with all that they lead to, be it without files.
    pub(super) have: &'a [Oid],
    /// Those of them that are here without what was before them.
    pub(super) shallow: &'a [Oid],
}

impl Server {
    pub(super) fn new(url: &RepositoryUrl, session: Session) -> Self {
        Self { session, url: url.to_string(), greeting: OnceLock::new() }
    }

    /// Whether it gives folders without their files.
    pub(super) fn can_filter(&self) -> Result<bool> {
        Ok(self.greeting()?.filter)
    }

    /// Whether what it does not give is not there.
    pub(super) fn gives_everything(&self) -> Result<bool> {
        Ok(self.greeting()?.everything)
    }

    /// The refs whose names begin in one of these ways, and maybe others.
    pub(super) fn refs(&self, prefixes: &[String]) -> Result<Vec<Advertised>> {
        if let Some(refs) = &self.greeting()?.refs {
            return Ok(refs.clone());
        }
        if prefixes.is_empty() {
            return Ok(Vec::new());
        }
        let mut question = Question::command("ls-refs");
        question.line("peel");
        for prefix in prefixes {
            question.line(&format!("ref-prefix {prefix}"));
        }
        Answer::new(self.session.ask(&question.end()?)?, &self.url).refs()
    }

    /// Has objects sent as a pack, which `take` gets piece by piece. Gives the commits that came without what was before them. What the
    /// server does not have, or does not give, is an error of the kind [`ErrorKind::NotFound`].
    pub(super) fn fetch(&self, order: &Order<'_>, take: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<Vec<Oid>> {
        let greeting = self.greeting()?;
        Answer::new(self.session.ask(&question(greeting, order)?)?, &self.url).pack(greeting, take)
    }

    fn greeting(&self) -> Result<&Greeting> {
        if let Some(greeting) = self.greeting.get() {
            return Ok(greeting);
        }
        let greeting = Answer::new(self.session.greet()?, &self.url).greeting()?;
        Ok(self.greeting.get_or_init(|| greeting))
    }
}

/// An order in the server's own language.
fn question(greeting: &Greeting, order: &Order<'_>) -> Result<Vec<u8>> {
    let each = |question: &mut Question, word: &str, ids: &[Oid]| {
        for id in ids {
            question.line(&format!("{word} {id}"));
        }
    };
    let one_deep = greeting.shallow && !order.history;
    if greeting.refs.is_some() {
        let mut question = Question::default();
        if let [first, rest @ ..] = order.want {
            let shallow = if greeting.shallow { " shallow" } else { "" };
            question.line(&format!("want {first} side-band-64k ofs-delta no-progress{shallow}"));
            each(&mut question, "want", rest);
        }
        if one_deep {
            question.line("deepen 1");
        }
        question.part_end();
        question.line("done");
        return question.bytes();
    }
    let mut question = Question::command("fetch");
    question.line("ofs-delta");
    question.line("no-progress");
    if !order.have.is_empty() {
        // A server passes over what is in commits that we have only when it may build upon it.
        question.line("thin-pack");
    }
    if greeting.shallow {
        each(&mut question, "shallow", order.shallow);
    }
    if one_deep {
        question.line("deepen 1");
    }
    if greeting.filter && order.no_files {
        question.line("filter blob:none");
    }
    each(&mut question, "want", order.want);
    each(&mut question, "have", order.have);
    question.line("done");
    question.end()
}

/// Lines to a server. That one is too long is said at the end.
#[derive(Debug, Default)]
struct Question {
    bytes: Vec<u8>,
    failed: Option<io::Error>,
}

impl Question {
    /// A command of version 2, up to its arguments.
    fn command(name: &str) -> Self {
        let mut question = Self::default();
        question.line(&format!("command={name}"));
        question.note(|bytes| encode::delim_to_write(bytes));
        question
    }

    fn line(&mut self, line: &str) {
        self.note(|bytes| encode::text_to_write(line.as_bytes(), bytes));
    }

    fn part_end(&mut self) {
        self.note(|bytes| encode::flush_to_write(bytes));
    }

    fn end(mut self) -> Result<Vec<u8>> {
        self.part_end();
        self.bytes()
    }

    fn bytes(self) -> Result<Vec<u8>> {
        match self.failed {
            None => Ok(self.bytes),
            Some(error) => Err(Error::new(ErrorKind::Usage, "this cannot be asked of a server").because(error)),
        }
    }

    fn note(&mut self, write: impl FnOnce(&mut Vec<u8>) -> io::Result<usize>) {
        if let Err(error) = write(&mut self.bytes) {
            self.failed.get_or_insert(error);
        }
    }
}
