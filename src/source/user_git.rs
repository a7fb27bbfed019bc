//! The user's own `git`, started so that only its arguments say in which repository it works, and that it asks nobody who is not there.

use std::process::{Child, Command};
#[cfg(unix)]
use std::time::{Duration, Instant};

/// What the environment says of one repository; hooks are given it, and all that they run. Those of these variables that hold settings
/// (`GIT_CONFIG_COUNT`, `GIT_CONFIG_PARAMETERS`) stay: they are the user's, as their files are.
const OF_A_REPOSITORY: [&str; 15] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// The program without arguments. Its folder is still to be said: in the user's it would take the settings of a repository there.
pub(super) fn command(may_ask: bool) -> Command {
    let mut command = Command::new("git");
    for name in OF_A_REPOSITORY {
        command.env_remove(name);
    }
    if !may_ask {
        command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_ASKPASS", "").env("SSH_ASKPASS", "");
        command.env("GCM_INTERACTIVE", "never");
    }
    command
}

/// Asks a program to end, so that it ends its own helpers too; one that does not is killed.
pub(super) fn stop(child: &mut Child) {
    #[cfg(unix)]
    {
        const PATIENCE: Duration = Duration::from_secs(2);
        let asked = Instant::now();
        // What has ended already may have left its number to another program.
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        let _ = rustix::process::kill_process(rustix::process::Pid::from_child(child), rustix::process::Signal::TERM);
        while asked.elapsed() < PATIENCE {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    let _ = child.kill().and_then(|()| child.wait());
}
