//! Surroundings that are not as one wishes: a full disk, no home folder, a clock that is wrong, names that are no text.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;

use crate::install::{contents, manifest, repository};
use crate::sandbox::{Ran, Sandbox};
use crate::server::Server;

/// Runs a script that mounts; that needs a namespace of its own, which not everybody may have.
fn in_a_namespace(sandbox: &Sandbox, script: &str) -> bool {
    let mut command = sandbox.command("unshare");
    command.args(["-rm", "sh", "-c", script, env!("CARGO_BIN_EXE_skillpress")]).stdout(Stdio::null());
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no unshare");
        return false;
    };
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!matches!(output.status.code(), Some(97 | 98)), "{stderr}");
        eprintln!("skipped: this user may not mount: {stderr}");
        return false;
    }
    true
}

#[test]
fn a_full_disk_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("big/SKILL.md", manifest("big", "Text."));
    sandbox.write("big/data", vec![7; 400_000]);
    sandbox.write("small/SKILL.md", manifest("small", "Text."));
    std::fs::create_dir(sandbox.work().join("disk")).unwrap();
    let script = "mount -t tmpfs -o size=128k none disk || exit 99\n\
                  \"$0\" install ./small --dir disk/skills || exit 98\n\
                  find disk | sort > before; cat disk/skills/.skillpress.lock >> before\n\
                  \"$0\" install ./big --dir disk/skills 2> said; echo $? > code\n\
                  find disk | sort > after; cat disk/skills/.skillpress.lock >> after\n";
    if !in_a_namespace(&sandbox, script) {
        return;
    }
    let stderr = sandbox.read("said");
    assert_eq!(sandbox.read("code"), "2\n", "{stderr}");
    assert!(stderr.contains("No space left on device") && stderr.contains("hint: free some space"), "{stderr}");
    assert_eq!(sandbox.read("before"), sandbox.read("after"));
}

#[test]
fn a_disk_that_is_full_for_git_is_said_so() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    let noise: Vec<u8> = (0..400_000_u32).flat_map(|i| i.wrapping_mul(2_654_435_761).to_be_bytes()).collect();
    sandbox.write("o/r/skills/a/data", noise);
    crate::install::commit(&sandbox, &folder, "large");
    let server = Server::start(&sandbox.work());
    let script = format!(
        "mkdir -p \"$HOME/.cache\" && mount -t tmpfs -o size=512k none \"$HOME/.cache\" || exit 99\n\
         \"$0\" install {} a --dir to --fetch git 2> said; echo $? > code\n",
        server.url("o/r")
    );
    if !in_a_namespace(&sandbox, &script) {
        return;
    }
    let stderr = sandbox.read("said");
    assert_eq!(sandbox.read("code"), "2\n", "{stderr}");
    assert!(stderr.contains("No space left on device") && stderr.contains("hint: free some space"), "{stderr}");
}

#[test]
fn without_a_home_folder_only_what_needs_one_fails() {
    let sandbox = Sandbox::new();
    for home in [None, Some(""), Some("relative")] {
        let run = |words: &[&str]| {
            let mut command = sandbox.skillpress(words);
            match home {
                None => command.env_remove("HOME"),
                Some(home) => command.env("HOME", home),
            };
            Ran::of(&mut command)
        };
        // A machine may know the home folder of a user without the variable; then it is that one.
        let ran = run(&["install", "chatra", "--offline", "--dir", "to"]).exits(0);
        assert!(sandbox.work().join("to/chatra/SKILL.md").exists(), "{}", ran.stderr);
        run(&["remove", "--all", "--dir", "to"]).exits(0);
    }
    let mut command = sandbox.skillpress(["install", "chatra", "--offline"]);
    let ran = Ran::of(command.env("HOME", "relative")).exits(2);
    assert!(ran.stderr.contains("there is no home folder") && ran.stderr.contains("--dir"), "{}", ran.stderr);
    let mut command = sandbox.skillpress(["cache", "dir"]);
    let ran = Ran::of(command.env("HOME", "relative").env("XDG_CACHE_HOME", sandbox.work())).exits(2);
    assert!(ran.stderr.ends_with("hint: set HOME to an absolute path\n"), "{}", ran.stderr);
}

#[test]
fn edits_are_not_thrown_away_where_there_is_no_place_for_them() {
    let sandbox = Sandbox::new();
    sandbox.run(["install", "chatra", "--offline", "--dir", "to"]).exits(0);
    sandbox.write("to/chatra/SKILL.md", "mine");
    let before = contents(&sandbox.work().join("to"));
    for words in [["remove", "chatra", "--force", "--dir", "to"], ["update", "chatra", "--force", "--dir", "to"]] {
        let mut command = sandbox.skillpress(words);
        let ran = Ran::of(command.env("HOME", "relative")).exits(2);
        assert!(
            ran.stderr.contains("there is no place for the edits") && ran.stderr.contains("set HOME to an"),
            "{}",
            ran.stderr
        );
        assert_eq!(ran.stderr.matches("error:").count(), 1, "{}", ran.stderr);
        assert_eq!(contents(&sandbox.work().join("to")), before);
        let mut command = sandbox.skillpress(words);
        let ran = Ran::of(command.env("XDG_STATE_HOME", sandbox.write("file", ""))).exits(2);
        assert!(ran.stderr.contains("cannot create the folder"), "{}", ran.stderr);
        assert_eq!(contents(&sandbox.work().join("to")), before);
    }
}

/// The commands that change a directory in which `small` is installed and has something newer.
const CHANGING: &str = "for words in 'install chatra --offline' 'update' 'remove small' 'sync --force'; do\n\
                        \"$0\" $words --dir disk/skills > out 2>> said; echo \"$words: $?\" >> codes\ndone\n";

#[test]
fn a_file_system_that_is_read_only_is_said_so_and_can_be_looked_at() {
    let sandbox = Sandbox::new();
    sandbox.write("small/SKILL.md", manifest("small", "Text."));
    std::fs::create_dir(sandbox.work().join("disk")).unwrap();
    let script = format!(
        "mount -t tmpfs none disk || exit 99\n\
         \"$0\" install ./small --dir disk/skills || exit 98\n\
         echo more >> small/SKILL.md; echo mine > disk/skills/small/notes.md\n\
         find disk | sort > before; cat disk/skills/.skillpress.lock >> before\n\
         mount -o remount,ro disk || exit 99\n\
         {CHANGING}\
         \"$0\" list --dir disk/skills > listed || exit 97\n\
         \"$0\" verify --dir disk/skills > verified; echo \"verify: $?\" >> codes\n\
         find disk | sort > after; cat disk/skills/.skillpress.lock >> after\n"
    );
    if !in_a_namespace(&sandbox, &script) {
        return;
    }
    let said = sandbox.read("said");
    assert_eq!(
        sandbox.read("codes"),
        "install chatra --offline: 2\nupdate: 2\nremove small: 2\nsync --force: 2\nverify: 1\n",
        "{said}"
    );
    assert_eq!(said.matches("error: cannot ").count(), 4, "{said}");
    assert_eq!(said.matches("Read-only file system").count(), 4, "{said}");
    assert_eq!(said.matches("hint: the file system is mounted read-only").count(), 4, "{said}");
    assert!(sandbox.read("listed").contains("small"));
    assert!(sandbox.read("verified").contains("small/notes.md: added"));
    assert_eq!(sandbox.read("before"), sandbox.read("after"));
}

/// Runs a script as in [`in_a_namespace`], as a user for whom permissions count.
fn as_one_of_many(sandbox: &Sandbox, script: &str) -> bool {
    let is_root = rustix::process::geteuid().is_root();
    let mut command = sandbox.command(if is_root { "setpriv" } else { "sh" });
    if is_root {
        command.args(["--bounding-set=-all", "--inh-caps=-all", "sh"]);
    }
    match command.args(["-c", script, env!("CARGO_BIN_EXE_skillpress")]).output() {
        Ok(output) if output.status.success() => true,
        output => {
            eprintln!("skipped: this user may do everything: {output:?}");
            false
        }
    }
}

#[test]
fn a_folder_that_may_not_be_read_hides_no_other() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.write("s/deep/a/SKILL.md", manifest("a", "Text."));
    sandbox.write("s/data/x", "");
    let permit = |mode| {
        std::fs::set_permissions(sandbox.work().join("s/data"), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    permit(0);
    let ran = as_one_of_many(&sandbox, "\"$0\" install ./s a --dir to && ! \"$0\" install ./s --all --dir all 2> said");
    permit(0o755);
    if ran {
        assert!(sandbox.work().join("to/a/SKILL.md").exists() && sandbox.work().join("all/a/SKILL.md").exists());
        assert!(sandbox.read("said").contains("error: data: cannot read "), "{}", sandbox.read("said"));
    }
}

#[test]
fn a_folder_that_may_not_be_written_is_said_so_and_can_be_looked_at() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.write("small/SKILL.md", manifest("small", "Text."));
    sandbox.run(["install", "./small", "--dir", "disk/skills"]).exits(0);
    sandbox.write("small/SKILL.md", manifest("small", "More text."));
    let skills = sandbox.work().join("disk/skills");
    let before = contents(&skills);
    std::fs::set_permissions(&skills, std::fs::Permissions::from_mode(0o555)).unwrap();
    let ran = as_one_of_many(&sandbox, CHANGING);
    std::fs::set_permissions(&skills, std::fs::Permissions::from_mode(0o755)).unwrap();
    if !ran {
        return;
    }
    let said = sandbox.read("said");
    let codes = sandbox.read("codes");
    assert_eq!(codes, "install chatra --offline: 2\nupdate: 2\nremove small: 2\nsync --force: 2\n", "{said}");
    assert_eq!(said.matches("Permission denied").count(), 4, "{said}");
    assert_eq!(said.matches("hint: check who owns it").count(), 4, "{said}");
    assert_eq!(contents(&skills), before);
}

#[test]
fn a_skill_that_cannot_be_read_stops_no_other() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c"] {
        sandbox.write(&format!("s/{name}/SKILL.md"), manifest(name, "One."));
    }
    sandbox.run(["install", "./s", "--all", "--dir", "to"]).exits(0);
    sandbox.write("to/a/private/file", "");
    std::fs::remove_dir_all(sandbox.work().join("to/c")).unwrap();
    for name in ["a", "b"] {
        sandbox.write(&format!("s/{name}/SKILL.md"), manifest(name, "Two."));
    }
    let private = sandbox.work().join("to/a/private");
    std::fs::set_permissions(&private, std::fs::Permissions::from_mode(0o000)).unwrap();
    let script = "for words in 'update a b' 'sync' 'remove a b'; do\n\
                  \"$0\" $words --dir to >> out 2>> said; echo \"$words: $?\" >> codes\ndone\n";
    let ran = as_one_of_many(&sandbox, script);
    std::fs::set_permissions(&private, std::fs::Permissions::from_mode(0o755)).unwrap();
    if !ran {
        return;
    }
    let (out, said) = (sandbox.read("out"), sandbox.read("said"));
    assert_eq!(sandbox.read("codes"), "update a b: 1\nsync: 1\nremove a b: 1\n", "{said}");
    let done: Vec<&str> = out
        .lines()
        .filter_map(|line| line.split_once(" from ").or(line.split_once(' ')))
        .map(|(verb, _)| verb)
        .collect();
    assert_eq!(done, ["updated b", "installed c", "1", "removed"], "{out}");
    assert_eq!(said.matches("cannot read ").count(), 3, "{said}");
    assert_eq!(said.matches("private: Permission denied").count(), 3, "{said}");
}

#[test]
fn a_wrong_clock_does_no_harm() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a", "b"]);
    let server = Server::start(&sandbox.work());
    let url = server.url("o/r");
    sandbox.run(["install", &url, "a", "--dir", "one"]).exits(0);
    sandbox.run(["install", &url, "b", "--dir", "other"]).exits(0);
    let installed = contents(&sandbox.work().join("one"));
    let future = std::time::UNIX_EPOCH + std::time::Duration::from_secs(4_000_000_000);
    for (number, time) in [std::time::UNIX_EPOCH, future].into_iter().enumerate() {
        // What the clock said is only seen in the times of files: the source's, the cache's, the lock's and the skills'.
        let times = std::fs::FileTimes::new().set_modified(time).set_accessed(time);
        for entry in walkdir::WalkDir::new(sandbox.work().parent().unwrap()).into_iter().flatten() {
            if entry.file_type().is_file() {
                std::fs::File::open(entry.path()).unwrap().set_times(times).unwrap();
            }
        }
        let asked = server.fetches();
        sandbox.run(["verify", "--dir", "one"]).exits(0);
        sandbox.run(["update", "--dir", "one"]).exits(0);
        let other = format!("two{number}");
        sandbox.run(["install", &url, "a", "--dir", &other]).exits(0);
        assert_eq!(contents(&sandbox.work().join(&other)), installed, "no time is written down");
        assert_eq!(server.fetches(), asked, "what was fetched is still there");
        sandbox.run(["install", &url, "b", "--dir", "one", "--offline"]).exits(0);
        sandbox.run(["remove", "b", "--dir", "one"]).exits(0);
        assert_eq!(contents(&sandbox.work().join("one")), installed);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_manifest_that_is_printed_does_not_steer_the_terminal() {
    let sandbox = Sandbox::new();
    sandbox.write("a.md", "---\nname: a\ndescription: Sorts.\n---\n\n# A\n\nHi \u{1b}]0;x\u{7}.\n");
    assert!(sandbox.run(["import", "a.md"]).exits(0).stdout.contains("Hi \u{1b}]0;x\u{7}."));
    let import = format!("{} import a.md", env!("CARGO_BIN_EXE_skillpress"));
    let Ok(output) = sandbox.command("script").args(["-qec", &import, "/dev/null"]).output() else {
        eprintln!("skipped: `script` makes the terminal, and is not there");
        return;
    };
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("Hi \\u{1b}]0;x\\u{7}."), "{shown}");
}

#[test]
fn names_that_are_no_text_do_no_harm() {
    let sandbox = Sandbox::new();
    let strange = OsStr::from_bytes(b"st\xffrange");
    let folder = sandbox.work().join(strange);
    let mut command = sandbox.skillpress(["install", "chatra", "--offline", "--json", "--dir"]);
    let ran = Ran::of(command.arg(&folder)).exits(0);
    assert_eq!(ran.json()["directories"][0]["steps"][0]["action"], "install");
    assert!(folder.join("chatra/SKILL.md").exists());
    let mut command = sandbox.skillpress(["install"]);
    let ran = Ran::of(command.arg(OsStr::from_bytes(b"./\xff"))).exits(2);
    assert!(ran.stderr.contains("UTF-8"), "{}", ran.stderr);
    // A source and a template that the lock could not name.
    std::fs::create_dir(folder.join("set")).unwrap();
    std::fs::write(folder.join("set/SKILL.md"), manifest("set", "Text.")).unwrap();
    std::fs::write(folder.join("t.tera"), "{{ title }}\n").unwrap();
    for words in [vec!["install", "./set"], vec!["install", "chatra", "--offline", "--template", "t.tera"]] {
        let mut command = sandbox.skillpress([words, vec!["--dir", "../to"]].concat());
        let ran = Ran::of(command.current_dir(&folder)).exits(2);
        assert!(ran.stderr.contains("is not UTF-8") && ran.stderr.contains("hint: "), "{}", ran.stderr);
        assert_eq!(ran.stderr.matches("error:").count(), 1, "{}", ran.stderr);
        assert!(!sandbox.work().join("to").exists());
    }
    // Paths that JSON cannot say.
    for words in [
        &["agents"][..],
        &["list", "--scope", "project"],
        &["regenerate", ".", "--check"],
        &["infer", ".", "--out", "../learned"],
        &["lint", "."],
    ] {
        let mut command = sandbox.skillpress([words, &["--json"]].concat());
        Ran::of(command.current_dir(sandbox.work())).json();
        let mut command = sandbox.skillpress([words, &["--json"]].concat());
        Ran::of(command.current_dir(&folder)).json();
    }
    // A file of a skill.
    sandbox.write("skill/SKILL.md", manifest("skill", "Text."));
    std::fs::write(sandbox.work().join("skill").join(strange), "x").unwrap();
    let ran = sandbox.run(["install", "./skill", "--dir", "to"]).exits(2);
    assert!(ran.stderr.contains("its name is not UTF-8"), "{}", ran.stderr);
    assert!(!sandbox.work().join("to").exists());
    // A file that the user put beside what was installed.
    sandbox.run(["install", "chatra", "--offline", "--dir", "to"]).exits(0);
    std::fs::write(sandbox.work().join("to/chatra").join(strange), "mine").unwrap();
    std::fs::create_dir(sandbox.work().join("to").join(strange)).unwrap();
    let ran = sandbox.run(["verify", "--dir", "to"]).exits(1);
    assert!(ran.stdout.contains("st\u{fffd}range: added"), "{}", ran.stdout);
    sandbox.run(["remove", "chatra", "--dir", "to"]).exits(2);
    sandbox.run(["list", "--dir", "to"]).exits(0);
    let ran = sandbox.run(["remove", "chatra", "--force", "--dir", "to"]).exits(0);
    let trash = sandbox.home().join(".local/state/skillpress/trash/chatra.1");
    assert_eq!(std::fs::read(trash.join(strange)).unwrap(), b"mine", "{}", ran.stderr);
    // The trash, and the project that one is in.
    sandbox.run(["install", "chatra", "--offline", "--dir", "to"]).exits(0);
    sandbox.write("to/chatra/more", "mine");
    let mut command = sandbox.skillpress(["remove", "chatra", "--force", "--json", "--dir", "to"]);
    let ran = Ran::of(command.env("XDG_STATE_HOME", &folder)).exits(0);
    let place = ran.json()["directories"][0]["put_aside"][0].to_string();
    assert!(place.contains("st\u{fffd}range/skillpress/trash/chatra.1"), "{place}");
    let ran = Ran::of(sandbox.skillpress(["agents", "--json"]).current_dir(&folder)).exits(0);
    assert!(ran.stdout.contains("st\u{fffd}range/.claude/skills"), "{}", ran.stdout);
}

#[test]
fn a_reader_that_goes_away_stops_no_work() {
    let sandbox = Sandbox::new();
    let many = 300;
    for number in 0..many {
        sandbox.write(
            &format!("set/s{number}/SKILL.md"),
            format!("---\nname: s{number}\n---\n\n# One\n\nText {number}.\n"),
        );
    }
    sandbox.write("old.tera", "---\nname: {{ name }}\n---\n\n# One\n\n{{ summary }}\n");
    sandbox.write("new.tera", "---\nname: {{ name }}\n---\n\n# Two\n\n{{ summary }}\n");
    let unread = |words: &[&str]| {
        let mut child = sandbox.skillpress(words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        drop(child.stdout.take());
        child.wait().unwrap().code()
    };
    assert_eq!(unread(&["regenerate", "set", "--template", "new.tera", "--from", "old.tera"]), Some(0));
    let new = (0..many).filter(|number| sandbox.read(&format!("set/s{number}/SKILL.md")).contains("# Two"));
    assert_eq!(new.count(), many);
    assert_eq!(unread(&["lint", "set"]), Some(1), "what was found is told by the exit code, too");
}

#[test]
fn what_is_no_terminal_gets_every_byte() {
    let sandbox = Sandbox::new();
    let title = "a\u{7f}b\u{7}c\u{1b}[31md";
    sandbox.write("t.tera", "# {{ title }}\n");
    let model = serde_json::json!({"frontmatter": {"name": "a", "description": "b"}, "title": title});
    sandbox.write("model.json", model.to_string());
    assert_eq!(sandbox.run(["render", "model.json", "--template", "t.tera"]).exits(0).stdout, format!("# {title}\n"));
}

#[test]
fn edits_go_to_a_trash_on_another_disk_as_they_are() {
    let sandbox = Sandbox::new();
    sandbox.write("set/a/SKILL.md", manifest("a", "Text."));
    sandbox.write("set/b/SKILL.md", manifest("b", "Text."));
    std::fs::create_dir_all(sandbox.home().join(".local")).unwrap();
    let script = "mount -t tmpfs none \"$HOME/.local\" || exit 99\n\
                  \"$0\" install ./set --all --dir to || exit 98\n\
                  echo secret > to/a/.env; chmod 600 to/a/.env; mkfifo to/a/pipe\n\
                  rm -r to/b; echo notes > to/b\n\
                  \"$0\" remove --all --force --dir to 2> said; echo $? > code; ls -A to > left\n\
                  cd \"$HOME/.local/state/skillpress/trash\" || exit 97\n\
                  { cat a.1/.env b.1; stat -c %a a.1/.env; ls -A; } > \"$OLDPWD/kept\"\n";
    if !in_a_namespace(&sandbox, script) {
        return;
    }
    assert_eq!((sandbox.read("code"), sandbox.read("left")), ("0\n".to_owned(), ".skillpress.lock\n".to_owned()));
    assert_eq!(sandbox.read("kept"), "secret\nnotes\n600\na.1\nb.1\n", "{}", sandbox.read("said"));
}

#[cfg(unix)]
#[test]
fn what_an_earlier_layer_of_a_container_has_is_updated_and_removed() {
    let sandbox = Sandbox::new();
    for name in ["a", "b", "c"] {
        sandbox.write(&format!("s/{name}/SKILL.md"), manifest(name, "One."));
        sandbox.write(&format!("s/{name}/docs/x.md"), "x");
    }
    sandbox.run(["install", "./s", "--all", "--dir", "lower/skills"]).exits(0);
    sandbox.write("lower/skills/b/docs/mine.md", "mine");
    sandbox.write("s/a/SKILL.md", manifest("a", "Two."));
    sandbox.write("s/b/SKILL.md", manifest("b", "Two."));
    for folder in ["upper", "empty", "layers"] {
        std::fs::create_dir(sandbox.work().join(folder)).unwrap();
    }
    let script = "mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=empty,userxattr none layers || exit 99\n\
                  \"$0\" update --force --dir layers/skills || exit 98\n\
                  \"$0\" remove c --dir layers/skills || exit 98\n\
                  cp -r layers/skills after\n";
    if !in_a_namespace(&sandbox, script) {
        return;
    }
    let paths: Vec<String> = contents(&sandbox.work().join("after")).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, [".skillpress.lock", "a/SKILL.md", "a/docs/x.md", "b/SKILL.md", "b/docs/x.md"]);
    assert!(sandbox.read("after/a/SKILL.md").contains("Two."));
    let trash = sandbox.home().join(".local/state/skillpress/trash/b.1");
    assert_eq!(std::fs::read_to_string(trash.join("docs/mine.md")).unwrap(), "mine");
}

#[test]
fn a_lock_file_that_is_a_link_is_refused() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.work().join("to")).unwrap();
    for target in ["elsewhere", "../there"] {
        sandbox.write("there", "");
        std::os::unix::fs::symlink(target, sandbox.work().join("to/.skillpress.busy")).unwrap();
        let ran = sandbox.run(["install", "bundled", "chatra", "--dir", "to", "--wait", "1"]).exits(2);
        assert!(ran.stderr.contains("skillpress makes no links"), "{}", ran.stderr);
        std::fs::remove_file(sandbox.work().join("to/.skillpress.busy")).unwrap();
    }
    assert!(!sandbox.work().join("to/elsewhere").exists());
}

#[test]
fn a_mistake_in_the_settings_of_git_is_no_damage_of_the_cache() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a"]);
    let server = Server::start(&sandbox.work());
    let url = server.url("o/r");
    sandbox.run(["install", &url, "a", "--dir", "to"]).exits(0);
    let asked = server.requests().len();
    std::fs::write(sandbox.home().join(".gitconfig"), "[user\n").unwrap();
    for words in [vec!["update", "--dir", "to"], vec!["install", &url, "a", "--dir", "other", "--offline"]] {
        let ran = sandbox.run(&words).exits(2);
        let is_told = ran.stderr.contains(".gitconfig:1)") && ran.stderr.contains("hint: correct that file");
        assert!(is_told && !ran.stderr.contains("damaged"), "{words:?}: {}", ran.stderr);
    }
    assert_eq!(server.requests().len(), asked);
    std::fs::write(sandbox.home().join(".gitconfig"), "").unwrap();
    sandbox.run(["install", &url, "a", "--dir", "other", "--offline"]).exits(0);
}
