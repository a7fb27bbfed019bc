//! Which skills directories a command is about.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::agents::{self, Agent, Scope, Surroundings};
use super::naming::NameStyle;
use crate::error::Result;

/// One skills directory and who reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Target {
    /// The directory.
    #[serde(serialize_with = "as_text")]
    pub directory: PathBuf,
    /// The ids of the agents it is for; empty when it was named itself.
    pub agents: Vec<String>,
}

/// Not every path is text, and JSON has nothing else.
fn as_text<S: serde::Serializer>(path: &std::path::Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
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
    pub agents: Vec<String>,
    /// Whose directories.
    pub scope: Option<Scope>,
    /// How folders are named.
    pub name_style: Option<NameStyle>,
    /// Seconds to wait for another process that is changing the same directory.
    pub wait: Option<u64>,
}

/// The directories that are meant; agents that share one get it once.
pub fn targets(place: &Where, surroundings: &Surroundings<'_>) -> Result<Vec<Target>> {
    if let Some(directory) = &place.directory {
        return Ok(vec![Target { directory: directory.clone(), agents: Vec::new() }]);
    }
    let known = agents::all()?;
    let mut chosen: Vec<&Agent> = Vec::new();
    for id in &place.agents {
        chosen.push(agents::find(&known, id)?);
    }
    if chosen.is_empty() {
        let in_scope = |agent: &&Agent| agent.directory(place.scope, surroundings).is_ok();
        chosen = known.iter().filter(|agent| agent.is_detected(surroundings)).filter(in_scope).collect();
    }
    if chosen.is_empty() {
        chosen.push(agents::find(&known, agents::DEFAULT)?);
    }
    let mut targets: Vec<Target> = Vec::new();
    for agent in chosen {
        let directory = agent.directory(place.scope, surroundings)?;
        match targets.iter_mut().find(|target| target.directory == directory) {
            Some(target) if target.agents.contains(&agent.id) => {}
            Some(target) => target.agents.push(agent.id.clone()),
            None => targets.push(Target { directory, agents: vec![agent.id.clone()] }),
        }
    }
    Ok(targets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::path::Path;

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
}
