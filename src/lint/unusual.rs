//! Characters that cannot be seen, or that look like others, found in one pass for all rules that care.

use crate::manifest::source::Span;

/// A character that some rule may want to know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusual {
    /// Where it stands.
    pub at: usize,
    /// What it is.
    pub character: char,
    /// What sort it is of.
    pub kind: Kind,
}

/// Sorts of unusual characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Deprecated language tags, which mirror ASCII and are never drawn.
    Tag,
    /// Controls of the direction of text.
    Bidi,
    /// Characters without width.
    ZeroWidth,
    /// Selectors of variants of the character before them.
    VariationSelector,
    /// UTF-8 that was read as Latin-1 or Windows-1252, and characters that are lost.
    Damaged,
    /// Cyrillic and Greek letters beside Latin ones, or before a dot and these, as in a host's name.
    Foreign,
}

impl Unusual {
    /// Its bytes.
    pub fn span(self) -> Span {
        Span::new(self.at, self.at + self.character.len_utf8())
    }
}

/// Every unusual character of a text, in order.
pub fn find(text: &str) -> Vec<Unusual> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if let Some(word) = bytes[at..].first_chunk::<64>()
            && word.is_ascii()
        {
            at += word.len();
            continue;
        }
        if let Some(word) = bytes[at..].first_chunk::<16>()
            && word.is_ascii()
        {
            at += word.len();
            continue;
        }
        if bytes[at].is_ascii() {
            at += 1;
            continue;
        }
        let Some(character) = text[at..].chars().next() else { break };
        if let Some(kind) = kind(character) {
            let rest = &text[at + character.len_utf8()..];
            let is_meant = match kind {
                Kind::Foreign => beside_latin(bytes, at, character.len_utf8()),
                Kind::Damaged => is_damaged(character, rest),
                _ => true,
            };
            if is_meant {
                found.push(Unusual { at, character, kind });
            }
        }
        at += character.len_utf8();
    }
    found
}

fn kind(character: char) -> Option<Kind> {
    match character {
        '\u{e0000}'..='\u{e007f}' => Some(Kind::Tag),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some(Kind::Bidi),
        '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' => {
            Some(Kind::ZeroWidth)
        }
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => Some(Kind::VariationSelector),
        '\u{370}'..='\u{52f}' => Some(Kind::Foreign),
        'Ã' | 'â' | 'ï' | '\u{fffd}' => Some(Kind::Damaged),
        _ => None,
    }
}

/// Whether a character and what follows are one character that was decoded byte by byte.
fn is_damaged(character: char, rest: &str) -> bool {
    let next = rest.chars().next();
    match character {
        'Ã' => next.is_some_and(|next| matches!(next, '\u{80}'..='\u{bf}') && next != '\u{a0}'),
        'â' => {
            rest.starts_with('€') && rest.chars().nth(1).is_some_and(|c| !c.is_alphanumeric() || "œ".contains(c))
                || rest.starts_with("†’")
        }
        'ï' => rest.starts_with("»¿"),
        _ => true,
    }
}

fn beside_latin(bytes: &[u8], at: usize, len: usize) -> bool {
    let before = at.checked_sub(1).is_some_and(|before| bytes[before].is_ascii_alphabetic());
    let after = at + len + usize::from(bytes.get(at + len) == Some(&b'.'));
    before || bytes.get(after).is_some_and(u8::is_ascii_alphabetic)
}

/// The runs of neighbours of one kind: where each starts and ends among `found`.
pub fn runs(found: &[Unusual], kind: Kind) -> impl Iterator<Item = &[Unusual]> {
    found
        .chunk_by(move |a, b| a.kind == b.kind && a.span().end == b.at)
        .filter(move |run| run.first().is_some_and(|first| first.kind == kind))
}

/// The bytes that a run covers.
pub fn span_of(run: &[Unusual]) -> Span {
    match run {
        [first, .., last] => Span::new(first.at, last.span().end),
        [one] => one.span(),
        [] => Span::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_kept_together() {
        let text = "plain ascii text of some length a\u{200b}\u{200c}b\u{200b} п nо \u{e0041}";
        let found = find(text);
        let zero: Vec<_> = runs(&found, Kind::ZeroWidth).map(<[Unusual]>::len).collect();
        assert_eq!(zero, [2, 1]);
        assert_eq!(runs(&found, Kind::Foreign).count(), 1);
        assert_eq!(runs(&found, Kind::Tag).map(span_of).next(), Some(Span::new(text.len() - 4, text.len())));
    }
}
