//! What installing takes, as whole processes against the commands that people would use instead: `cargo bench --bench install`.
//!
//! Uses the set where `SKILLPRESS_CORPUS` names a git checkout of one with its skills in `skills/`, else 3,000 made-up skills. Everything
//! happens below `TMPDIR`, whose file system makes a great difference. Ours and the rival run in turns (`RUNS` of each, 9 by default);
//! the figure to look at is the median of the ratios. What others have left unwritten is written before each, for ours waits for the
//! disk and `cp` does not. The git server on loopback is that of the tests.

#![allow(
    unreachable_pub,
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench makes its own files, and one that cannot has nothing to measure"
)]

#[path = "../tests/it/server.rs"]
mod server;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use server::Server;

fn main() {
    // Cargo passes `--bench`; a word that is no option picks the rows whose names hold it.
    let picked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_picked = |name: &str| picked.is_empty() || picked.iter().any(|word| name.contains(word.as_str()));
    let bench = Bench::new();
    println!("{:<36} {:>9} {:>9} {:>6}", "", "ours", "rival", "ratio");
    for row in bench.rows().into_iter().filter(|row| is_picked(row.name)) {
        let times: Vec<(Duration, Duration)> = (0..=bench.runs).map(|_| (row.ours(), row.rival())).skip(1).collect();
        let ours = median(times.iter().map(|(ours, _)| ours.as_secs_f64()));
        let rival = median(times.iter().map(|(_, rival)| rival.as_secs_f64()));
        let ratio = median(times.iter().map(|(ours, rival)| ours.as_secs_f64() / rival.as_secs_f64()));
        println!("{:<36} {:>6.1} ms {:>6.1} ms {ratio:>6.2}", row.name, ours * 1e3, rival * 1e3);
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Two ways to do the same. What is to be there or gone before each is done first and not measured.
struct Row {
    name: &'static str,
    before: String,
    ours: String,
    before_rival: String,
    rival: String,
    runner: Runner,
}

impl Row {
    fn ours(&self) -> Duration {
        self.runner.run(&format!("{{ {}; }} && sync", self.before));
        self.runner.run(&self.ours)
    }

    fn rival(&self) -> Duration {
        self.runner.run(&format!("{{ {}; }} && sync", self.before_rival));
        self.runner.run(&self.rival)
    }
}

/// Runs lines of shell code in a world of its own.
#[derive(Clone)]
struct Runner {
    root: PathBuf,
}

impl Runner {
    fn run(&self, line: &str) -> Duration {
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(&self.root).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap()).env("HOME", self.root.join("home"));
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("TMPDIR", &self.root);
        let started = Instant::now();
        let status = command.status().unwrap();
        let elapsed = started.elapsed();
        // A set may hold skills that are refused; everything else is to go through.
        assert!(matches!(status.code(), Some(0 | 1)), "{status}: {line}");
        elapsed
    }
}

struct Bench {
    root: tempfile::TempDir,
    server: Server,
    runs: usize,
    skill: String,
}

impl Bench {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("home")).unwrap();
        std::fs::create_dir_all(root.path().join("owner")).unwrap();
        let runner = Runner { root: root.path().to_owned() };
        let from = match std::env::var("SKILLPRESS_CORPUS") {
            Ok(corpus) => corpus,
            Err(_) => make_set(&root.path().join("made")),
        };
        runner.run(&format!("git clone -q --bare '{from}' owner/set && git clone -q owner/set checkout"));
        let mut names: Vec<String> = std::fs::read_dir(root.path().join("checkout/skills"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let skill = names.iter().find(|name| *name == "chatrace").unwrap_or(&names[0]).clone();
        let runs = std::env::var("RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(9);
        Self { server: Server::start(root.path()), root, runs, skill }
    }

    fn rows(&self) -> Vec<Row> {
        let program = env!("CARGO_BIN_EXE_skillpress");
        let (url, skill) = (self.server.url("owner/set"), &self.skill);
        let row = |name, before: &str, ours: String, before_rival: &str, rival: String| Row {
            name,
            before: before.to_owned(),
            ours,
            before_rival: before_rival.to_owned(),
            rival,
            runner: Runner { root: self.root.path().to_owned() },
        };
        let one = |more: &str| format!("'{program}' install {url} {skill} --dir to {more}");
        let all = |source: &str| format!("'{program}' install {source} --all --dir to");
        let cold = "rm -rf to home/.cache";
        let copy = "cp -r checkout/skills copy".to_owned();
        let clone = format!(
            "T=$(mktemp -d) && git clone -q --depth=1 {url} \"$T\" && mkdir -p copy && cp -r \"$T/skills/{skill}\" copy && rm -rf \"$T\""
        );
        let sparse = format!("T=$(mktemp -d) && git clone -q --depth=1 --filter=blob:none --sparse {url} \"$T\"");
        let installed = format!("test -e to/{skill} || {}", all("./checkout"));
        vec![
            row("one skill, http, cold", cold, one(""), "rm -rf copy", clone),
            row("one skill, http, cold, --fetch git", cold, one("--fetch git"), "rm -rf tmp.*", sparse),
            row("one skill, http, again", "true", one(""), "true", format!("git ls-remote {url}")),
            row("all of a folder", "rm -rf to", all("./checkout"), "rm -rf copy", copy.clone()),
            row("all of a commit", "rm -rf to", all("./owner/set"), "rm -rf copy", copy.clone()),
            row("list", &installed, format!("'{program}' list --dir to"), "true", "ls -R to".to_owned()),
            row(
                "remove --all",
                &installed,
                format!("'{program}' remove --all --dir to"),
                &copy,
                "rm -rf copy".to_owned(),
            ),
        ]
    }
}

/// A git checkout with many skills that all differ; gives its path.
fn make_set(folder: &Path) -> String {
    for at in 0..3_000 {
        let mut text = format!(
            "---\nname: skill-{at}\ndescription: Sorts the parcels of depot {at}. Use for parcels.\n---\n\n# Depot {at}\n"
        );
        for line in 0..60 {
            let _ = writeln!(
                text,
                "\n- **Shelf {line} of depot {at}** holds parcel {}, which goes out by mail.",
                at * line
            );
        }
        let skill = folder.join(format!("skills/skill-{at}"));
        std::fs::create_dir_all(&skill).unwrap();
        std::fs::write(skill.join("SKILL.md"), text).unwrap();
    }
    let git = "git init -q && git add . && git -c user.name=bench -c user.email=bench@example.org commit -q -m set";
    let made = Command::new("sh").args(["-c", git]).current_dir(folder).status().unwrap();
    assert!(made.success());
    folder.to_str().unwrap().to_owned()
}
