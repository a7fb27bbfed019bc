//! Long runs of letters and digits: the one thing that nearly all secrets are and little else is.

use crate::manifest::source::Span;

/// The shortest run that is looked at.
const LEAST: usize = 16;
/// How the few secrets start that are made of letters alone.
const LETTERS_ALONE: [&[u8]; 2] = [b"hf_", b"api_org_"];

/// The runs of a text in which a digit and a letter stand side by side, in order.
pub(super) fn runs(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    // A run that starts here or in the next few bytes reaches the last of them, so that most of a text need not be looked at.
    while let Some(&last) = bytes.get(at + LEAST - 1) {
        at += LEAST;
        if !belongs(last) {
            continue;
        }
        let run = around(bytes, at - 1);
        if run.len() >= LEAST && (mixes(&bytes[run.range()]) || has_letters_alone(&bytes[run.range()])) {
            runs.push(run);
        }
        at = run.end;
    }
    runs
}

fn belongs(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn has_letters_alone(run: &[u8]) -> bool {
    LETTERS_ALONE.iter().any(|start| run.windows(start.len()).any(|window| window == *start))
}

/// The run that the byte at `at` belongs to.
fn around(bytes: &[u8], at: usize) -> Span {
    let before = bytes[..at].iter().rev().take_while(|byte| belongs(**byte)).count();
    let after = bytes[at..].iter().take_while(|byte| belongs(**byte)).count();
    Span::new(at - before, at + after)
}

fn mixes(run: &[u8]) -> bool {
    let beside = |a: u8, b: u8| a.is_ascii_digit() && b.is_ascii_alphabetic();
    run.windows(2).any(|pair| beside(pair[0], pair[1]) || beside(pair[1], pair[0]))
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_long_mixed_runs_are_found() {
        let text = "Version 1.10 of 2024-05-01-preview, a-long-word-without-digits, ab12, x1-aaaaaaaaaaaaaaaa; hf_aaaaaaaaaaaaaaaaaaa";
        let found: Vec<&str> = super::runs(text).into_iter().map(|run| &text[run.range()]).collect();
        assert_eq!(found, ["x1-aaaaaaaaaaaaaaaa", "hf_aaaaaaaaaaaaaaaaaaa"]);
    }
}
