//! Unified diffs.

use std::fmt::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use similar::TextDiff;

use crate::error::{Error, Result, escape};

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

/// What a patch calls the file that would be written: by its path from the working folder, or else from the root, since programs that
/// apply patches take no path that leads out of where they are.
pub fn name(path: &Path, working: &Path) -> Result<String> {
    let real = |path: &Path| path.canonicalize().map_err(|error| Error::io("find", path, error));
    let (file, working) = (real(path)?, real(working)?);
    let name = file.strip_prefix(&working).or_else(|_| file.strip_prefix("/")).unwrap_or(&file).display().to_string();
    // A name with a blank goes on to the tab.
    Ok(if name.contains(' ') { name + "\t" } else { name })
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
