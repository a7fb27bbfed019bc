//! What systems and interpreters leave in folders that somebody only looked into: nobody's work, and no edit of a skill.
//!
//! A skill whose scripts were run once would else count as edited, and never be updated without `--force`. What a skill brings itself
//! under such a name is compared like any other file.

/// What file managers write: those of macOS and Windows.
const OF_SYSTEMS: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// Where Python keeps what it compiles.
const OF_PYTHON: &str = "__pycache__";

/// Whether nobody is the author of what has this path in a skill's folder.
pub(super) fn is_litter(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    // While it is written it has a number behind its name.
    let is_compiled = || name.contains(".pyc") && folder.rsplit('/').next() == Some(OF_PYTHON);
    // The folder itself is named where it is empty.
    OF_SYSTEMS.contains(&name) || name == OF_PYTHON || is_compiled()
}

#[cfg(test)]
mod tests {
    use super::is_litter;

    #[test]
    fn what_somebody_wrote_is_no_litter() {
        for path in [
            ".DS_Store",
            "scripts/.DS_Store",
            "assets/Thumbs.db",
            "desktop.ini",
            "scripts/__pycache__",
            "scripts/__pycache__/sort.cpython-314.pyc",
            "__pycache__/sort.cpython-314.pyc.140234866",
        ] {
            assert!(is_litter(path), "{path}");
        }
        for path in [
            "SKILL.md",
            "notes.md",
            "sort.pyc",
            "__pycache__/notes.md",
            "__pycache__/a/sort.pyc",
            "DS_Store",
            "a.DS_Store",
        ] {
            assert!(!is_litter(path), "{path}");
        }
    }
}
