//! A real set of 3,074 manifests and its two commits: learned, told apart, brought from one to the other. Skipped and said so where
//! the set is not at hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::corpus::{Commit, checkout};
use crate::sandbox::{Ran, Sandbox};

/// Both commits with the templates that were learned from them.
struct World {
    sandbox: Sandbox,
    newest: PathBuf,
    first: PathBuf,
}

impl World {
    /// One world for all tests, since learning takes a while; each test writes below a folder of its own.
    fn get() -> Option<&'static Self> {
        static WORLD: OnceLock<Option<World>> = OnceLock::new();
        WORLD.get_or_init(Self::new).as_ref()
    }

    fn new() -> Option<Self> {
        let (newest, first) = (checkout(Commit::Newest)?.join("skills"), checkout(Commit::First)?.join("skills"));
        let world = Self { sandbox: Sandbox::new(), newest, first };
        for (set, out) in [(&world.newest, "newest"), (&world.first, "first")] {
            let report = world.run(&["infer", &shown(set), "--out", out, "--json"]).exits(0).json();
            assert_eq!(counts(&report), [2_999, 44, 31], "{out}");
            assert_eq!((&report["alone"], &report["not_reproduced"]), (&json!([]), &json!([])), "{out}");
        }
        Some(world)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.sandbox.run(arguments)
    }

    fn copy_of(&self, set: &Path, name: &str) -> PathBuf {
        let copy = self.sandbox.work().join(name);
        for folder in fs::read_dir(set).unwrap() {
            let folder = folder.unwrap();
            let to = copy.join(folder.file_name());
            fs::create_dir_all(&to).unwrap();
            fs::copy(folder.path().join("SKILL.md"), to.join("SKILL.md")).unwrap();
        }
        copy
    }
}

fn shown(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn counts(report: &Value) -> Vec<u64> {
    report["templates"].as_array().unwrap().iter().map(|template| template["count"].as_u64().unwrap()).collect()
}

/// Outcome, generation and skill of every manifest of a plan.
fn outcomes(plan: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let skill = |planned: &Value| text(&planned["path"]).rsplit('/').nth(1).unwrap_or_default().to_owned();
    let manifests = plan["manifests"].as_array().unwrap();
    manifests.iter().map(|planned| (text(&planned["outcome"]), text(&planned["generation"]), skill(planned))).collect()
}

fn count(outcomes: &[(String, String, String)], outcome: &str, generation: &str) -> usize {
    outcomes.iter().filter(|(o, g, _)| o == outcome && g == generation).count()
}

const NEWEST: &str = "newest/1-2999.md.tera";

#[test]
fn the_manifests_left_behind_are_named_by_generation_and_brought_up_to_date() {
    let Some(world) = World::get() else { return };
    let newest = shown(&world.newest);
    // Without their templates they are at least told apart.
    let plan = world.run(&["regenerate", &newest, "--template", NEWEST, "--check", "--json"]).exits(1).json();
    let found = outcomes(&plan);
    assert_eq!(count(&found, "current", ""), 2_999);
    assert_eq!(count(&found, "unrecognised", "unknown generation 1"), 44);
    assert_eq!(count(&found, "unrecognised", "unknown generation 2"), 31);

    let with = ["regenerate", &newest, "--template", NEWEST, "--from", "newest", "--check", "--json"];
    let plan = world.run(&with).exits(1).json();
    let found = outcomes(&plan);
    assert_eq!(count(&found, "refused", "newest/2-44.md.tera"), 44);
    assert_eq!(count(&found, "refused", "newest/3-31.md.tera"), 31);
    let refused: Vec<&Value> =
        plan["manifests"].as_array().unwrap().iter().filter(|planned| planned["outcome"] == "refused").collect();
    assert!(refused.iter().all(|planned| planned["refusals"].to_string().contains("`app_url` has no value")));

    let copy = shown(&world.copy_of(&world.newest, "left-behind"));
    let data: BTreeMap<&str, Value> = found
        .iter()
        .filter(|(outcome, ..)| outcome == "refused")
        .map(|(_, _, skill)| (skill.as_str(), json!({"app_url": format!("https://{skill}.example/")})))
        .collect();
    assert_eq!(data.len(), 75);
    world.sandbox.write("data.json", serde_json::to_vec(&data).unwrap());
    let with = ["regenerate", &copy, "--template", NEWEST, "--from", "newest", "--data", "data.json", "--json"];
    let found = outcomes(&world.run(&with).exits(0).json());
    assert_eq!(found.iter().filter(|(outcome, ..)| outcome == "upgraded").count(), 75);
    world.run(&["regenerate", &copy, "--template", NEWEST, "--check"]).exits(0);
}

#[test]
fn the_first_commit_becomes_the_newest() {
    let Some(world) = World::get() else { return };
    let copy = world.copy_of(&world.first, "replay");
    let with = ["regenerate", &shown(&copy), "--template", NEWEST, "--from", "first", "--json"].map(str::to_owned);
    let with: Vec<&str> = with.iter().map(String::as_str).collect();
    let plan = world.run(&with).exits(1).json();
    assert_eq!(plan["groups"].as_array().unwrap().len(), 1, "{}", plan["groups"]);
    assert_eq!((&plan["groups"][0]["removed"], &plan["groups"][0]["added"]), (&json!(1), &json!(1)));
    let found = outcomes(&plan);
    assert_eq!(count(&found, "upgraded", "first/1-2999.md.tera"), 2_998);

    let read = |set: &Path, skill: &str| fs::read_to_string(set.join(skill).join("SKILL.md")).unwrap();
    let changed: Vec<&str> = found
        .iter()
        .map(|(_, _, skill)| skill.as_str())
        .filter(|skill| read(&world.first, skill) != read(&world.newest, skill))
        .collect();
    assert_eq!(changed.len(), 2_998);
    let differ: Vec<&str> =
        changed.into_iter().filter(|skill| read(&copy, skill) != read(&world.newest, skill)).collect();
    assert_eq!(differ.len(), 2, "{differ:?}");
    for skill in differ {
        let docs = |text: String| text.lines().filter(|line| !line.starts_with("Official docs: ")).collect::<String>();
        assert_eq!(docs(read(&copy, skill)), docs(read(&world.newest, skill)), "{skill}");
    }
}

#[test]
fn a_leaked_title_is_refused() {
    let Some(world) = World::get() else { return };
    let with = [
        "regenerate",
        &shown(&world.newest),
        "--template",
        "first/1-2999.md.tera",
        "--from",
        "newest",
        "--check",
        "--json",
    ];
    let plan = world.run(&with).exits(1).json();
    assert_eq!(plan["leaked"][0]["title"], "Airmeet");
    assert_eq!(plan["leaked"].as_array().unwrap().len(), 1);
    let found = outcomes(&plan);
    assert_eq!(count(&found, "refused", NEWEST), 2_998);
    let messages = plan["manifests"][5]["refusals"].to_string();
    assert!(messages.contains("Airmeet") && messages.contains("the title of airmeet"), "{messages}");
}

#[cfg(unix)]
#[test]
fn the_same_links_are_followed_to_check_and_to_change() {
    let sandbox = Sandbox::new();
    for path in ["set/fern", "ext/ivy", "pack/mint"] {
        sandbox.write(&format!("{path}/SKILL.md"), "---\nname: a\ndescription: b\n---\n# A\n");
    }
    for (to, name) in [("../ext/ivy", "ivy"), ("../pack", "pack"), ("fern", "again"), ("..", "up")] {
        std::os::unix::fs::symlink(to, sandbox.work().join("set").join(name)).unwrap();
    }
    let checked = sandbox.run(["lint", "set", "--json"]).json();
    let planned = sandbox.run(["regenerate", "set", "--json", "--check"]).json();
    assert_eq!(checked["summary"]["manifests"], 2);
    assert_eq!(planned["manifests"].as_array().unwrap().len(), 2);
}
