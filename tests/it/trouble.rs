//! Surroundings that are not as one wishes: a full disk, no home folder, a clock that is wrong, names that are no text.

use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;

use crate::install::{contents, manifest, repository};
use crate::sandbox::{Ran, Sandbox};

#[test]
fn a_full_disk_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("big/SKILL.md", manifest("big", "Text."));
    sandbox.write("big/data", vec![7; 400_000]);
    sandbox.write("small/SKILL.md", manifest("small", "Text."));
    std::fs::create_dir(sandbox.work().join("disk")).unwrap();
    // A disk of its own needs a namespace of its own.
    let script = "mount -t tmpfs -o size=128k none disk || exit 99\n\
                  \"$0\" install ./small --dir disk/skills || exit 98\n\
                  find disk | sort > before; cat disk/skills/.skillpress.lock >> before\n\
                  \"$0\" install ./big --dir disk/skills; echo $? > code\n\
                  find disk | sort > after; cat disk/skills/.skillpress.lock >> after\n";
    let mut command = sandbox.command("unshare");
    command.args(["-rm", "sh", "-c", script, env!("CARGO_BIN_EXE_skillpress")]).stdout(Stdio::null());
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no unshare");
        return;
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        assert!(!stderr.contains("skillpress"), "{stderr}");
        eprintln!("skipped: this user may not mount: {stderr}");
        return;
    }
    assert_eq!(sandbox.read("code"), "2\n", "{stderr}");
    assert!(stderr.contains("No space left on device") && stderr.contains("hint: free some space"), "{stderr}");
    assert_eq!(sandbox.read("before"), sandbox.read("after"));
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
}

#[test]
fn a_wrong_clock_and_a_name_that_is_no_text_do_no_harm() {
    let sandbox = Sandbox::new();
    let strange = std::ffi::OsStr::from_bytes(b"st\xffrange");
    let folder = sandbox.work().join(strange);
    let mut command = sandbox.skillpress(["install", "chatra", "--offline", "--json", "--dir"]);
    let ran = Ran::of(command.arg(&folder)).exits(0);
    assert_eq!(ran.json()["directories"][0]["steps"][0]["action"], "install");
    assert!(folder.join("chatra/SKILL.md").exists());
    let mut command = sandbox.skillpress(["install"]);
    let ran = Ran::of(command.arg(std::ffi::OsStr::from_bytes(b"./\xff"))).exits(2);
    assert!(ran.stderr.contains("UTF-8"), "{}", ran.stderr);
    repository(&sandbox, "o/r", &["a"]);
    sandbox.run(["install", "./o/r", "--all", "--dir", "one"]).exits(0);
    let old = std::fs::FileTimes::new().set_modified(std::time::UNIX_EPOCH).set_accessed(std::time::UNIX_EPOCH);
    std::fs::File::open(sandbox.work().join("one/a/SKILL.md")).unwrap().set_times(old).unwrap();
    sandbox.run(["verify", "--dir", "one"]).exits(0);
    sandbox.run(["install", "./o/r", "--all", "--dir", "two"]).exits(0);
    assert_eq!(contents(&sandbox.work().join("one")), contents(&sandbox.work().join("two")), "no time is written down");
}
