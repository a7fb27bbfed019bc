//! Git's protocol as one who only fetches speaks it: which refs a repository has, and packs of its objects.
//!
//! Servers that know version 2 are asked for those refs only that may be meant. Where they can, they send folders without the files in
//! them, which are asked for by their ids when somebody wants them; so a skill costs what it weighs, however large its repository is.
//! Older ones say all their refs first, and give a commit with everything in it. The forms are those of gitprotocol-v2(5),
//! gitprotocol-pack(5) and gitprotocol-http(5).

use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::sync::OnceLock;

use git2::Oid;
use gix_packetline::PacketLineRef;
use gix_packetline::blocking_io::{StreamingPeekableIter, encode};

use super::http::{Reply, Session};
use super::refs::Advertised;
use crate::error::{Error, ErrorKind, Result, escape};

/// A repository on a server. It is first asked when something is wanted of it.
pub(super) struct Remote {
    session: Session,
    greeting: OnceLock<Greeting>,
}

/// How a server speaks.
#[derive(Debug, Default, PartialEq, Eq)]
struct Greeting {
    /// The refs that it has said already; none in version 2, where they are asked for.
    refs: Option<Vec<Advertised>>,
    /// Whether it gives commits without their history.
    shallow: bool,
    /// Whether it gives folders without their files, and files by their ids.
    filter: bool,
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

type Lines<'s> = StreamingPeekableIter<BufReader<Reply<'s>>>;

const ENDS: &[PacketLineRef<'static>] = &[PacketLineRef::Flush, PacketLineRef::Delimiter];

impl Remote {
    pub(super) fn new(session: Session) -> Self {
        Self { session, greeting: OnceLock::new() }
    }

    /// Whether it gives folders without their files.
    pub(super) fn can_filter(&self) -> Result<bool> {
        Ok(self.greeting()?.filter)
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
        prefixes.iter().for_each(|prefix| question.line(&format!("ref-prefix {prefix}")));
        let mut lines = self.ask(&question.end()?)?;
        let mut refs = Vec::new();
        while let Some(line) = self.next_line(&mut lines)? {
            let mut words = line.split(' ');
            let (Some(id), Some(name)) = (words.next(), words.next()) else { return Err(self.confused(&line)) };
            let id = Oid::from_str(id).map_err(|_| self.confused(&line))?;
            refs.push(Advertised { name: name.to_owned(), id });
            let peeled = words.find_map(|word| word.strip_prefix("peeled:")).and_then(|id| Oid::from_str(id).ok());
            refs.extend(peeled.map(|id| Advertised { name: format!("{name}^{{}}"), id }));
        }
        self.hang_up(lines)?;
        Ok(refs)
    }

    /// Has objects sent as a pack, which `take` gets piece by piece. Gives the commits that came without what was before them. What the
    /// server does not have, or does not give, is an error of the kind [`ErrorKind::NotFound`].
    pub(super) fn fetch(&self, order: &Order<'_>, take: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<Vec<Oid>> {
        let greeting = self.greeting()?;
        let mut lines = self.ask(&greeting.question(order)?)?;
        let shallow = if greeting.refs.is_some() { self.until_pack(&mut lines) } else { self.sections(&mut lines) }?;
        let mut said = None;
        let received = {
            let mut pack = lines.as_read_with_sidebands(|is_error, text| {
                if is_error {
                    said = Some(String::from_utf8_lossy(text).into_owned());
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
            loop {
                match pack.fill_buf() {
                    Ok([]) => break Ok(()),
                    Ok(bytes) => {
                        take(bytes)?;
                        let len = bytes.len();
                        pack.consume(len);
                    }
                    Err(error) => break Err(error),
                }
            }
        };
        match (received, said) {
            (_, Some(said)) => Err(self.refusal(&said)),
            (Err(error), None) => Err(self.failed(error)),
            (Ok(()), None) => self.hang_up(lines).map(|()| shallow),
        }
    }

    fn greeting(&self) -> Result<&Greeting> {
        if let Some(greeting) = self.greeting.get() {
            return Ok(greeting);
        }
        let mut lines = lines(self.session.greet()?);
        let greeting = self.read_greeting(&mut lines)?;
        self.hang_up(lines)?;
        Ok(self.greeting.get_or_init(|| greeting))
    }

    fn read_greeting(&self, lines: &mut Lines<'_>) -> Result<Greeting> {
        let mut first = self.next_line(lines)?;
        if first.as_deref().is_some_and(|line| line.starts_with("# service=")) {
            while self.next_line(lines)?.is_some() {}
            lines.reset();
            first = self.next_line(lines)?;
        }
        let mut greeting = Greeting::default();
        if first.as_deref() == Some("version 2") {
            while let Some(line) = self.next_line(lines)? {
                match line.split_once('=') {
                    Some(("fetch", features)) => {
                        greeting.shallow = features.split(' ').any(|feature| feature == "shallow");
                        greeting.filter = features.split(' ').any(|feature| feature == "filter");
                    }
                    Some(("object-format", format)) => self.check_format(format)?,
                    _ => {}
                }
            }
            return Ok(greeting);
        }
        if first.as_deref() == Some("version 1") {
            first = self.next_line(lines)?;
        }
        let mut refs = Vec::new();
        while let Some(line) = first {
            let (said, capabilities) = line.split_once('\0').unwrap_or((&line, ""));
            for capability in capabilities.split(' ') {
                match capability.split_once('=') {
                    None if capability == "shallow" => greeting.shallow = true,
                    Some(("object-format", format)) => self.check_format(format)?,
                    _ => {}
                }
            }
            let (id, name) = said.split_once(' ').ok_or_else(|| self.confused(&line))?;
            let id = Oid::from_str(id).map_err(|_| self.confused(&line))?;
            // A repository without refs says its capabilities behind a name that is none.
            if name != "capabilities^{}" {
                refs.push(Advertised { name: name.to_owned(), id });
            }
            first = self.next_line(lines)?;
        }
        greeting.refs = Some(refs);
        Ok(greeting)
    }

    fn check_format(&self, format: &str) -> Result<()> {
        if format == "sha1" {
            return Ok(());
        }
        let message = format!("{} names its objects by {}, and only sha1 is read", self.session.url(), escape(format));
        Err(Error::new(ErrorKind::Invalid, message).hint("clone it with git, and install from the clone's folder"))
    }

    /// Reads the sections before the pack (version 2).
    fn sections(&self, lines: &mut Lines<'_>) -> Result<Vec<Oid>> {
        let mut shallow = Vec::new();
        loop {
            match self.next_line(lines)?.as_deref() {
                Some("packfile") => return Ok(shallow),
                Some(_) => {
                    while let Some(line) = self.next_line(lines)? {
                        shallow.extend(shallow_commit(&line));
                    }
                    if lines.stopped_at() == Some(PacketLineRef::Flush) {
                        return Err(self.refusal("it sent no objects"));
                    }
                    lines.reset();
                }
                None => return Err(self.refusal("it sent no objects")),
            }
        }
    }

    /// Reads what stands before the pack (versions 0 and 1), which begins with the first line of a band.
    fn until_pack(&self, lines: &mut Lines<'_>) -> Result<Vec<Oid>> {
        let mut shallow = Vec::new();
        loop {
            match lines.peek_line() {
                Some(Ok(Ok(PacketLineRef::Data([1..=3, ..])))) => return Ok(shallow),
                Some(Ok(_)) => shallow.extend(self.next_line(lines)?.as_deref().and_then(shallow_commit)),
                Some(Err(error)) => return Err(self.failed(error)),
                None => lines.reset(),
            }
        }
    }

    fn ask(&self, question: &[u8]) -> Result<Lines<'_>> {
        Ok(lines(self.session.ask(question)?))
    }

    /// The next line without its end; none at the end of a section.
    fn next_line(&self, lines: &mut Lines<'_>) -> Result<Option<String>> {
        match lines.read_line() {
            None => Ok(None),
            Some(Ok(Ok(PacketLineRef::Data(line)))) => {
                let line = String::from_utf8_lossy(line);
                Ok(Some(line.strip_suffix('\n').unwrap_or(&line).to_owned()))
            }
            Some(Ok(_)) => Err(self.confused("something that is no line")),
            Some(Err(error)) => Err(self.failed(error)),
        }
    }

    /// Reads to the very end, without which a connection cannot be used again.
    fn hang_up(&self, lines: Lines<'_>) -> Result<()> {
        let mut rest = lines.into_inner().take(1);
        io::copy(&mut rest, &mut io::sink()).map(drop).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: io::Error) -> Error {
        let said = error.get_ref().and_then(|inner| inner.downcast_ref::<gix_packetline::read::Error>());
        match said {
            Some(said) => self.refusal(&said.message.to_string()),
            None => self.session.broken(error),
        }
    }

    /// The server understood, and will not.
    fn refusal(&self, said: &str) -> Error {
        Error::new(ErrorKind::NotFound, format!("{} does not give what it is asked for", self.session.url()))
            .because(format!("the server says: {}", escape(said.trim())))
    }

    fn confused(&self, said: &str) -> Error {
        Error::new(ErrorKind::Network, format!("{} does not speak git's protocol", self.session.url()))
            .because(format!("it says {:?}", escape(said).to_string()))
            .hint("check the URL, and whether a proxy answers in its place")
    }
}

fn lines(reply: Reply<'_>) -> Lines<'_> {
    let mut lines = StreamingPeekableIter::new(BufReader::with_capacity(64 << 10, reply), ENDS, false);
    lines.fail_on_err_lines(true);
    lines
}

fn shallow_commit(line: &str) -> Option<Oid> {
    Oid::from_str(line.strip_prefix("shallow ")?).ok()
}

impl Greeting {
    /// An order in the server's own language.
    fn question(&self, order: &Order<'_>) -> Result<Vec<u8>> {
        let mut question = if self.refs.is_some() { Question::default() } else { Question::command("fetch") };
        let each = |question: &mut Question, word: &str, ids: &[Oid]| {
            ids.iter().for_each(|id| question.line(&format!("{word} {id}")));
        };
        if self.refs.is_some() {
            if let [first, rest @ ..] = order.want {
                let shallow = if self.shallow { " shallow" } else { "" };
                question.line(&format!("want {first} side-band-64k ofs-delta no-progress{shallow}"));
                each(&mut question, "want", rest);
            }
            if self.shallow && !order.history {
                question.line("deepen 1");
            }
            question.section_end();
            question.line("done");
            return question.bytes();
        }
        question.line("ofs-delta");
        question.line("no-progress");
        if self.shallow {
            each(&mut question, "shallow", order.shallow);
            if !order.history {
                question.line("deepen 1");
            }
        }
        if self.filter && order.no_files {
            question.line("filter blob:none");
        }
        each(&mut question, "want", order.want);
        each(&mut question, "have", order.have);
        question.line("done");
        question.end()
    }
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

    fn section_end(&mut self) {
        self.note(|bytes| encode::flush_to_write(bytes));
    }

    fn end(mut self) -> Result<Vec<u8>> {
        self.section_end();
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
