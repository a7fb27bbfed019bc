//! What a terminal showed, and what a program says about itself, are no shell code.

/// Whether a block is one of the two.
pub(super) fn is_shown(code: &str) -> bool {
    is_session(code) || is_usage(code)
}

/// Whether the block shows what a terminal showed: lines behind a prompt, and answers to them.
fn is_session(code: &str) -> bool {
    code.lines().any(|line| {
        let line = line.trim_start();
        let of_a_program = || {
            let (name, rest) = line.strip_prefix('(')?.split_once(") ")?;
            (!rest.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))).then_some(())
        };
        ["$ ", "> ", "% ", ">>> "].iter().any(|prompt| line.starts_with(prompt)) || of_a_program().is_some()
    })
}

/// Whether the block is what a program says about its own use: titles of lists, options in lines of their own.
fn is_usage(code: &str) -> bool {
    const TITLES: [&str; 6] = ["usage:", "options:", "arguments:", "commands:", "flags:", "examples:"];
    let mut continued = false;
    code.lines().any(|line| {
        let trimmed = line.trim();
        let is_option = !continued && trimmed.starts_with('-') && trimmed.contains("  ");
        continued = trimmed.ends_with('\\');
        is_option || TITLES.iter().any(|title| trimmed.eq_ignore_ascii_case(title))
    })
}
