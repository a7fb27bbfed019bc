//! The shape of the crate, held by a test: modules use only what lies below them, and what only one file may do is done there.

use std::fs;
use std::path::{Path, PathBuf};

/// From the top down. A module may use those after it, never those before it or beside it.
const LAYERS: &[&[&str]] = &[
    &["cli"],
    &["report"],
    &["install", "regenerate", "lint", "catalog"],
    &["source", "template", "capture"],
    &["manifest"],
    &["fs"],
    &["error"],
    &["words"],
];

/// Words that may stand in one place of `src` only.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("pulldown_cmark::", &["manifest/document.rs"]),
    ("saphyr_parser::", &["manifest/yaml/"]),
    ("serde_yaml::", &["manifest/yaml.rs"]),
    ("tera::", &["template/engine.rs"]),
    ("html5gum::", &["capture/html.rs"]),
    ("git2::", &["source/git/", "source/worktree.rs"]),
    ("gix_packetline::", &["source/git/answer.rs", "source/git/protocol.rs"]),
    ("ureq::", &["source/git/http.rs"]),
    ("tree_sitter::", &["lint/shell/grammar.rs"]),
    ("clap::", &["cli/"]),
    ("tempfile::", &["fs.rs", "fs/replace.rs"]),
    ("rustix::", &["fs.rs", "fs/", "source/folder.rs", "source/user_git.rs"]),
    ("mimalloc::", &["main.rs"]),
    ("std::env::", &["cli/", "main.rs"]),
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, code(&fs::read_to_string(&path).unwrap())));
            }
        }
    }
    assert!(files.len() > 10, "the sources were not found");
    files
}

/// The code of a file: no comments, and no unit tests, which may reach anywhere.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut reversed = Vec::new();
    for (file, code) in sources() {
        let module = file.split(['/', '.']).next().unwrap_or_default();
        if matches!(module, "main" | "lib") {
            continue;
        }
        let own = layer(module).unwrap_or_else(|| panic!("src/{file}: {module} is in no layer; add it to this test"));
        for used in code.split("crate::").skip(1) {
            let names: Vec<&str> = match used.strip_prefix('{') {
                Some(group) => group.split('}').next().unwrap_or_default().split(',').map(str::trim).collect(),
                None => vec![used],
            };
            for name in names {
                let name = name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                if name != module && layer(name).is_some_and(|other| other <= own) {
                    reversed.push(format!("src/{file} uses crate::{name}"));
                }
            }
        }
    }
    assert!(reversed.is_empty(), "{reversed:#?}");
}

#[test]
fn what_one_file_may_do_is_done_there() {
    let mut strayed = Vec::new();
    for (file, code) in sources() {
        for (word, places) in ONLY_IN {
            let used = code.match_indices(word).any(|(at, _)| {
                !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':')
            });
            if used && !places.iter().any(|place| file.starts_with(place)) {
                strayed.push(format!("src/{file} names {word} which only {places:?} may"));
            }
        }
    }
    assert!(strayed.is_empty(), "{strayed:#?}");
}

#[test]
fn main_is_thin() {
    let main = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs")).unwrap();
    assert!(main.lines().count() < 30);
}

#[test]
fn every_test_file_is_part_of_the_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let main = fs::read_to_string(folder.join("main.rs")).unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") {
            assert!(main.contains(&format!("mod {module};")), "tests/it/{name} is in no run");
        }
    }
}
