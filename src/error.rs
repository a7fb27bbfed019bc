//! The one error type: what failed, why, and what to do next.
//!
//! A message names the file or the value it is about. The cause is kept whole, and the hint is the next step a reader can take.
//! Nothing below [`crate::cli`] decides how an error looks; it only fills these four fields.

use std::error::Error as StdError;
use std::fmt;
use std::path::Path;

/// The result of anything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it is, for callers that act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller asked for something that makes no sense: a bad locator, a bad name, a bad configuration.
    Usage,
    /// The named file, skill, source or ref does not exist.
    NotFound,
    /// Reading or writing failed in the operating system.
    Io,
    /// Something was read, and it is not what it should be.
    Invalid,
    /// Refused because carrying it out could harm: a hostile tree, an edit that would be lost.
    Refused,
    /// The network or the server at its other end failed.
    Network,
    /// A copy that can be made again is broken.
    Damaged,
    /// Another process holds what this one needs.
    Busy,
}

/// A failure that a person can act on.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    #[source]
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// A failure of `kind`, described by `message` (lower case, no full stop).
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, cause: None }
    }

    /// An operating-system failure: `cannot <action> <path>`, with a hint where the system's reason has a usual remedy.
    pub fn io(action: &str, path: &Path, cause: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let kind = if cause.kind() == Io::NotFound { ErrorKind::NotFound } else { ErrorKind::Io };
        let hint = match cause.kind() {
            Io::NotFound => Some("check the path"),
            Io::PermissionDenied => Some("check who owns it and its permissions, or choose another place"),
            Io::ReadOnlyFilesystem => Some("the file system is mounted read-only; choose another place"),
            Io::StorageFull | Io::QuotaExceeded => Some("free some space and run the command again"),
            _ => None,
        };
        let error = Self::new(kind, format!("cannot {action} {}", path.display())).because(cause);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }

    /// Adds what led to it.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds what to do next, where nothing better was said.
    #[must_use]
    pub fn hint_unless_there(mut self, hint: &str) -> Self {
        self.hint.get_or_insert_with(|| hint.to_owned());
        self
    }

    /// The same failure of the thing called `name`, which is one of several, unless it says so already.
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        let named = format!("{name}: ");
        if !self.message.starts_with(&named) {
            self.message.insert_str(0, &named);
        }
        self
    }

    /// The same failure for a second reader; its causes become text.
    #[must_use]
    pub fn again(&self) -> Self {
        let causes: Vec<String> = self.causes().map(ToString::to_string).collect();
        let again = Self { kind: self.kind, message: self.message.clone(), hint: self.hint.clone(), cause: None };
        if causes.is_empty() { again } else { again.because(causes.join(": ")) }
    }

    /// What failed and every cause, in one text.
    pub fn in_full(&self) -> String {
        self.causes().fold(self.to_string(), |text, cause| format!("{text}: {cause}"))
    }

    /// The sort of failure.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// What to do next, if there is something.
    pub fn help(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Every cause, outermost first.
    pub fn causes(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        let mut next = self.source();
        std::iter::from_fn(move || {
            let cause = next?;
            next = cause.source();
            Some(cause)
        })
    }
}

/// `did you mean "a" or "b"?` for a mistyped `name`, or nothing when no candidate is near.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = nearest(name, candidates, 3);
    let quoted: Vec<String> = near.iter().map(|candidate| format!("{candidate:?}")).collect();
    match quoted.as_slice() {
        [] => None,
        [one] => Some(format!("did you mean {one}?")),
        [head @ .., last] => Some(format!("did you mean {} or {last}?", head.join(", "))),
    }
}

/// Up to `limit` candidates that look like `name`, the most similar first, ties in alphabetical order.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>, limit: usize) -> Vec<&'a str> {
    const ALIKE: f64 = 0.84;
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|(score, name), (other, other_name)| other.total_cmp(score).then_with(|| name.cmp(other_name)));
    scored.dedup_by_key(|(_, name)| *name);
    scored.into_iter().take(limit).map(|(_, name)| name).collect()
}

/// `1 error`, `2 errors`, `3,074 manifests`.
pub fn number(count: impl ToString + Copy, what: &str) -> String {
    let count = grouped(count);
    let plural = if count == "1" { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// `3,074`.
pub fn grouped(count: impl ToString + Copy) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A word as a shell takes it, for a command that is to be copied from a hint.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-:@+=,#%".contains(c);
    if !word.starts_with('#') && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Shows `text` with control characters, bidirectional overrides and other invisible code points written out, so that text from a
/// manifest, a server or a file name cannot steer a terminal.
pub fn escape(text: &str) -> Escaped<'_> {
    Escaped { text, in_line: false }
}

/// The same for what is put into a line, such as a file's name: a line break in it cannot begin a line of its own.
pub fn escape_in_line(text: &str) -> Escaped<'_> {
    Escaped { text, in_line: true }
}

/// Text that displays with its invisible characters written out; made by [`escape`] and [`escape_in_line`].
#[derive(Debug, Clone, Copy)]
pub struct Escaped<'a> {
    text: &'a str,
    in_line: bool,
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nearly all text is plain, and there may be thousands of lines.
        let Self { text, in_line } = *self;
        let is_plain = |byte| matches!(byte, b' '..=b'~') || !in_line && matches!(byte, b'\t' | b'\n');
        if text.bytes().all(is_plain) {
            return f.write_str(text);
        }
        let mut plain_from = 0;
        for (at, character) in text.char_indices() {
            if is_unsafe_to_show(character) || in_line && matches!(character, '\t' | '\n') {
                f.write_str(&text[plain_from..at])?;
                write!(f, "\\u{{{:x}}}", u32::from(character))?;
                plain_from = at + character.len_utf8();
            }
        }
        f.write_str(&text[plain_from..])
    }
}

/// Whether a terminal or a reader could be misled by this character: controls except tab and newline, bidirectional controls,
/// zero-width and tag characters.
fn is_unsafe_to_show(character: char) -> bool {
    match character {
        '\t' | '\n' => false,
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_near_and_in_order() {
        assert_eq!(nearest("chatwot", ["chatra", "chatwoot", "zendesk"], 3), ["chatwoot", "chatra"]);
        assert_eq!(did_you_mean("zzz", ["chatra"]), None);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(1, "error"), "1 error");
        assert_eq!(number(3074, "manifest"), "3,074 manifests");
        assert_eq!(number(1_234_567, "x"), "1,234,567 xs");
    }

    #[test]
    fn a_shell_takes_a_quoted_word_for_one() {
        assert_eq!(quoted("/a/b-1.c#v1"), "/a/b-1.c#v1");
        assert_eq!(quoted("/it's a $x"), r"'/it'\''s a $x'");
    }

    #[test]
    fn what_could_steer_a_terminal_is_written_out() {
        assert_eq!(escape("a\u{1b}[31mb\u{202e}").to_string(), "a\\u{1b}[31mb\\u{202e}");
        assert_eq!(escape("kept\tas it is\n").to_string(), "kept\tas it is\n");
        assert_eq!(escape_in_line("no\ttwo\nlines").to_string(), "no\\u{9}two\\u{a}lines");
    }
}
