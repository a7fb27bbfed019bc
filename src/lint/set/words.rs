//! The words of a description that tell its skill from others.

use std::sync::LazyLock;

use super::digest;

/// Digests of the telling words, each once, in one order. Endings do not count, but in the skill's own name and title.
pub(super) fn telling(description: &str, name: &str, title: &str) -> Vec<u64> {
    let own = format!("{title} {name}").to_lowercase();
    let own: Vec<&str> = own.split(|c: char| !c.is_alphanumeric()).collect();
    let mut words = Vec::new();
    let mut lower = String::new();
    for word in description.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        lower.clear();
        if word.is_ascii() {
            lower.push_str(word);
            lower.make_ascii_lowercase();
        } else {
            lower.extend(word.chars().flat_map(char::to_lowercase));
        }
        if !is_filler(&lower) {
            let word = if own.contains(&lower.as_str()) { &lower } else { stem(&lower) };
            words.push(digest(word.as_bytes()));
        }
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// Words that any description may hold, whatever its skill is for.
#[rustfmt::skip]
const FILLERS: [&str; 52] = [
    "a", "an", "the", "this", "that", "these", "it", "its", "is", "are", "be", "to", "of", "for", "in", "on", "at", "by", "and", "or",
    "with", "when", "whenever", "if", "you", "your", "user", "users", "want", "wants", "need", "needs", "ask", "asks", "use", "uses",
    "using", "used", "skill", "their", "them", "they", "can", "will", "should", "must", "please", "also", "as", "from", "so", "do",
];

/// The fillers as numbers, in order: every word of every description is looked for among them.
static SORTED: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut numbers: Vec<u64> = FILLERS.iter().filter_map(|word| number(word)).collect();
    numbers.sort_unstable();
    numbers
});

fn is_filler(word: &str) -> bool {
    number(word).is_some_and(|number| SORTED.binary_search(&number).is_ok())
}

/// The bytes of a word of at most eight as one number.
fn number(word: &str) -> Option<u64> {
    let mut bytes = [0; 8];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(u64::from_be_bytes(bytes))
}

/// A word without the ending that its number or tense gives it.
fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 7] = ["ies", "ing", "ed", "es", "s", "e", "y"];
    let stems = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending));
    stems.into_iter().find(|stem| stem.len() > 2 && !stem.ends_with('s')).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filler_is_known_as_one() {
        assert!(FILLERS.into_iter().all(is_filler));
        assert!(!is_filler("parcels") && !is_filler("whenevers") && !is_filler(""));
    }
}
