//! Edits of installed skills: they are seen, they survive every command, and with `--force` they lie where it says.

use std::os::unix::fs::{PermissionsExt, symlink};

use crate::install::{commit, contents, manifest, repository};
use crate::sandbox::{Ran, Sandbox};

const TO: [&str; 2] = ["--dir", "to"];

fn run(sandbox: &Sandbox, words: &[&str]) -> Ran {
    sandbox.run([words, &TO].concat())
}

/// Edits of every kind in the skill `a`, which has something newer in its source.
fn edited(sandbox: &Sandbox) -> Vec<(String, Vec<u8>)> {
    let folder = repository(sandbox, "o/r", &["a", "b"]);
    sandbox.write("o/r/skills/a/notes.md", "notes");
    sandbox.write("o/r/skills/a/more.md", "more");
    commit(sandbox, &folder, "files");
    run(sandbox, &["install", &format!("file://{}", folder.display()), "--all"]).exits(0);
    sandbox.write("to/o-r-a/SKILL.md", "edited");
    sandbox.write("to/o-r-a/own/added.md", "added");
    std::fs::remove_file(sandbox.work().join("to/o-r-a/notes.md")).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(sandbox.work().join("to/o-r-a/more.md"), mode).unwrap();
    sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Two."));
    commit(sandbox, &folder, "two");
    contents(&sandbox.work().join("to/o-r-a"))
}

#[test]
fn edits_are_shown_and_survive_everything() {
    let sandbox = Sandbox::new();
    let mine = edited(&sandbox);
    let ran = run(&sandbox, &["verify"]).exits(1);
    for line in ["SKILL.md: changed", "more.md: mode changed", "notes.md: missing", "own/added.md: added"] {
        assert!(ran.stdout.contains(&format!("to/o-r-a/{line}\n")), "{}", ran.stdout);
    }
    assert!(ran.stderr.contains("1 of 2 installed skills are as they were"), "{}", ran.stderr);
    // Where nobody may run the lock, the file system keeps modes: also of a skill that is one file.
    let (mode, b) = (std::os::unix::fs::PermissionsExt::from_mode, sandbox.work().join("to/o-r-b/SKILL.md"));
    std::fs::set_permissions(&b, mode(0o755)).unwrap();
    let ran = run(&sandbox, &["verify"]).exits(1);
    assert!(ran.stdout.contains("to/o-r-b/SKILL.md: mode changed\n"), "{}", ran.stdout);
    std::fs::set_permissions(&b, mode(0o644)).unwrap();
    let url = format!("file://{}", sandbox.work().join("o/r").display());
    for (words, code) in [
        (vec!["update"], 1),
        (vec!["update", "a"], 2),
        (vec!["install", &url, "a"], 2),
        (vec!["sync"], 1),
        (vec!["remove", "a"], 2),
        (vec!["sync", "--locked"], 2),
    ] {
        let ran = run(&sandbox, &words).exits(code);
        assert!(ran.stderr.contains("it was edited here: SKILL.md changed"), "{words:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("--force") && ran.stderr.contains("trash"), "{words:?}: {}", ran.stderr);
        assert_eq!(contents(&sandbox.work().join("to/o-r-a")), mine, "{words:?}");
    }
}

/// What a file manager and an interpreter leave behind is no edit, and goes with the skill.
#[test]
fn litter_is_no_edit() {
    let sandbox = Sandbox::new();
    let source = repository(&sandbox, "set", &["a", "b"]);
    run(&sandbox, &["install", "./set", "--all"]).exits(0);
    for skill in ["a", "b"] {
        sandbox.write(&format!("to/{skill}/.DS_Store"), "litter");
        sandbox.write(&format!("to/{skill}/scripts/__pycache__/sort.cpython-314.pyc"), "litter");
        std::fs::create_dir(sandbox.work().join(format!("to/{skill}/__pycache__"))).unwrap();
    }
    run(&sandbox, &["verify"]).exits(0);
    run(&sandbox, &["sync", "--locked"]).exits(0);
    sandbox.write("set/skills/a/SKILL.md", manifest("a", "Two."));
    commit(&sandbox, &source, "two");
    let ran = run(&sandbox, &["update"]).exits(0);
    assert!(ran.stdout.contains("updated a from"), "{}", ran.stdout);
    assert!(!ran.stderr.contains("trash"), "{}", ran.stderr);
    assert_eq!(contents(&sandbox.work().join("to/a")).len(), 1);
    let ran = run(&sandbox, &["remove", "b"]).exits(0);
    assert!(!ran.stderr.contains("trash") && !sandbox.work().join("to/b").exists(), "{}", ran.stderr);
    // What somebody wrote is one, wherever it lies.
    sandbox.write("to/a/__pycache__/notes.md", "mine");
    let ran = run(&sandbox, &["remove", "a"]).exits(2);
    assert!(ran.stderr.contains("it was edited here: __pycache__/notes.md added"), "{}", ran.stderr);
}

#[test]
fn forced_changes_print_where_the_edits_are() {
    for words in [
        vec!["update", "--force"],
        vec!["remove", "a", "--force"],
        vec!["sync", "--force"],
        vec!["remove", "--all", "--force"],
    ] {
        let sandbox = Sandbox::new();
        let mine = edited(&sandbox);
        let ran = run(&sandbox, &words).exits(0);
        let trash = sandbox.home().join(".local/state/skillpress/trash/o-r-a.1");
        assert!(
            ran.stderr.contains(&format!("what you had edited is in {}", trash.display())),
            "{words:?}: {}",
            ran.stderr
        );
        assert_eq!(contents(&trash), mine, "{words:?}");
        run(&sandbox, &["verify"]).exits(0);
    }
}

#[test]
fn no_source_is_asked_for_what_was_edited() {
    let sandbox = Sandbox::new();
    sandbox.write("s/foo/SKILL.md", manifest("foo", "One."));
    run(&sandbox, &["install", "./s", "foo"]).exits(0);
    sandbox.write("to/foo/notes.md", "mine");
    std::fs::remove_dir_all(sandbox.work().join("s")).unwrap();
    for words in [&["sync"][..], &["sync", "--locked"]] {
        let ran = run(&sandbox, words).exits(2);
        assert!(ran.stderr.contains("it was edited here: notes.md added"), "{}", ran.stderr);
        assert_eq!(ran.stderr.matches("error:").count(), 1, "{}", ran.stderr);
    }
}

/// So many that writing them takes longer than the clock of the file system takes to go on, or else all of them are read.
const COUNT: usize = 300;
const EDITED: [&str; 4] = ["skill000", "skill001", "skill002", "skill003"];

/// Installs many skills and edits four of them, each in another way.
fn edited_among_many(sandbox: &Sandbox) -> Vec<(String, Vec<u8>)> {
    let names: Vec<String> = (0..COUNT).map(|number| format!("skill{number:03}")).collect();
    let source = repository(sandbox, "set", &names.iter().map(String::as_str).collect::<Vec<_>>());
    sandbox.run(["install", "./set", "--all", "--dir", "to"]).exits(0);
    let to = sandbox.work().join("to");
    let manifest = |name: &str| to.join(name).join("SKILL.md");

    // Of the same size and, as far as one may say so, of the same time.
    let file = std::fs::File::options().read(true).write(true).open(manifest("skill000")).unwrap();
    let time = file.metadata().unwrap().modified().unwrap();
    let text = std::fs::read_to_string(manifest("skill000")).unwrap();
    std::fs::write(manifest("skill000"), text.replace("One.", "Two.")).unwrap();
    file.set_modified(time).unwrap();

    std::fs::write(to.join("skill001/notes.md"), "mine").unwrap();
    std::fs::set_permissions(manifest("skill002"), std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::remove_dir_all(to.join("skill003")).unwrap();
    symlink(source.join("skills/skill003"), to.join("skill003")).unwrap();
    contents(&to)
}

#[test]
fn edits_are_found_among_many_skills_that_nobody_has_touched() {
    let sandbox = Sandbox::new();
    let before = edited_among_many(&sandbox);
    let to = sandbox.work().join("to");
    let ran = sandbox.run(["install", "./set", "--all", "--dir", "to"]).exits(0);
    assert_eq!(ran.stderr.matches("was edited here and stays as it is").count(), EDITED.len(), "{}", ran.stderr);
    let ran = sandbox.run(["verify", "--dir", "to"]).exits(1);
    assert_eq!(ran.stdout.lines().count(), EDITED.len(), "{}", ran.stdout);
    assert!(contents(&to) == before);
    let ran = sandbox.run(["remove", "--all", "--dir", "to"]).exits(1);
    assert_eq!(ran.stderr.matches("it was edited here").count(), EDITED.len(), "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), COUNT - EDITED.len());
    let of_skills = |all: Vec<(String, Vec<u8>)>| -> Vec<_> {
        all.into_iter().filter(|(path, _)| !path.starts_with('.')).collect()
    };
    let is_edited = |path: &str| EDITED.iter().any(|name| path.starts_with(name));
    let mut edited = of_skills(before);
    edited.retain(|(path, _)| is_edited(path));
    assert!(of_skills(contents(&to)) == edited);
}
