//! The shell code of a manifest: what an agent copies into a terminal.
//!
//! Most blocks of a set read the same in all its manifests, so what is in a block is found once for all of them.

mod grammar;
mod stand_ins;
mod terminal;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::RandomState;

use crate::manifest::Manifest;
use crate::manifest::document::{CodeBlock, Fence};
use crate::manifest::source::{Span, lines_in, trimmed};

/// Longer blocks are not parsed: they are programs, not examples.
const MAX_BYTES: usize = 1 << 16;
/// Bytes that are remembered.
const MAX_REMEMBERED: usize = 2 << 20;
/// Bytes that it takes to remember a block, besides its code.
const OVERHEAD: usize = 256;

/// A fenced block of shell code.
#[derive(Debug, Clone)]
pub struct Block {
    /// The word after the fence.
    pub language: Span,
    /// Where the code stands.
    pub span: Span,
    code: Rc<Code>,
}

/// What is in a piece of shell code, with places from its start.
#[derive(Debug)]
struct Code {
    commands: Vec<Span>,
    placeholders: Vec<Span>,
    error: Option<Span>,
}

/// Code that was seen, and about how many bytes that takes.
#[derive(Default)]
struct Seen {
    codes: HashMap<Box<str>, Rc<Code>, RandomState>,
    bytes: usize,
}

thread_local! {
    static SEEN: RefCell<Seen> = RefCell::default();
}

/// The blocks of shell code in a manifest.
pub fn blocks(manifest: &Manifest) -> Vec<Block> {
    let is_shell = |language| matches!(manifest.text(language), "bash" | "sh" | "shell");
    let blocks = manifest.document.code_blocks.iter();
    let blocks = blocks.filter(|block| block.fence == Fence::Fenced { closed: true } && is_shell(block.language));
    SEEN.with_borrow_mut(|seen| {
        let block = |found: &CodeBlock| {
            let code = seen.code(manifest.text(found.content));
            Block { language: found.language, span: found.content, code }
        };
        blocks.map(block).collect()
    })
}

impl Seen {
    fn code(&mut self, text: &str) -> Rc<Code> {
        if let Some(code) = self.codes.get(text) {
            return Rc::clone(code);
        }
        let code = Rc::new(Code::read(text));
        let bytes = self.bytes + text.len() + OVERHEAD;
        if bytes <= MAX_REMEMBERED {
            self.bytes = bytes;
            self.codes.insert(text.into(), Rc::clone(&code));
        }
        code
    }
}

impl Block {
    /// The lines that hold commands, without white space around them.
    pub fn commands(&self) -> impl Iterator<Item = Span> {
        self.code.commands.iter().map(|line| line.shifted(self.span.start))
    }

    /// The placeholders in angle brackets. What stands in a here-document is no command and has none.
    pub fn placeholders(&self) -> impl Iterator<Item = Span> {
        self.code.placeholders.iter().map(|placeholder| placeholder.shifted(self.span.start))
    }

    /// The first place at which no shell would read on, whatever the placeholders stand for.
    pub fn error(&self) -> Option<Span> {
        self.code.error.map(|error| error.shifted(self.span.start))
    }
}

impl Code {
    fn read(text: &str) -> Self {
        let lines = || lines_in(text, Span::new(0, text.len()));
        let commands = lines().map(|line| trimmed(text, line));
        let commands = commands.filter(|line| !line.is_empty() && !text[line.range()].starts_with('#')).collect();
        let in_line = |line: Span| {
            let found = stand_ins::placeholders(&text[line.range()]);
            found.map(move |(at, word)| Span::new(at, at + word.len()).shifted(line.start))
        };
        let has_document = memchr::memmem::find(text.as_bytes(), b"<<").is_some();
        let placeholders = if has_document { Vec::new() } else { lines().flat_map(in_line).collect() };
        Self { commands, placeholders, error: error_in(text) }
    }
}

fn error_in(code: &str) -> Option<Span> {
    grammar::first_error(code)?;
    if terminal::is_shown(code) { None } else { grammar::first_error(&stand_ins::with_stand_ins(code)) }
}
