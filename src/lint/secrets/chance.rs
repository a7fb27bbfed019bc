//! Whether a text was drawn by lot: what tells a key from a placeholder.

/// What stands in placeholders and in documented examples, in lower case.
const WORDS: [&str; 21] = [
    "example",
    "xxxx",
    "your",
    "placeholder",
    "redacted",
    "dummy",
    "fake",
    "sample",
    "changeme",
    "replace",
    "insert",
    "secret",
    "password",
    "test",
    "demo",
    "todo",
    "...",
    "***",
    "mykey",
    "mytoken",
    "abc123",
];
/// Values that documentation shows again and again.
const KNOWN: [&str; 7] = [
    // Personal access token of GitHub's documentation.
    "16C7e42F292c6912E7710c838347Ae178B4a",
    // The token, header and payload that jwt.io starts with.
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
    "eyJzdWIiOiIxMjM0NTY3ODkwIiwi",
    // Google's documentation of the Maps API.
    "AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe",
    // Slack's documentation.
    "xoxb-17653672481-19874698323",
    // The UUID that RFC-like examples use, and the empty one.
    "123e4567-e89b-12d3",
    "00000000-0000",
];
/// Bits of a character that what is drawn by lot has at least, from the shortest run on.
const LEAST_ENTROPY: f64 = 3.0;
/// So many characters that follow each other in the alphabet, or are the same, were typed.
const TYPED: usize = 5;

/// Whether a text was drawn by lot, with more than `entropy` bits a character.
pub(super) fn is_drawn(text: &str, entropy: f64) -> bool {
    let lower = text.to_ascii_lowercase();
    self::entropy(text) >= entropy.max(LEAST_ENTROPY)
        && !WORDS.iter().any(|word| lower.contains(word))
        && !KNOWN.iter().any(|known| text.contains(known))
        && !is_typed(lower.as_bytes())
}

/// Whether letters and digits follow each other as they do in no name: asked where nothing but a name speaks for a secret.
pub(super) fn is_jumbled(text: &str) -> bool {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => Some(0),
        b'a'..=b'z' => Some(1),
        b'A'..=b'Z' => Some(2),
        _ => None,
    };
    let changes = text.as_bytes().windows(2).filter(|pair| match (class(pair[0]), class(pair[1])) {
        (Some(a), Some(b)) => a != b && (a == 0 || b == 0),
        _ => false,
    });
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 3 && changes.count() * 6 >= text.len() && !has_word(text)
}

/// Bits a character, were each drawn on its own.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = f64::from(counts.iter().sum::<u32>());
    let of = |count: u32| {
        let share = f64::from(count) / length;
        -share * share.log2()
    };
    counts.into_iter().filter(|count| *count > 0).map(of).sum()
}

/// Whether a piece runs along the alphabet or repeats one character. `A` is what zeros look like in base64.
fn is_typed(text: &[u8]) -> bool {
    text.windows(TYPED + 1).any(|piece| {
        let steps = |by: u8| piece.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(by));
        piece[0].is_ascii_alphanumeric() && (steps(1) || steps(u8::MAX) || piece[0] != b'a' && steps(0))
    })
}

/// Whether six small letters in a row hold vowels and consonants as words do.
fn has_word(text: &str) -> bool {
    const LEAST: usize = 6;
    let is_letter = |byte: &u8| byte.is_ascii_lowercase();
    let is_vowel = |byte: &&u8| matches!(**byte, b'a' | b'e' | b'i' | b'o' | b'u');
    let pieces = text.as_bytes().split(|byte| !is_letter(byte)).filter(|piece| piece.len() >= LEAST);
    pieces.into_iter().any(|piece| {
        let vowels = piece.iter().filter(is_vowel).count();
        vowels * 4 >= piece.len() && vowels * 3 <= piece.len() * 2
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_told_from_what_was_drawn() {
        for drawn in ["a8Kd02mXq7Lr5Ts9Zw1B", "9f86d081884c7d659a2feaa0c55ad015", "AAAAAAAAAABq7Lr5Ts9Zw1Bv4Nc6Jf3"] {
            assert!(is_drawn(drawn, 0.0), "{drawn}");
        }
        for typed in ["a1234567Kd02mXq7Lr5T", "aaaaaaaaaaaaaaaaaaa1", "Kd02mXq7fedcbaLr5Ts9", "deadbeefdeadbeef0000"] {
            assert!(!is_drawn(typed, 0.0), "{typed}");
        }
        assert!(!is_drawn("9f86d081884c7d659a2feaa0c55ad015", 4.5));
        assert!(is_jumbled("q7Lr5Ts9Zw1Bv4Nc6Jf3"));
        assert!(!is_jumbled("production2-eu-west-1-cluster"));
    }
}
