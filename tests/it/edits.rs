//! Edits of installed skills, where there are so many skills that not all of them are read.

use std::os::unix::fs::{PermissionsExt, symlink};

use crate::install::{contents, repository};
use crate::sandbox::Sandbox;

/// So many that writing them takes longer than the clock of the file system takes to go on, or else all of them are read.
const COUNT: usize = 300;
const EDITED: [&str; 4] = ["skill000", "skill001", "skill002", "skill003"];

/// Installs many skills and edits four of them, each in another way.
fn edited(sandbox: &Sandbox) -> Vec<(String, Vec<u8>)> {
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
    let before = edited(&sandbox);
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
