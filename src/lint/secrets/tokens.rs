//! Long runs of letters and digits: the one thing that nearly all secrets are and little else is.

use crate::manifest::source::Span;

/// The shortest run that is looked at.
const LEAST: usize = 16;
/// Bytes that are searched for a digit at once.
const BLOCK: usize = 32;

/// How the few secrets start that are made of letters alone.
const LETTERS_ALONE: [&[u8]; 2] = [b"hf_", b"api_org_"];

/// The runs of a text in which a digit and a letter stand side by side, in order.
pub(super) fn runs(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut runs: Vec<Span> = Vec::new();
    let mut done = 0;
    let mut look = |at: usize| {
        if at >= done && bytes[at].is_ascii_digit() {
            let run = around(bytes, at);
            if run.len() >= LEAST && mixes(&bytes[run.range()]) {
                runs.push(run);
            }
            done = run.end;
        }
    };
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (number, block) in blocks.iter().enumerate() {
        if has_digit(block) {
            (number * BLOCK..(number + 1) * BLOCK).for_each(&mut look);
        }
    }
    (bytes.len() - rest.len()..bytes.len()).for_each(look);
    // Both end in the same mark.
    for at in memchr::memchr_iter(b'_', bytes) {
        if LETTERS_ALONE.iter().any(|start| bytes[..=at].ends_with(start)) {
            let run = around(bytes, at);
            runs.extend((run.len() >= LEAST).then_some(run));
        }
    }
    runs.sort_unstable();
    runs.dedup();
    runs
}

/// Whether a block has a digit; without a branch for each byte, the compiler makes vector instructions of this.
fn has_digit(block: &[u8; BLOCK]) -> bool {
    block.iter().fold(0, |any, byte| any | u8::from(byte.wrapping_sub(b'0') < 10)) > 0
}

/// The run that the byte at `at` belongs to.
fn around(bytes: &[u8], at: usize) -> Span {
    let belongs = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let before = bytes[..at].iter().rev().take_while(belongs).count();
    let after = bytes[at..].iter().take_while(belongs).count();
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
