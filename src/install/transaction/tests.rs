//! Every single operation on the disk is made to fail, once or for good, and what the next command finds is looked at.

#![expect(clippy::disallowed_methods, reason = "tests play the user, who writes as he likes")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::fs::RelativePath;
use crate::fs::fault::{self, Fault};
use crate::install::digest::{Digest, TreeDigest};
use crate::install::disk::Disk;
use crate::install::lock::Locked;
use crate::install::naming::DirectoryName;
use crate::install::plan::Terms;
use crate::install::seal::Seals;
use crate::install::verify;
use crate::source::tree::FileKind;
use crate::source::tree::TreeFile;

/// A skills directory with its trash, in a folder of its own.
struct World {
    root: tempfile::TempDir,
}

type Contents = BTreeMap<PathBuf, Vec<u8>>;

impl World {
    fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    fn directory(&self) -> PathBuf {
        self.root.path().join("skills")
    }

    fn trash(&self) -> Trash {
        Trash::below(Some(self.root.path()))
    }

    fn disk(&self) -> Disk {
        Disk::open(&self.directory(), Seals::default()).unwrap()
    }

    fn guard(&self) -> Result<Guard> {
        Guard::take(&self.directory(), Duration::ZERO, &|_| ())
    }

    fn contents(&self, below: &str) -> Contents {
        let folder = self.root.path().join(below);
        walkdir::WalkDir::new(&folder)
            .into_iter()
            .filter_map(std::result::Result::ok)
            .filter(|entry| entry.path() != folder)
            .map(|entry| {
                let bytes = std::fs::read(entry.path()).unwrap_or_default();
                (entry.path().strip_prefix(&folder).unwrap().to_owned(), bytes)
            })
            .collect()
    }

    /// Installs these skills, whatever was there.
    fn put(&self, skills: &[(&str, &Tree)]) -> Result<Applied> {
        let guard = self.guard()?;
        recover(&guard, &self.directory(), &self.trash())?;
        let lock = Lock::read(&self.directory())?;
        let wanted = skills.iter().map(|(name, tree)| (directory_name(name), locked(name, tree))).collect();
        let plan = Plan::put(&self.disk(), &lock, wanted, Terms { force: true, bring_back: true })?;
        let tree = |step: &Step| {
            Ok(skills.iter().find(|(name, _)| *name == step.directory.as_str()).map(|(_, tree)| *tree).unwrap())
        };
        apply(&guard, &plan, &lock, &tree, &|_| (), &self.trash())
    }

    fn remove(&self, names: &[&str]) -> Result<Applied> {
        let guard = self.guard()?;
        recover(&guard, &self.directory(), &self.trash())?;
        let lock = Lock::read(&self.directory())?;
        let names: BTreeSet<DirectoryName> = names.iter().map(|name| directory_name(name)).collect();
        let plan = Plan::remove(&self.disk(), &lock, &names, Terms { force: true, bring_back: true })?;
        let none = Tree::default();
        let tree = |_: &Step| Ok(&none);
        apply(&guard, &plan, &lock, &tree, &|_| (), &self.trash())
    }

    /// What the next command does before anything else.
    fn next_command(&self) -> Lock {
        let guard = self.guard().unwrap();
        recover(&guard, &self.directory(), &self.trash()).unwrap();
        Lock::read(&self.directory()).unwrap()
    }
}

fn directory_name(name: &str) -> DirectoryName {
    DirectoryName::new(name).unwrap()
}

fn tree(files: &[(&str, &str)]) -> Tree {
    let file = |(path, text): &(&str, &str)| TreeFile {
        path: RelativePath::new(*path).unwrap(),
        kind: if path.starts_with("scripts/") { FileKind::Executable } else { FileKind::Plain },
        bytes: text.as_bytes().to_vec(),
    };
    Tree { files: files.iter().map(file).collect() }
}

fn locked(name: &str, tree: &Tree) -> Arc<Locked> {
    Arc::new(Locked::example(name, TreeDigest::of(tree)))
}

/// Two skills, one of them edited, and a folder that is the user's own.
fn start() -> World {
    let world = World::new();
    let one = tree(&[("SKILL.md", "one"), ("scripts/run", "run")]);
    world.put(&[("a", &one), ("b", &one), ("e", &one)]).unwrap();
    std::fs::write(world.directory().join("e/SKILL.md"), "edited").unwrap();
    std::fs::create_dir(world.directory().join("own")).unwrap();
    std::fs::write(world.directory().join("own/SKILL.md"), "mine").unwrap();
    world
}

/// Fails `work` at every operation, and checks that the directory is then as it was before or as it is after.
fn at_every_operation(work: &dyn Fn(&World) -> Result<Applied>) -> usize {
    let clean = start();
    let before = clean.contents("skills");
    work(&clean).unwrap();
    let after = clean.contents("skills");
    assert_ne!(before, after);
    let (mut outcomes, mut at) = (BTreeSet::new(), 0);
    loop {
        let mut operations = 0;
        for kind in [Fault::Once, Fault::Crash] {
            let world = start();
            let (result, count) = fault::with(at, kind, || work(&world));
            operations = count;
            let lock = world.next_command();
            let found = world.contents("skills");
            let is_before = found == before;
            assert!(is_before || found == after, "{kind:?} at {at}: {found:#?}");
            outcomes.insert(is_before);
            if kind == Fault::Once && result.is_ok() {
                assert!(found == after, "success was reported at {at}, and nothing was done");
            }
            for (name, locked) in &lock.skills {
                let found = world.disk().read(name).unwrap();
                let edits = verify::edits(&found, locked);
                assert!(edits.is_empty() || (name.as_str() == "e" && is_before), "{kind:?} at {at}: {name} {edits:?}");
            }
            let kept = world.contents("").values().any(|bytes| bytes == b"edited");
            assert!(kept, "{kind:?} at {at}: the edit is lost");
        }
        if at > operations {
            break;
        }
        at += 1;
    }
    assert_eq!(outcomes.len(), 2, "failures were seen on both sides of the point of no return");
    at
}

#[test]
fn an_installation_is_whole_or_not_at_all() {
    let two = tree(&[("SKILL.md", "two"), ("docs/a/b.md", "deep")]);
    let operations = at_every_operation(&|world| world.put(&[("a", &two), ("c", &two), ("d", &two), ("e", &two)]));
    assert!(operations > 30, "{operations}");
}

#[test]
fn a_removal_is_whole_or_not_at_all() {
    at_every_operation(&|world| world.remove(&["a", "e"]));
}

#[test]
fn where_no_folder_can_be_moved_all_is_whole_or_not_at_all_too() {
    let two = tree(&[("SKILL.md", "two")]);
    fault::in_layers(|| {
        at_every_operation(&|world| world.put(&[("a", &two), ("c", &two), ("e", &two)]));
        at_every_operation(&|world| world.remove(&["a", "e"]));
    });
}

#[test]
fn what_was_copied_and_is_half_removed_is_known() {
    for back in [false, true] {
        let world = start();
        let old = world.directory().join(WORK).join("old/own");
        let digest = plant(&old, "mine");
        std::fs::create_dir(old.join("docs")).unwrap();
        std::fs::write(old.join("docs/a.md"), "").unwrap();
        std::fs::create_dir(world.directory().join("own/docs")).unwrap();
        let mut operations = vec![operation("remove", "own", None)];
        if back {
            plant(&world.directory().join(WORK).join("new/b"), "b");
            operations.push(operation("put", "b", Some(digest)));
        }
        with_journal(&world, &operations);
        world.next_command();
        let kept = world.root.path().join(if back { "skills/own" } else { "trash/own.1" });
        assert_eq!(std::fs::read(kept.join("SKILL.md")).unwrap(), b"mine");
        assert!(kept.join("docs/a.md").exists() && world.directory().join("own").exists() == back);
    }
}

#[test]
fn what_is_done_has_not_failed_since_rubbish_is_left() {
    let remove = |world: &World| world.remove(&["a", "b"]);
    let (_, operations) = fault::with(usize::MAX, Fault::Once, || remove(&start()));
    for at in 0..operations {
        let world = start();
        let (result, _) = fault::with(at, Fault::Once, || remove(&world));
        let is_done = !world.directory().join("a").exists() && !world.directory().join(WORK).join("journal").exists();
        assert!(result.is_ok() || !is_done, "{at}: {result:?}");
    }
}

#[test]
fn a_failed_recovery_is_recovered_from() {
    let two = tree(&[("SKILL.md", "two")]);
    let work = |world: &World| world.put(&[("a", &two), ("c", &two), ("e", &two)]);
    let clean = start();
    let before = clean.contents("skills");
    work(&clean).unwrap();
    let after = clean.contents("skills");
    let (_, operations) = fault::with(usize::MAX, Fault::Once, || work(&start()));
    for first in 0..operations {
        for second in [0, 1, 2, 3, 5, 8, 12] {
            let world = start();
            let _ = fault::with(first, Fault::Crash, || work(&world));
            let _ = fault::with(second, Fault::Crash, || {
                world.guard().and_then(|guard| recover(&guard, &world.directory(), &world.trash()))
            });
            world.next_command();
            let found = world.contents("skills");
            assert!(found == before || found == after, "{first}, {second}: {found:#?}");
        }
    }
}

#[test]
fn a_folder_that_appears_meanwhile_is_kept() {
    let world = start();
    let two = tree(&[("SKILL.md", "two")]);
    let guard = world.guard().unwrap();
    let lock = Lock::read(&world.directory()).unwrap();
    let wanted = BTreeMap::from([(directory_name("a"), locked("a", &two)), (directory_name("z"), locked("z", &two))]);
    let plan = Plan::put(&world.disk(), &lock, wanted, Terms { force: false, bring_back: false }).unwrap();
    let appears = world.directory().join("z");
    let tree = |_: &Step| {
        let _ = std::fs::create_dir(&appears);
        Ok(&two)
    };
    let error = apply(&guard, &plan, &lock, &tree, &|_| (), &world.trash()).unwrap_err();
    assert!(error.to_string().contains("appeared while it was installed"), "{error}");
    assert_eq!(std::fs::read(world.directory().join("a/SKILL.md")).unwrap(), b"one");
    assert!(!is_interrupted(&world.directory()));
}

#[test]
fn edits_go_to_a_place_of_their_own_each_time() {
    let world = start();
    let two = tree(&[("SKILL.md", "two")]);
    let first = world.put(&[("e", &two)]).unwrap();
    std::fs::write(world.directory().join("e/new"), "again").unwrap();
    let second = world.remove(&["e"]).unwrap();
    let places: Vec<&Path> = first.put_aside.iter().chain(&second.put_aside).map(PathBuf::as_path).collect();
    assert_eq!(places, [world.root.path().join("trash/e.1"), world.root.path().join("trash/e.2")]);
    assert_eq!(std::fs::read(places[0].join("SKILL.md")).unwrap(), b"edited");
    assert_eq!(std::fs::read(places[1].join("new")).unwrap(), b"again");
}

#[test]
fn what_nobody_installed_is_kept_when_its_folder_goes() {
    for late in ["new.md", "scripts/new", "scripts/new/deep.md", "SKILL.md"] {
        let world = start();
        let guard = world.guard().unwrap();
        let lock = Lock::read(&world.directory()).unwrap();
        let names = BTreeSet::from([directory_name("a"), directory_name("b")]);
        let plan = Plan::remove(&world.disk(), &lock, &names, Terms { force: false, bring_back: false }).unwrap();
        let file = world.directory().join("b").join(late);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, "late").unwrap();
        let none = Tree::default();
        let applied = apply(&guard, &plan, &lock, &|_: &Step| Ok(&none), &|_| (), &world.trash()).unwrap();
        let place = world.root.path().join("trash/b.1");
        assert_eq!(applied.put_aside, std::slice::from_ref(&place));
        assert_eq!(std::fs::read(place.join(late)).unwrap(), b"late", "{late}");
        assert_eq!(std::fs::read(place.join("scripts/run")).unwrap(), b"run", "{late}");
        assert!(!is_interrupted(&world.directory()) && !world.directory().join("a").exists());
    }
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_not_removed() {
    let world = start();
    let outside = world.root.path().join("outside");
    std::fs::rename(world.directory().join("b"), &outside).unwrap();
    std::os::unix::fs::symlink(&outside, world.directory().join("b")).unwrap();
    world.remove(&["a", "b"]).unwrap();
    assert!(!fs::exists(&world.directory().join("b")) && !is_interrupted(&world.directory()));
    assert_eq!(std::fs::read(outside.join("SKILL.md")).unwrap(), b"one");
    assert_eq!(std::fs::read(outside.join("scripts/run")).unwrap(), b"run");
}

#[test]
fn an_edit_between_plan_and_swap_is_kept() {
    let world = start();
    let two = tree(&[("SKILL.md", "two")]);
    let guard = world.guard().unwrap();
    let lock = Lock::read(&world.directory()).unwrap();
    let wanted = BTreeMap::from([(directory_name("a"), locked("a", &two)), (directory_name("b"), locked("b", &two))]);
    let plan = Plan::put(&world.disk(), &lock, wanted, Terms { force: false, bring_back: false }).unwrap();
    let late = world.directory().join("a/SKILL.md");
    let tree = |_: &Step| {
        std::fs::write(&late, "late").unwrap();
        Ok(&two)
    };
    let applied = apply(&guard, &plan, &lock, &tree, &|_| (), &world.trash()).unwrap();
    let place = world.root.path().join("trash/a.1");
    assert_eq!(applied.put_aside, std::slice::from_ref(&place));
    assert_eq!(std::fs::read(place.join("SKILL.md")).unwrap(), b"late");
    assert_eq!(std::fs::read(world.directory().join("a/SKILL.md")).unwrap(), b"two");
    // The same when a folder is removed, and when the next command ends what was begun.
    let lock = Lock::read(&world.directory()).unwrap();
    let names = BTreeSet::from([directory_name("b")]);
    let plan = Plan::remove(&world.disk(), &lock, &names, Terms { force: false, bring_back: false }).unwrap();
    std::fs::write(world.directory().join("b/new.md"), "late").unwrap();
    let none = Tree::default();
    for at in 0.. {
        let (result, _) = fault::with(at, Fault::Crash, || {
            apply(&guard, &plan, &lock, &|_: &Step| Ok(&none), &|_| (), &world.trash())
        });
        if result.is_ok() {
            break;
        }
        recover(&guard, &world.directory(), &world.trash()).unwrap();
        if !world.directory().join("b").exists() {
            break;
        }
    }
    assert_eq!(std::fs::read(world.root.path().join("trash/b.1/new.md")).unwrap(), b"late");
}

#[cfg(unix)]
#[test]
fn where_all_files_have_one_mode_what_is_new_takes_its_place() {
    use std::os::unix::fs::PermissionsExt;
    let make_run = |path: PathBuf| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let world = start();
    let guard = world.guard().unwrap();
    make_run(world.directory().join(crate::install::guard::FILE_NAME));
    make_run(world.directory().join("a/SKILL.md"));
    let lock = Lock::read(&world.directory()).unwrap();
    let two = tree(&[("SKILL.md", "two")]);
    let wanted = BTreeMap::from([(directory_name("a"), locked("a", &two)), (directory_name("c"), locked("c", &two))]);
    let plan = Plan::put(&world.disk(), &lock, wanted, Terms { force: false, bring_back: false }).unwrap();
    let tree = |step: &Step| {
        if step.directory.as_str() == "c" {
            make_run(world.directory().join(WORK).join("new/a/SKILL.md"));
        }
        Ok(&two)
    };
    let applied = apply(&guard, &plan, &lock, &tree, &|_| (), &world.trash()).unwrap();
    assert_eq!(std::fs::read(world.directory().join("a/SKILL.md")).unwrap(), b"two");
    assert_eq!(applied.put_aside, Vec::<PathBuf>::new());
}

/// A working folder with a journal of these operations, and a lock: as a crash may leave it, or a repository bring it.
fn with_journal(world: &World, operations: &[serde_json::Value]) -> PathBuf {
    let work = world.directory().join(WORK);
    std::fs::create_dir_all(work.join("new")).unwrap();
    std::fs::create_dir_all(work.join("old")).unwrap();
    std::fs::write(work.join("journal"), serde_json::json!({ "operations": operations }).to_string()).unwrap();
    std::fs::write(work.join("lock"), "{\"version\": 1, \"skills\": {}}").unwrap();
    work
}

fn operation(kind: &str, name: &str, digest: Option<Digest>) -> serde_json::Value {
    serde_json::json!({"directory": name, "kind": kind, "digest": digest, "before": null, "edited": false})
}

fn plant(folder: &Path, text: &str) -> Digest {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("SKILL.md"), text).unwrap();
    TreeDigest::of(&tree(&[("SKILL.md", text)])).total()
}

#[test]
fn a_journal_of_somebody_else_loses_nothing() {
    let is_kept = |world: &World, text: &[u8]| world.contents("").values().any(|bytes| bytes == text);
    let world = start();
    with_journal(&world, &[operation("remove", "own", None)]);
    world.next_command();
    assert_eq!(std::fs::read(world.root.path().join("trash/own.1/SKILL.md")).unwrap(), b"mine");
    // No name leads out of the directory.
    with_journal(&world, &[operation("remove", "../trash", None)]);
    let error = recover(&world.guard().unwrap(), &world.directory(), &world.trash()).unwrap_err();
    assert!(error.to_string().contains("cannot read the journal"), "{error}");
    // Nor does a journal say where something goes.
    let mut elsewhere = operation("remove", "a", None);
    elsewhere["trash"] = world.root.path().join("elsewhere").to_str().unwrap().into();
    with_journal(&world, &[elsewhere]);
    world.next_command();
    assert!(!world.root.path().join("elsewhere").exists());
    // Whatever it says, forward and back.
    let there = operation("put", "b", None);
    for kind in ["put", "replace", "remove"] {
        for planted in [&[][..], &["new"], &["old"], &["new", "old"]] {
            for back in [false, true] {
                let world = start();
                let mut digest = None;
                let work = world.directory().join(WORK);
                for half in planted {
                    digest = Some(plant(&work.join(half).join("own"), half));
                }
                let mut operations = vec![operation(kind, "own", digest)];
                if back {
                    plant(&work.join("new/b"), "b");
                    operations.push(there.clone());
                }
                with_journal(&world, &operations);
                let _ = recover(&world.guard().unwrap(), &world.directory(), &world.trash());
                assert!(is_kept(&world, b"mine"), "{kind} {planted:?} {back}");
            }
        }
    }
}

#[test]
fn what_was_edited_after_a_crash_is_kept_when_it_is_undone() {
    let world = start();
    let digest = Some(plant(&world.directory().join("c"), "hours of work"));
    let other = Some(Digest::of(b"as it was put there"));
    for (digest, stays) in [(other, true), (digest, false)] {
        let work = world.directory().join(WORK);
        plant(&work.join("new/own"), "new");
        with_journal(&world, &[operation("put", "c", digest), operation("put", "own", None)]);
        world.next_command();
        assert_eq!(world.directory().join("c").exists(), stays);
        assert_eq!(std::fs::read(world.directory().join("own/SKILL.md")).unwrap(), b"mine");
    }
}

#[cfg(unix)]
#[test]
fn nothing_behind_links_in_the_working_folder_is_touched() {
    for link in
        [WORK, ".skillpress.work/old", ".skillpress.work/new", ".skillpress.work/journal", ".skillpress.work/lock"]
    {
        let world = start();
        let outside = world.root.path().join("outside");
        for number in 0..20 {
            std::fs::create_dir_all(outside.join(format!("old/{number}/deep"))).unwrap();
        }
        std::fs::write(outside.join("journal"), "kept").unwrap();
        let before = world.contents("outside");
        let link = world.directory().join(link);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(&outside, link).unwrap();
        let error = recover(&world.guard().unwrap(), &world.directory(), &world.trash()).unwrap_err();
        assert!(error.to_string().contains("is not what skillpress has put there"), "{error}");
        assert_eq!(world.contents("outside"), before);
    }
}

#[test]
fn what_stands_in_the_place_of_a_skill_is_an_edit() {
    let world = start();
    std::fs::remove_dir_all(world.directory().join("a")).unwrap();
    std::fs::write(world.directory().join("a"), "notes").unwrap();
    let lock = Lock::read(&world.directory()).unwrap();
    let names = BTreeSet::from([directory_name("a")]);
    let plan = Plan::remove(&world.disk(), &lock, &names, Terms { force: false, bring_back: false }).unwrap();
    assert!(plan.steps.is_empty());
    assert_eq!(plan.refused[0].why, "it was edited here: its folder changed");
    world.remove(&["a"]).unwrap();
    assert_eq!(std::fs::read(world.root.path().join("trash/a.1")).unwrap(), b"notes");
}
