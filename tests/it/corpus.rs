//! Facts about 3,074 real app skills, checked where the set is at hand (`../shared/corpus`), skipped and said so where it is not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::sandbox::Sandbox;

/// The two commits of the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    First,
    Newest,
}

/// A checkout of the set, kept below `target/` from one run to the next, or nothing where the set is not at hand.
pub fn checkout(commit: Commit) -> Option<PathBuf> {
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/application-skills.bundle");
    let Ok(metadata) = fs::metadata(&bundle) else {
        eprintln!("skipped: ../shared/corpus is not at hand");
        return None;
    };
    let (name, revision) = match commit {
        Commit::First => ("first", "HEAD~1"),
        Commit::Newest => ("newest", "HEAD"),
    };
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("corpus-{}-{name}", metadata.len()));
    if !kept.is_dir() {
        let staged = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let git = |arguments: &[&str]| {
            let status = Command::new("git").current_dir(staged.path()).args(arguments).status().unwrap();
            assert!(status.success(), "git {arguments:?}");
        };
        let bundle = bundle.to_string_lossy();
        git(&["-c", "init.defaultBranch=main", "clone", "--quiet", "--no-checkout", &bundle, "corpus"]);
        git(&["-C", "corpus", "checkout", "--quiet", "--detach", revision]);
        // Another test may have been faster; its checkout is as good.
        let _ = fs::rename(staged.path().join("corpus"), &kept);
    }
    Some(kept)
}

#[test]
fn the_reader_finds_every_action_and_every_entity() {
    let Some(corpus) = checkout(Commit::Newest) else { return };
    let sandbox = Sandbox::new();
    let skills = corpus.join("skills");
    let ran = sandbox.run(["extract", "--format", "jsonl", skills.to_str().unwrap()]).exits(1);
    assert_eq!(ran.stderr.lines().count(), 6, "{}", ran.stderr);
    assert!(ran.stderr.lines().all(|line| line.contains("SKILL.md:4:") && line.contains("U+0000")), "{}", ran.stderr);

    let models: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let rows = |model: &Value| model["actions"]["rows"].as_array().unwrap().len();
    assert_eq!(models.len(), 3_074);
    assert_eq!(models.iter().filter(|model| rows(model) > 0).count(), 905);
    assert_eq!(models.iter().map(rows).sum::<usize>(), 13_562);
    assert_eq!(models.iter().filter(|model| model["actions"]["fallback"].is_string()).count(), 2_169);
    let bullets: Vec<usize> = models.iter().map(|model| bullets(&model["overview"])).collect();
    assert_eq!(bullets.iter().sum::<usize>(), 61_266);
    assert_eq!(bullets.iter().max(), Some(&1_589));
    for model in &models {
        let folder = model["path"].as_str().unwrap().rsplit('/').nth(1);
        assert_eq!(model["frontmatter"]["name"].as_str(), folder);
    }
}

/// Entities of the tree and bullets of the guidance.
fn bullets(overview: &Value) -> usize {
    fn entities(level: &Value) -> usize {
        level.as_array().unwrap().iter().map(|entity| 1 + entities(&entity["children"])).sum()
    }
    let guidance = overview["guidance"].as_str().unwrap_or_default();
    let in_guidance = guidance.lines().filter(|line| line.trim_start().starts_with(['-', '*'])).count();
    entities(&overview["entities"]) + in_guidance
}
