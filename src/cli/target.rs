//! Which skills directories a command is about, as it is said on the command line.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;

use super::Context;
use crate::error::{Error, ErrorKind, Result};
use crate::install::agents::{Scope, Surroundings};
use crate::install::lock::Lock;
use crate::install::target::{self, Target, Where};

/// Seconds that one waits for another process to end its work on a skills directory, where nothing else is said.
const PATIENCE: u64 = 60;

/// Which skills directories a command works on.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TargetArgs {
    /// Work on this agent's skills directory; may be given several times
    #[arg(long = "agent", value_name = "ID", value_delimiter = ',', help_heading = "Where")]
    agents: Vec<String>,
    /// Work on the user's skills directories, as when nothing is said, or on the project's
    #[arg(long, value_name = "SCOPE", help_heading = "Where")]
    scope: Option<ScopeArg>,
    /// Work on this skills directory, whoever reads it
    #[arg(long, value_name = "DIR", conflicts_with_all = ["agents", "scope"], help_heading = "Where")]
    dir: Option<PathBuf>,
    /// Wait so long for another command that is changing the same directory; 60 when nothing is said
    #[arg(long, value_name = "SECONDS", help_heading = "Where")]
    wait: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ScopeArg {
    /// For all projects
    User,
    /// For the project one is in, from the repository's top
    Project,
}

impl TargetArgs {
    /// Whether anything was said about where.
    pub(crate) fn is_given(&self) -> bool {
        self.dir.is_some() || self.scope.is_some() || !self.agents.is_empty()
    }

    /// Whether the directories themselves were said, or the agents that read them.
    pub(crate) fn is_exact(&self) -> bool {
        self.dir.is_some() || !self.agents.is_empty()
    }

    /// The directories to install to, without one of them twice.
    pub(crate) fn targets(&self, context: &Context) -> Result<Vec<Target>> {
        target::targets(&self.place(context), &surroundings(context))
    }

    /// The directories for a command about what is installed.
    pub(crate) fn installed(&self, context: &Context) -> Result<Vec<Target>> {
        let (place, surroundings) = (self.place(context), surroundings(context));
        if let Some(directory) = &place.directory {
            must_be_there(directory)?;
        }
        let targets = target::installed(&place, &surroundings)?;
        let any_lock = |targets: &[Target]| targets.iter().any(|target| Lock::is_in(&target.directory));
        let of_project = Where { scope: Scope::Project, ..place };
        if !self.is_given() && !any_lock(&targets) && any_lock(&target::installed(&of_project, &surroundings)?) {
            let project = surroundings.project.display();
            context.ui.note(format_args!(
                "nothing is installed for all projects; --scope project means what is installed in {project}"
            ));
        }
        Ok(targets)
    }

    fn place(&self, context: &Context) -> Where {
        let settings = &context.config.install;
        let scope = self.scope.map(|scope| match scope {
            ScopeArg::User => Scope::User,
            ScopeArg::Project => Scope::Project,
        });
        Where {
            directory: self.dir.as_ref().map(|dir| context.places.working.join(dir)),
            agents: if self.agents.is_empty() { settings.agents.clone() } else { self.agents.clone() },
            scope: scope.or(settings.scope).unwrap_or_default(),
        }
    }

    /// How long another process may keep us waiting.
    pub(crate) fn patience(&self, context: &Context) -> Duration {
        Duration::from_secs(self.wait.or(context.config.install.wait).unwrap_or(PATIENCE))
    }
}

/// Refuses a directory that is not there: nothing would be found wrong in it, and a mistyped name must not pass.
pub(crate) fn must_be_there(directory: &Path) -> Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::NotFound, format!("there is no folder {}", directory.display()))
        .hint("check its name; `skillpress list` shows where skills are installed"))
}

/// What the table of agents is resolved against.
pub(crate) fn surroundings(context: &Context) -> Surroundings<'_> {
    Surroundings {
        home: context.places.home().ok(),
        project: context.places.project(),
        variables: &context.places.variables,
    }
}
