//! `lint` and `rule`: what is found, in which form, with which exit code.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests write files and may panic")]

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::sandbox::{Ran, Sandbox};

const CLEAN: &str =
    "---\nname: a\ndescription: Sorts parcels. Use when parcels need sorting.\n---\n# A\n\nSort them.\n";

fn rules(document: &Value) -> Vec<String> {
    let of = |diagnostic: &Value| diagnostic["rule"].as_str().unwrap().to_owned();
    document["diagnostics"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn clean_manifests_exit_0_and_findings_exit_1() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", CLEAN);
    let ran = sandbox.run(["lint"]).exits(0);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.contains("checked 1 manifest: 0 errors"), "{}", ran.stderr);
    sandbox.write("a/SKILL.md", CLEAN.replace("name: a", "name: A"));
    let ran = sandbox.run(["lint", "--format", "concise"]).exits(1);
    assert!(ran.stdout.starts_with("a/SKILL.md:2:7: error[spec/name-characters]"), "{}", ran.stdout);
}

#[test]
fn nothing_passes_in_silence() {
    let sandbox = Sandbox::new();
    sandbox.write("empty/README.md", "");
    assert_eq!(rules(&sandbox.run(["lint", "--json", "empty"]).exits(1).json()), ["spec/missing-manifest"]);
    sandbox.write("lower/skill.md", CLEAN.replace("name: a", "name: lower"));
    assert_eq!(rules(&sandbox.run(["lint", "--json", "lower"]).exits(1).json()), ["spec/wrong-file-name"]);
    sandbox.write("folder/SKILL.md/x", "");
    assert_eq!(rules(&sandbox.run(["lint", "--json", "folder"]).exits(1).json()), ["spec/unreadable-manifest"]);
    let ran = sandbox.run(["lint", "nowhere"]).exits(2);
    assert!(ran.stderr.contains("cannot read nowhere"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_round_in_circles_end() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::new();
    sandbox.write("set/a/SKILL.md", CLEAN);
    std::fs::create_dir(sandbox.work().join("set/b")).unwrap();
    symlink("gone.md", sandbox.work().join("set/b/SKILL.md")).unwrap();
    symlink("..", sandbox.work().join("set/a/loop")).unwrap();
    symlink("..", sandbox.work().join("set/loop")).unwrap();
    let ran = sandbox.run(["lint", "--json", "set", "--select", "spec"]).exits(1);
    assert_eq!(rules(&ran.json()), ["spec/unreadable-manifest"]);
    assert_eq!(rules(&sandbox.run(["lint", "--json", "set/b/SKILL.md"]).exits(1).json()), ["spec/unreadable-manifest"]);
}

#[test]
fn a_folder_among_skills_is_missed_and_one_beside_a_few_is_not() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c"] {
        sandbox.write(&format!("skills/{name}/SKILL.md"), CLEAN.replace("name: a", &format!("name: {name}")));
    }
    sandbox.write("skills/d/README.md", "");
    sandbox.write("docs/README.md", "");
    sandbox.write("src/lib.rs", "");
    let ran = sandbox.run(["lint", "--json", "--select", "spec"]).exits(1).json();
    assert_eq!(rules(&ran), ["spec/missing-manifest"]);
    assert_eq!(ran["diagnostics"][0]["path"], "skills/d");
    assert_eq!(ran["diagnostics"][0]["severity"], "warning");
}

#[test]
fn skills_beside_each_other_are_a_set_when_they_are_named_one_by_one() {
    let sandbox = Sandbox::new();
    for folder in ["skills/a", "skills/b", "others/a"] {
        sandbox.write(&format!("{folder}/SKILL.md"), CLEAN.replace("Sort them", &format!("Sort {folder}")));
    }
    let duplicates = |paths: &[&str]| {
        let ran = sandbox.run(["lint", "--json", "--select", "set/duplicate-name"].iter().chain(paths));
        rules(&ran.json()).len()
    };
    assert_eq!(duplicates(&["skills"]), 1);
    assert_eq!(duplicates(&["skills/a", "skills/b", "others/a"]), 1);
    assert_eq!(duplicates(&["skills/a/SKILL.md", "skills/b/SKILL.md"]), 1);
    assert_eq!(duplicates(&["skills/a", "skills/a/SKILL.md", "others"]), 0);
}

#[test]
fn the_same_finding_in_many_files_is_folded() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c", "d", "e"] {
        let manifest = CLEAN.replace("name: a", &format!("name: {name}\nhomepage: x"));
        sandbox.write(&format!("skills/{name}/SKILL.md"), manifest);
    }
    let ran = sandbox.run(["lint", "--json", "--select", "spec", "skills"]).exits(1).json();
    assert_eq!(ran["diagnostics"][0]["count"], 5);
    assert_eq!(ran["diagnostics"][0]["places"][4]["path"], "skills/e/SKILL.md");
    assert_eq!(ran["summary"]["warnings"], 5);
    assert_eq!(
        rules(&sandbox.run(["lint", "--json", "--no-fold", "--select", "spec", "skills"]).exits(1).json()).len(),
        5
    );
    sandbox.run(["lint", "--max-warnings", "5", "--select", "spec", "skills"]).exits(0);
}

#[test]
fn configuration_turns_rules_off_and_mistakes_in_it_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", CLEAN.replace("name: a", "name: b"));
    sandbox.write("skillpress.toml", "[lint]\nignore = ['spec/name-folder']\n");
    sandbox.run(["lint", "a"]).exits(0);
    sandbox.write("skillpress.toml", "[lint]\nignore = ['spec/name-foldr']\n");
    let ran = sandbox.run(["lint", "a"]).exits(2);
    let place =
        "skillpress.toml:2: there is no lint rule or group \"spec/name-foldr\"; did you mean \"spec/name-folder\"";
    assert!(ran.stderr.contains(place), "{}", ran.stderr);
    sandbox.write("skillpress.toml", "[[lint.overrides]]\n\npaths = ['a[']\n");
    let ran = sandbox.run(["lint", "a"]).exits(2);
    assert!(ran.stderr.contains("skillpress.toml:3: error parsing glob 'a['"), "{}", ran.stderr);
    sandbox.write("skillpress.toml", "[install]\nagents = ['codx']\n");
    let ran = sandbox.run(["lint", "a"]).exits(2);
    assert!(
        ran.stderr.contains("skillpress.toml:2: there is no agent \"codx\"; did you mean \"codex\"?"),
        "{}",
        ran.stderr
    );
    sandbox.write("skillpress.toml", "[lint]\n[lint.severity]\nspce = 'off'\n");
    let ran = sandbox.run(["lint", "a"]).exits(2);
    assert!(ran.stderr.contains("skillpress.toml:3: there is no lint rule or group \"spce\""), "{}", ran.stderr);
}

#[test]
fn overrides_and_baselines_mean_the_same_files_from_everywhere() {
    let sandbox = Sandbox::new();
    let path = sandbox.write("old/a/SKILL.md", CLEAN.replace("name: a", "name: A"));
    let everywhere = |more: &[&str], code: i32| {
        for (folder, named) in
            [(".", "old"), (".", "./old/a/SKILL.md"), ("old", "."), ("old/a", "SKILL.md"), ("old/a", "..")]
        {
            let mut command = sandbox.skillpress(["lint", named]);
            Ran::of(command.current_dir(sandbox.work().join(folder)).args(more)).exits(code);
        }
        let path = path.to_str().unwrap();
        sandbox.run(["lint", path].iter().chain(more)).exits(code);
        let mut command = sandbox.skillpress(["lint", "-", "--stdin-path", path]);
        Ran::of(command.stdin(std::fs::File::open(path).unwrap()).args(more)).exits(code);
    };
    everywhere(&[], 1);
    let baseline = sandbox.work().join("known.json");
    let baseline = ["--baseline", baseline.to_str().unwrap()];
    sandbox.run(["lint", "--write-baseline", "known.json"]).exits(0);
    everywhere(&baseline, 0);
    sandbox.write("skillpress.toml", "[[lint.overrides]]\npaths = ['old/**']\nignore = ['all']\n");
    everywhere(&[], 0);
}

#[test]
fn rules_are_listed_and_explained() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run(["rule"]).exits(0).stdout.contains("spec/name-length"));
    assert!(sandbox.run(["rule", "spec/name-length"]).exits(0).stdout.starts_with("# spec/name-length\n"));
    assert_eq!(sandbox.run(["rule", "spec/name-length", "--json"]).exits(0).json()["severity"], "error");
    let ran = sandbox.run(["rule", "spec/name-lenght"]).exits(2);
    assert!(ran.stderr.contains("did you mean \"spec/name-length\""), "{}", ran.stderr);
}

#[test]
fn fixes_mend_once_and_for_all() {
    let sandbox = Sandbox::new();
    let broken = "---\nname: a\ndescription: Sorts parcels. Use when parcels need sorting.\nmetadata:\n  version: 1.10\n---\n# A \n\nSort them.\t\n";
    sandbox.write("a/SKILL.md", broken);
    let ran = sandbox.run(["lint", "a", "--diff"]).exits(1);
    assert!(ran.stdout.contains("-  version: 1.10\n+  version: \"1.10\"\n"), "{}", ran.stdout);
    assert_eq!(sandbox.read("a/SKILL.md"), broken);
    let ran = sandbox.run(["lint", "a", "--fix"]).exits(0);
    assert!(ran.stderr.contains("2 fixed"), "{}", ran.stderr);
    let mended = broken.replace("1.10", "\"1.10\"").replace("# A ", "# A").replace('\t', "");
    assert_eq!(sandbox.read("a/SKILL.md"), mended);
    sandbox.run(["lint", "a", "--diff"]).exits(0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_manifest_that_cannot_be_written_keeps_no_other_from_being_mended() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.work().join("a")).unwrap();
    // A file that nobody can replace, root neither.
    std::os::unix::fs::symlink("/proc/self/environ", sandbox.work().join("a/SKILL.md")).unwrap();
    sandbox.write("b/SKILL.md", CLEAN.replace("# A", "# A "));
    let mut command = sandbox.skillpress(["lint", "a", "b", "--fix", "--select", "text/trailing-space"]);
    let ran = Ran::of(command.env("WORDS", "Sort \nthem")).exits(1);
    assert!(ran.stderr.contains("cannot write /proc/") && ran.stderr.contains("1 info, 1 fixed"), "{}", ran.stderr);
    assert!(ran.stdout.contains("a/SKILL.md"), "{}", ran.stdout);
    assert_eq!(sandbox.read("b/SKILL.md"), CLEAN);
}

#[test]
fn a_diff_is_a_patch() {
    let sandbox = Sandbox::new();
    let broken = CLEAN.replace("# A", "# A ").replace('\n', "\r\n");
    sandbox.write("a/SKILL.md", &broken);
    for other in ["--json", "--format=sarif", "--output-file=x", "--write-baseline=x"] {
        let ran = sandbox.run(["lint", "--diff", other]).exits(2);
        assert!(ran.stderr.contains("cannot be used with"), "{}", ran.stderr);
    }
    let diff = sandbox.run(["lint", "--diff"]).exits(1).stdout;
    assert!(diff.starts_with("--- a/a/SKILL.md\n+++ b/a/SKILL.md\n"), "{diff}");
    sandbox.write("mend.patch", diff);
    sandbox.git(["apply", "mend.patch"]);
    assert_eq!(sandbox.read("a/SKILL.md"), CLEAN.replace('\n', "\r\n"));
}

#[test]
fn statistics_are_text() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", CLEAN.replace("name: a", "name: A"));
    let ran = sandbox.run(["lint", "--statistics"]).exits(1);
    assert_eq!(ran.stdout, "1  error    spec/name-characters\n1  error    spec/name-folder\n");
    for other in [&["--json"][..], &["--format", "sarif"], &["--format", "json"], &["--clients"], &["--diff"]] {
        let ran = sandbox.run(["lint", "--statistics"].iter().chain(other)).exits(2);
        assert!(ran.stderr.contains("--statistics"), "{}", ran.stderr);
    }
}

#[test]
fn unsafe_fixes_are_asked_for() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", CLEAN.replace("Sort them", "Sort\0 them"));
    assert!(!sandbox.run(["lint", "a"]).exits(1).stderr.contains("--fix mends"));
    sandbox.run(["lint", "a", "--fix"]).exits(1);
    sandbox.run(["lint", "a", "--fix", "--unsafe-fixes"]).exits(0);
    assert_eq!(sandbox.read("a/SKILL.md"), CLEAN);
}

#[test]
fn a_baseline_leaves_new_findings() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", CLEAN.replace("name: a", "name: a\nhomepage: x"));
    let ran = sandbox.run(["lint", "a", "--write-baseline", "known.json"]).exits(0);
    assert_eq!(ran.stderr, "known.json knows 1 finding from now on\n");
    sandbox.run(["lint", "a", "--baseline", "known.json"]).exits(0);
    sandbox.write("a/SKILL.md", CLEAN.replace("name: a", "name: A\nhomepage: x"));
    let ran = sandbox.run(["lint", "a", "--baseline", "known.json", "--json", "--select", "spec"]).exits(1).json();
    assert_eq!(rules(&ran), ["spec/name-characters", "spec/name-folder"]);
    assert_eq!(ran["summary"]["baseline"], 1);
    sandbox.write("known.json", "<<<<<<< ours");
    let ran = sandbox.run(["lint", "--baseline", "known.json"]).exits(2);
    assert!(ran.stderr.contains("hint: write one anew with --write-baseline"), "{}", ran.stderr);
}

#[test]
fn only_what_was_looked_for_is_said_to_be_gone() {
    let sandbox = Sandbox::new();
    for name in ["a", "b"] {
        sandbox
            .write(&format!("skills/{name}/SKILL.md"), CLEAN.replace("name: a", &format!("name: {name}\nhomepage: x")));
    }
    sandbox.write("ci/known.json", "");
    sandbox.run(["lint", "skills", "--write-baseline", "ci/known.json"]).exits(0);
    let says_gone = |words: &[&str]| {
        let words = [&["lint", "--baseline", "ci/known.json"], words].concat();
        sandbox.run(words).exits(0).stderr.contains("gone of what the baseline knows")
    };
    std::fs::remove_dir_all(sandbox.work().join("skills/b")).unwrap();
    sandbox.write("skills/a/SKILL.md", CLEAN);
    assert!(says_gone(&["skills"]));
    assert!(says_gone(&["skills/a"]));
    assert!(!says_gone(&["skills", "--select", "text"]));
    sandbox.write("skills/b/SKILL.md", CLEAN.replace("name: a", "name: b"));
    assert!(!says_gone(&["skills/a"]));
}

#[test]
fn only_what_changed_is_checked_when_asked() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c"] {
        sandbox.write(&format!("{name}/SKILL.md"), CLEAN);
    }
    sandbox.git(["init", "--quiet"]);
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "--quiet", "-m", "first"]);
    sandbox.write("c/notes.md", "");
    let ran = sandbox.run(["lint", "--changed", "--json"]).exits(1).json();
    assert_eq!(ran["summary"]["manifests"], 1);
    assert!(ran["diagnostics"].as_array().unwrap().iter().all(|diagnostic| diagnostic["path"] == "c/SKILL.md"));
    // What is gone has changed, too, and what counts is where the skills are.
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "--quiet", "-m", "second"]);
    std::fs::remove_file(sandbox.work().join("c/notes.md")).unwrap();
    let mut elsewhere = sandbox.skillpress(["lint", sandbox.work().to_str().unwrap(), "--changed", "--json"]);
    for ran in [sandbox.run(["lint", "--changed", "--json"]), Ran::of(elsewhere.current_dir("/"))] {
        assert_eq!(ran.exits(1).json()["summary"]["manifests"], 1);
    }
    let ran = sandbox.run(["lint", "--changed=none"]).exits(2);
    assert!(ran.stderr.contains("cannot tell what changed since"), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_user_is_said_to_be_one() {
    let sandbox = Sandbox::new();
    sandbox.write("skills/a/SKILL.md", CLEAN);
    sandbox.git(["init", "--quiet"]);
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "--quiet", "-m", "first"]);
    let work = sandbox.work().canonicalize().unwrap();
    for owned in [work.as_path(), &work.join(".git")] {
        if std::os::unix::fs::chown(owned, Some(12345), None).is_err() {
            eprintln!("skipped: this user may give nothing away");
            return;
        }
    }
    let trust = format!("git config --global --add safe.directory {}\n", work.display());
    for words in [&["lint", "skills", "--changed"][..], &["install", "./skills#HEAD", "--all", "--dir", "there"]] {
        let ran = sandbox.run(words).exits(2);
        assert!(ran.stderr.contains("belongs to another user") && ran.stderr.ends_with(&trust), "{}", ran.stderr);
    }
}

#[test]
fn a_skill_counts_once_and_may_have_any_name() {
    let sandbox = Sandbox::new();
    for name in ["a", "target", "node_modules/b"] {
        sandbox.write(&format!("set/{name}/SKILL.md"), CLEAN);
    }
    let checked = |words: &[&str]| {
        let words = [&["lint", "--json"], words].concat();
        sandbox.run(words).json()["summary"]["manifests"].as_u64().unwrap()
    };
    assert_eq!(checked(&["set"]), 2);
    for words in [&["set", "set/a"][..], &["set/a/SKILL.md", "set", "./set/a"], &["set/a", "set/target"]] {
        assert_eq!(checked(words), 2, "{words:?}");
    }
    // In the skill's own folder it is the same as from outside.
    let mut command = sandbox.skillpress(["lint", "-", "--stdin-path", "SKILL.md", "--format", "concise"]);
    command
        .current_dir(sandbox.work().join("set/target"))
        .stdin(std::fs::File::open(sandbox.work().join("set/a/SKILL.md")).unwrap());
    let ran = Ran::of(&mut command).exits(1);
    assert!(ran.stdout.contains("spec/name-folder"), "{}", ran.stdout);
}

#[cfg(unix)]
#[test]
fn a_manifest_that_two_skills_share_is_checked_in_each() {
    let sandbox = Sandbox::new();
    sandbox.write("s/a/SKILL.md", CLEAN);
    std::fs::create_dir(sandbox.work().join("s/b")).unwrap();
    std::os::unix::fs::symlink("../a/SKILL.md", sandbox.work().join("s/b/SKILL.md")).unwrap();
    for words in [&["s"][..], &["s", "s/b"], &["s", "s"]] {
        let ran = sandbox.run([&["lint", "--json"], words].concat()).exits(1).json();
        assert_eq!(ran["summary"]["manifests"], 2, "{words:?}");
    }
}

#[test]
fn standard_input_is_checked_where_it_is_said_to_stand() {
    use std::io::Write;
    let sandbox = Sandbox::new();
    let mut command = sandbox.skillpress(["lint", "-", "--stdin-path", "a/SKILL.md", "--format", "concise"]);
    command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(CLEAN.replace("name: a", "name: A").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("a/SKILL.md:2:7: error[spec/name-characters]"));
}

#[test]
fn comments_suppress_what_is_meant_and_say_when_they_do_not() {
    let sandbox = Sandbox::new();
    let text = format!("{CLEAN}\n<!-- skillpress-ignore text/placeholder - it is the example -->\nCODEBLOCK0\n");
    sandbox.write("a/SKILL.md", &text);
    let ran = sandbox.run(["lint", "a", "--json"]).exits(0).json();
    assert_eq!(ran["summary"]["suppressed"], 1);
    sandbox.write("a/SKILL.md", text.replace("CODEBLOCK0", "ls"));
    assert_eq!(rules(&sandbox.run(["lint", "a", "--json"]).exits(1).json()), ["text/unused-suppression"]);
    sandbox.run(["lint", "a", "--fix"]).exits(0);
}

#[test]
fn clients_are_told_apart() {
    let sandbox = Sandbox::new();
    sandbox.write("a/SKILL.md", format!("\u{feff}{CLEAN}"));
    let ran =
        sandbox.run(["lint", "a", "--json", "--select", "client", "--client", "codex,gemini-cli"]).exits(1).json();
    assert_eq!(rules(&ran), ["client/codex-drops", "client/gemini-drops"]);
    assert_eq!(sandbox.run(["lint", "a", "--json", "--ignore", "text"]).exits(0).json()["diagnostics"], json!([]));
    let ran = sandbox.run(["lint", "a", "--client", "codx"]).exits(2);
    assert!(ran.stderr.contains("copilot-cli, cursor]") && ran.stderr.contains("exists: 'codex'"), "{}", ran.stderr);
    sandbox.write("skillpress.toml", "[lint]\nclients = ['cursor']\nselect = ['spec', 'client']\n");
    sandbox.write("a/SKILL.md", CLEAN.replace("name: a", "name: a\nalwaysApply: yes"));
    assert_eq!(rules(&sandbox.run(["lint", "a", "--json"]).exits(1).json()), ["client/cursor-field-value"]);
}

#[test]
fn the_table_of_clients_says_what_each_does() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c", "d"] {
        sandbox.write(&format!("skills/{name}/SKILL.md"), CLEAN.replace("name: a", &format!("name: {name}")));
    }
    sandbox.run(["lint", "--clients", "skills"]).exits(0);
    sandbox.write("skills/e/SKILL.md", "---\nname: e\ndescription: Sorts parcels: all of them.\n---\n# E\n");
    sandbox.write("skills/f/skill.md", CLEAN.replace("name: a", "name: f"));
    sandbox.write("skills/g/README.md", "");
    let table = sandbox.run(["lint", "--clients", "skills"]).exits(1).stdout;
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("skill ") && lines[0].contains("claude-code"), "{table}");
    assert!(lines[1].starts_with("4 skills like skills/a/SKILL.md"), "{table}");
    assert_eq!(lines[2].matches("drops").count(), 2, "{table}");
    assert!(table.contains("cursor drops: its frontmatter is no valid YAML\n    skills/e/SKILL.md\n"), "{table}");
    assert_eq!(sandbox.run(["lint", "--clients", "--no-fold", "skills"]).stdout.matches("SKILL.md  ").count(), 5);
    let rows = sandbox.run(["lint", "--clients", "--json", "--client", "codex,cursor", "skills/e"]).exits(1).json();
    let cursor = json!({"client": "cursor", "outcome": "drops", "why": "its frontmatter is no valid YAML"});
    assert_eq!(rows[0]["clients"], json!([{"client": "codex", "outcome": "loads", "why": null}, cursor]));
    sandbox.run(["lint", "--clients", "--format", "sarif", "skills"]).exits(2);
}

#[cfg(unix)]
#[test]
fn where_a_skill_stands_matters_to_clients() {
    let sandbox = Sandbox::new();
    sandbox.write(".agents/skills/group/a/SKILL.md", CLEAN);
    sandbox.write("real.md", CLEAN.replace("name: a", "name: b"));
    std::fs::create_dir_all(sandbox.work().join(".agents/skills/b")).unwrap();
    std::os::unix::fs::symlink("../../../real.md", sandbox.work().join(".agents/skills/b/SKILL.md")).unwrap();
    let rows = sandbox.run(["lint", "--clients", "--json", ".agents"]).exits(1).json();
    let drops = |row: usize| -> Vec<&str> {
        let cells = rows[row]["clients"].as_array().unwrap().iter();
        cells.filter(|cell| cell["outcome"] == "drops").map(|cell| cell["client"].as_str().unwrap()).collect()
    };
    assert_eq!(drops(0), ["codex"]);
    assert_eq!(drops(1), ["claude-code", "gemini-cli"]);
}

#[test]
fn reports_are_made_for_programs() {
    let sandbox = Sandbox::new();
    sandbox.write("a b/SKILL.md", CLEAN.replace("name: a", "name: a b"));
    let sarif = sandbox.run(["lint", "--format", "sarif"]).exits(1).json();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "spec/name-characters");
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b/SKILL.md");
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"][index]["id"], "spec/name-characters");
    let github = sandbox.run(["lint", "--format", "github", "--output-file", "out.txt"]).exits(1);
    assert_eq!(github.stdout, "");
    assert!(
        sandbox
            .read("out.txt")
            .starts_with("::error file=a b/SKILL.md,line=2,col=7,endColumn=10,title=spec/name-characters::")
    );
}

/// The verdict that the specification gives on odd manifests, where these are at hand.
#[test]
fn odd_manifests_get_their_verdict() {
    let cases = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/badcases");
    let Ok(table) = std::fs::read_to_string(cases.join("cases.tsv")) else {
        eprintln!("skipped: ../shared/badcases is not at hand");
        return;
    };
    let sandbox = Sandbox::new();
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let path = cases.join(fields[0]).join(fields[1]);
        let ran = sandbox.run(["lint", "--json", path.to_str().unwrap()]);
        let document = ran.json();
        let of = |severity: &str| {
            let diagnostics = document["diagnostics"].as_array().unwrap();
            diagnostics.iter().filter(|diagnostic| diagnostic["severity"] == severity).count()
        };
        let right = match fields[2] {
            "reject" => of("error") > 0,
            "warn" => of("error") == 0 && of("warning") > 0,
            _ => of("error") == 0,
        };
        assert!(right, "{}: {document:#}", fields[0]);
    }
}
