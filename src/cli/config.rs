//! `skillpress.toml`: the project's, found by walking up from the working folder, over the user's, over what is built in.
//!
//! Every module that can be configured owns the section of its name. A mistake names the file, the line and the nearest key.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Table;

use super::place::Places;
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::words::did_you_mean;

const FILE_NAME: &str = "skillpress.toml";
const FORMER_NAME: &str = "config.toml";

/// Everything that can be configured.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    /// Which rules run, and how much they matter.
    pub(crate) lint: crate::lint::config::Config,
    /// The folder of the project's configuration file; paths in it are relative to it.
    #[serde(skip)]
    pub(crate) project: Option<PathBuf>,
    /// Templates that manifests are brought to and recognised by.
    pub(crate) regenerate: super::regenerate::Settings,
    /// Where skills come from.
    pub(crate) source: crate::source::Settings,
    /// Where skills go.
    pub(crate) install: crate::install::target::Settings,
}

impl Config {
    /// Reads `only`, or else the project's file over the user's.
    pub(crate) fn load(only: Option<&Path>, places: &Places) -> Result<Self> {
        let (user, project) = match only {
            Some(only) => (None, Some(only.to_owned())),
            None => (
                of_the_user(places)?,
                places.working.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file()),
            ),
        };
        let (mut merged, mut regenerate) = (Table::new(), super::regenerate::Settings::default());
        for path in [user.as_ref(), project.as_ref()].into_iter().flatten() {
            let text = fs::read_text(path)?;
            // Each file is checked by itself, so that a mistake is found where it stands.
            let own: Self = parse(path, &text)?;
            regenerate = own.regenerate.over(regenerate, path.parent().unwrap_or(Path::new("")));
            let mut table = parse(path, &text)?;
            start_at(&places.working.join(path), &mut table);
            merge(&mut merged, table);
        }
        let mut config: Self = merged.try_into().map_err(|error| {
            Error::new(ErrorKind::Usage, "the configuration files do not fit together").because(error)
        })?;
        config.regenerate = regenerate;
        config.project = project.and_then(|path| path.parent().map(Path::to_owned));
        Ok(config)
    }
}

/// The user's file. It had another name once.
fn of_the_user(places: &Places) -> Result<Option<PathBuf>> {
    let Some(folder) = places.config() else { return Ok(None) };
    let there: Vec<PathBuf> =
        [FILE_NAME, FORMER_NAME].iter().map(|name| folder.join(name)).filter(|path| path.is_file()).collect();
    match there.as_slice() {
        [one, other] => {
            let message = format!("there are two files of configuration: {} and {}", one.display(), other.display());
            Err(Error::new(ErrorKind::Usage, message).hint(format!("bring them together in {FILE_NAME}")))
        }
        _ => Ok(there.into_iter().next()),
    }
}

fn parse<T: for<'de> Deserialize<'de>>(path: &Path, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        let message = format!("{}:{line}: {}", path.display(), error.message());
        let hint = unknown_field(error.message())
            .and_then(|(field, known)| did_you_mean(&field, known.iter().map(String::as_str)));
        let error = Error::new(ErrorKind::Usage, message);
        match hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    })
}

/// The field and the known ones out of serde's "unknown field `a`, expected one of `b`, `c`".
fn unknown_field(message: &str) -> Option<(String, Vec<String>)> {
    let rest = message.strip_prefix("unknown field ").or_else(|| message.strip_prefix("unknown variant "))?;
    let mut quoted = rest.split('`').skip(1).step_by(2).map(str::to_owned);
    Some((quoted.next()?, quoted.collect()))
}

/// Folders that a file names start at the file's own, wherever one works.
fn start_at(file: &Path, table: &mut Table) {
    let Some(toml::Value::Table(source)) = table.get_mut("source") else { return };
    for (key, said) in source {
        let places: Vec<&mut toml::Value> = match (key.as_str(), said) {
            ("order", toml::Value::Array(places)) => places.iter_mut().collect(),
            ("names", toml::Value::Table(places)) => places.iter_mut().map(|(_, place)| place).collect(),
            _ => continue,
        };
        for place in places {
            if let toml::Value::String(place) = place
                && place.starts_with('.')
                && let Some(whole) = file.with_file_name(&*place).to_str()
            {
                whole.clone_into(place);
            }
        }
    }
}

fn merge(into: &mut Table, over: Table) {
    for (key, value) in over {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(into)), toml::Value::Table(over)) => merge(into, over),
            (_, value) => drop(into.insert(key, value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_merge_and_values_replace() {
        let mut into: Table = toml::from_str("a = 1\n[t]\nx = 1\ny = [1]\n").unwrap();
        merge(&mut into, toml::from_str("[t]\ny = [2]\n").unwrap());
        assert_eq!(into, toml::from_str::<Table>("a = 1\n[t]\nx = 1\ny = [2]\n").unwrap());
    }

    #[test]
    fn a_mistake_names_its_line() {
        let error = parse::<Config>(Path::new("skillpress.toml"), "\n\nlnt = 1\n").unwrap_err();
        assert!(error.to_string().starts_with("skillpress.toml:3: unknown field `lnt`"), "{error}");
    }
}
