//! The agents that load skills: one table, `agents.toml`, and what its paths mean on this machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::words::did_you_mean;

/// A program that loads skills.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// What it is called on the command line.
    pub id: String,
    /// What it calls itself.
    pub name: String,
    /// Its skills directory in a project.
    project: String,
    /// Its skills directory for all projects.
    #[serde(default)]
    user: Option<String>,
    /// What exists where it is used.
    detect: Vec<String>,
}

#[derive(Deserialize)]
struct Table {
    agent: Vec<Agent>,
}

/// Whose skills directory is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The user's, for all projects.
    #[default]
    User,
    /// The project's.
    Project,
}

/// What paths of the table are resolved against.
#[derive(Debug, Clone)]
pub struct Surroundings<'a> {
    /// The home folder, if there is one.
    pub home: Option<&'a Path>,
    /// The project's top.
    pub project: &'a Path,
    /// The environment.
    pub variables: &'a BTreeMap<String, String>,
}

/// The agent that is installed for when none is named or detected.
pub const DEFAULT: &str = "claude-code";

/// Every known agent.
pub fn all() -> Result<Vec<Agent>> {
    let table: Table = toml::from_str(include_str!("agents.toml"))
        .map_err(|error| Error::new(ErrorKind::Invalid, "the table of agents is broken").because(error))?;
    Ok(table.agent)
}

/// The agent of this id.
pub fn find<'a>(agents: &'a [Agent], id: &str) -> Result<&'a Agent> {
    agents.iter().find(|agent| agent.id == id).ok_or_else(|| {
        let error = Error::new(ErrorKind::Usage, format!("there is no agent {id:?}"));
        let hint = did_you_mean(id, agents.iter().map(|agent| agent.id.as_str()));
        error.hint(hint.unwrap_or_else(|| "`skillpress agents` lists all of them; --dir takes any folder".to_owned()))
    })
}

impl Agent {
    /// Its skills directory.
    pub fn directory(&self, scope: Scope, surroundings: &Surroundings<'_>) -> Result<PathBuf> {
        match scope {
            Scope::Project => Ok(surroundings.project.join(&self.project)),
            Scope::User => {
                let Some(user) = &self.user else {
                    return Err(Error::new(
                        ErrorKind::Usage,
                        format!("{} has no skills directory for all projects", self.name),
                    )
                    .hint("use --scope project"));
                };
                surroundings.resolve(user).ok_or_else(|| {
                    Error::new(ErrorKind::Usage, "there is no home folder: HOME is not set to an absolute path")
                        .hint("set HOME, or name the folder with --dir")
                })
            }
        }
    }

    /// Whether it is used here: one of its own folders exists.
    pub fn is_detected(&self, surroundings: &Surroundings<'_>) -> bool {
        self.detect.iter().filter_map(|path| surroundings.resolve(path)).any(|path| path.exists())
    }
}

impl Surroundings<'_> {
    /// Resolves `~`, `./` and `${NAME:-default}` at the start of a path.
    fn resolve(&self, path: &str) -> Option<PathBuf> {
        let (start, rest) = match path.strip_prefix("${").and_then(|rest| rest.split_once('}')) {
            Some((expression, rest)) => {
                let (name, default) = expression.split_once(":-").unwrap_or((expression, ""));
                // A variable that holds no absolute path is as good as unset: it would be read against any folder one is in.
                let value = self.variables.get(name).filter(|value| Path::new(value).is_absolute());
                (value.map_or(default, String::as_str).to_owned(), rest)
            }
            None => (path.to_owned(), ""),
        };
        let whole = format!("{start}{rest}");
        if let Some(below) = whole.strip_prefix("~/") {
            return Some(self.home?.join(below));
        }
        if let Some(below) = whole.strip_prefix("./") {
            return Some(self.project.join(below));
        }
        // What a variable holds may end with a slash.
        Some(Path::new(&whole).components().collect()).filter(|path: &PathBuf| path.is_absolute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        let agents = all().unwrap();
        let mut ids: Vec<&str> = agents.iter().map(|agent| agent.id.as_str()).collect();
        assert!(ids.len() >= 70, "{}", ids.len());
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), agents.len(), "an id occurs twice");
        let variables = BTreeMap::new();
        let here = Surroundings { home: Some(Path::new("/h")), project: Path::new("/p"), variables: &variables };
        for agent in &agents {
            assert!(agent.directory(Scope::Project, &here).unwrap().starts_with("/p"), "{}", agent.id);
            assert!(
                agent.user.is_none() || agent.directory(Scope::User, &here).unwrap().starts_with("/h"),
                "{}",
                agent.id
            );
            assert!(agent.detect.iter().all(|path| here.resolve(path).is_some()), "{}", agent.id);
        }
        for id in ["antigravity", "antigravity-cli", "antigravity2.0"] {
            let directory = find(&agents, id).unwrap().directory(Scope::User, &here).unwrap();
            assert_eq!(directory, Path::new("/h/.gemini/config/skills"), "{id}");
        }
        assert!(find(&agents, DEFAULT).is_ok());
        assert!(find(&agents, "claud-code").unwrap_err().help().unwrap().starts_with("did you mean \"claude-code\""));
    }

    #[test]
    fn the_environment_moves_directories() {
        let agents = all().unwrap();
        let directory = |id: &str, name: &str, value: &str| {
            let variables = BTreeMap::from([(name.to_owned(), value.to_owned())]);
            let here = Surroundings { home: Some(Path::new("/h")), project: Path::new("/p"), variables: &variables };
            find(&agents, id).unwrap().directory(Scope::User, &here).unwrap()
        };
        assert_eq!(directory("claude-code", "CLAUDE_CONFIG_DIR", "/else/").as_os_str(), "/else/skills");
        assert_eq!(directory("claude-code", "CLAUDE_CONFIG_DIR", "/else"), Path::new("/else/skills"));
        assert_eq!(directory("claude-code", "CLAUDE_CONFIG_DIR", "relative"), Path::new("/h/.claude/skills"));
        assert_eq!(directory("gemini-cli", "GEMINI_CLI_HOME", "/else"), Path::new("/else/.gemini/skills"));
        assert_eq!(directory("gemini-cli", "OTHER", "/else"), Path::new("/h/.gemini/skills"));
    }
}
