//! Which language a line is in, as far as its script tells.
//!
//! Translations that share the original's script cannot be told from it by their letters, and are left alone.

use crate::error::{Error, ErrorKind, Result};

/// A script, or a family of scripts that one language mixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    /// Latin letters.
    Latin,
    /// Chinese characters, without Japanese or Korean letters.
    Han,
    /// Hiragana and katakana.
    Kana,
    /// Korean letters.
    Hangul,
    /// Cyrillic letters.
    Cyrillic,
    /// Greek letters.
    Greek,
    /// Arabic letters.
    Arabic,
    /// Hebrew letters.
    Hebrew,
    /// Devanagari letters.
    Devanagari,
    /// Thai letters.
    Thai,
}

/// Which side of a copy in two languages to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// The one that stands first.
    #[default]
    Original,
    /// The other one.
    Translation,
    /// The one in this script.
    In(Script),
}

impl Language {
    /// `original`, `translation`, or a language code such as `en` or `zh-CN`.
    pub fn parse(name: &str) -> Result<Self> {
        let lower = name.to_ascii_lowercase();
        let code = lower.split(['-', '_']).next().unwrap_or_default();
        let script = match code {
            "original" => return Ok(Self::Original),
            "translation" => return Ok(Self::Translation),
            "zh" => Script::Han,
            "ja" => Script::Kana,
            "ko" => Script::Hangul,
            "ru" | "uk" | "bg" | "sr" | "be" | "kk" | "mk" => Script::Cyrillic,
            "el" => Script::Greek,
            "ar" | "fa" | "ur" => Script::Arabic,
            "he" => Script::Hebrew,
            "hi" | "mr" | "ne" => Script::Devanagari,
            "th" => Script::Thai,
            code if (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                Script::Latin
            }
            _ => {
                return Err(Error::new(ErrorKind::Usage, format!("{name:?} is no language"))
                    .hint("give `original`, `translation`, or a language code such as en or zh"));
            }
        };
        Ok(Self::In(script))
    }
}

/// What a line is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A sentence in Latin letters.
    Latin,
    /// Text in another script.
    Other,
    /// A word, a name, a command, an address: the same in every language.
    Neutral,
}

/// Lines of so many bytes are headings and names.
const SHORT: usize = 48;
/// Latin words that make a sentence.
const SENTENCE: usize = 3;

/// The class of a line.
pub(crate) fn class(line: &str) -> Class {
    // Keys are the same in every language, and would outweigh a short name.
    let is_key = |run: &str| {
        run.contains('-') && run.bytes().all(|byte| byte.is_ascii_lowercase() || b"-_.0123456789".contains(&byte))
    };
    let runs = line.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'));
    let in_keys: usize = runs.filter(|run| is_key(run)).map(str::len).sum();
    let mut latin = 0usize;
    let mut weight = 0usize;
    for character in line.chars() {
        match script(character) {
            Some(Script::Latin) => latin += 1,
            // A Chinese or Korean sign carries about as much as a short word does.
            Some(Script::Han | Script::Kana | Script::Hangul) => weight += 4,
            Some(_) => weight += 2,
            None => {}
        }
    }
    let latin = latin.saturating_sub(in_keys);
    // A heading names the app in Latin letters: `Loafly 概述`.
    let weight = if line.len() <= SHORT { weight * 3 } else { weight };
    if weight > latin {
        return Class::Other;
    }
    // A command is made of words as well.
    if line.contains(" --") && !line.ends_with(['.', ':', '。', '|']) {
        return Class::Neutral;
    }
    let words = line.split_whitespace().filter(|word| word.chars().all(|c| c.is_alphabetic() || ".,'’:!?".contains(c)));
    let is_word = |word: &&str| word.starts_with(char::is_alphabetic);
    if words.filter(is_word).take(SENTENCE).count() == SENTENCE { Class::Latin } else { Class::Neutral }
}

/// Whether a text holds letters of a script; Chinese characters count as Japanese and Korean ones too.
pub(crate) fn has_script(line: &str, wanted: Script) -> bool {
    line.chars().any(|character| script(character) == Some(wanted))
}

fn script(character: char) -> Option<Script> {
    if character.is_ascii() {
        return character.is_ascii_alphabetic().then_some(Script::Latin);
    }
    match character {
        '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' => Some(Script::Kana),
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' => {
            Some(Script::Han)
        }
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' => Some(Script::Hangul),
        '\u{0370}'..='\u{03ff}' => Some(Script::Greek),
        '\u{0400}'..='\u{052f}' => Some(Script::Cyrillic),
        '\u{0590}'..='\u{05ff}' => Some(Script::Hebrew),
        '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' => Some(Script::Arabic),
        '\u{0900}'..='\u{097f}' => Some(Script::Devanagari),
        '\u{0e00}'..='\u{0e7f}' => Some(Script::Thai),
        other => other.is_alphabetic().then_some(Script::Latin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_classes() {
        assert_eq!(class("Loafly bakes bread for shops."), Class::Latin);
        assert_eq!(class("Loafly 为商店烤面包。"), Class::Other);
        assert_eq!(class("LoaflyForShops 概述"), Class::Other);
        assert_eq!(class("Loafly печёт хлеб"), Class::Other);
        assert_eq!(class("membrane login --tenant"), Class::Neutral);
        assert_eq!(class("membrane action run it --json"), Class::Neutral);
        assert_eq!(class("| 面包 | list-loaves-in-oven | |"), Class::Other);
        assert_eq!(class("• Oven"), Class::Neutral);
        assert_eq!(class("Lists all papers about 面 and other things."), Class::Latin);
    }

    #[test]
    fn languages_have_names() {
        assert_eq!(Language::parse("original").unwrap(), Language::Original);
        assert_eq!(Language::parse("zh-CN").unwrap(), Language::In(Script::Han));
        assert_eq!(Language::parse("de").unwrap(), Language::In(Script::Latin));
        assert!(Language::parse("klingon!").is_err());
    }
}
