//! The installed skills that a command is about, by the names that were typed.

use std::collections::BTreeSet;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result, did_you_mean};
use crate::fs;
use crate::install::lock::{Lock, Locked};
use crate::install::naming::DirectoryName;
use crate::source::name::Pattern;

/// Which installed skills are meant.
#[derive(Debug, clap::Args)]
pub(crate) struct InstalledArgs {
    /// Installed skills, all of them when none are named; names may be globs
    #[arg(value_name = "SKILL")]
    words: Vec<String>,
}

/// Names and globs; none mean every installed skill.
#[derive(Debug)]
pub(crate) struct Meant(Vec<Pattern>);

impl InstalledArgs {
    /// The names as they were typed.
    pub(crate) fn meant(&self) -> Result<Meant> {
        Meant::of(&self.words)
    }
}

impl Meant {
    pub(crate) fn of(words: &[String]) -> Result<Self> {
        words.iter().map(|word| Pattern::new(word)).collect::<Result<_>>().map(Self)
    }

    /// The folders of the skills that are meant.
    pub(crate) fn folders(&self, lock: &Lock) -> BTreeSet<DirectoryName> {
        let meant = |directory: &DirectoryName, locked: &Locked| {
            let names = [directory.as_str(), locked.name.as_str()];
            self.0.is_empty() || self.0.iter().any(|pattern| names.iter().any(|name| pattern.matches(name)))
        };
        let skills = lock.skills.iter().filter(|(directory, locked)| meant(directory, locked));
        skills.map(|(directory, _)| directory.clone()).collect()
    }

    /// The names that no skill here has, as errors.
    pub(crate) fn unknown(&self, lock: &Lock, directory: &Path) -> Vec<Error> {
        let names: BTreeSet<&str> =
            lock.skills.iter().flat_map(|(directory, locked)| [directory.as_str(), locked.name.as_str()]).collect();
        let missing = self.0.iter().filter(|pattern| !names.iter().any(|name| pattern.matches(name)));
        missing
            .map(|pattern| {
                let error = Error::new(
                    ErrorKind::NotFound,
                    format!("{} has no installed skill {:?}", directory.display(), pattern.as_str()),
                );
                match did_you_mean(pattern.as_str(), names.iter().copied()) {
                    Some(hint) => error.hint(hint),
                    None if fs::exists(&directory.join(pattern.as_str())) => error
                        .hint("a folder of that name is there, and skillpress did not install it: it is left alone"),
                    None => error.hint("`skillpress list` shows what is installed"),
                }
            })
            .collect()
    }
}
