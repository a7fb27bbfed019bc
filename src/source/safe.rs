//! Which names may be part of a path on any of the file systems that a skills directory may lie on.

use unicode_normalization::UnicodeNormalization;

/// The longest part of a path that common file systems take, in bytes.
const MAX_COMPONENT: usize = 255;

/// Says why `name` must not be a part of a path, if it must not.
pub(crate) fn component(name: &str) -> Result<(), &'static str> {
    match name {
        "" => return Err("it is empty"),
        "." | ".." => return Err("it leads to another folder"),
        _ if name.len() > MAX_COMPONENT => return Err("it is longer than file systems allow"),
        _ => {}
    }
    for character in name.chars() {
        match character {
            '/' | '\\' => return Err("it holds a separator of paths"),
            ':' => return Err("it holds a colon, which Windows takes for a drive or a stream"),
            '<' | '>' | '"' | '|' | '*' | '?' => return Err("it holds a character that Windows does not allow"),
            _ if character.is_control() => return Err("it holds a control character"),
            _ if is_invisible(character) => return Err("it holds an invisible character"),
            _ => {}
        }
    }
    if name.ends_with(['.', ' ']) {
        return Err("it ends in a dot or a blank, which Windows drops");
    }
    if is_device(name) {
        return Err("it is the name of a device on Windows");
    }
    if is_dot_git(name) {
        return Err("some file system takes it for `.git`");
    }
    Ok(())
}

/// What a case-folding, normalising file system takes `name` for.
pub(crate) fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfkc().flat_map(char::to_lowercase).flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

/// `.git` in another case, in the short names of Windows, or with what HFS+ ignores.
fn is_dot_git(name: &str) -> bool {
    if !name.is_ascii() {
        let plain: String = folded(name).chars().filter(|character| !is_invisible(*character)).collect();
        return plain.is_ascii() && is_dot_git(&plain);
    }
    let plain = name.trim_end_matches(['.', ' ']);
    let is_short = |(git, number): (&str, &str)| {
        git.eq_ignore_ascii_case("git~") && number.bytes().all(|byte| byte.is_ascii_digit())
    };
    plain.eq_ignore_ascii_case(".git") || plain.split_at_checked(4).is_some_and(is_short)
}

fn is_device(name: &str) -> bool {
    const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let is_port = |(port, number): (&str, &str)| {
        let mut number = number.chars();
        ["COM", "LPT"].iter().any(|name| port.eq_ignore_ascii_case(name))
            && matches!((number.next(), number.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    };
    DEVICES.iter().any(|name| stem.eq_ignore_ascii_case(name)) || stem.split_at_checked(3).is_some_and(is_port)
}

fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises_are_seen_through() {
        for name in [".git", ".GIT", ".g\u{200c}it", ".Git ", "git~1", "GIT~2", ".ｇit", ".git."] {
            assert!(component(name).is_err(), "{name:?}");
        }
        for name in ["nul", "Con.txt", "com1", "LPT9.md", "com¹", "a ", "a.", "x:y", "a\u{7f}", "a\tb"] {
            assert!(component(name).is_err(), "{name:?}");
        }
        for name in [".gitignore", ".github", "git", "console.md", "com10", "a b.md", "naïve.md", "日本.md", ".hidden"]
        {
            assert_eq!(component(name), Ok(()), "{name:?}");
        }
    }

    #[test]
    fn what_folds_together_is_the_same() {
        assert_eq!(folded("README"), folded("readme"));
        assert_eq!(folded("e\u{301}"), folded("é"));
        assert_eq!(folded("straße"), folded("STRASSE"));
        assert_ne!(folded("a"), folded("b"));
    }
}
