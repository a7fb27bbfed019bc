//! Which skills directories a command is about.

use std::path::{Component, Path, PathBuf};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::agents::{self, Scope, Surroundings};
use super::lock::Lock;
use super::naming::NameStyle;
use crate::error::Result;

/// One skills directory and who reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The directory.
    #[serde(serialize_with = "crate::fs::as_text")]
    pub directory: PathBuf,
    /// The ids of the agents it is for; empty when it was named itself.
    pub agents: Vec<String>,
}

/// What was said about where.
#[derive(Debug, Clone, Default)]
pub struct Where {
    /// A directory, whoever reads it.
    pub directory: Option<PathBuf>,
    /// Agents by their ids.
    pub agents: Vec<String>,
    /// Whose directory.
    pub scope: Scope,
}

/// What configuration says about installing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// The agents to install for.
    #[serde(deserialize_with = "known_agents")]
    pub agents: Vec<String>,
    /// Whose directories.
    pub scope: Option<Scope>,
    /// How folders are named.
    pub name_style: Option<NameStyle>,
    /// Seconds to wait for another process that is changing the same directory.
    pub wait: Option<u64>,
}

/// Ids of agents, each of them known, so that a mistake is found where it stands.
fn known_agents<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let ids = Vec::<String>::deserialize(deserializer)?;
    let known = agents::all().map_err(D::Error::custom)?;
    let wrong = ids.iter().find_map(|id| agents::find(&known, id).err());
    match wrong {
        Some(error) => Err(D::Error::custom(format!("{error}; {}", error.help().unwrap_or_default()))),
        None => Ok(ids),
    }
}

/// The directories that one installs to; agents that share one get it once.
pub fn targets(place: &Where, surroundings: &Surroundings<'_>) -> Result<Vec<Target>> {
    meant(place, surroundings, |_| false)
}

/// The directories that are meant where something is installed already: where nobody is named, also those of agents that are not used
/// here. Others may have committed what was installed for theirs.
pub fn installed(place: &Where, surroundings: &Surroundings<'_>) -> Result<Vec<Target>> {
    meant(place, surroundings, Lock::is_in)
}

fn meant(place: &Where, surroundings: &Surroundings<'_>, is_meant_too: impl Fn(&Path) -> bool) -> Result<Vec<Target>> {
    if let Some(directory) = &place.directory {
        return Ok(vec![Target { directory: directory.clone(), agents: Vec::new() }]);
    }
    let known = agents::all()?;
    let (mut chosen, mut others) = (Shared::default(), Shared::default());
    for id in &place.agents {
        let agent = agents::find(&known, id)?;
        chosen.add(agent.directory(place.scope, surroundings)?, id);
    }
    if place.agents.is_empty() {
        for agent in &known {
            let Ok(directory) = agent.directory(place.scope, surroundings) else { continue };
            if agent.is_detected(surroundings) {
                chosen.add(directory, &agent.id);
            } else if is_meant_too(&directory) {
                others.add(directory, &agent.id);
            }
        }
    }
    let others = others.targets.into_iter().zip(others.real).filter(|(_, real)| !chosen.real.contains(real));
    chosen.targets.extend(others.map(|(target, _)| target));
    if chosen.targets.is_empty() {
        chosen.add(agents::find(&known, agents::DEFAULT)?.directory(place.scope, surroundings)?, agents::DEFAULT);
    }
    Ok(chosen.targets)
}

/// Skills directories of agents, each of them once: also one that several agents reach by links.
#[derive(Debug, Default)]
pub struct Shared {
    /// The directories, as they were called first.
    pub targets: Vec<Target>,
    /// Where each of them really is.
    real: Vec<PathBuf>,
}

impl Shared {
    /// Adds the directory of an agent.
    pub fn add(&mut self, directory: PathBuf, agent: &str) {
        let real = real(&directory);
        match self.real.iter().position(|known| *known == real).and_then(|at| self.targets.get_mut(at)) {
            Some(target) if target.agents.iter().any(|known| known == agent) => {}
            Some(target) => target.agents.push(agent.to_owned()),
            None => {
                self.targets.push(Target { directory, agents: vec![agent.to_owned()] });
                self.real.push(real);
            }
        }
    }
}

/// The top of the project that a folder is in: that of the repository.
pub fn project_of(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

/// A folder that need not be there yet, without links and `..`.
pub(super) fn real(folder: &Path) -> PathBuf {
    match (folder.canonicalize(), folder.parent(), folder.components().next_back()) {
        (Ok(real), _, _) => real,
        (Err(_), Some(parent), Some(Component::Normal(name))) => real(parent).join(name),
        _ => folder.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn agents_that_share_a_directory_get_one_copy() {
        let variables = BTreeMap::new();
        let here = Surroundings { home: Some(Path::new("/nowhere")), project: Path::new("/p"), variables: &variables };
        let ids = |ids: &[&str], scope| {
            let place = Where { directory: None, agents: ids.iter().map(ToString::to_string).collect(), scope };
            targets(&place, &here).unwrap()
        };
        assert_eq!(ids(&["codex", "opencode", "codex"], Scope::Project).len(), 1);
        assert_eq!(ids(&["codex", "opencode"], Scope::User).len(), 2);
        let default = ids(&[], Scope::User);
        assert_eq!((default.len(), default[0].directory.as_path()), (1, Path::new("/nowhere/.claude/skills")));
    }

    #[test]
    #[cfg(unix)]
    #[expect(clippy::disallowed_methods, reason = "a test makes its own folders")]
    fn a_directory_that_is_a_link_to_another_is_the_other() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join(".agents")).unwrap();
        std::os::unix::fs::symlink(".agents", root.path().join(".claude")).unwrap();
        let variables = BTreeMap::new();
        let here = Surroundings { home: None, project: root.path(), variables: &variables };
        let agents = vec!["claude-code".to_owned(), "codex".to_owned()];
        let place = Where { directory: None, agents: agents.clone(), scope: Scope::Project };
        let directory = root.path().join(".claude/skills");
        assert_eq!(targets(&place, &here).unwrap(), [Target { directory, agents }]);
    }
}
