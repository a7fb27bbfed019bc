#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests play the user, who writes as he likes")]

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use super::super::digest::TreeDigest;
use super::*;
use crate::fs::RelativePath;
use crate::source::tree::{FileKind, Tree, TreeFile};

fn skill(directory: &Path, name: &str) -> (DirectoryName, Locked) {
    std::fs::create_dir_all(directory.join(name).join("scripts")).unwrap();
    let file = |path: &str| {
        std::fs::write(directory.join(name).join(path), "one").unwrap();
        TreeFile { path: RelativePath::new(path).unwrap(), kind: FileKind::Plain, bytes: b"one".to_vec() }
    };
    let files = TreeDigest::of(&Tree { files: vec![file("SKILL.md"), file("scripts/run")] });
    (DirectoryName::new(name).unwrap(), Locked::example(name, files))
}

/// What a user does to a skill's folder.
type Touch = fn(&Path);

fn write(path: &Path) {
    std::fs::write(path, "two").unwrap();
}

/// Longer than the times of a file system take to go on.
fn pass_time() {
    std::thread::sleep(Duration::from_millis(20));
}

#[test]
fn whatever_is_done_to_a_skill_breaks_its_seal() {
    let touches: [(&str, Touch); 9] = [
        ("written", |skill| write(&skill.join("SKILL.md"))),
        ("written below", |skill| write(&skill.join("scripts/run"))),
        ("written, and its time put back", |skill| {
            let file = std::fs::File::options().write(true).open(skill.join("SKILL.md")).unwrap();
            let time = file.metadata().unwrap().modified().unwrap();
            write(&skill.join("SKILL.md"));
            file.set_modified(time).unwrap();
        }),
        ("replaced", |skill| {
            write(&skill.with_extension("new"));
            std::fs::rename(skill.with_extension("new"), skill.join("SKILL.md")).unwrap();
        }),
        ("made to run", |skill| {
            std::fs::set_permissions(skill.join("SKILL.md"), std::fs::Permissions::from_mode(0o755)).unwrap();
        }),
        ("added", |skill| write(&skill.join("new"))),
        ("added below", |skill| write(&skill.join("scripts/new"))),
        ("removed", |skill| std::fs::remove_file(skill.join("scripts/run")).unwrap()),
        ("another folder", |folder| {
            std::fs::rename(folder, folder.with_extension("old")).unwrap();
            skill(folder.parent().unwrap(), "a");
        }),
    ];
    for (what, touch) in touches {
        let root = tempfile::tempdir().unwrap();
        let (name, locked) = skill(root.path(), "a");
        let open = OpenDir::open(root.path()).unwrap();
        let seal = || look(&open, &name, &locked).map(|seen| seen.seal);
        let before = seal();
        pass_time();
        assert!(before.is_some() && seal() == before);
        touch(&root.path().join("a"));
        assert!(seal() != before, "{what}");
    }
}

#[test]
fn what_is_changed_after_the_lock_is_written_gets_no_seal() {
    let (root, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let skills: Vec<_> = (0..FEW + 2).map(|number| skill(root.path(), &format!("skill{number}"))).collect();
    let put: Vec<(&DirectoryName, &Locked)> = skills.iter().map(|(name, locked)| (name, locked)).collect();
    pass_time();
    std::fs::write(root.path().join(lock::FILE_NAME), "").unwrap();
    std::fs::write(root.path().join("skill0/SKILL.md"), "two").unwrap();
    let open = OpenDir::open(root.path()).unwrap();
    let lock = Lock { skills: skills.iter().map(|(name, locked)| (name.clone(), Arc::new(locked.clone()))).collect() };
    let seals = || Seals::of(root.path(), &lock, Some(cache.path()));
    let held = || {
        let seals = seals();
        put.iter().filter(|(name, locked)| seals.hold(&open, name, locked)).count()
    };
    let renew = |put: &[(&DirectoryName, &Locked)], gone: &[&DirectoryName]| {
        let seals = seals();
        let sealing = Sealing::of(&seals, Some(&open), put.iter().copied().collect(), gone.to_vec());
        for (name, _) in put {
            sealing.look(name);
        }
        sealing.keep();
    };
    renew(&put, &[]);
    assert_eq!(held(), FEW + 1);
    let of_none = Seals::of(root.path(), &Lock::default(), Some(cache.path()));
    assert!(of_none.known.is_empty(), "what no lock knows has no seal");
    let (_, mut other) = skill(root.path(), "other");
    other.digest = Digest::of(b"other");
    assert!(!seals().hold(&open, put[1].0, &other), "the seal is of what the lock said then");
    renew(&[], &[put[1].0]);
    assert_eq!(held(), 0, "few are not worth it");
    assert!(folder(cache.path()).read_dir().unwrap().next().is_none());
}
