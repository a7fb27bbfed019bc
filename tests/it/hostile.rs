//! Sources that mean harm: every one is refused with one clear error, and nothing is written.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::install::{contents, manifest};
use crate::sandbox::{Ran, Sandbox};
use crate::server::{Answer, Kind, Server};

/// One entry of a tree as `git mktree` would refuse to take it: mode, name, object.
type Raw<'a> = (&'a str, &'a [u8], String);

/// Writes an object of any shape.
fn object(sandbox: &Sandbox, repository: &Path, kind: &str, bytes: &[u8]) -> String {
    let mut command = sandbox.command("git");
    command.current_dir(repository).args(["hash-object", "-w", "--literally", "--stdin", "-t", kind]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn tree(sandbox: &Sandbox, repository: &Path, entries: &[Raw<'_>]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(mode.as_bytes());
        bytes.push(b' ');
        bytes.extend_from_slice(name);
        bytes.push(0);
        bytes.extend((0..20).map(|at| u8::from_str_radix(&id[2 * at..2 * at + 2], 16).unwrap()));
    }
    object(sandbox, repository, "tree", &bytes)
}

/// A repository with the skill `evil`, in which these entries stand beside the manifest.
fn repository(sandbox: &Sandbox, name: &str, entries: &[(&str, &[u8], &str)]) -> std::path::PathBuf {
    let repository = sandbox.work().join(name);
    sandbox.git(["init", "-q", "--bare", name]);
    let blob = |bytes: &[u8]| object(sandbox, &repository, "blob", bytes);
    let mut raw: Vec<Raw<'_>> = vec![("100644", b"SKILL.md", blob(manifest("evil", "Text.").as_bytes()))];
    for (mode, name, content) in entries {
        let id = match *mode {
            "40000" => tree(sandbox, &repository, &[("100644", b"file", blob(content.as_bytes()))]),
            "160000" => "1".repeat(40),
            _ => blob(content.as_bytes()),
        };
        raw.push((mode, name, id));
    }
    let skill = tree(sandbox, &repository, &raw);
    let good = tree(sandbox, &repository, &[("100644", b"SKILL.md", blob(manifest("good", "Text.").as_bytes()))]);
    let skills = tree(sandbox, &repository, &[("40000", b"evil", skill), ("40000", b"good", good)]);
    let top = tree(sandbox, &repository, &[("40000", b"skills", skills)]);
    let commit = format!("tree {top}\nauthor T <t@example.org> 1 +0000\ncommitter T <t@example.org> 1 +0000\n\nx\n");
    let commit = object(sandbox, &repository, "commit", commit.as_bytes());
    std::fs::write(repository.join("refs/heads/main"), format!("{commit}\n")).unwrap();
    std::fs::write(repository.join("HEAD"), "ref: refs/heads/main\n").unwrap();
    repository
}

#[test]
fn what_could_be_written_elsewhere_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("secret", "key");
    let long = "x".repeat(300);
    let path = "x/".repeat(2_048);
    for (number, (entries, why)) in [
        (vec![("120000", b"link".as_slice(), "/etc/passwd")], "not below the skill's folder"),
        (vec![("120000", b"link", "../../../secret")], "outside the skill"),
        (vec![("120000", b"a", "SKILL.md/../../x")], "outside the skill"),
        (vec![("120000", b"a", "b"), ("120000", b"b", "a")], "through another link"),
        (vec![("120000", b"a", "nothing")], "nothing of that name"),
        (vec![("120000", b"a", path.as_str())], "a longer path than file systems allow"),
        (vec![("120000", b"a", ".")], "a folder that holds the link itself"),
        (vec![("120000", b"a", "..\\..\\x")], "not below the skill's folder"),
        (vec![("160000", b"module", "")], "a submodule"),
        (vec![("100644", b"..", "x")], "leads to another folder"),
        (vec![("40000", b"..", "x")], "leads to another folder"),
        (vec![("40000", b".", "x")], "leads to another folder"),
        (vec![("100644", b"../../x", "x")], "a separator of paths"),
        (vec![("100644", b"/tmp/x", "x")], "a separator of paths"),
        (vec![("100644", b"a\\b", "x")], "a separator of paths"),
        (vec![("100644", b"", "x")], "cannot read a folder"),
        (vec![("40000", b".git", "x")], "takes it for `.git`"),
        (vec![("40000", b".GIT", "x")], "takes it for `.git`"),
        (vec![("40000", b"git~1", "x")], "takes it for `.git`"),
        (vec![("40000", b".g\xe2\x80\x8cit", "x")], "invisible character"),
        (vec![("40000", "．git".as_bytes(), "x")], "takes it for `.git`"),
        (vec![("100644", b"readme", "x"), ("100644", b"README", "y")], "take it for"),
        (vec![("100644", "e\u{301}".as_bytes(), "x"), ("100644", "é".as_bytes(), "y")], "take it for"),
        (vec![("120000", b"d", "SKILL.md"), ("40000", b"d", "x")], "take it for"),
        (vec![("100644", b"skill.md", "x")], "take it for"),
        (vec![("100644", b"CON", "x")], "a device on Windows"),
        (vec![("100644", b"aux.txt", "x")], "a device on Windows"),
        (vec![("100644", b"a.", "x")], "ends in a dot"),
        (vec![("100644", b"a ", "x")], "ends in a dot or a blank"),
        (vec![("100644", b"a:b", "x")], "a colon"),
        (vec![("100644", b"a\nb", "x")], "a control character"),
        (vec![("100644", b"a\x1b[31m", "x")], "a control character"),
        (vec![("100644", b"\xff\xfe", "x")], "not UTF-8"),
        (vec![("100644", long.as_bytes(), "x")], "longer than file systems allow"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("r{number}");
        repository(&sandbox, &name, &entries);
        let ran = sandbox.run(["install", &format!("./{name}"), "evil", "--dir", "to"]).exits(2);
        assert!(ran.stderr.contains("evil: ") && ran.stderr.contains(why), "{entries:?}\n{}", ran.stderr);
        assert_eq!(ran.stderr.matches("error:").count(), 1, "{}", ran.stderr);
        assert!(!ran.stderr.contains('\u{1b}') && !ran.stderr.contains('\u{200c}'), "{}", ran.stderr);
        assert!(!sandbox.work().join("to").exists(), "{entries:?}");
        let ran = sandbox.run(["install", &format!("./{name}"), "--all", "--dir", &format!("to{number}")]).exits(1);
        assert!(ran.stdout.contains("installed good"), "{}", ran.stdout);
        assert!(!sandbox.work().join(format!("to{number}/evil")).exists());
    }
}

#[test]
fn links_inside_a_skill_stay_links() {
    let sandbox = Sandbox::new();
    repository(
        &sandbox,
        "r",
        &[("40000", b"docs", "x"), ("120000", b"alias.md", "SKILL.md"), ("120000", b"same", "docs/../docs")],
    );
    sandbox.run(["install", "./r", "evil", "--dir", "to"]).exits(0);
    let link = |path: &str| std::fs::read_link(sandbox.work().join("to/evil").join(path)).unwrap();
    assert_eq!((link("alias.md").to_str(), link("same").to_str()), (Some("SKILL.md"), Some("docs/../docs")));
    sandbox.run(["verify", "--dir", "to"]).exits(0);
}

#[test]
fn folders_on_disk_are_checked_as_well() {
    let sandbox = Sandbox::new();
    sandbox.write("secret", "key");
    sandbox.write("s/SKILL.md", manifest("s", "Text."));
    std::os::unix::fs::symlink("../secret", sandbox.work().join("s/key")).unwrap();
    let ran = sandbox.run(["install", "./s", "--dir", "to"]).exits(2);
    assert!(ran.stderr.contains("outside the skill"), "{}", ran.stderr);
    std::fs::remove_file(sandbox.work().join("s/key")).unwrap();
    let socket = std::os::unix::net::UnixListener::bind(sandbox.work().join("s/socket")).unwrap();
    let ran = sandbox.run(["install", "./s", "--dir", "to"]).exits(2);
    assert!(ran.stderr.contains("no file, folder or link"), "{}", ran.stderr);
    drop(socket);
    assert!(!sandbox.work().join("to").exists());
}

#[test]
fn too_much_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("skillpress.toml", "[source]\nmax-skill-files = 3\nmax-skill-bytes = 1000\n");
    sandbox.write("many/SKILL.md", manifest("many", "Text."));
    for number in 0..4 {
        sandbox.write(&format!("many/{number}"), "");
    }
    sandbox.write("big/SKILL.md", manifest("big", "Text."));
    sandbox.write("big/data", vec![0; 2_000]);
    sandbox.write("deep/SKILL.md", manifest("deep", "Text."));
    std::fs::create_dir_all(sandbox.work().join("deep").join("d/".repeat(40))).unwrap();
    for (skill, why) in [
        ("many", "more than 3 files"),
        ("big", "big: data: with it the skill is larger"),
        ("deep", "more than 3 files"),
    ] {
        let ran = sandbox.run(["install", &format!("./{skill}"), "--dir", "to"]).exits(2);
        assert!(ran.stderr.contains(why) && ran.stderr.contains("allow more with `max-skill-"), "{}", ran.stderr);
    }
    sandbox.write("skillpress.toml", "");
    let ran = sandbox.run(["install", "./deep", "--dir", "to"]).exits(2);
    assert!(ran.stderr.contains("nested more than 32 deep"), "{}", ran.stderr);
}

#[test]
fn names_that_lead_elsewhere_are_no_names() {
    let sandbox = Sandbox::new();
    for name in ["Parcel Sorter", "../../x", "/tmp/x", ".git", "a/b", "-rf", "CON"] {
        sandbox.write("s/SKILL.md", format!("---\nname: {name:?}\ndescription: b\n---\n"));
        sandbox.run(["install", "./s", "--dir", "to"]).exits(0);
        let mut there: Vec<_> =
            std::fs::read_dir(sandbox.work().join("to")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        there.sort();
        assert_eq!(there, [".skillpress.lock", "s"], "{name}");
        sandbox.run(["remove", "s", "--dir", "to"]).exits(0);
    }
}

/// A repository in which the folder `z` holds ten folders, each of which holds ten, ten deep; it is part of a skill where one is named.
fn bomb(sandbox: &Sandbox, name: &str, skill: Option<&str>) -> std::path::PathBuf {
    let repository = sandbox.work().join(name);
    sandbox.git(["init", "-q", "--bare", name]);
    let blob = |bytes: &[u8]| object(sandbox, &repository, "blob", bytes);
    let mut folder = tree(sandbox, &repository, &[("100644", b"file", blob(b"x"))]);
    for _ in 0..10 {
        let names: Vec<String> = (0..10).map(|number| format!("d{number}")).collect();
        let entries: Vec<Raw<'_>> = names.iter().map(|name| ("40000", name.as_bytes(), folder.clone())).collect();
        folder = tree(sandbox, &repository, &entries);
    }
    if let Some(skill) = skill {
        let text = blob(manifest(skill, "Text.").as_bytes());
        folder = tree(sandbox, &repository, &[("100644", b"SKILL.md", text), ("40000", b"z", folder)]);
        folder = tree(sandbox, &repository, &[("40000", skill.as_bytes(), folder)]);
    }
    let top = tree(sandbox, &repository, &[("40000", if skill.is_some() { b"skills" } else { b"z" }, folder)]);
    let commit = sandbox.git_in(&repository, ["commit-tree", "-m", "x", &top]);
    sandbox.git_in(&repository, ["update-ref", "refs/heads/main", commit.trim()]);
    repository
}

#[test]
fn few_objects_that_say_there_are_any_number_of_folders_cost_little() {
    let sandbox = Sandbox::new();
    bomb(&sandbox, "everywhere", None);
    let ran = sandbox.run(["install", "./everywhere", "--all", "--dir", "to"]).exits(2);
    assert!(ran.stderr.contains("has more than 100000 folders"), "{}", ran.stderr);
    bomb(&sandbox, "inside", Some("a"));
    for kind in [Kind::Modern, Kind::Unfiltered] {
        let server = Server::start_kind(&sandbox.work(), kind);
        for _ in 0..2 {
            let ran = sandbox.run(["install", &server.url("inside"), "a", "--dir", "to"]).exits(2);
            assert!(ran.stderr.contains("a: refused: it holds more than 10000 files"), "{}", ran.stderr);
        }
        // What is here already is looked through before it is told to the server.
        let next = sandbox.git_in(&sandbox.work().join("inside"), ["commit-tree", "-m", "y", "main^{tree}"]);
        sandbox.git_in(&sandbox.work().join("inside"), ["update-ref", "refs/heads/next", next.trim()]);
        sandbox.run(["install", &format!("{}#next", server.url("inside")), "a", "--dir", "to"]).exits(2);
    }
}

#[test]
fn a_file_that_says_it_is_huge_is_refused_before_it_is_read() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "r", &[("100644", b"data", "x")]);
    let id = sandbox.git_in(&folder, ["rev-parse", "main:skills/evil/data"]);
    let file = folder.join("objects").join(&id[..2]).join(id[2..].trim());
    std::fs::remove_file(&file).unwrap();
    // A terabyte, of which one byte follows; zlib takes it as it is, between its head and a sum.
    let head = b"blob 1099511627776\0x";
    let (mut one, mut two) = (1_u32, 0_u32);
    for byte in head {
        one = (one + u32::from(*byte)) % 65_521;
        two = (two + one) % 65_521;
    }
    let len = u16::try_from(head.len()).unwrap();
    let parts = [&[0x78, 0x01, 0x01], &len.to_le_bytes()[..], &(!len).to_le_bytes(), head];
    std::fs::write(&file, [&parts.concat()[..], &(two << 16 | one).to_be_bytes()].concat()).unwrap();
    let ran = sandbox.run(["install", "./r", "evil", "--dir", "to"]).exits(2);
    assert!(ran.stderr.contains("evil: data: with it the skill is larger than it may be"), "{}", ran.stderr);
}
#[test]
fn a_repository_in_the_working_folder_runs_no_command() {
    let sandbox = Sandbox::new();
    let closed = Server::start_with(&sandbox.work(), |_| {
        Some(Answer { status: "401 Unauthorized", headers: Vec::new(), body: Vec::new() })
    });
    let ran = sandbox.home().join("ran");
    for (words, folder) in [(&["init", "-q", "--bare", "bare"][..], "bare"), (&["init", "-q", "full"], "full/.git")] {
        sandbox.git(words);
        let folder = sandbox.work().join(folder);
        sandbox.git_in(&folder, ["config", "credential.helper", &format!("!touch {}; :", ran.display())]);
        for variable in [None, Some("GIT_DIR")] {
            let mut command = sandbox.skillpress(["install", &closed.url("o/r"), "a", "--dir", "to"]);
            command.current_dir(&folder).envs(variable.map(|name| (name, &folder)));
            Ran::of(&mut command).exits(2);
            assert!(!ran.exists(), "{folder:?} {variable:?}");
        }
    }
}

#[test]
fn no_mistyped_url_leaves_its_password_anywhere() {
    let sandbox = Sandbox::new();
    for url in ["https://me:TOK@host", "https:/me:TOK@host/o/r", "me:TOK@host/o/r", "https://me:TOK/x@host/o/r\t"] {
        for words in [
            vec!["install", url, "a"],
            vec!["install", "a", url],
            vec!["show", url],
            vec!["search", "a", "--source", url],
        ] {
            let ran = sandbox.run(words).exits(2);
            assert!(!ran.stderr.contains("TOK") && !ran.stdout.contains("TOK"), "{ran:?}");
        }
        let left = contents(&sandbox.home());
        assert!(!left.iter().any(|(_, bytes)| bytes.windows(3).any(|window| window == b"TOK")), "{url}: {left:?}");
    }
}
