//! Unified diffs.

use std::fmt::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use similar::udiff::UnifiedHunkHeader;
use similar::{Algorithm, capture_diff_slices, group_diff_ops};

use crate::error::{Error, Result};
use crate::words::escape;

const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default();

/// The change of one file as a unified diff that `patch` and `git apply` take; nothing where nothing changes. To both a line ends in LF
/// and nothing else, and holds any bytes.
pub fn unified(name: &str, before: &[u8], after: &[u8]) -> Vec<u8> {
    const CONTEXT: usize = 3;
    let lines = |text| <[u8]>::split_inclusive(text, |byte| *byte == b'\n').collect::<Vec<_>>();
    let (old, new) = (lines(before), lines(after));
    let mut patch = Vec::new();
    for (at, hunk) in group_diff_ops(capture_diff_slices(Algorithm::Myers, &old, &new), CONTEXT).iter().enumerate() {
        if at == 0 {
            patch.extend(format!("--- a/{name}\n+++ b/{name}\n").bytes());
        }
        patch.extend(format!("{}\n", UnifiedHunkHeader::new(hunk)).bytes());
        for change in hunk.iter().flat_map(|op| op.iter_changes(&old, &new)) {
            patch.extend(change.tag().to_string().bytes());
            patch.extend(change.value());
            if !change.value().ends_with(b"\n") {
                patch.extend(b"\n\\ No newline at end of file\n");
            }
        }
    }
    patch
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
pub fn colored(diff: &[u8]) -> String {
    let diff = String::from_utf8_lossy(diff);
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
        let patch = unified("s/SKILL.md", b"a\nb\nc\n", b"a\nB\nc");
        insta::assert_snapshot!(String::from_utf8(patch).unwrap(), @r"
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
        assert_eq!(unified("s", b"a", b"a"), b"");
    }

    #[test]
    fn a_line_of_a_patch_holds_whatever_stands_before_a_line_feed() {
        let patch = unified("s", b"a\r\xe9 \rb\nc", b"a\r\xe9\rb\nc");
        let expected =
            b"--- a/s\n+++ b/s\n@@ -1,2 +1,2 @@\n-a\r\xe9 \rb\n+a\r\xe9\rb\n c\n\\ No newline at end of file\n";
        assert_eq!(patch, expected);
    }

    #[test]
    fn a_terminal_sees_no_control_characters() {
        assert!(colored(b"+\x1b[31m\n").contains("\\u{1b}[31m"));
    }
}
