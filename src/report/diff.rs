//! Unified diffs.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use similar::TextDiff;

use crate::error::escape;

const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default();

/// The change of one file as a unified diff that `patch` and `git apply` take; nothing where nothing changes.
pub fn unified(path: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(3).header(&format!("a/{path}"), &format!("b/{path}")).to_string()
}

/// A diff for a terminal: in colour, control characters written out.
pub fn colored(diff: &str) -> String {
    let mut shown = String::with_capacity(diff.len());
    for line in diff.lines() {
        let style = match line.as_bytes().first() {
            Some(b'-') => REMOVED,
            Some(b'+') => ADDED,
            Some(b'@') => PLACE,
            _ => Style::new(),
        };
        let _ = writeln!(shown, "{style}{}{style:#}", escape(line));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_a_patch() {
        insta::assert_snapshot!(unified("s/SKILL.md", "a\nb\nc\n", "a\nB\nc"), @r"
        --- a/s/SKILL.md
        +++ b/s/SKILL.md
        @@ -1,3 +1,3 @@
         a
        -b
        -c
        +B
        +c
        \ No newline at end of file
        ");
        assert_eq!(unified("s", "a", "a"), "");
    }

    #[test]
    fn a_terminal_sees_no_control_characters() {
        assert!(colored("+\u{1b}[31m\n").contains("\\u{1b}[31m"));
    }
}
