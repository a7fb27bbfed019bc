//! What `install` is asked for: a source and skills, and what the sources answer.

use std::collections::btree_map::{BTreeMap, Entry};

use clap::ValueEnum;
use rayon::prelude::*;

use super::inspect::findings;
use super::{Context, sources};
use crate::error::{Error, ErrorKind, Result};
use crate::install::inspect;
use crate::install::naming::{DirectoryName, NameStyle};
use crate::install::prepared::Prepared;
use crate::source::discover::Found;
use crate::source::locator::{Locator, RefName};
use crate::source::name::Pattern;
use crate::source::url::without_secret;
use crate::source::{Access, Origin, Source};

/// A source and skills, as they are said on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct RequestArgs {
    /// A source (OWNER/REPO, a URL, a folder, `bundled`), then skills; names may be globs
    #[arg(value_name = "SOURCE|SKILL")]
    words: Vec<String>,
    /// Install every skill of the source
    #[arg(long)]
    all: bool,
    /// Take this branch, tag or commit
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,
    /// How folders are named
    #[arg(long, value_name = "STYLE")]
    name_style: Option<StyleArg>,
    /// Install in spite of what this rule finds; may be given several times
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = super::inspect::rule)]
    allow: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StyleArg {
    /// OWNER-REPO-SKILL; the skill's own name where there is no owner
    Qualified,
    /// The skill's own name
    Plain,
}

/// What was asked for.
pub(crate) struct Request {
    source: Option<Locator>,
    patterns: Vec<Pattern>,
    all: bool,
    style: NameStyle,
    /// The rules whose findings are no matter.
    pub(crate) allowed: Vec<String>,
}

/// What was asked for as far as it can be had, by the names of the folders that it would be in.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) ready: BTreeMap<DirectoryName, Prepared>,
    pub(crate) failed: Vec<Error>,
}

impl Request {
    pub(crate) fn of(args: &RequestArgs, context: &Context) -> Result<Self> {
        let names = &context.config.source.names;
        let is_source = |word: &String| Locator::is_one(word) || names.contains_key(word);
        let (source, words) = match args.words.split_first() {
            Some((first, rest)) if is_source(first) => (Some(first), rest),
            _ => (None, args.words.as_slice()),
        };
        if let Some(second) = words.iter().find(|word| Locator::is_one(word)) {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("{:?} looks like a source, and one command takes one", without_secret(second)),
            )
            .hint("the source is the first word; run the command once for each"));
        }
        let mut source = source.map(|source| sources::locator(source, context)).transpose()?;
        if let Some(name) = &args.reference {
            let locator = source.take().ok_or_else(|| {
                Error::new(ErrorKind::Usage, "--ref needs a source")
                    .hint("put it first: `skillpress install OWNER/REPO SKILL --ref REF`")
            })?;
            source = Some(locator.with_ref(RefName::new(name)?)?);
        }
        let patterns: Vec<Pattern> = words.iter().map(|word| Pattern::new(word)).collect::<Result<_>>()?;
        if patterns.is_empty() && source.is_none() {
            return Err(Error::new(ErrorKind::Usage, "nothing to install").hint(
                "name a skill, or a source: `skillpress install chatrace`, `skillpress install OWNER/REPO --all`",
            ));
        }
        if args.all && !patterns.is_empty() {
            return Err(Error::new(ErrorKind::Usage, "--all and the names of skills exclude each other"));
        }
        let style = match args.name_style {
            Some(StyleArg::Plain) => NameStyle::Plain,
            Some(StyleArg::Qualified) => NameStyle::Qualified,
            None => context.config.install.name_style.unwrap_or_default(),
        };
        Ok(Self { source, patterns, all: args.all, style, allowed: args.allow.clone() })
    }

    /// Everything that was asked for; what is found damaged in the cache is fetched again, once.
    pub(crate) fn answer(&self, context: &Context, access: &Access) -> Result<Answer> {
        let answer = self.ask(context, access);
        let is_damaged = |error: &Error| error.kind() == ErrorKind::Damaged;
        let damaged = answer.as_ref().map_or_else(is_damaged, |answer| answer.failed.iter().any(is_damaged));
        if !damaged {
            return answer;
        }
        let mut places: Vec<Locator> = self.source.iter().cloned().collect();
        if places.is_empty() {
            places =
                context.config.source.order.iter().filter_map(|text| sources::locator(text, context).ok()).collect();
        }
        let forgotten = places.iter().filter(|locator| Source::forget(&Origin::from(&locator.place), access)).count();
        if forgotten == 0 {
            return answer;
        }
        context.ui.note("the cache is damaged; fetching again");
        self.ask(context, access)
    }

    fn ask(&self, context: &Context, access: &Access) -> Result<Answer> {
        match &self.source {
            Some(locator) => self.ask_one(locator, access),
            None => Ok(self.ask_in_order(context, access)),
        }
    }

    fn ask_one(&self, locator: &Locator, access: &Access) -> Result<Answer> {
        let source = Source::open(locator, access)?;
        let mut found = source.find(&self.patterns)?;
        let several = found.candidates.len() > 1 && self.patterns.is_empty() && locator.skill.is_none();
        if several && !self.all {
            const SHOWN: usize = 8;
            let names: Vec<&str> =
                found.candidates.iter().map(|candidate| candidate.folder.as_str()).take(SHOWN).collect();
            let more = if found.candidates.len() > SHOWN { ", ..." } else { "" };
            return Err(Error::new(
                ErrorKind::Usage,
                format!("{} has {} skills", source.revision.origin, found.candidates.len()),
            )
            .hint(format!("name those you want, or take them with --all: {}{more}", names.join(", "))));
        }
        let mut answer = Answer { failed: std::mem::take(&mut found.missing), ..Answer::default() };
        self.take(&source, &found, &mut answer);
        Ok(answer)
    }

    /// Asks the configured sources, each for what those before it do not have.
    fn ask_in_order(&self, context: &Context, access: &Access) -> Answer {
        let mut answer = Answer::default();
        let mut left: Vec<(&Pattern, Vec<Error>)> = self.patterns.iter().map(|pattern| (pattern, Vec::new())).collect();
        for text in &context.config.source.order {
            if left.is_empty() {
                break;
            }
            let source = sources::locator(text, context).and_then(|locator| Source::open(&locator, access));
            let source = match source {
                Ok(source) => source,
                Err(error) => {
                    for (_, errors) in &mut left {
                        errors.push(error.again());
                    }
                    continue;
                }
            };
            let mut still = Vec::new();
            for (pattern, mut errors) in left {
                match source.find(std::slice::from_ref(pattern)) {
                    Ok(found) if found.missing.is_empty() => {
                        self.take(&source, &found, &mut answer);
                        continue;
                    }
                    Ok(mut found) => errors.append(&mut found.missing),
                    Err(error) => errors.push(error),
                }
                still.push((pattern, errors));
            }
            left = still;
        }
        for (pattern, errors) in left {
            let message = format!("no configured source has the skill {:?}", pattern.as_str());
            let near = errors.iter().filter_map(Error::help).find(|hint| hint.starts_with("did you mean"));
            let causes: Vec<String> = errors.iter().map(Error::in_full).collect();
            let error = Error::new(ErrorKind::NotFound, message).because(causes.join("; "));
            answer.failed.push(
                error.hint(near.unwrap_or("name its source first: `skillpress install OWNER/REPO SKILL`").to_owned()),
            );
        }
        answer
    }

    /// Reads and checks what was found.
    fn take(&self, source: &Source, found: &Found, answer: &mut Answer) {
        let revision = &source.revision;
        if let Err(error) = source.bring(&found.candidates) {
            answer.failed.push(error);
            return;
        }
        let ready: Vec<Result<(DirectoryName, Prepared)>> = found
            .candidates
            .par_iter()
            .with_max_len(16)
            .map(|candidate| {
                let package = source.read(candidate, found.top_is_one_of_many)?;
                inspect::inspect(package.name.as_str(), &package.tree, &findings, &self.allowed)?;
                let name = DirectoryName::of(&package.name, &revision.origin, self.style)?;
                Ok((name, Prepared::of(package, revision)))
            })
            .collect();
        for one in ready {
            match one {
                Ok((name, one)) => match answer.ready.entry(name) {
                    Entry::Occupied(first) => answer.failed.push(same_name(source, first.key(), first.get(), &one)),
                    Entry::Vacant(free) => drop(free.insert(one)),
                },
                Err(error) => answer.failed.push(error),
            }
        }
    }
}

fn same_name(source: &Source, name: &DirectoryName, first: &Prepared, second: &Prepared) -> Error {
    let path = |wanted: &Prepared| wanted.locked.path.as_ref().map_or_else(|| ".".to_owned(), ToString::to_string);
    let message = format!("two skills want the folder {name}: {} and {}", path(first), path(second));
    let error = Error::new(ErrorKind::Usage, message);
    match first.locked.path.as_ref().or(second.locked.path.as_ref()) {
        Some(path) => error.hint(source.choose(path)),
        None => error,
    }
}
