//! A home, a working folder and an environment that share nothing with the machine.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// One test's world; gone when the test ends.
pub struct Sandbox {
    root: TempDir,
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Sandbox {
    pub fn new() -> Self {
        let sandbox = Self { root: tempfile::tempdir().unwrap() };
        for folder in [sandbox.home(), sandbox.work()] {
            fs::create_dir(folder).unwrap();
        }
        sandbox
    }

    /// The home folder, empty at first.
    pub fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// The working folder, empty at first.
    pub fn work(&self) -> PathBuf {
        self.root.path().join("work")
    }

    /// Writes a file below the working folder.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.work().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Reads a file below the working folder.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.work().join(path)).unwrap()
    }

    /// The program with its arguments, not yet started.
    pub fn skillpress(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_skillpress"));
        command.args(arguments);
        command
    }

    /// Any program in this world.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home())
            .env("TMPDIR", self.root.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", self.home().join(".gitconfig"))
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .current_dir(self.work())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program.
    pub fn run(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
        Ran::of(&mut self.skillpress(arguments))
    }

    /// Runs git in the working folder, as an author whose commits are the same every time.
    pub fn git(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
        self.git_in(&self.work(), arguments)
    }

    /// Runs git in some folder.
    pub fn git_in(&self, folder: &Path, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> String {
        let mut command = self.command("git");
        command.current_dir(folder).args(["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"]);
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "Test")
                .env(format!("GIT_{who}_EMAIL"), "test@example.org")
                .env(format!("GIT_{who}_DATE"), "2026-01-01T00:00:00Z");
        }
        let ran = Ran::of(command.args(arguments));
        assert_eq!(ran.code, 0, "git failed: {}", ran.stderr);
        ran.stdout
    }
}

impl Ran {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Checks the exit code, showing all output when it is another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error} in:\n{}", self.stdout))
    }
}
