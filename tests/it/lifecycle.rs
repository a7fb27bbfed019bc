//! What becomes of installed skills: updates in one fetch, edits that survive, removal of only what was installed, other machines.

use std::path::{Path, PathBuf};

use crate::install::{commit, contents, manifest, repository};
use crate::sandbox::{Ran, Sandbox};
use crate::server::Server;

const TO: [&str; 2] = ["--dir", "to"];

fn run(sandbox: &Sandbox, words: &[&str]) -> Ran {
    sandbox.run([words, &TO].concat())
}

#[test]
fn fifty_skills_of_one_repository_are_updated_with_one_fetch() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (0..50).map(|number| format!("skill{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let folder = repository(&sandbox, "o/r", &names);
    let server = Server::start(&sandbox.work());
    run(&sandbox, &["install", &server.url("o/r"), "--all"]).exits(0);
    assert_eq!((server.greetings(), server.fetches()), (1, 2), "commits and folders, then all files");
    let ran = run(&sandbox, &["outdated"]).exits(0);
    assert!(ran.stderr.contains("50 installed skills, none is outdated"), "{}", ran.stderr);
    for name in &names {
        sandbox.write(&format!("o/r/skills/{name}/SKILL.md"), manifest(name, "Two."));
    }
    let new = commit(&sandbox, &folder, "two");
    let before = contents(&sandbox.work().join("to"));
    let ran = run(&sandbox, &["outdated"]).exits(1);
    assert_eq!(ran.stdout.lines().count(), 50);
    assert!(ran.stdout.contains(&new[..10]), "{}", ran.stdout);
    assert_eq!(contents(&sandbox.work().join("to")), before, "outdated writes nothing");
    assert_eq!((server.greetings(), server.fetches()), (3, 4));
    let asked = server.requests().len();
    let ran = run(&sandbox, &["update"]).exits(0);
    assert_eq!(ran.stdout.matches("updated ").count(), 50, "{}", ran.stdout);
    assert_eq!((server.fetches(), server.requests().len()), (4, asked + 2), "outdated had fetched it already");
    assert!(sandbox.read("to/o-r-skill7/SKILL.md").contains("Two."));
    for name in &names {
        sandbox.write(&format!("o/r/skills/{name}/SKILL.md"), manifest(name, "Three."));
    }
    commit(&sandbox, &folder, "three");
    let asked = server.requests().len();
    run(&sandbox, &["update"]).exits(0);
    assert_eq!((server.greetings(), server.fetches()), (5, 6), "one connection for all");
    assert_eq!(server.requests().len(), asked + 4, "how it speaks, refs, commits with folders, files");
    assert!(sandbox.read("to/o-r-skill7/SKILL.md").contains("Three."));
    run(&sandbox, &["verify"]).exits(0);
    let ran = run(&sandbox, &["update", "--offline"]).exits(0);
    assert!(ran.stdout.contains("50 skills in"), "{}", ran.stdout);
}

#[test]
fn a_pinned_skill_stays_and_a_moved_one_is_named() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a", "b"]);
    sandbox.git_in(&folder, ["tag", "v1"]);
    let url = format!("file://{}", folder.display());
    run(&sandbox, &["install", &format!("{url}#v1"), "a"]).exits(0);
    run(&sandbox, &["install", &url, "b"]).exits(0);
    sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Two."));
    sandbox.git_in(&folder, ["mv", "skills/b", "skills/c"]);
    commit(&sandbox, &folder, "two");
    let ran = run(&sandbox, &["update"]).exits(1);
    assert!(ran.stderr.contains("has no skill at skills/b any more"), "{}", ran.stderr);
    assert!(sandbox.read("to/o-r-a/SKILL.md").contains("One."));
    assert!(sandbox.read("to/o-r-b/SKILL.md").contains("One."), "what is gone there stays here");
}

#[test]
fn nothing_is_said_of_what_is_installed_where_there_is_no_folder() {
    let sandbox = Sandbox::new();
    for words in [&["list"][..], &["outdated"], &["sync"], &["update"], &["remove", "--all"], &["verify"]] {
        let ran = run(&sandbox, words).exits(2);
        let said = &ran.stderr;
        assert!(
            said.starts_with("error: there is no folder ") && said.contains("skillpress list"),
            "{words:?}: {said}"
        );
        assert!(ran.stdout.is_empty() && !sandbox.work().join("to").exists(), "{words:?}");
    }
    sandbox.run(["verify"]).exits(0);
    sandbox.run(["verify", "--agent", "codex"]).exits(2);
    sandbox.run(["list", "--agent", "codex"]).exits(0);
}

#[test]
fn removing_leaves_what_was_not_installed() {
    let sandbox = Sandbox::new();
    run(&sandbox, &["install", "chatra", "chatrace", "--offline"]).exits(0);
    sandbox.write("to/own/SKILL.md", manifest("own", "Mine."));
    let ran = run(&sandbox, &["remove", "own"]).exits(2);
    assert!(ran.stderr.contains("skillpress did not install it"), "{}", ran.stderr);
    sandbox.write("from/own/SKILL.md", manifest("own", "Mine."));
    let ran = run(&sandbox, &["install", "./from/own"]).exits(0);
    assert!(ran.stdout.contains("recorded own"), "the very same files are there: {}", ran.stdout);
    std::fs::remove_dir_all(sandbox.work().join("to/own")).unwrap();
    let ran = run(&sandbox, &["remove", "own"]).exits(0);
    assert!(ran.stdout.starts_with("forgotten ") && ran.stdout.ends_with("/to/own, whose folder is gone\n"));
    sandbox.write("to/chaport/SKILL.md", manifest("chaport", "Mine."));
    let ran = run(&sandbox, &["install", "chaport", "--offline"]).exits(2);
    assert!(ran.stderr.contains("skillpress did not install it"), "{}", ran.stderr);
    let ran = run(&sandbox, &["remove", "--all"]).exits(0);
    assert!(ran.stderr.contains("left alone, since skillpress did not install them: chaport"), "{}", ran.stderr);
    let left: Vec<String> = contents(&sandbox.work().join("to")).into_iter().map(|(path, _)| path).collect();
    assert_eq!(left, [".skillpress.lock", "chaport/SKILL.md"]);
}

#[test]
fn another_machine_gets_the_same_from_the_lock() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a", "b"]);
    let server = Server::start(&sandbox.work());
    run(&sandbox, &["install", &server.url("o/r"), "--all"]).exits(0);
    let there = contents(&sandbox.work().join("to"));
    sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Two."));
    commit(&sandbox, &folder, "two");
    sandbox.write("else/.skillpress.lock", sandbox.read("to/.skillpress.lock"));
    sandbox.run(["cache", "clean"]).exits(0);
    let words = ["sync", "--dir", "else", "--locked"];
    sandbox.run(words).exits(0);
    assert_eq!(contents(&sandbox.work().join("else")), there);
    let ran = sandbox.run(words).exits(0);
    assert!(ran.stdout.contains("2 skills in"), "{}", ran.stdout);
    for manifest_of in ["more/SKILL.md", "low/skill.md", "group/of/three/SKILL.md"] {
        let path = sandbox.write(&format!("else/{manifest_of}"), manifest("more", "x"));
        let folder = manifest_of.rsplit_once('/').unwrap().0;
        let ran = sandbox.run(words).exits(2);
        assert!(ran.stderr.contains(&format!("holds {folder}, which the lock does not know")), "{}", ran.stderr);
        std::fs::remove_file(path).unwrap();
    }
    sandbox.write("else/group/notes.md", "No skill.");
    sandbox.run(words).exits(0);
    let ran = sandbox.run(["sync", "--dir", ".", "--locked"]).exits(2);
    assert!(ran.stderr.contains("there is no lock in"), "{}", ran.stderr);
    let ran = sandbox.run(["install", &server.url("o/r"), "a", "--locked", "--dir", "else"]).exits(2);
    assert!(ran.stderr.contains("--locked forbids it"), "{}", ran.stderr);
}

#[test]
fn a_broken_lock_stops_every_command_and_is_left_as_it_is() {
    let sandbox = Sandbox::new();
    run(&sandbox, &["install", "chatra", "--offline"]).exits(0);
    let sound = sandbox.read("to/.skillpress.lock");
    for (text, why) in [
        (sound.replace("{\n  \"version\"", "<<<<<<< ours\n  \"version\""), "lock:1: a merge left its markers"),
        ("{".to_owned(), "lock:1: EOF"),
        (sound.replace("\"chatra\": {", "\"../chatra\": {"), "cannot be the name of a skill's folder"),
        (sound.replace("\"version\": 1", "\"version\": 7"), "has version 7"),
    ] {
        sandbox.write("to/.skillpress.lock", &text);
        for words in [
            vec!["install", "chaport", "--offline"],
            vec!["list"],
            vec!["update"],
            vec!["remove", "--all"],
            vec!["verify"],
            vec!["sync"],
        ] {
            let ran = run(&sandbox, &words).exits(2);
            assert!(ran.stderr.contains(why) && ran.stderr.contains("hint: "), "{words:?}: {}", ran.stderr);
            assert_eq!(sandbox.read("to/.skillpress.lock"), text);
            assert!(sandbox.work().join("to/chatra/SKILL.md").exists() && !sandbox.work().join("to/chaport").exists());
        }
    }
}

/// The skill `foo` for Claude Code and Codex.
fn for_two_agents(sandbox: &Sandbox) -> [PathBuf; 2] {
    for folder in [".claude", ".codex"] {
        std::fs::create_dir(sandbox.home().join(folder)).unwrap();
    }
    sandbox.write("s/foo/SKILL.md", manifest("foo", "One."));
    sandbox.run(["install", "./s", "foo"]).exits(0);
    [".claude/skills", ".agents/skills"].map(|folder| sandbox.home().join(folder))
}

#[test]
fn what_is_wrong_with_one_directory_hides_nothing_of_the_others() {
    let sandbox = Sandbox::new();
    let [sound, broken] = for_two_agents(&sandbox);
    std::fs::write(broken.join(".skillpress.lock"), "<<<<<<< ours\n").unwrap();
    sandbox.write("s/foo/SKILL.md", manifest("foo", "Two."));
    let names_it = |ran: &Ran| assert!(ran.stderr.contains("a merge left its markers"), "{}", ran.stderr);
    let ran = sandbox.run(["outdated", "--json"]).exits(1);
    assert_eq!(ran.json()[0]["directory"], "foo");
    names_it(&ran);
    let ran = sandbox.run(["update", "--json"]).exits(1);
    assert_eq!(ran.json()["directories"][0]["steps"][0]["action"], "replace");
    assert!(ran.json()["failed"][0]["error"].as_str().unwrap().contains("a merge left its markers"));
    assert!(std::fs::read_to_string(sound.join("foo/SKILL.md")).unwrap().contains("Two."));
    for words in [["list", "--json"], ["verify", "--json"]] {
        let ran = sandbox.run(words).exits(1);
        assert_eq!(ran.json().as_array().unwrap().len(), 1, "{words:?}");
        names_it(&ran);
    }
    std::fs::remove_dir_all(sound.join("foo")).unwrap();
    names_it(&sandbox.run(["sync"]).exits(1));
    assert!(sound.join("foo/SKILL.md").exists());
    names_it(&sandbox.run(["remove", "foo"]).exits(1));
    assert!(!sound.join("foo").exists());
    let ran = sandbox.run(["verify", "--json"]).exits(2);
    assert_eq!(ran.json(), serde_json::json!([]));
}

#[test]
fn what_goes_wrong_in_two_directories_for_one_reason_is_said_once() {
    let sandbox = Sandbox::new();
    let directories = for_two_agents(&sandbox);
    std::fs::rename(sandbox.work().join("s"), sandbox.work().join("moved")).unwrap();
    for directory in directories {
        std::fs::remove_dir_all(directory.join("foo")).unwrap();
    }
    for words in [&["outdated"][..], &["update"], &["sync"], &["sync", "--json"]] {
        let ran = sandbox.run(words).exits(2);
        assert_eq!(ran.stderr.matches("error: foo: cannot read the source").count(), 1, "{}", ran.stderr);
        let hint = "hint: bring it back, or install the skill with --force from where it is now";
        assert!(ran.stderr.contains(hint), "{}", ran.stderr);
    }
    sandbox.run(["install", "./moved", "foo", "--force"]).exits(0);
    sandbox.run(["update"]).exits(0);
}

#[test]
fn what_is_installed_is_found_whichever_agents_are_used_here() {
    let sandbox = Sandbox::new();
    sandbox.write("s/foo/SKILL.md", manifest("foo", "One."));
    for scope in ["project", "user"] {
        let run = |words: &[&str]| sandbox.run([words, &["--scope", scope]].concat());
        run(&["install", "./s", "foo", "--agent", "codex"]).exits(0);
        for words in [&["verify"][..], &["outdated"], &["sync", "--locked"], &["update"]] {
            let ran = run(words).exits(0);
            assert!(!ran.stderr.contains("nothing is installed") && !ran.stderr.contains("0 of 0"), "{}", ran.stderr);
        }
        std::fs::create_dir(sandbox.home().join(".claude")).unwrap();
        run(&["install", "./s", "foo"]).exits(0);
        let ran = run(&["update"]).exits(0);
        assert_eq!(ran.stdout.matches("1 skill in ").count(), 2, "{}", ran.stdout);
        let ran = run(&["remove", "foo", "--json"]).exits(0);
        let places = ran.json()["directories"].as_array().unwrap().clone();
        assert_eq!(places.iter().filter(|place| place["steps"][0]["action"] == "remove").count(), 2, "{}", ran.stdout);
        std::fs::remove_dir_all(sandbox.home().join(".claude")).unwrap();
    }
}

#[test]
fn a_skill_is_unknown_when_no_directory_has_it() {
    let sandbox = Sandbox::new();
    let [with_it, without] = for_two_agents(&sandbox);
    sandbox.run(["remove", "foo", "--agent", "codex"]).exits(0);
    for command in ["outdated", "verify", "update", "remove"] {
        sandbox.run([command, "foo", "--agent", "codex"]).exits(2);
        let ran = sandbox.run([command, "foo", "bar"]).exits(1);
        let both = format!("is called \"bar\" in {}, {}\n", with_it.display(), without.display());
        assert!(ran.stderr.contains(&both) && !ran.stderr.contains("called \"foo\""), "{command}: {}", ran.stderr);
        sandbox.run(["install", "./s", "foo", "--agent", "claude-code"]).exits(0);
        sandbox.run([command, "foo"]).exits(0);
    }
}

#[test]
fn a_source_in_the_same_project_is_found_wherever_the_project_is() {
    let sandbox = Sandbox::new();
    let project = |name: &str, words: &[&str]| {
        let mut command = sandbox.skillpress(words);
        Ran::of(command.current_dir(sandbox.work().join(name)))
    };
    let to = ["--dir", ".claude/skills"];
    sandbox.git(["init", "-q", "one"]);
    for name in ["a", "b"] {
        sandbox.write(&format!("one/skills/{name}/SKILL.md"), manifest(name, "One."));
    }
    sandbox.write("elsewhere/c/SKILL.md", manifest("c", "One."));
    project("one", &[&["install", "./skills", "--all"][..], &to].concat()).exits(0);
    project("one", &[&["install", "../elsewhere", "c"][..], &to].concat()).exits(0);
    let lock = sandbox.read("one/.claude/skills/.skillpress.lock");
    assert_eq!(lock.matches("\"source\": \"../../skills\"").count(), 2, "{lock}");
    assert!(lock.contains(&format!("\"source\": \"{}/elsewhere\"", sandbox.work().display())), "{lock}");
    // Another machine has the project at another place, and nothing of what is installed.
    let two = sandbox.work().join("two");
    std::fs::rename(sandbox.work().join("one"), &two).unwrap();
    for name in ["a", "b"] {
        std::fs::remove_dir_all(two.join(".claude/skills").join(name)).unwrap();
    }
    let ran = project("two", &[&["sync"][..], &to].concat()).exits(0);
    assert!(ran.stdout.contains(&format!("installed a from {}/skills in", two.display())), "{}", ran.stdout);
    project("two", &[&["sync", "--locked"][..], &to].concat()).exits(0);
    assert_eq!(sandbox.read("two/.claude/skills/.skillpress.lock"), lock);
    sandbox.write("two/skills/a/SKILL.md", manifest("a", "Two."));
    let ran = project("two", &[&["update"][..], &to].concat()).exits(0);
    assert!(ran.stdout.contains("updated a from"), "{}", ran.stdout);
    let ran = project("two", &[&["install", "./skills", "b"][..], &to].concat()).exits(0);
    assert!(ran.stdout.contains("is up to date"), "{}", ran.stdout);
}

#[test]
fn syncing_needs_a_lock_in_one_directory_or_in_the_one_that_was_named() {
    let sandbox = Sandbox::new();
    let [_, without] = for_two_agents(&sandbox);
    std::fs::remove_dir_all(&without).unwrap();
    sandbox.run(["sync"]).exits(0);
    for words in [&["sync", "--locked"][..], &["sync", "--agent", "claude-code,codex"]] {
        let ran = sandbox.run(words).exits(1);
        assert!(ran.stderr.contains(&format!("there is no lock in {}", without.display())), "{}", ran.stderr);
    }
    sandbox.run(["sync", "--scope", "project"]).exits(2);
}

#[test]
fn what_came_with_a_project_is_known_where_its_agents_are_not() {
    let sandbox = Sandbox::new();
    sandbox.write("s/foo/SKILL.md", manifest("foo", "One."));
    let in_project = |words: &[&str]| sandbox.run([words, &["--scope", "project"]].concat());
    in_project(&["install", "./s", "foo", "--agent", "claude-code,codex"]).exits(0);
    let codex = sandbox.work().join(".agents/skills/foo");
    std::fs::remove_dir_all(&codex).unwrap();
    let ran = in_project(&["verify"]).exits(1);
    assert_eq!(ran.stderr, "1 of 2 installed skills are as they were installed\n");
    let ran = in_project(&["verify", "--agent", "claude-code"]).exits(0);
    assert_eq!(ran.stderr, "1 of 1 installed skill is as it was installed\n");
    in_project(&["sync", "--locked"]).exits(0);
    assert!(codex.exists());
    let ran = sandbox.run(["update"]).exits(0);
    assert!(ran.stderr.contains("; --scope project means what is installed in "), "{}", ran.stderr);
    in_project(&["remove", "foo"]).exits(0);
    assert!(!codex.exists());
    let ran = sandbox.run(["list"]).exits(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", "nothing is installed here\n"));
}

#[test]
fn what_is_missing_here_and_gone_from_its_source_is_had_as_it_is_now() {
    for served in [false, true] {
        let sandbox = Sandbox::new();
        let folder = repository(&sandbox, "o/r", &["a"]);
        let server = Server::start(&sandbox.work());
        let url = if served { server.url("o/r") } else { format!("file://{}", folder.display()) };
        run(&sandbox, &["install", &url, "a"]).exits(0);
        sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Two."));
        sandbox.git_in(&folder, ["commit", "--amend", "-qam", "two"]);
        sandbox.git_in(&folder, ["reflog", "expire", "--expire=now", "--all"]);
        sandbox.git_in(&folder, ["gc", "--prune=now", "--quiet"]);
        sandbox.run(["cache", "clean"]).exits(0);
        std::fs::remove_dir_all(sandbox.work().join("to/o-r-a")).unwrap();
        let ran = run(&sandbox, &["sync"]).exits(2);
        assert!(ran.stderr.contains("hint: `skillpress update o-r-a --force` takes"), "{}", ran.stderr);
        let ran = run(&sandbox, &["update"]).exits(2);
        assert!(ran.stderr.contains("`skillpress update o-r-a --force` as its source has it"), "{}", ran.stderr);
        run(&sandbox, &["update", "o-r-a", "--force"]).exits(0);
        assert!(sandbox.read("to/o-r-a/SKILL.md").contains("Two."));
        run(&sandbox, &["verify"]).exits(0);
    }
}

fn packs(cache: &str) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(cache).into_iter().map(|file| file.unwrap().into_path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "pack")).collect()
}

fn damage(pack: &Path, how: &str) {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(pack, mode).unwrap();
    let mut bytes = std::fs::read(pack).unwrap();
    match how {
        "truncated" => bytes.truncate(20),
        "zeroed" => bytes.fill(0),
        "flipped" => bytes[20] ^= 0x55,
        _ => return std::fs::remove_file(pack).unwrap(),
    }
    std::fs::write(pack, bytes).unwrap();
}

#[test]
fn a_damaged_cache_is_mended() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a", "b"]);
    let server = Server::start(&sandbox.work());
    let url = server.url("o/r");
    run(&sandbox, &["install", &url, "a"]).exits(0);
    let cache = sandbox.run(["cache", "dir"]).exits(0).stdout.trim().to_owned();
    let listed = sandbox.run(["cache", "list", "--json"]).exits(0).json();
    assert_eq!(listed[0]["url"], url);
    for how in ["truncated", "zeroed", "flipped", "removed"] {
        let target = format!("to-{how}");
        let install = ["install", &url, "b", "--dir", &target];
        let by_git = ["install", &url, "b", "--dir", &format!("git-{how}"), "--fetch", "git"];
        for words in [&install[..], &["show", "b", "--source", &url], &by_git, &["update", "--force", "--dir", "to"]] {
            for pack in packs(&cache) {
                damage(&pack, how);
            }
            sandbox.run(words.iter().copied()).exits(0);
        }
        assert!(Path::new(&sandbox.work().join(&target)).join("o-r-b/SKILL.md").exists());
    }
    sandbox.run(["cache", "clean"]).exits(0);
    assert_eq!(sandbox.run(["cache", "list"]).exits(0).stdout, "");
    let ran = sandbox.run(["install", &url, "b", "--offline", "--dir", "x"]).exits(2);
    assert!(ran.stderr.contains("was never fetched"), "{}", ran.stderr);
}

#[test]
fn of_several_sources_only_the_damaged_one_is_fetched_again() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/one", &["a"]);
    repository(&sandbox, "o/two", &["b"]);
    let servers = [Server::start(&sandbox.work()), Server::start(&sandbox.work())];
    let urls = [servers[0].url("o/one"), servers[1].url("o/two")];
    sandbox.write("skillpress.toml", format!("[source]\norder = {urls:?}\n"));
    run(&sandbox, &["install", "a", "b"]).exits(0);
    let listed = sandbox.run(["cache", "list", "--json"]).exits(0).json();
    let second = listed.as_array().unwrap().iter().find(|cached| cached["url"] == urls[1]).unwrap();
    // The commit has come before it, in a pack with its folders.
    let of_one_file = |pack: &&PathBuf| std::fs::read(pack).unwrap()[11] == 1;
    damage(packs(second["folder"].as_str().unwrap()).iter().find(of_one_file).unwrap(), "flipped");
    let before = servers.each_ref().map(Server::fetches);
    let ran = sandbox.run(["install", "a", "b", "--dir", "other"]).exits(0);
    let said = format!("what was fetched from {} is damaged; fetching it again", urls[1]);
    assert!(ran.stderr.contains(&said), "{}", ran.stderr);
    let after = servers.each_ref().map(Server::fetches);
    assert!(after[0] == before[0] && after[1] > before[1], "{before:?} {after:?}");
}

#[test]
fn list_tells_what_it_costs_and_where_names_differ() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    run(&sandbox, &["install", &format!("file://{}", folder.display()), "a"]).exits(0);
    sandbox.write("to/own/SKILL.md", "x");
    let ran = run(&sandbox, &["list"]).exits(0);
    assert!(
        ran.stdout.contains("[in o-r-a]") && ran.stdout.contains("own  (not installed by skillpress)"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("1 skill costs about"), "{}", ran.stderr);
    let json = run(&sandbox, &["list", "--json"]).exits(0).json();
    assert_eq!((&json[0]["skills"][0]["differs"], &json[0]["unmanaged"][0]), (&true.into(), &"own".into()));
}

#[test]
fn a_dry_run_tells_what_everything_would_cost() {
    let sandbox = Sandbox::new();
    run(&sandbox, &["install", "chatra", "--offline"]).exits(0);
    let words = ["install", "chaport", "--offline", "--json"];
    let dry = run(&sandbox, &[&words[..], &["--dry-run"]].concat()).exits(0).json();
    let done = run(&sandbox, &words).exits(0).json();
    assert_eq!(dry["directories"], done["directories"]);
    assert_eq!(dry["directories"][0]["installed"], 2);
}

#[test]
fn quiet_commands_say_only_what_went_wrong() {
    let sandbox = Sandbox::new();
    for words in [&["install", "chatra", "--offline", "-q"][..], &["update", "-q"], &["remove", "chatra", "-q"]] {
        let ran = run(&sandbox, words).exits(0);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""), "{words:?}");
    }
    assert!(run(&sandbox, &["remove", "chatra", "-q"]).exits(2).stderr.starts_with("error: "));
    run(&sandbox, &["install", "chatra", "--offline", "-q", "--json"]).exits(0).json();
}

#[test]
fn a_file_name_cannot_forge_a_line() {
    let sandbox = Sandbox::new();
    run(&sandbox, &["install", "chatra", "--offline"]).exits(0);
    sandbox.write("to/chatra/x\nall is well", "x");
    let ran = run(&sandbox, &["verify"]).exits(1);
    assert!(ran.stdout.ends_with("/to/chatra/x\\u{a}all is well: added\n"), "{}", ran.stdout);
    let ran = run(&sandbox, &["remove", "chatra"]).exits(2);
    assert!(ran.stderr.contains(": x\\u{a}all is well added\n"), "{}", ran.stderr);
}

#[test]
fn agents_says_who_is_used_here() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.home().join(".codex")).unwrap();
    let known = sandbox.run(["agents", "--json"]).exits(0).json();
    let detected: Vec<&str> = known
        .as_array()
        .unwrap()
        .iter()
        .filter(|agent| agent["detected"] == true)
        .map(|agent| agent["id"].as_str().unwrap())
        .collect();
    assert_eq!(detected, ["codex"]);
    assert!(sandbox.run(["agents"]).exits(0).stdout.contains("* codex"));
}
