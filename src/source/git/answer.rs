//! Answers of a git server: its greeting, its refs, a pack. The forms are those of gitprotocol-v2(5), gitprotocol-pack(5) and
//! gitprotocol-http(5). Whatever comes, the result is a value or an error that says what is wrong.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use git2::Oid;
use gix_packetline::PacketLineRef;
use gix_packetline::blocking_io::StreamingPeekableIter;

use super::refs::Advertised;
use crate::error::{Error, ErrorKind, Result};
use crate::words::escape;

/// How a server speaks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Greeting {
    /// The refs that it has said already; none in version 2, where they are asked for.
    pub(super) refs: Option<Vec<Advertised>>,
    /// Whether it gives commits without their history.
    pub(super) shallow: bool,
    /// Whether it gives folders without their files, and files by their ids.
    pub(super) filter: bool,
    /// Whether it gives everything that it has, whatever its refs point at: git itself does so in version 2.
    pub(super) everything: bool,
}

/// An answer while it comes in.
pub(super) struct Answer<'u, R> {
    lines: StreamingPeekableIter<BufReader<R>>,
    /// Whose answer it is, as messages name it.
    url: &'u str,
}

/// What ends a part of an answer.
const ENDS: &[PacketLineRef<'static>] = &[PacketLineRef::Flush, PacketLineRef::Delimiter];

impl<'u, R: Read> Answer<'u, R> {
    pub(super) fn new(from: R, url: &'u str) -> Self {
        let mut lines = StreamingPeekableIter::new(BufReader::with_capacity(64 << 10, from), ENDS, false);
        lines.fail_on_err_lines(true);
        Self { lines, url }
    }

    /// What a server says first.
    pub(super) fn greeting(mut self) -> Result<Greeting> {
        let mut first = self.line()?;
        if first.as_deref().is_some_and(|line| line.starts_with("# service=")) {
            while self.line()?.is_some() {}
            self.lines.reset();
            first = self.line()?;
        }
        let mut greeting = Greeting::default();
        if first.as_deref() == Some("version 2") {
            while let Some(line) = self.line()? {
                match line.split_once('=') {
                    Some(("fetch", features)) => {
                        greeting.shallow = features.split(' ').any(|feature| feature == "shallow");
                        greeting.filter = features.split(' ').any(|feature| feature == "filter");
                    }
                    Some(("agent", agent)) => greeting.everything = agent.starts_with("git/"),
                    Some(("object-format", format)) => self.check_format(format)?,
                    _ => {}
                }
            }
            return self.end().map(|()| greeting);
        }
        if first.as_deref() == Some("version 1") {
            first = self.line()?;
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
            match said.split_once(' ') {
                // A repository without refs says its capabilities behind a name that is none; and what is not whole there is no
                // matter to who wants no history.
                Some((_, "capabilities^{}") | ("shallow", _)) => {}
                Some((id, name)) => {
                    let id = object_id(id).ok_or_else(|| self.confused(&line))?;
                    refs.push(Advertised { name: name.to_owned(), id });
                }
                None => return Err(self.confused(&line)),
            }
            first = self.line()?;
        }
        greeting.refs = Some(refs);
        self.end().map(|()| greeting)
    }

    /// Refs that were asked for (version 2).
    pub(super) fn refs(mut self) -> Result<Vec<Advertised>> {
        let mut refs = Vec::new();
        while let Some(line) = self.line()? {
            let mut words = line.split(' ');
            let (Some(id), Some(name)) = (words.next().and_then(object_id), words.next()) else {
                return Err(self.confused(&line));
            };
            refs.push(Advertised { name: name.to_owned(), id });
            let peeled = words.find_map(|word| object_id(word.strip_prefix("peeled:")?));
            refs.extend(peeled.map(|id| Advertised { name: format!("{name}^{{}}"), id }));
        }
        self.end().map(|()| refs)
    }

    /// A pack, which `take` gets piece by piece, and the commits that came without what was before them.
    pub(super) fn pack(mut self, greeting: &Greeting, take: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<Vec<Oid>> {
        let shallow = if greeting.refs.is_some() { self.until_pack() } else { self.sections() }?;
        let mut said = None;
        let mut pack = self.lines.as_read_with_sidebands(|is_error, text| {
            if is_error {
                said = Some(String::from_utf8_lossy(text).into_owned());
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        let received = loop {
            match pack.fill_buf() {
                Ok([]) => break Ok(()),
                Ok(bytes) => {
                    take(bytes)?;
                    let len = bytes.len();
                    pack.consume(len);
                }
                Err(error) => break Err(error),
            }
        };
        drop(pack);
        match (received, said) {
            (_, Some(said)) => Err(self.refusal(&said)),
            (Err(error), None) => Err(self.failed(error)),
            (Ok(()), None) => self.end().map(|()| shallow),
        }
    }

    /// Reads the sections before the pack (version 2).
    fn sections(&mut self) -> Result<Vec<Oid>> {
        let mut shallow = Vec::new();
        loop {
            match self.line()?.as_deref() {
                Some("packfile") => return Ok(shallow),
                Some(_) => {
                    while let Some(line) = self.line()? {
                        shallow.extend(shallow_commit(&line));
                    }
                    if self.lines.stopped_at() == Some(PacketLineRef::Flush) {
                        return Err(self.refused("its answer ends before any objects".to_owned()));
                    }
                    self.lines.reset();
                }
                None => return Err(self.refused("its answer is empty".to_owned())),
            }
        }
    }

    /// Reads what stands before the pack (versions 0 and 1), which begins with the first line of a band.
    fn until_pack(&mut self) -> Result<Vec<Oid>> {
        let mut shallow = Vec::new();
        loop {
            match self.lines.peek_line() {
                Some(Ok(Ok(PacketLineRef::Data([1..=3, ..])))) => return Ok(shallow),
                Some(Ok(Ok(_))) => shallow.extend(self.line()?.as_deref().and_then(shallow_commit)),
                Some(Ok(Err(_))) => return Err(self.confused("something that is no line")),
                Some(Err(error)) => return Err(self.failed(error)),
                None => self.lines.reset(),
            }
        }
    }

    /// The next line without its end; none at the end of a part.
    fn line(&mut self) -> Result<Option<String>> {
        match self.lines.read_line() {
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
    fn end(self) -> Result<()> {
        let mut rest = self.lines.into_inner();
        match rest.fill_buf() {
            Ok(_) => Ok(()),
            Err(error) => Err(broken(self.url, error)),
        }
    }

    fn check_format(&self, format: &str) -> Result<()> {
        if format == "sha1" { Ok(()) } else { Err(other_format(self.url, format)) }
    }

    fn failed(&self, error: io::Error) -> Error {
        let said = error.get_ref().and_then(|inner| inner.downcast_ref::<gix_packetline::read::Error>());
        match said {
            Some(said) => self.refusal(&said.message.to_string()),
            None => broken(self.url, error),
        }
    }

    /// The server understood, and will not.
    fn refusal(&self, said: &str) -> Error {
        self.refused(format!("the server says: {}", escape(said.trim())))
    }

    fn refused(&self, why: String) -> Error {
        Error::new(ErrorKind::NotFound, format!("{} does not give what it is asked for", self.url))
            .because(why)
            .hint("try again: what it has may have changed just now")
    }

    fn confused(&self, said: &str) -> Error {
        Error::new(ErrorKind::Network, format!("{} does not speak git's protocol", self.url))
            .because(format!("it says {:?}", escape(said).to_string()))
            .hint("check the URL, and whether a proxy answers in its place")
    }
}

/// A failure to read to the end. Limits are noticed while an answer is read, and come through as they are.
fn broken(url: &str, error: io::Error) -> Error {
    error.downcast::<Error>().unwrap_or_else(|error| {
        Error::new(ErrorKind::Network, format!("the connection to {url} broke")).because(error).hint("try again")
    })
}

/// The refusal of a repository whose ids are not those of this program.
pub(super) fn other_format(url: &str, format: &str) -> Error {
    let message = format!("{url} names its objects by {}, and only sha1 is read", escape(format));
    Error::new(ErrorKind::Usage, message).hint("clone it with git, and install from the clone's folder")
}

fn shallow_commit(line: &str) -> Option<Oid> {
    object_id(line.strip_prefix("shallow ")?)
}

/// A whole id and nothing else.
fn object_id(text: &str) -> Option<Oid> {
    Oid::from_str(text).ok().filter(|id| id.to_string() == text)
}

/// Takes any bytes for each kind of answer, and gives how many of them came out as packs.
#[cfg(any(test, fuzzing))]
pub fn take_for_any_answer(bytes: &[u8]) -> usize {
    let answer = || Answer::new(bytes, "there");
    let _ = (answer().greeting(), answer().refs());
    let mut taken = 0;
    for refs in [None, Some(Vec::new())] {
        let mut take = |piece: &[u8]| {
            taken += piece.len();
            Ok(())
        };
        let _ = answer().pack(&Greeting { refs, ..Greeting::default() }, &mut take);
    }
    taken
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONE: &str = "1111111111111111111111111111111111111111";
    const TWO: &str = "2222222222222222222222222222222222222222";

    /// Lines as they are sent: `-` stands for the end of a section, `=` for the end of everything.
    fn sent(lines: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for line in lines {
            match *line {
                "-" => bytes.extend(b"0001"),
                "=" => bytes.extend(b"0000"),
                line => bytes.extend(format!("{:04x}{line}", line.len() + 4).into_bytes()),
            }
        }
        bytes
    }

    fn says(error: &Error) -> String {
        error.in_full()
    }

    fn greeting(lines: &[&str]) -> Result<Greeting> {
        Answer::new(sent(lines).as_slice(), "there").greeting()
    }

    fn names(refs: &[Advertised]) -> Vec<&str> {
        refs.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn greetings_of_every_version_are_understood() {
        let second = [
            "version 2\n",
            "agent=git/2.47-x\n",
            "ls-refs=unborn\n",
            "fetch=shallow filter\n",
            "object-format=sha1\n",
            "=",
        ];
        let expected = Greeting { refs: None, shallow: true, filter: true, everything: true };
        assert_eq!(greeting(&second).unwrap(), expected);
        assert_eq!(greeting(&[&["# service=git-upload-pack\n", "="], &second[..]].concat()).unwrap(), expected);
        let other = greeting(&["version 2\n", "agent=JGit/7\n", "fetch=shallow wait-for-done\n", "="]).unwrap();
        assert!(!other.filter && !other.everything);

        let head = format!("{ONE} HEAD\0multi_ack shallow filter object-format=sha1\n");
        let main = format!("{TWO} refs/heads/main\n");
        let shallow = format!("shallow {TWO}");
        for version in [&[][..], &["version 1\n"]] {
            let lines = [&["# service=git-upload-pack\n", "="], version, &[&head, &main, &shallow, "="]].concat();
            let greeting = greeting(&lines).unwrap();
            assert_eq!(names(greeting.refs.as_deref().unwrap()), ["HEAD", "refs/heads/main"]);
            assert!(greeting.shallow && !greeting.filter, "old servers give no single files");
        }
        let empty = format!("{} capabilities^{{}}\0shallow\n", "0".repeat(40));
        assert_eq!(greeting(&[&empty, "="]).unwrap().refs, Some(Vec::new()));
    }

    #[test]
    fn what_is_no_greeting_is_said() {
        let error = |lines: &[&str]| says(&greeting(lines).unwrap_err());
        assert_eq!(
            error(&["version 2\n", "object-format=sha256\n", "="]),
            "there names its objects by sha256, and only sha1 is read"
        );
        assert_eq!(error(&["hello\n", "="]), "there does not speak git's protocol: it says \"hello\"");
        assert!(error(&["12 HEAD\n", "="]).contains("does not speak"));
        assert!(error(&["ERR access \u{1b}[2J denied", "="]).ends_with("the server says: access \\u{1b}[2J denied"));
        let html = Answer::new(&b"<html>"[..], "there").greeting().unwrap_err();
        assert!(says(&html).starts_with("there does not speak git's protocol"), "{}", says(&html));
        let cut = Answer::new(&b"000eversi"[..], "there").greeting().unwrap_err();
        assert!(says(&cut).starts_with("the connection to there broke"), "{}", says(&cut));
    }

    #[test]
    fn refs_come_with_what_tags_mean() {
        let lines =
            [format!("{ONE} HEAD symref-target:refs/heads/main\n"), format!("{TWO} refs/tags/v1 peeled:{ONE}\n")];
        let bytes = sent(&[&lines[0], &lines[1], "="]);
        let refs = Answer::new(bytes.as_slice(), "there").refs().unwrap();
        assert_eq!(names(&refs), ["HEAD", "refs/tags/v1", "refs/tags/v1^{}"]);
        assert!(Answer::new(sent(&["unborn HEAD\n", "="]).as_slice(), "there").refs().is_err());
    }

    fn pack(greeting: &Greeting, bytes: &[u8]) -> Result<(Vec<Oid>, String)> {
        let mut all = Vec::new();
        let mut take = |bytes: &[u8]| {
            all.extend_from_slice(bytes);
            Ok(())
        };
        let shallow = Answer::new(bytes, "there").pack(greeting, &mut take)?;
        Ok((shallow, String::from_utf8(all).unwrap()))
    }

    #[test]
    fn packs_of_every_version_are_taken() {
        let second = Greeting { refs: None, shallow: true, filter: true, everything: true };
        let first = Greeting { refs: Some(Vec::new()), shallow: true, ..Greeting::default() };
        let shallow = format!("shallow {ONE}\n");
        let bands = ["\u{2}Counting\r", "\u{1}PA", "\u{1}", "\u{1}CK", "="];
        let taken = (vec![Oid::from_str(ONE).unwrap()], "PACK".to_owned());
        let new =
            [&["acknowledgments\n", "NAK\n", "-", "shallow-info\n", &shallow, "-", "packfile\n"], &bands[..]].concat();
        assert_eq!(pack(&second, &sent(&new)).unwrap(), taken);
        let old = [&[&shallow, "=", "NAK\n"], &bands[..]].concat();
        assert_eq!(pack(&first, &sent(&old)).unwrap(), taken);

        let error = |greeting: &Greeting, lines: &[&str]| pack(greeting, &sent(lines)).unwrap_err();
        for (greeting, start) in [(&second, "packfile\n"), (&first, "NAK\n")] {
            let refused = error(greeting, &[start, "\u{1}PA", "\u{3}out of memory"]);
            assert_eq!(says(&refused), "there does not give what it is asked for: the server says: out of memory");
            assert!(says(&error(greeting, &[start, "\u{1}PA"])).starts_with("the connection to there broke"));
            let refused = error(greeting, &["ERR upload-pack: not our ref"]);
            assert_eq!((refused.kind(), says(&refused).ends_with("not our ref")), (ErrorKind::NotFound, true));
        }
        assert!(says(&error(&second, &["shallow-info\n", "="])).ends_with("its answer ends before any objects"));
        assert!(says(&error(&second, &["="])).ends_with("its answer is empty"));
    }

    #[test]
    fn who_takes_may_stop() {
        let bytes = sent(&["packfile\n", "\u{1}PACK", "="]);
        let mut take = |_: &[u8]| Err(Error::new(ErrorKind::Io, "the disk is full"));
        let error = Answer::new(bytes.as_slice(), "there").pack(&Greeting::default(), &mut take).unwrap_err();
        assert_eq!(error.to_string(), "the disk is full");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn whatever_comes_is_a_value_or_an_error(
            pieces in prop::collection::vec(prop::sample::select(&[
                "0000", "0001", "0002", "0003", "0004", "0005\u{1}", "0006\u{1}x", "0007\u{3}no", "000eversion 2\n", "000dpackfile\n",
                "0008NAK\n", "0009ERR x", "0011shallow-info\n", "ffff", "fff0", "zzzz", "000dfetch=x\n", "", "\n", "x", "\0", "\u{2}",
            ]), 0..10),
        ) {
            let bytes = pieces.concat();
            prop_assert!(take_for_any_answer(bytes.as_bytes()) <= 2 * bytes.len());
        }
    }
}
