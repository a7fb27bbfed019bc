//! What goes over the wire: limits, credentials and whom they are shown to, redirects, and the `git` program as the other engine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::install::{commit, contents, manifest, repository};
use crate::sandbox::{Ran, Sandbox};
use crate::server::{Answer, Kind, Server};

fn answer(status: &'static str, headers: &[(&str, &str)]) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Answer { status, headers, body: Vec::new() }
}

/// Basic credentials `me:secret`, encoded.
const ENCODED: &str = "Basic bWU6c2VjcmV0";

/// A server that wants credentials.
fn private(sandbox: &Sandbox) -> Server {
    Server::start_with(&sandbox.work(), |request| {
        let shown = request.headers.get("authorization").map(String::as_str);
        (shown != Some(ENCODED)).then(|| answer("401 Unauthorized", &[("WWW-Authenticate", "Basic realm=\"x\"")]))
    })
}

#[test]
fn credentials_of_the_url_are_used_and_never_written_down() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a"]);
    let server = private(&sandbox);
    let url = server.url("o/r").replace("http://", "http://me:secret@");
    let ran = sandbox.run(["install", &url, "a", "--dir", "to", "-v"]).exits(0);
    assert!(!ran.stdout.contains("secret") && !ran.stderr.contains("secret"), "{ran:?}");
    for place in [sandbox.work().join("to"), sandbox.home()] {
        for (path, bytes) in contents(&place) {
            assert!(!bytes.windows(6).any(|window| window == b"secret"), "{path}");
        }
    }
    let wrong = url.replace("secret", "wrongsecret");
    let ran = sandbox.run(["install", &wrong, "a", "--dir", "to2"]).exits(2);
    assert!(ran.stderr.contains("asks for credentials") && !ran.stderr.contains("wrongsecret"), "{}", ran.stderr);
}

#[test]
fn credentials_that_git_has_are_asked_for_without_a_prompt() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a"]);
    let server = private(&sandbox);
    let url = server.url("o/r");
    let ran = sandbox.run(["install", &url, "a", "--dir", "to"]).exits(2);
    assert!(ran.stderr.contains("asks for credentials") && ran.stderr.contains("sign in with git"), "{}", ran.stderr);
    let helper =
        "[credential]\n\thelper = \"!f() { test $1 = get && echo username=me && echo password=secret; }; f\"\n";
    std::fs::write(sandbox.home().join(".gitconfig"), helper).unwrap();
    sandbox.run(["install", &url, "a", "--dir", "to"]).exits(0);
}

/// Makes the user's git store `me:secret` for all hosts; gives what its helper is asked, one line of action and host each.
fn helper(sandbox: &Sandbox) -> impl Fn() -> Vec<String> {
    let (log, home) = (sandbox.home().join("log"), sandbox.home());
    let script = "#!/bin/sh\nhost=$(sed -n s/^host=//p)\necho $1 $host >> ~/log\n\
                  test $1 != get || printf 'username=me\\npassword=secret\\n'\n";
    std::fs::write(home.join("helper"), script).unwrap();
    std::fs::write(home.join(".gitconfig"), format!("[credential]\n\thelper = !sh {}/helper\n", home.display()))
        .unwrap();
    move || std::fs::read_to_string(&log).unwrap_or_default().lines().map(str::to_owned).collect()
}

#[test]
fn stored_credentials_are_rejected_only_by_the_server_that_refused_them() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a"]);
    let asked = helper(&sandbox);
    let host = |server: &Server| server.url("").trim_start_matches("http://").trim_end_matches('/').to_owned();
    let install = |url: &str| sandbox.run(["install", url, "a", "--dir", "to"]);
    let limited = Server::start_with(&sandbox.work(), |_| Some(answer("403 Forbidden", &[])));
    let ran = install(&limited.url("o/r")).exits(2);
    assert!(ran.stderr.contains("status 403") && asked().is_empty(), "{:?}\n{}", asked(), ran.stderr);

    let closed = Server::start_with(&sandbox.work(), |_| Some(answer("401 Unauthorized", &[])));
    let location = format!("{}/info/refs?service=git-upload-pack", closed.url("o/r"));
    let front = Server::start_with(&sandbox.work(), move |_| Some(answer("302 Found", &[("Location", &location)])));
    install(&front.url("o/r")).exits(2);
    assert_eq!(asked(), [format!("get {}", host(&closed)), format!("erase {}", host(&closed))]);

    let open = private(&sandbox);
    install(&open.url("o/r")).exits(0);
    assert_eq!(asked()[2..], [format!("get {}", host(&open)), format!("store {}", host(&open))]);
}

#[test]
fn a_user_in_the_url_is_no_secret_but_whom_a_login_is_for() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a"]);
    let as_user = |server: &Server, user: &str| server.url("o/r").replace("http://", &format!("http://{user}@"));
    let public = Server::start_with(&sandbox.work(), |request| {
        request.headers.contains_key("authorization").then(|| answer("401 Unauthorized", &[]))
    });
    sandbox.run(["install", &as_user(&public, "org"), "a", "--dir", "to"]).exits(0);

    // Two users are stored, and the URL says which is meant.
    let helper =
        "[credential]\n\thelper = \"!f() { grep -q username=me || echo username=you; echo password=secret; }; f\"\n";
    std::fs::write(sandbox.home().join(".gitconfig"), helper).unwrap();
    let closed = private(&sandbox);
    sandbox.run(["install", &closed.url("o/r"), "a", "--dir", "to2"]).exits(2);
    sandbox.run(["install", &as_user(&closed, "me"), "a", "--dir", "to2"]).exits(0);

    // A token may stand in the place of the user.
    std::fs::write(sandbox.home().join(".gitconfig"), "").unwrap();
    let by_token = Server::start_with(&sandbox.work(), |request| {
        let shown = request.headers.get("authorization").map(String::as_str);
        (shown != Some("Basic aHVudGVyMjo=")).then(|| answer("401 Unauthorized", &[]))
    });
    let ran = sandbox.run(["install", &as_user(&by_token, "hunter2"), "a", "--dir", "to3", "-v"]).exits(0);
    assert!(!ran.stdout.contains("hunter2") && !ran.stderr.contains("hunter2"), "{ran:?}");
}

#[test]
fn tokens_of_other_hosts_are_not_sent() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a"]);
    let server = private(&sandbox);
    for name in ["GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN"] {
        let mut command = sandbox.skillpress(["install", &server.url("o/r"), "a", "--dir", "to"]);
        let ran = Ran::of(command.env(name, "token-of-another-host")).exits(2);
        assert!(!ran.stderr.contains("token-of-another-host"));
    }
    assert!(server.requests().iter().all(|request| !request.headers.contains_key("authorization")));
}

#[test]
fn redirects_are_followed_without_the_credentials() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a"]);
    let target = Server::start(&sandbox.work());
    let location = format!("{}/info/refs?service=git-upload-pack", target.url("o/r"));
    let server = Server::start_with(&sandbox.work(), move |_| Some(answer("301 Moved", &[("Location", &location)])));
    let url = server.url("o/old").replace("http://", "http://me:secret@");
    sandbox.run(["install", &url, "a", "--dir", "to"]).exits(0);
    assert!(sandbox.work().join("to/o-old-a/SKILL.md").exists());
    assert!(target.requests().iter().all(|request| !request.headers.contains_key("authorization")));
    assert!(server.requests()[0].headers.contains_key("authorization"));
    assert_eq!(server.requests().len(), 1, "what follows goes to the new place at once");
}

/// Bytes that do not shrink.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 1_u32;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(len)
    .collect()
}

#[test]
fn a_fetch_has_its_limits() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    sandbox.write("o/r/skills/a/noise", noise(3 << 20));
    commit(&sandbox, &folder, "noise");
    let server = Server::start(&sandbox.work());
    let slow = Server::start_with(&sandbox.work(), |_| {
        std::thread::sleep(Duration::from_secs(20));
        None
    });
    for engine in ["builtin", "git"] {
        let install = |url: &str| sandbox.run(["install", url, "a", "--dir", "to", "--fetch", engine]);
        sandbox.write("skillpress.toml", "[source]\nmax-bytes = 1048576\n");
        for _ in 0..2 {
            let ran = install(&server.url("o/r")).exits(2);
            assert!(ran.stderr.contains("sends more than 1 MiB") && ran.stderr.contains("max-bytes"), "{}", ran.stderr);
        }
        sandbox.write("skillpress.toml", "[source]\ntimeout = 1\n");
        let started = std::time::Instant::now();
        let ran = install(&slow.url("o/r")).exits(2);
        assert!(ran.stderr.contains("took longer than 1 second") && ran.stderr.contains("timeout"), "{}", ran.stderr);
        assert!(started.elapsed() < Duration::from_secs(15));
        sandbox.write("skillpress.toml", "[source]\ntimout = 1\n");
        let ran = install(&slow.url("o/r")).exits(2);
        assert!(ran.stderr.contains("skillpress.toml:2:") && ran.stderr.contains("timeout"), "{}", ran.stderr);
        assert!(!sandbox.work().join("to").exists());
        sandbox.write("skillpress.toml", "[source]\ntimeout = 9223372036854775807\n");
        install(&server.url("o/r")).exits(0);
        std::fs::remove_dir_all(sandbox.work().join("to")).unwrap();
        sandbox.run(["cache", "clean"]).exits(0);
    }
}

#[test]
fn the_git_program_is_ended_in_the_middle_of_too_much() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    sandbox.write("o/r/skills/a/noise", noise(3 << 20));
    commit(&sandbox, &folder, "noise");
    let server = Server::start_stalling(&sandbox.work(), 1_500_000);
    let words = ["install", &server.url("o/r"), "a", "--dir", "to", "--fetch", "git", "--allow", "security/binary"];
    for (setting, what) in
        [("max-bytes = 1048576\ntimeout = 30", "sends more than 1 MiB"), ("timeout = 3", "took longer")]
    {
        sandbox.write("skillpress.toml", format!("[source]\n{setting}\n"));
        let started = std::time::Instant::now();
        let ran = sandbox.run(words).exits(2);
        assert!(ran.stderr.contains(what), "{}", ran.stderr);
        assert!(started.elapsed() < Duration::from_secs(15));
        let cache = sandbox.run(["cache", "dir"]).exits(0).stdout.trim().to_owned();
        let left = contents(std::path::Path::new(&cache));
        assert!(!left.is_empty() && !left.iter().any(|(path, _)| path.contains("tmp_")), "nothing half done is left");
    }
}

#[test]
fn a_mistyped_name_costs_the_git_program_one_more_fetch_and_not_one_a_skill() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (0..30).map(|number| format!("skill{number}")).collect();
    repository(&sandbox, "o/r", &names.iter().map(String::as_str).collect::<Vec<_>>());
    let server = Server::start(&sandbox.work());
    let ran = sandbox.run(["install", &server.url("o/r"), "skil7", "--fetch", "git", "--dir", "to"]).exits(2);
    assert!(ran.stderr.contains("did you mean \"skill7\""), "{}", ran.stderr);
    let asked = server.requests().len();
    assert!(asked < 10, "{asked} requests");
}

#[test]
fn the_proxy_of_the_environment_is_used() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a"]);
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let proxy = Server::start_with(&sandbox.work(), move |request| {
        seen.lock().unwrap().push(request.target.clone());
        Some(answer("502 Bad Gateway", &[]))
    });
    let mut command = sandbox.skillpress(["install", "http://skills.example/o/r", "a", "--dir", "to"]);
    Ran::of(command.env("http_proxy", proxy.url("")).env("HTTP_PROXY", proxy.url("")).env("ALL_PROXY", proxy.url("")))
        .exits(2);
    assert!(
        asked.lock().unwrap().iter().any(|target| target.contains("skills.example")),
        "{:?}",
        asked.lock().unwrap()
    );
}

#[test]
fn a_proxy_that_cannot_be_spoken_to_is_not_gone_around() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a"]);
    let server = Server::start(&sandbox.work());
    let install = || sandbox.skillpress(["install", &server.url("o/r"), "a", "--dir", "to"]);
    for proxy in ["socks5h://me:secret@127.0.0.1:1", "http://me:secret@", "ftp://me:secret@127.0.0.1:1"] {
        let ran = Ran::of(install().env("all_proxy", proxy)).exits(2);
        assert!(ran.stderr.contains("cannot be used") && ran.stderr.contains("--fetch git"), "{}", ran.stderr);
        assert!(!ran.stderr.contains("secret") && server.requests().is_empty(), "{}", ran.stderr);
    }
    // What is for https, or not for this host, is not asked.
    Ran::of(install().env("https_proxy", "http://127.0.0.1:1")).exits(0);
    let mut command = install();
    Ran::of(command.env("http_proxy", "http://127.0.0.1:1").env("no_proxy", "a.example, 127.0.0.1")).exits(0);
}

#[test]
fn the_git_program_brings_only_what_is_wanted() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a", "b"]);
    sandbox.git_in(&folder, ["tag", "-a", "v1", "-m", "one"]);
    sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Two."));
    sandbox.write("o/r/skills/a/more/x.md", "more");
    commit(&sandbox, &folder, "two");
    let server = Server::start(&sandbox.work());
    let url = server.url("o/r");
    sandbox.run(["install", &url, "a", "--fetch", "git", "--dir", "to"]).exits(0);
    assert_eq!(contents(&sandbox.work().join("to/o-r-a")), contents(&folder.join("skills/a")));
    assert_eq!(server.fetches(), 2, "commits and folders, then the files of the one skill");
    sandbox.run(["install", &format!("{url}#v1"), "a", "--fetch", "git", "--dir", "to-v1"]).exits(0);
    assert!(sandbox.read("to-v1/o-r-a/SKILL.md").contains("One."));
    sandbox.run(["install", &url, "a", "--fetch", "git", "--dir", "to", "--offline"]).exits(0);
    let ran = sandbox.run(["install", &format!("{url}#nope"), "a", "--fetch", "git", "--dir", "no"]).exits(2);
    assert!(ran.stderr.contains("has no branch, tag or commit \"nope\""), "{}", ran.stderr);
    let ran = sandbox.run(["install", &server.url("o/none"), "a", "--fetch", "git", "--dir", "no"]).exits(2);
    assert!(ran.stderr.contains("git cannot fetch"), "{}", ran.stderr);
    sandbox.write("skillpress.toml", "[source]\nfetch = \"git\"\n");
    sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Three."));
    commit(&sandbox, &folder, "three");
    sandbox.run(["update", "--dir", "to"]).exits(0);
    assert!(sandbox.read("to/o-r-a/SKILL.md").contains("Three."));
}

#[test]
fn what_the_environment_says_of_other_repositories_is_not_meant() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    let other = repository(&sandbox, "o/other", &["a"]);
    sandbox.write("o/other/skills/a/SKILL.md", manifest("a", "Another."));
    commit(&sandbox, &other, "other");
    let server = Server::start(&sandbox.work());
    let url = server.url("o/r");
    let origin = format!("[remote \"origin\"]\n\turl = {}\n", server.url("o/other"));
    std::fs::write(sandbox.home().join(".gitconfig"), origin).unwrap();
    let mut command = sandbox.skillpress(["install", &url, "a", "--dir", "to", "--fetch", "git"]);
    Ran::of(command.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", folder.join(".git/objects"))).exits(0);
    assert_eq!(contents(&sandbox.work().join("to/o-r-a")), contents(&folder.join("skills/a")));
    sandbox.run(["install", &url, "a", "--dir", "to", "--offline", "--force"]).exits(0);
}

/// Plays ssh, after some other commands: the last argument is what it would run on the other side, in the user's home.
fn ssh(sandbox: &Sandbox, before: &str) -> std::path::PathBuf {
    let script =
        format!("#!/bin/sh\necho \"$@\" >> ~/ssh.log\n{before}\nfor last; do :; done\ncd ~ && exec sh -c \"$last\"\n");
    let ssh = sandbox.write("ssh", script);
    std::fs::set_permissions(&ssh, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    ssh
}

#[test]
fn ssh_goes_through_the_git_program() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    let ssh = ssh(&sandbox, "");
    let url = format!("ssh://git@host{}", folder.display());
    let mut command = sandbox.skillpress(["install", &url, "a", "--dir", "to"]);
    Ran::of(command.env("GIT_SSH_COMMAND", &ssh).env("GIT_SSH_VARIANT", "simple")).exits(0);
    assert!(sandbox.work().join("to/o-r-a/SKILL.md").exists());
}

#[test]
fn a_short_ssh_url_means_a_path_below_the_home_folder() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    std::fs::create_dir(sandbox.home().join("o")).unwrap();
    std::fs::rename(&folder, sandbox.home().join("o/r")).unwrap();
    let ssh = ssh(&sandbox, "");
    let install =
        |url: &str| Ran::of(sandbox.skillpress(["install", url, "a", "--dir", "to"]).env("GIT_SSH_COMMAND", &ssh));
    install("git@host:o/r").exits(0);
    assert!(sandbox.read("to/.skillpress.lock").contains("git@host:o/r"), "{}", sandbox.read("to/.skillpress.lock"));
    let mut update = sandbox.skillpress(["update", "--dir", "to"]);
    Ran::of(update.env("GIT_SSH_COMMAND", &ssh)).exits(0);
    install("ssh://git@host/o/r").exits(2);
}

#[test]
fn the_users_own_ssh_command_is_run_and_asks_nobody() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    let ssh = ssh(&sandbox, "");
    let settings = format!("[core]\n\tsshCommand = {} -i key\n", ssh.display());
    std::fs::write(sandbox.home().join(".gitconfig"), settings).unwrap();
    let url = format!("ssh://git@host{}", folder.display());
    sandbox.run(["install", &url, "a", "--dir", "to"]).exits(0);
    let calls = std::fs::read_to_string(sandbox.home().join("ssh.log")).unwrap();
    assert!(calls.lines().all(|call| call.starts_with("-i key -o BatchMode=yes ")), "{calls}");
}

#[test]
fn what_git_starts_is_not_waited_for_longer_than_a_fetch_may_take() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    let started = std::time::Instant::now();
    let ssh = ssh(&sandbox, "sleep 60 < /dev/null > /dev/null &");
    let url = format!("ssh://git@host{}", folder.display());
    let install = |url: &str| sandbox.skillpress(["install", url, "a", "--dir", "to"]);
    Ran::of(install(&url).env("GIT_SSH_COMMAND", &ssh)).exits(0);
    let ran = Ran::of(install(&format!("{url}-not")).env("GIT_SSH_COMMAND", &ssh)).exits(2);
    assert!(ran.stderr.contains("does not appear to be a git repository"), "{}", ran.stderr);

    sandbox.write("skillpress.toml", "[source]\ntimeout = 1\n");
    let helper = "[credential]\n\thelper = \"!sleep 60; :\"\n";
    std::fs::write(sandbox.home().join(".gitconfig"), helper).unwrap();
    let ran = Ran::of(&mut install(&private(&sandbox).url("o/r"))).exits(2);
    assert!(ran.stderr.contains("took longer than 1 second"), "{}", ran.stderr);
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[test]
fn commits_that_no_ref_points_at_are_found() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    let first = sandbox.git_in(&folder, ["rev-parse", "HEAD"]).trim().to_owned();
    sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Two."));
    commit(&sandbox, &folder, "two");
    let server = Server::start(&sandbox.work());
    for engine in ["builtin", "git"] {
        let target = format!("to-{engine}");
        let locator = format!("{}#{first}", server.url("o/r"));
        sandbox.run(["install", &locator, "a", "--fetch", engine, "--dir", &target]).exits(0);
        assert!(sandbox.read(&format!("{target}/o-r-a/SKILL.md")).contains("One."));
    }
}

/// What a server was asked for objects, as text.
fn orders(server: &Server) -> Vec<String> {
    let bodies = server.requests().into_iter().map(|request| String::from_utf8_lossy(&request.body).into_owned());
    bodies.filter(|body| body.contains("want ")).collect()
}

#[test]
fn servers_of_every_kind_give_the_same_and_only_what_is_new() {
    let bytes_of = |folder: &std::path::Path| -> u64 {
        let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
        files.map(|file| file.metadata().unwrap().len()).sum()
    };
    for kind in [Kind::Modern, Kind::Unfiltered, Kind::Old] {
        let sandbox = Sandbox::new();
        let folder = repository(&sandbox, "o/r", &["a", "b"]);
        sandbox.write("o/r/skills/b/large.md", noise(200_000).iter().map(|byte| b'a' + byte % 26).collect::<Vec<u8>>());
        let first = commit(&sandbox, &folder, "large");
        sandbox.git_in(&folder, ["tag", "-a", "v1", "-m", "one"]);
        let server = Server::start_kind(&sandbox.work(), kind);
        let url = server.url("o/r");
        let cache = || bytes_of(&sandbox.home().join(".cache/skillpress"));

        sandbox.run(["install", &url, "a", "--dir", "to"]).exits(0);
        assert_eq!(cache() > 100_000, kind != Kind::Modern, "{kind:?}: {} bytes", cache());
        sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Two."));
        commit(&sandbox, &folder, "two");
        let before = cache();
        sandbox.run(["update", "--dir", "to"]).exits(0);
        assert!(sandbox.read("to/o-r-a/SKILL.md").contains("Two."), "{kind:?}");
        let tells = orders(&server).iter().any(|order| order.contains(&format!("have {first}")));
        assert_eq!(tells, kind != Kind::Old, "{kind:?}");
        if kind != Kind::Old {
            assert!(cache() - before < 50_000, "{kind:?}: {} new bytes", cache() - before);
        }

        sandbox.run(["install", &format!("{url}#v1"), "--all", "--dir", "v1"]).exits(0);
        assert_eq!(contents(&sandbox.work().join("v1/o-r-b")), contents(&folder.join("skills/b")), "{kind:?}");
        assert!(sandbox.read("v1/o-r-a/SKILL.md").contains("One."), "{kind:?}");
        sandbox.run(["install", &url, "a", "b", "--dir", "off", "--offline"]).exits(0);
        let ran = sandbox.run(["install", &format!("{url}#mian"), "a", "--dir", "no"]).exits(2);
        assert!(ran.stderr.contains("did you mean \"main\""), "{kind:?}: {}", ran.stderr);
        let ran = sandbox.run(["install", &format!("{url}#{}", "9".repeat(40)), "a", "--dir", "no"]).exits(2);
        assert!(ran.stderr.contains("has no commit"), "{kind:?}: {}", ran.stderr);
        let asks_for_history = orders(&server).iter().any(|order| !order.contains("deepen 1"));
        assert_eq!(asks_for_history, kind == Kind::Old, "{kind:?}");

        // What we have, the server may have forgotten.
        sandbox.git_in(&folder, ["tag", "-d", "v1"]);
        sandbox.git_in(&folder, ["checkout", "--orphan", "new"]);
        sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Three."));
        commit(&sandbox, &folder, "three");
        sandbox.git_in(&folder, ["branch", "-M", "new", "main"]);
        sandbox.git_in(&folder, ["reflog", "expire", "--expire=now", "--all"]);
        sandbox.git_in(&folder, ["gc", "--prune=now", "--quiet"]);
        sandbox.run(["update", "--dir", "to"]).exits(0);
        assert!(sandbox.read("to/o-r-a/SKILL.md").contains("Three."), "{kind:?}");
        let ran = sandbox.run(["update", "--dir", "v1"]).exits(2);
        assert!(ran.stderr.contains("has no branch, tag or commit \"v1\""), "{kind:?}: {}", ran.stderr);
    }
}

#[test]
fn what_came_without_files_is_not_told_to_a_server_that_sends_files() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a", "b"]);
    let can = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let (modern, plain) = (Server::start(&sandbox.work()), Server::start_kind(&sandbox.work(), Kind::Unfiltered));
    let filter = Arc::clone(&can);
    // One repository whose server loses what it could do.
    let front = Server::start_with(&sandbox.work(), move |request| {
        let server = if filter.load(std::sync::atomic::Ordering::Relaxed) { &modern } else { &plain };
        let location = format!("{}/info/refs?service=git-upload-pack", server.url("o/r"));
        request.target.contains("info/refs").then(|| answer("302 Found", &[("Location", &location)]))
    });
    let url = front.url("o/r");
    sandbox.run(["install", &url, "a", "--dir", "to"]).exits(0);
    can.store(false, std::sync::atomic::Ordering::Relaxed);
    sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Two."));
    commit(&sandbox, &folder, "two");
    sandbox.run(["install", &url, "--all", "--dir", "all"]).exits(0);
    assert_eq!(contents(&sandbox.work().join("all/o-r-b")), contents(&folder.join("skills/b")));
    assert!(sandbox.read("all/o-r-a/SKILL.md").contains("Two."));
}

#[test]
fn what_was_not_fetched_is_said_offline_for_each_skill() {
    let sandbox = Sandbox::new();
    repository(&sandbox, "o/r", &["a", "b"]);
    let server = Server::start(&sandbox.work());
    let url = server.url("o/r");
    sandbox.run(["install", &url, "a", "--dir", "to"]).exits(0);
    let ran = sandbox.run(["install", &url, "a", "b", "--dir", "off", "--offline"]).exits(1);
    assert!(ran.stderr.contains("b: one of its files in http://") && ran.stderr.contains("--offline"), "{ran:?}");
    assert_eq!(contents(&sandbox.work().join("off/o-r-a")), contents(&sandbox.work().join("to/o-r-a")));
    // The server has the branch, and was not asked for it.
    let ran = sandbox.run(["install", &format!("{url}#main"), "a", "--dir", "off", "--offline"]).exits(2);
    assert!(ran.stderr.contains("was never fetched, and --offline forbids"), "{}", ran.stderr);
}

#[test]
fn what_is_no_pack_leaves_nothing_half_done() {
    for body in ["0000", "0011packfile\n0009\u{1}PACK0000", "000cpackfil"] {
        let sandbox = Sandbox::new();
        repository(&sandbox, "o/r", &["a"]);
        let server = Server::start_with(&sandbox.work(), move |request| {
            let wants = String::from_utf8_lossy(&request.body).contains("want ");
            wants.then(|| Answer { status: "200 OK", headers: Vec::new(), body: body.as_bytes().to_vec() })
        });
        let ran = sandbox.run(["install", &server.url("o/r"), "a", "--dir", "to"]).exits(2);
        assert!(ran.stderr.contains("http://127.0.0.1"), "{body:?}: {}", ran.stderr);
        let left = contents(&sandbox.home().join(".cache"));
        assert!(!left.iter().any(|(path, _)| path.contains("pack-") || path.contains("tmp")), "{body:?}: {left:?}");
        assert!(!sandbox.work().join("to").exists());
    }
}

#[test]
fn ids_of_another_kind_are_said_by_both_engines() {
    let sandbox = Sandbox::new();
    sandbox.git(["init", "-q", "--object-format=sha256", "o/new"]);
    sandbox.git_in(&sandbox.work().join("o/new"), ["commit", "-q", "--allow-empty", "-m", "one"]);
    let server = Server::start(&sandbox.work());
    for engine in ["builtin", "git"] {
        let ran = sandbox.run(["install", &server.url("o/new"), "a", "--dir", "to", "--fetch", engine]).exits(2);
        assert!(ran.stderr.contains("names its objects by sha256"), "{engine}: {}", ran.stderr);
    }
}

#[test]
fn both_engines_share_one_cache() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a", "b", "c"]);
    let server = Server::start(&sandbox.work());
    let url = server.url("o/r");
    let engines = ["git", "builtin"];
    for (round, first) in engines.into_iter().chain(engines).enumerate() {
        let second = if first == "git" { "builtin" } else { "git" };
        sandbox.write("o/r/skills/a/SKILL.md", manifest("a", &format!("Round {round}.")));
        commit(&sandbox, &folder, "more");
        for (engine, skill) in [(first, "a"), (second, "b"), (first, "c"), (second, "a")] {
            let fetches = server.fetches();
            let target = format!("to-{round}-{engine}");
            sandbox.run(["install", &url, skill, "--fetch", engine, "--dir", &target]).exits(0);
            let installed = sandbox.work().join(&target).join(format!("o-r-{skill}"));
            assert_eq!(contents(&installed), contents(&folder.join("skills").join(skill)), "{round} {engine} {skill}");
            if (engine, skill) == (second, "a") {
                assert_eq!(server.fetches(), fetches, "{round}: the other engine had fetched it");
            }
        }
    }
    let cache = sandbox.run(["cache", "list", "--json"]).exits(0).json();
    let repository = format!("{}/repository", cache[0]["folder"].as_str().unwrap());
    let sound = ["-c", "remote.origin.promisor=true", "-c", "remote.origin.url=.", "fsck", "--connectivity-only"];
    sandbox.git_in(std::path::Path::new(&repository), sound);
}

#[test]
fn what_a_killed_fetch_left_does_not_stop_the_next() {
    let sandbox = Sandbox::new();
    let folder = repository(&sandbox, "o/r", &["a"]);
    let server = Server::start(&sandbox.work());
    let install = || sandbox.run(["install", &server.url("o/r"), "a", "--dir", "to", "--fetch", "git"]);
    install().exits(0);
    let slots: Vec<_> = std::fs::read_dir(sandbox.home().join(".cache/skillpress/git")).unwrap().collect();
    let cached = slots[0].as_ref().unwrap().path().join("repository");
    let left = [
        "shallow.lock",
        "config.lock",
        "refs/skillpress/head.lock",
        "objects/pack/tmp_pack_x",
        "objects/pack/pack_git2_x",
    ];
    for left in left {
        std::fs::write(cached.join(left), "").unwrap();
    }
    sandbox.write("o/r/skills/a/SKILL.md", manifest("a", "Two."));
    commit(&sandbox, &folder, "two");
    install().exits(0);
    assert!(sandbox.read("to/o-r-a/SKILL.md").contains("Two."));
    for left in left {
        assert!(!cached.join(left).exists(), "{left}");
    }
}
