//! What could be turned against the user of a skill.
//!
//! Every finding is a warning at most: whether it is an attack is for a person to judge. What merely talks about attacks, emoji joined
//! by ZWJ, and scripts that need invisible characters are left alone.

mod archive;
mod bidi_control;
mod binary;
mod download_and_run;
mod encoded_payload;
mod exfiltrating_image;
mod hidden_instructions;
mod mixed_script;
mod padding;
mod prompt_injection;
mod secret;
mod tag_characters;
mod variation_selectors;
mod zero_width;

use super::evidence;
use crate::lint::rule::Rule;

pub(in crate::lint) static RULES: &[&Rule] = &[
    &tag_characters::RULE,
    &bidi_control::RULE,
    &zero_width::RULE,
    &variation_selectors::RULE,
    &mixed_script::RULE,
    &hidden_instructions::RULE,
    &prompt_injection::RULE,
    &download_and_run::RULE,
    &encoded_payload::RULE,
    &secret::RULE,
    &exfiltrating_image::RULE,
    &archive::RULE,
    &binary::RULE,
    &padding::RULE,
];

/// Whether a line speaks against what it shows.
fn speaks_against(line: &str) -> bool {
    const WORDS: [&str; 14] = [
        "never",
        "don't",
        "do not",
        "avoid",
        "instead of",
        "rather than",
        "dangerous",
        "malicious",
        "unsafe",
        "attack",
        "reject",
        "detect",
        "insecure",
        "flag",
    ];
    let lower = line.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// Whether a command line ends in a program that runs what it is given on standard input.
fn pipes_into_interpreter(line: &str) -> bool {
    line.split('|').skip(1).any(|part| {
        let mut words = part
            .split_whitespace()
            .skip_while(|word| matches!(*word, "sudo" | "env") || word.starts_with('-') || word.contains('='));
        let program = words.next().unwrap_or_default();
        let program = program.rsplit('/').next().unwrap_or(program).trim_end_matches([';', ')', '"', '\'', '`']);
        matches!(
            program,
            "sh" | "bash"
                | "zsh"
                | "dash"
                | "ksh"
                | "fish"
                | "python"
                | "python3"
                | "perl"
                | "ruby"
                | "node"
                | "iex"
                | "powershell"
                | "pwsh"
        )
    })
}
