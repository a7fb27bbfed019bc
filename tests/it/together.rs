//! Several processes at once, and processes that are killed.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::install::{commit, contents, manifest, repository};
use crate::sandbox::{Ran, Sandbox};

fn start(sandbox: &Sandbox, words: &[&str]) -> Child {
    sandbox.skillpress(words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn all_exit(children: Vec<Child>, code: i32) {
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn sixteen_installations_at_once_are_sixteen_entries() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (0..16).map(|number| format!("skill{number}")).collect();
    repository(&sandbox, "o/r", &names.iter().map(String::as_str).collect::<Vec<_>>());
    let children = names.iter().map(|name| start(&sandbox, &["install", "./o/r", name, "--dir", "to"])).collect();
    all_exit(children, 0);
    let listed = sandbox.run(["list", "--dir", "to", "--json"]).exits(0).json();
    assert_eq!(listed[0]["skills"].as_array().unwrap().len(), 16);
    sandbox.run(["verify", "--dir", "to"]).exits(0);
    let others = std::fs::read_dir(sandbox.work().join("to")).unwrap().count();
    assert_eq!(others, 17, "sixteen skills and the lock");
}

#[test]
fn installing_against_removing_leaves_a_sound_directory() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (0..16).map(|number| format!("skill{number}")).collect();
    repository(&sandbox, "o/r", &names.iter().map(String::as_str).collect::<Vec<_>>());
    sandbox.run(["install", "./o/r", "--all", "--dir", "to"]).exits(0);
    let mut children = Vec::new();
    for pair in names.chunks(2) {
        children.push(start(&sandbox, &["remove", &pair[0], "--dir", "to"]));
        children.push(start(&sandbox, &["install", "./o/r", &pair[1], "--dir", "to"]));
    }
    all_exit(children, 0);
    sandbox.run(["verify", "--dir", "to"]).exits(0);
    let listed = sandbox.run(["list", "--dir", "to", "--json"]).exits(0).json();
    assert_eq!(listed[0]["skills"].as_array().unwrap().len(), 8);
}

#[test]
fn who_holds_the_lock_is_waited_for_and_named() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.work().join("to")).unwrap();
    let path = sandbox.write("to/.skillpress.busy", "process 4711\n");
    let file = std::fs::File::open(path).unwrap();
    file.lock().unwrap();
    let child = start(&sandbox, &["install", "chatra", "--offline", "--dir", "to"]);
    std::thread::sleep(Duration::from_millis(700));
    assert!(!sandbox.work().join("to/chatra").exists());
    // Who does not want to wait so long is told whom it waited for.
    sandbox.write("short.toml", "[install]\nwait = 1\n");
    for words in [&["--wait", "0"][..], &["--wait", "1"], &["--config", "short.toml"]] {
        let ran = sandbox.run([&["install", "chatra", "--offline", "--dir", "to"], words].concat()).exits(2);
        assert!(ran.stderr.contains("to is being changed by process 4711"), "{}", ran.stderr);
        assert!(ran.stderr.contains("because: waited ") && ran.stderr.contains("hint: let it end"), "{}", ran.stderr);
        assert_eq!(ran.stderr.matches("error:").count(), 1, "{}", ran.stderr);
        assert_eq!(std::fs::read_dir(sandbox.work().join("to")).unwrap().count(), 1, "only who is at work");
    }
    file.unlock().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("waiting for process 4711"));
    assert!(sandbox.work().join("to/chatra/SKILL.md").exists());
}

#[test]
fn who_fetches_the_same_repository_is_waited_for_but_not_for_ever() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a"]);
    let server = crate::server::Server::start(&sandbox.work());
    sandbox.run(["install", &server.url("o/r"), "a", "--dir", "to"]).exits(0);
    let cache = sandbox.run(["cache", "dir"]).exits(0).stdout.trim().to_owned();
    let slot = std::fs::read_dir(cache).unwrap().next().unwrap().unwrap().path();
    let file = std::fs::File::open(slot.join("lock")).unwrap();
    file.lock().unwrap();
    let before = contents(&sandbox.work().join("to"));
    sandbox.write("skillpress.toml", "[source]\ntimeout = 1\n");
    for engine in ["builtin", "git"] {
        let ran = sandbox.run(["update", "--dir", "to", "--fetch", engine]).exits(2);
        assert!(ran.stderr.contains("another process is fetching http://127.0.0.1"), "{}", ran.stderr);
        assert_eq!(contents(&sandbox.work().join("to")), before);
    }
    file.unlock().unwrap();
    sandbox.run(["update", "--dir", "to"]).exits(0);
}

/// How often processes are killed; `SKILLPRESS_KILLS` asks for more.
fn kills() -> usize {
    std::env::var("SKILLPRESS_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(24)
}

#[test]
fn a_killed_process_leaves_what_the_next_one_mends() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (0..50).map(|number| format!("skill{number}")).collect();
    let folder = repository(&sandbox, "o/r", &names.iter().map(String::as_str).collect::<Vec<_>>());
    sandbox.git_in(&folder, ["tag", "one"]);
    for name in &names {
        sandbox.write(&format!("o/r/skills/{name}/SKILL.md"), manifest(name, "Two."));
    }
    commit(&sandbox, &folder, "two");
    let to = sandbox.work().join("to");
    let mut states = Vec::new();
    let (installed, updated) =
        (["install", "./o/r#one", "--all", "--dir", "to"], ["install", "./o/r#main", "--all", "--dir", "to"]);
    let removed = ["remove", "--all", "--dir", "to"];
    let started = Instant::now();
    for words in [&installed[..], &updated, &removed] {
        sandbox.run(words).exits(0);
        states.push(contents(&to));
    }
    let span = started.elapsed() / 3;
    sandbox.run(["list", "--dir", "to"]).exits(0);
    for round in 0..kills() {
        let words = [&installed[..], &updated, &removed][round % 3];
        let mut child = start(&sandbox, words);
        // Spread over the time that it takes, in an order that does not depend on chance.
        std::thread::sleep(span.mul_f64((f64::from(u32::try_from(round).unwrap()) * 0.618_033_988) % 1.0));
        child.kill().unwrap();
        child.wait().unwrap();
        let next = sandbox.run(["list", "--dir", "to", "--json"]);
        assert_eq!(next.code, 0, "{}", next.stderr);
        let found = if to.exists() { contents(&to) } else { Vec::new() };
        let known = found.is_empty() || states.contains(&found);
        assert!(known, "round {round}: {:?}", found.iter().map(|(path, _)| path).collect::<Vec<_>>());
        Ran::of(&mut sandbox.skillpress(["verify", "--dir", "to"])).exits(0);
        sandbox.run(words).exits(0);
    }
}

#[test]
fn what_was_interrupted_is_finished_first_whatever_comes_next() {
    let journal =
        r#"{"operations": [{"directory": "chatra", "kind": "put", "digest": null, "before": null, "edited": false}]}"#;
    let install = ["install", "chatra", "--offline", "--dir", "to"];
    let next = |words: &[&str]| {
        let sandbox = Sandbox::new();
        sandbox.run(install).exits(0);
        let whole = contents(&sandbox.work().join("to"));
        for half in ["new", "old"] {
            std::fs::create_dir_all(sandbox.work().join("to/.skillpress.work").join(half)).unwrap();
        }
        sandbox.write("to/.skillpress.work/journal", journal);
        for (from, to) in [("chatra", "new/chatra"), (".skillpress.lock", "lock")] {
            let to = sandbox.work().join("to/.skillpress.work").join(to);
            std::fs::rename(sandbox.work().join("to").join(from), to).unwrap();
        }
        let ran = sandbox.run([words, &["--dir", "to"]].concat()).exits(0);
        assert_eq!(contents(&sandbox.work().join("to")), whole, "{words:?}");
        ran.stdout
    };
    for words in [&["sync"][..], &["sync", "--locked"], &["update", "--dry-run"], &["install", "chatra", "--dry-run"]] {
        let stdout = next(words);
        assert!(stdout.contains("1 skill in ") && stdout.contains(" is up to date"), "{words:?}: {stdout}");
    }
    assert!(next(&["remove", "--all", "--dry-run"]).contains("would be removed"));
    next(&["verify"]);
}
