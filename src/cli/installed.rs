//! The installed skills that a command is about, by the names that were typed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Context;
use super::skills::{self, Opened};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::install::lock::Lock;
use crate::install::naming::DirectoryName;
use crate::install::target::Target;
use crate::source::name::Pattern;
use crate::words::did_you_mean;

/// Which installed skills are meant.
#[derive(Debug, clap::Args)]
pub(crate) struct InstalledArgs {
    /// Installed skills, all of them when none are named; names may be globs
    #[arg(value_name = "SKILL")]
    words: Vec<String>,
}

/// Names and globs, of which none mean every installed skill, and the skills directories that were asked for them.
#[derive(Debug)]
pub(crate) struct Meant {
    patterns: Vec<Pattern>,
    asked: Vec<PathBuf>,
    /// What the skills there are called.
    names: BTreeSet<String>,
}

impl InstalledArgs {
    /// The names as they were typed.
    pub(crate) fn meant(&self) -> Result<Meant> {
        Meant::of(&self.words)
    }
}

impl Meant {
    pub(crate) fn of(words: &[String]) -> Result<Self> {
        let patterns = words.iter().map(|word| Pattern::new(word)).collect::<Result<_>>()?;
        Ok(Self { patterns, asked: Vec::new(), names: BTreeSet::new() })
    }

    /// Takes a skills directory, and gives the folders of the skills that are meant in it; nothing where there is no such directory.
    pub(crate) fn open(
        &mut self,
        target: &Target,
        change: skills::ChangeArgs,
        patience: Duration,
        context: &Context,
    ) -> Result<Option<(Opened, BTreeSet<DirectoryName>)>> {
        if !target.directory.is_dir() {
            self.folders(&Lock::default(), &target.directory);
            return Ok(None);
        }
        let opened = skills::open_unless(change.dry_run, &target.directory, patience, context)?;
        let folders = self.folders(&opened.lock, &target.directory);
        Ok(Some((opened, folders)))
    }

    /// The folders of the skills that are meant in one skills directory.
    pub(crate) fn folders(&mut self, lock: &Lock, directory: &Path) -> BTreeSet<DirectoryName> {
        if self.patterns.is_empty() {
            return lock.skills.keys().cloned().collect();
        }
        self.asked.push(directory.to_owned());
        let mut folders = BTreeSet::new();
        for (folder, locked) in &lock.skills {
            let names = [folder.as_str(), locked.name.as_str()];
            if self.patterns.iter().any(|pattern| names.iter().any(|name| pattern.matches(name))) {
                folders.insert(folder.clone());
            }
            self.names.extend(names.map(str::to_owned));
        }
        folders
    }

    /// The names that no skill has in any of the directories that were asked, as errors.
    pub(crate) fn unknown(&self) -> Vec<Error> {
        if self.asked.is_empty() {
            return Vec::new();
        }
        let asked: Vec<String> = self.asked.iter().map(|directory| directory.display().to_string()).collect();
        let missing = self.patterns.iter().filter(|pattern| !self.names.iter().any(|name| pattern.matches(name)));
        missing
            .map(|pattern| {
                let message = format!("no installed skill is called {:?} in {}", pattern.as_str(), asked.join(", "));
                let error = Error::new(ErrorKind::NotFound, message);
                let is_there = || self.asked.iter().any(|directory| fs::exists(&directory.join(pattern.as_str())));
                match did_you_mean(pattern.as_str(), self.names.iter().map(String::as_str)) {
                    Some(hint) => error.hint(hint),
                    None if is_there() => error
                        .hint("a folder of that name is there, and skillpress did not install it: it is left alone"),
                    None => error.hint("`skillpress list` shows what is installed"),
                }
            })
            .collect()
    }
}
