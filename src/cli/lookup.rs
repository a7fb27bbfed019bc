//! Skills by name, in the sources that are configured or named: what `show` and `search` look at.

use super::{Context, sources};
use crate::error::{Error, ErrorKind, Result};
use crate::source::locator::Locator;
use crate::source::name::Pattern;
use crate::source::url::without_secret;
use crate::source::{Access, Origin, Package, Source};

/// A skill in a source.
#[derive(Debug)]
pub(crate) struct Found {
    /// What the source is called.
    pub(crate) source: String,
    pub(crate) package: Package,
}

impl Found {
    /// The source, and the skill's folder in it.
    pub(crate) fn origin(&self) -> String {
        match &self.package.path {
            Some(path) => format!("{} {path}", self.source),
            None => self.source.clone(),
        }
    }
}

/// Every skill in the sources.
#[derive(Debug, Default)]
pub(crate) struct All {
    pub(crate) found: Vec<Found>,
    /// Why skills could not be read.
    pub(crate) unread: Vec<Error>,
    /// Why sources could not be opened.
    pub(crate) unopened: Vec<Error>,
}

/// Looks for every skill in the sources.
pub(crate) fn all(source: Option<&str>, context: &Context) -> Result<All> {
    let access = sources::access(context);
    let mut all = All::default();
    for text in sources(source, context) {
        match look(text, &[], context, &access) {
            Ok((mut these, mut errors)) => {
                all.found.append(&mut these);
                all.unread.append(&mut errors);
            }
            Err(error) if source.is_some() => return Err(error),
            Err(error) => all.unopened.push(error),
        }
    }
    context.ui.end_progress();
    Ok(all)
}

/// The one skill of this name in the first source that has it. `name` may carry its source: `owner/repo@skill`.
pub(crate) fn one(name: &str, source: Option<&str>, context: &Context) -> Result<Found> {
    let access = sources::access(context);
    let (sources, patterns) = match (source, Locator::is_one(name)) {
        (None, true) => (vec![name], Vec::new()),
        _ => (sources(source, context), vec![Pattern::new(name)?]),
    };
    let mut errors = Vec::new();
    for text in sources {
        let looked = look(text, &patterns, context, &access);
        context.ui.end_progress();
        match looked {
            Ok((mut found, _)) if found.len() == 1 => return Ok(found.remove(0)),
            Ok((found, _)) if found.len() > 1 => {
                let names: Vec<String> = found.iter().take(8).map(|found| found.package.name.to_string()).collect();
                return Err(Error::new(
                    ErrorKind::Usage,
                    format!("{} has {} such skills", without_secret(text), found.len()),
                )
                .hint(format!("name one of them: {}", names.join(", "))));
            }
            Ok((_, mut these)) => errors.append(&mut these),
            Err(error) => errors.push(error),
        }
    }
    if errors.len() == 1 {
        return Err(errors.remove(0));
    }
    // Of a locator the causes show what may be shown.
    let message =
        if Locator::is_one(name) { "there is no such skill".to_owned() } else { format!("there is no skill {name:?}") };
    let causes: Vec<String> = errors.iter().map(Error::in_full).collect();
    let near = errors.iter().filter_map(Error::help).find(|hint| hint.starts_with("did you mean"));
    Err(Error::new(ErrorKind::NotFound, message)
        .because(causes.join("; "))
        .hint(near.unwrap_or("name its source: --source OWNER/REPO")))
}

fn sources<'a>(source: Option<&'a str>, context: &'a Context) -> Vec<&'a str> {
    match source {
        Some(source) => vec![source],
        None => context.config.source.order.iter().map(String::as_str).collect(),
    }
}

fn look(text: &str, patterns: &[Pattern], context: &Context, access: &Access) -> Result<(Vec<Found>, Vec<Error>)> {
    let locator = sources::locator(text, context)?;
    let look = || read(&Source::open(&locator, access)?, patterns);
    sources::ask(&Origin::from(&locator.place), access, context.ui, look, |looked, is_it| {
        looked.as_ref().map_or_else(is_it, |(_, errors)| errors.iter().any(is_it))
    })
}

fn read(source: &Source, patterns: &[Pattern]) -> Result<(Vec<Found>, Vec<Error>)> {
    let found = source.find(patterns)?;
    source.bring(&found.candidates)?;
    let packages: Vec<Result<Package>> =
        found.candidates.iter().map(|candidate| source.read(candidate, found.top_is_one_of_many)).collect();
    let origin = source.revision.origin.to_string();
    let mut failed = found.missing;
    let mut read = Vec::new();
    for package in packages {
        match package {
            Ok(package) => read.push(Found { source: origin.clone(), package }),
            Err(error) => failed.push(error),
        }
    }
    Ok((read, failed))
}
