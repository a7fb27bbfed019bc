//! Where this process stands: the working folder, the home folder, and the places for configuration, cache and state.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::error::{Error, ErrorKind, Result};
use crate::install::target;
use crate::source::credentials::{Credentials, Token};
use crate::source::proxy::Proxies;
use crate::source::ssh::Ssh;

/// The folders of this process and its user. A process without a home folder can do all that needs none.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// The working folder.
    pub(crate) working: PathBuf,
    /// Variables that hold absolute paths: agents can be told by them where to look.
    pub(crate) variables: BTreeMap<String, String>,
    credentials: Credentials,
    user: Option<UserPlaces>,
}

#[derive(Debug, Clone)]
struct UserPlaces {
    home: PathBuf,
    config: PathBuf,
    cache: PathBuf,
    state: PathBuf,
}

const NAME: &str = "skillpress";

impl Places {
    /// Reads the environment of this process once.
    pub(crate) fn of_this_process() -> Result<Self> {
        let working = std::env::current_dir().map_err(|error| {
            Error::new(ErrorKind::Io, "cannot tell the working folder")
                .because(error)
                .hint("it may have been removed; change to one that exists")
        })?;
        let user = etcetera::choose_base_strategy().ok().filter(|base| base.home_dir().is_absolute()).map(|base| {
            let state = base.state_dir().unwrap_or_else(|| base.data_dir());
            UserPlaces {
                home: base.home_dir().to_owned(),
                config: base.config_dir().join(NAME),
                cache: base.cache_dir().join(NAME),
                state: state.join(NAME),
            }
        });
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(_, value)| Path::new(value).is_absolute())
            .collect();
        let variable = |name: &str| std::env::var(name).ok();
        let token = |name: &str| variable(name).and_then(|token| Token::new(&token));
        let credentials = Credentials {
            github: token("GITHUB_TOKEN").or_else(|| token("GH_TOKEN")),
            gitlab: token("GITLAB_TOKEN"),
            proxies: Proxies::of(variable),
            ssh: Ssh::of(variable),
            may_ask: std::io::stdin().is_terminal(),
        };
        Ok(Self { working, variables, credentials, user })
    }

    /// The top of the project one is in: the repository's, or the working folder.
    pub(crate) fn project(&self) -> &Path {
        target::project_of(&self.working).unwrap_or(&self.working)
    }

    /// What the environment knows of the user's access to servers.
    pub(crate) fn credentials(&self) -> Credentials {
        self.credentials.clone()
    }

    /// The user's home folder.
    pub(crate) fn home(&self) -> Result<&Path> {
        Ok(&self.user()?.home)
    }

    /// Where the user's configuration is, if there is a user.
    pub(crate) fn config(&self) -> Option<&Path> {
        self.user.as_ref().map(|user| user.config.as_path())
    }

    /// Where what can be fetched again is kept.
    pub(crate) fn cache(&self) -> Result<&Path> {
        Ok(&self.user()?.cache)
    }

    /// Where what must outlive a command is kept.
    pub(crate) fn state(&self) -> Result<&Path> {
        Ok(&self.user()?.state)
    }

    fn user(&self) -> Result<&UserPlaces> {
        self.user.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::Usage, "there is no home folder: HOME is not set to an absolute path")
                .hint("set HOME to an absolute path")
        })
    }
}
