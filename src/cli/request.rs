//! What `install` is asked for: a source and skills, and what the sources answer.

use std::collections::btree_map::{BTreeMap, Entry};

use clap::ValueEnum;
use rayon::prelude::*;

use super::inspect::{findings, make_rules_ready};
use super::{Context, sources};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::RelativePath;
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

    /// Everything that was asked for.
    pub(crate) fn answer(&self, context: &Context, access: &Access) -> Result<Answer> {
        make_rules_ready();
        let Some(locator) = &self.source else { return Ok(self.ask_in_order(context, access)) };
        let ask = || self.ask_one(locator, access);
        sources::ask(&Origin::from(&locator.place), access, context.ui, ask, |answer, is_it| {
            answer.as_ref().map_or_else(is_it, |answer| answer.failed.iter().any(is_it))
        })
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
        let missing = std::mem::take(&mut found.missing);
        let mut answer = self.take(&source, &found);
        answer.failed.splice(0..0, missing);
        Ok(answer)
    }

    /// Asks the configured sources, each for what those before it do not have.
    fn ask_in_order(&self, context: &Context, access: &Access) -> Answer {
        let mut answer = Answer::default();
        let mut left = self.patterns.clone();
        let mut why: Vec<Vec<Error>> = left.iter().map(|_| Vec::new()).collect();
        for text in &context.config.source.order {
            if left.is_empty() {
                break;
            }
            let asked = sources::locator(text, context).and_then(|locator| {
                let ask = || self.ask_for_any(&left, &locator, access);
                sources::ask(&Origin::from(&locator.place), access, context.ui, ask, |asked, is_it| {
                    asked.as_ref().map_or_else(is_it, |(answer, missing)| {
                        answer.failed.iter().chain(missing.iter().flatten()).any(is_it)
                    })
                })
            });
            match asked {
                Ok((one, missing)) => {
                    answer.add(one);
                    let still = left.into_iter().zip(why).zip(missing).filter(|(_, missing)| !missing.is_empty());
                    (left, why) = still
                        .map(|((pattern, mut why), missing)| {
                            why.extend(missing);
                            (pattern, why)
                        })
                        .unzip();
                }
                Err(error) => why.iter_mut().for_each(|why| why.push(error.again())),
            }
        }
        for (pattern, errors) in left.into_iter().zip(why) {
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

    /// Asks a source for those of the patterns that it has something for; gives for each why it has not.
    fn ask_for_any(
        &self,
        patterns: &[Pattern],
        locator: &Locator,
        access: &Access,
    ) -> Result<(Answer, Vec<Vec<Error>>)> {
        let source = Source::open(locator, access)?;
        let missing = |pattern| match source.find(std::slice::from_ref(pattern)) {
            Ok(found) => found.missing,
            Err(error) => vec![error],
        };
        let missing: Vec<Vec<Error>> = patterns.iter().map(missing).collect();
        let there = patterns.iter().zip(&missing).filter(|(_, missing)| missing.is_empty());
        let there: Vec<Pattern> = there.map(|(pattern, _)| pattern.clone()).collect();
        // No patterns would mean every skill.
        let answer = if there.is_empty() { Answer::default() } else { self.take(&source, &source.find(&there)?) };
        Ok((answer, missing))
    }

    /// Reads and checks what was found.
    fn take(&self, source: &Source, found: &Found) -> Answer {
        let revision = &source.revision;
        let mut answer = Answer::default();
        if let Err(error) = source.bring(&found.candidates) {
            answer.failed.push(error);
            return answer;
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
                Ok((name, one)) => answer.put(name, one, |path| source.choose(path)),
                Err(error) => answer.failed.push(error),
            }
        }
        answer
    }
}

impl Answer {
    /// Takes one more skill, unless another one has its folder; `choose` says how to ask for one by its path.
    fn put(&mut self, name: DirectoryName, one: Prepared, choose: impl FnOnce(&RelativePath) -> String) {
        let first = match self.ready.entry(name) {
            Entry::Vacant(free) => {
                free.insert(one);
                return;
            }
            Entry::Occupied(first) => first,
        };
        let path = |skill: &Prepared| skill.locked.path.as_ref().map_or_else(|| ".".to_owned(), ToString::to_string);
        let message = format!("two skills want the folder {}: {} and {}", first.key(), path(first.get()), path(&one));
        let error = Error::new(ErrorKind::Usage, message);
        self.failed.push(match first.get().locked.path.as_ref().or(one.locked.path.as_ref()) {
            Some(path) => error.hint(choose(path)),
            None => error,
        });
    }

    /// Takes what another source has.
    fn add(&mut self, other: Self) {
        self.failed.extend(other.failed);
        for (name, one) in other.ready {
            self.put(name, one, |_| "name the source of the one you want before it".to_owned());
        }
    }
}
