//! Bringing manifests to a template: a plan of file changes, made without writing anything, then carried out.
//!
//! A manifest says by its own text which generation of the template made it. Its slots are taken by that generation and put into
//! the target. Where somebody edited the constant text, the edits are merged onto the target, with what the generation itself would
//! have rendered as the common base. What cannot be done without losing something is refused, and says what.

mod data;
mod decide;
mod group;
mod names;
mod plan;
mod planned;
mod refusal;

pub use data::{Data, Unused};
pub use group::Group;
pub use plan::{Plan, Tally};
pub use planned::{Conflict, Outcome, Planned};
pub use refusal::{Refusal, RefusalReason};

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::fs;
use crate::template::{Pattern, Template};
use names::Names;

/// What is to be done.
#[derive(Debug)]
pub struct Job {
    /// The template that manifests are brought to.
    pub target: Template,
    /// Earlier generations of it.
    pub older: Vec<Template>,
    /// Values for slots that manifests do not have yet.
    pub data: Data,
    /// Manifests for which refusals are overruled.
    pub forced: BTreeSet<PathBuf>,
}

/// A generation that manifests can be recognised by.
#[derive(Debug, Clone, Copy)]
struct Generation<'j> {
    name: &'j str,
    pattern: &'j Pattern,
}

impl Job {
    /// Decides about every manifest. Nothing is written.
    pub fn plan(&self, paths: &[PathBuf]) -> Result<Plan> {
        let generations = self.generations()?;
        let names = Names::of(generations[0].pattern);
        let read = |path: &PathBuf| -> (PathBuf, Result<decide::Seen>) {
            let seen = fs::read(path).map(|bytes| decide::see(&bytes, path, &generations, &names, &self.data));
            (path.clone(), seen)
        };
        let mut seen: Vec<(PathBuf, Result<decide::Seen>)> = paths.par_iter().map(read).collect();
        decide::doubt_edits(&mut seen, &generations);
        let leaked = names.leaked(seen.iter().filter_map(|(_, seen)| seen.as_ref().ok()).map(|seen| &seen.title));
        let decide = |(path, seen): (PathBuf, Result<decide::Seen>)| -> Result<Planned, Error> {
            Ok(decide::decide(seen?, &path, &generations, self, &leaked))
        };
        let unknown = decide::unknown_generations(&seen);
        let skill = |(path, seen): &(PathBuf, Result<decide::Seen>)| seen.as_ref().ok().map(|seen| seen.skill(path));
        let unused = self.data.unused(&seen.iter().filter_map(skill).collect(), generations[0].pattern);
        let mut manifests = Vec::with_capacity(paths.len());
        let mut failed = Vec::new();
        for planned in seen.into_par_iter().map(decide).collect::<Vec<_>>() {
            match planned {
                Ok(mut planned) => {
                    planned.generation = planned.generation.or_else(|| unknown.get(&planned.path).cloned());
                    manifests.push(planned);
                }
                Err(error) => failed.push(error),
            }
        }
        let groups = group::group(&mut manifests);
        Ok(Plan { template: self.target.name().to_owned(), leaked, unused, manifests, groups, failed })
    }

    fn generations(&self) -> Result<Vec<Generation<'_>>> {
        let all = std::iter::once(&self.target).chain(&self.older);
        all.map(|template| Ok(Generation { name: template.name(), pattern: template.pattern()? })).collect()
    }

    fn is_forced(&self, path: &Path) -> bool {
        self.forced.contains(path)
    }
}

#[cfg(test)]
mod tests;
