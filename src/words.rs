//! How things are said: counts, names that are near, words for a shell, and text that cannot steer a terminal.

use std::fmt;

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
