//! The only writer to stdout and stderr.
//!
//! Data goes to stdout, everything said about it to stderr. A reader that goes away early (`| head`) is no failure, and no reason to leave
//! work undone. Text that comes from manifests, servers or file names passes through [`crate::words::escape`] before a terminal sees it.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::words::escape;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Color {
    /// On a terminal that can, unless `NO_COLOR` says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How much is said besides the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// What was done.
    Normal,
    /// How it was done, too.
    Verbose,
}

/// Where a command talks to.
#[derive(Debug, Clone, Copy)]
pub struct Ui {
    color: ColorChoice,
    verbosity: Verbosity,
}

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

impl Ui {
    /// A terminal that was asked for `color` and `verbosity`.
    pub fn new(color: Color, verbosity: Verbosity) -> Self {
        let color = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self { color, verbosity }
    }

    /// Whether stdout shows colour, for renderers that need to know.
    pub fn stdout_has_color(self) -> bool {
        match self.color {
            ColorChoice::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            choice => choice != ColorChoice::Never,
        }
    }

    /// Whether progress can be drawn: stderr is a terminal and nobody asked for quiet.
    pub fn shows_progress(self) -> bool {
        self.verbosity > Verbosity::Quiet && io::stderr().is_terminal()
    }

    /// Whether nothing is wanted but data and errors.
    pub fn is_quiet(self) -> bool {
        self.verbosity == Verbosity::Quiet
    }

    /// Writes data to stdout, as it is.
    pub fn data(self, text: impl Display) -> Result<()> {
        self.stdout(|out| write!(out, "{text}"))
    }

    /// Writes bytes to stdout: as they are, unless a terminal could be steered by them.
    pub fn bytes(self, bytes: &[u8]) -> Result<()> {
        if io::stdout().is_terminal() {
            return self.data(escape(&String::from_utf8_lossy(bytes)));
        }
        self.stdout(|out| out.write_all(bytes))
    }

    /// Writes one line to stdout.
    pub fn line(self, text: impl Display) -> Result<()> {
        self.stdout(|out| writeln!(out, "{text}"))
    }

    /// Writes one JSON document to stdout.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Error::new(ErrorKind::Invalid, "this value has no JSON form").because(error))?;
        self.line(text)
    }

    /// Writes one JSON value on one line to stdout.
    pub fn json_line<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        let text = serde_json::to_string(value)
            .map_err(|error| Error::new(ErrorKind::Invalid, "this value has no JSON form").because(error))?;
        self.line(text)
    }

    /// Says what was done.
    pub fn note(self, text: impl Display) {
        if self.verbosity >= Verbosity::Normal {
            self.stderr(format_args!("{}\n", escape(&text.to_string())));
        }
    }

    /// Says how it was done, to those who asked.
    pub fn detail(self, text: impl Display) {
        if self.verbosity >= Verbosity::Verbose {
            self.stderr(format_args!("{}\n", escape(&text.to_string())));
        }
    }

    /// Says what may surprise.
    pub fn warning(self, text: impl Display) {
        if self.verbosity >= Verbosity::Normal {
            self.failing(text);
        }
    }

    /// Says the same where it is why the exit code is 1, which those who want it quiet need as well.
    pub fn failing(self, text: impl Display) {
        self.stderr(format_args!("{WARNING}warning{WARNING:#}: {}\n", escape(&text.to_string())));
    }

    /// Draws how far something is, over what was drawn before.
    pub fn progress(self, text: impl Display) {
        self.stderr(format_args!("\r\x1b[K{}", escape(&text.to_string())));
    }

    /// Wipes what [`Ui::progress`] has drawn.
    pub fn end_progress(self) {
        if self.shows_progress() {
            self.stderr("\r\x1b[K");
        }
    }

    /// Says what failed, why, and what to do next.
    pub fn error(self, error: &Error) {
        self.stderr(format_args!("{ERROR}error{ERROR:#}: {}\n", escape(&error.to_string())));
        for cause in error.causes() {
            let cause = escape(&cause.to_string()).to_string().replace('\n', "\n           ");
            self.stderr(format_args!("  because: {cause}\n"));
        }
        if let Some(hint) = error.help() {
            self.stderr(format_args!("{HINT}hint{HINT:#}: {}\n", escape(hint)));
        }
    }

    fn stdout(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let out = io::stdout().lock();
        // What is no terminal gets every byte: it is for programs. Nobody sends them colour unasked.
        let mut out: Box<dyn Write> =
            if out.is_terminal() { Box::new(AutoStream::new(out, self.color)) } else { Box::new(out) };
        match write(&mut out).and_then(|()| out.flush()) {
            // Nobody reads on: what they wanted they have. What else is to be done is done.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Error::new(ErrorKind::Io, "cannot write to standard output").because(error)),
            Ok(()) => Ok(()),
        }
    }

    /// Nothing can be said about a stderr that does not take text.
    fn stderr(self, text: impl Display) {
        let _ = write!(AutoStream::new(io::stderr().lock(), self.color), "{text}");
    }
}
