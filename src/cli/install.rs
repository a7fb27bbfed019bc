//! `install`: from sources into skills directories.

use std::collections::btree_map::{BTreeMap, Entry};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use rayon::prelude::*;

use super::inspect::findings;
use super::skills;
use super::sources;
use super::target::TargetArgs;
use super::{Context, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::install::inspect;
use crate::install::lock::Locked;
use crate::install::naming::{DirectoryName, NameStyle};
use crate::install::plan::{Plan, Terms};
use crate::install::prepared::Prepared;
use crate::install::rendering::Renderer;
use crate::install::target::Target;
use crate::source::locator::{Locator, RefName};
use crate::source::name::Pattern;
use crate::source::url::without_secret;
use crate::source::{Access, Origin, Source};

/// Install skills from a repository, a folder or the bundle
///
/// The first word is a source when it has a `/`, `:` or `\`, starts with `.` or `~`, or is `bundled`; every other word is a skill. With no
/// source, names are looked up in the configured ones in order. With --template every directory gets a rendering for its own agent; skills
/// that are about no application stay as they are.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    /// A source (OWNER/REPO, a URL, a folder, `bundled`), then skills; names may be globs
    #[arg(value_name = "SOURCE|SKILL")]
    words: Vec<String>,
    /// Install every skill of the source
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    fetch: sources::FetchArgs,
    /// How folders are named
    #[arg(long, value_name = "STYLE")]
    name_style: Option<StyleArg>,
    /// Take this branch, tag or commit
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,
    /// Render each app skill through this template; `agent` and `agents` in it are who reads the skill
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Replace what is in the way; edits are kept in the trash folder
    #[arg(long)]
    force: bool,
    /// Install in spite of what this rule finds; may be given several times
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = super::inspect::rule)]
    allow: Vec<String>,
    /// Fail where the lock would change
    #[arg(long)]
    locked: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StyleArg {
    /// OWNER-REPO-SKILL; the skill's own name where there is no owner
    Qualified,
    /// The skill's own name
    Plain,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let request = Request::of(args, context)?;
    let renderer = args.template.as_deref().map(Renderer::load).transpose()?;
    let targets = args.target.targets(context)?;
    let access = args.fetch.on(sources::access(context));
    let mut failed = Vec::new();
    let wanted = request.packages_of_sound_cache(args, context, &access, &mut failed)?;
    context.ui.end_progress();
    let mut as_they_are = BTreeSet::new();
    let done = skills::in_each(targets, &mut failed, |target, failed| {
        let ready;
        let wanted = match &renderer {
            Some(renderer) => {
                let path = skills::template_path(renderer, &target.directory, context)?;
                ready = render(&wanted, renderer, &path, &target, &args.allow, failed, &mut as_they_are);
                &ready
            }
            None => &wanted,
        };
        let entries = entries(wanted, &target, failed);
        if entries.is_empty() {
            return Ok(None);
        }
        install(wanted, entries, target, args, context).map(Some)
    });
    if !as_they_are.is_empty() {
        let names: Vec<&str> = as_they_are.iter().map(String::as_str).collect();
        context.ui.note(format_args!("no app skills, and not rendered: {}", names.join(", ")));
    }
    let outcome = skills::report(&done, failed, args.dry_run, args.json, context.ui)?;
    if !args.dry_run {
        for one in &done {
            skills::say_cost(one.cost, &one.target.directory, context.ui);
        }
    }
    // The process ends here, and to give back the files of thousands of skills takes longer than to name them.
    std::mem::forget((wanted, done));
    Ok(outcome)
}

/// Everything as the readers of one directory are to see it. What cannot be rendered is in `failed`, what is no app skill in
/// `as_they_are`.
fn render(
    wanted: &BTreeMap<DirectoryName, Prepared>,
    renderer: &Renderer,
    path: &str,
    target: &Target,
    allowed: &[String],
    failed: &mut Vec<Error>,
    as_they_are: &mut BTreeSet<String>,
) -> BTreeMap<DirectoryName, Prepared> {
    let all: Vec<(&DirectoryName, &Prepared)> = wanted.iter().collect();
    let render = |(name, one): (&DirectoryName, &Prepared)| {
        let mine = renderer.rendered(one, &target.agents, path)?;
        if let Some(mine) = &mine {
            inspect::inspect(mine.locked.name.as_str(), &mine.tree, &findings, allowed)?;
        }
        Ok((name.clone(), mine))
    };
    let results: Vec<Result<(DirectoryName, Option<Prepared>)>> = all.into_par_iter().map(render).collect();
    let mut ready = BTreeMap::new();
    for one in results {
        match one {
            Ok((name, Some(mine))) => drop(ready.insert(name, mine)),
            Ok((name, None)) => {
                if let Some(one) = wanted.get(&name) {
                    as_they_are.insert(one.locked.name.to_string());
                    ready.insert(name, one.clone());
                }
            }
            Err(error) => failed.push(error),
        }
    }
    ready
}

/// What the lock is to say. A skill whose source is the very folder that it would be installed to is in `failed`: as an installed one it
/// would be removed some day, and it is the only one there is.
fn entries(
    wanted: &BTreeMap<DirectoryName, Prepared>,
    target: &Target,
    failed: &mut Vec<Error>,
) -> BTreeMap<DirectoryName, Arc<Locked>> {
    let directory = target.directory.canonicalize().ok();
    let mut real: HashMap<&Path, Option<PathBuf>> = HashMap::new();
    let mut entries = BTreeMap::new();
    for (name, one) in wanted {
        let locked = &one.locked;
        if let (Origin::Folder(folder), None, Some(directory)) = (&locked.source, &locked.commit, &directory) {
            let folder = real.entry(folder).or_insert_with(|| folder.canonicalize().ok());
            let skill = locked.path.as_ref().map_or_else(PathBuf::new, |path| PathBuf::from(path.as_str()));
            let there = directory.join(name.as_str());
            if folder.as_ref().is_some_and(|folder| there.as_path() == folder.join(&skill)) {
                let message = format!("{name} would be installed over itself: its source is {}", there.display());
                failed.push(Error::new(ErrorKind::Refused, message).hint("choose another directory with --dir"));
                continue;
            }
        }
        entries.insert(name.clone(), Arc::clone(locked));
    }
    entries
}

fn install(
    wanted: &BTreeMap<DirectoryName, Prepared>,
    entries: BTreeMap<DirectoryName, Arc<Locked>>,
    target: Target,
    args: &Args,
    context: &Context,
) -> Result<skills::Done> {
    let opened = skills::open_unless(args.dry_run, &target.directory, args.target.patience(context), context)?;
    let lock = &opened.lock;
    let terms = Terms { force: args.force, bring_back: true };
    let plan = Plan::put(&target.directory, lock, entries, terms)?;
    if args.locked && plan.lock_after(lock) != *lock {
        return Err(Error::new(
            ErrorKind::Refused,
            format!("the lock of {} would change, and --locked forbids it", target.directory.display()),
        )
        .hint("run without --locked, look at the change and commit it"));
    }
    skills::apply(&opened, target, plan, wanted, context)
}

/// What was asked for.
struct Request {
    source: Option<Locator>,
    patterns: Vec<Pattern>,
}

impl Request {
    fn of(args: &Args, context: &Context) -> Result<Self> {
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
        Ok(Self { source, patterns })
    }

    /// The same as [`Request::packages`]; what is found damaged in the cache is fetched again, once.
    fn packages_of_sound_cache(
        &self,
        args: &Args,
        context: &Context,
        access: &Access,
        failed: &mut Vec<Error>,
    ) -> Result<BTreeMap<DirectoryName, Prepared>> {
        let result = self.packages(args, context, access, failed);
        let is_damaged = |error: &Error| error.kind() == ErrorKind::Damaged;
        if !failed.iter().chain(result.as_ref().err()).any(is_damaged) {
            return result;
        }
        let mut places: Vec<Locator> = self.source.iter().cloned().collect();
        if places.is_empty() {
            places =
                context.config.source.order.iter().filter_map(|text| sources::locator(text, context).ok()).collect();
        }
        let mut again = false;
        for locator in places {
            again |= Source::forget(&Origin::from(&locator.place), access);
        }
        if !again {
            return result;
        }
        context.ui.note("the cache is damaged; fetching again");
        failed.clear();
        self.packages(args, context, access, failed)
    }

    /// Everything that was asked for and can be had; the rest is in `failed`.
    fn packages(
        &self,
        args: &Args,
        context: &Context,
        access: &Access,
        failed: &mut Vec<Error>,
    ) -> Result<BTreeMap<DirectoryName, Prepared>> {
        let mut wanted = BTreeMap::new();
        let style = match args.name_style {
            Some(StyleArg::Plain) => NameStyle::Plain,
            Some(StyleArg::Qualified) => NameStyle::Qualified,
            None => context.config.install.name_style.unwrap_or_default(),
        };
        if let Some(locator) = &self.source {
            let source = Source::open(locator, access)?;
            let mut found = source.find(&self.patterns)?;
            failed.append(&mut found.missing);
            let several = found.candidates.len() > 1 && self.patterns.is_empty() && locator.skill.is_none();
            if several && !args.all {
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
            take(&source, &found, style, &args.allow, failed, &mut wanted);
            return Ok(wanted);
        }
        let mut left: Vec<(Pattern, Vec<Error>)> =
            self.patterns.iter().map(|pattern| (pattern.clone(), Vec::new())).collect();
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
                match source.find(std::slice::from_ref(&pattern)) {
                    Ok(found) if found.missing.is_empty() => {
                        take(&source, &found, style, &args.allow, failed, &mut wanted);
                    }
                    Ok(mut found) => {
                        errors.append(&mut found.missing);
                        still.push((pattern, errors));
                    }
                    Err(error) => {
                        errors.push(error);
                        still.push((pattern, errors));
                    }
                }
            }
            left = still;
        }
        for (pattern, errors) in left {
            let message = format!("no configured source has the skill {:?}", pattern.as_str());
            let near =
                errors.iter().filter_map(Error::help).find(|hint| hint.starts_with("did you mean")).map(str::to_owned);
            let causes: Vec<String> = errors.iter().map(Error::in_full).collect();
            let error = Error::new(ErrorKind::NotFound, message).because(causes.join("; "));
            failed.push(error.hint(
                near.unwrap_or_else(|| "name its source first: `skillpress install OWNER/REPO SKILL`".to_owned()),
            ));
        }
        Ok(wanted)
    }
}

/// Reads and checks what was found; what cannot be had is in `failed`.
fn take(
    source: &Source,
    found: &crate::source::discover::Found,
    style: NameStyle,
    allowed: &[String],
    failed: &mut Vec<Error>,
    wanted: &mut BTreeMap<DirectoryName, Prepared>,
) {
    let revision = &source.revision;
    if let Err(error) = source.bring(&found.candidates) {
        failed.push(error);
        return;
    }
    let ready: Vec<Result<(DirectoryName, Prepared)>> = found
        .candidates
        .par_iter()
        .with_max_len(16)
        .map(|candidate| {
            let package = source.read(candidate, found.top_is_one_of_many)?;
            inspect::inspect(package.name.as_str(), &package.tree, &findings, allowed)?;
            let name = DirectoryName::of(&package.name, &revision.origin, style)?;
            Ok((name, Prepared::of(package, revision)))
        })
        .collect();
    for one in ready {
        match one {
            Ok((name, one)) => match wanted.entry(name) {
                Entry::Occupied(first) => failed.push(same_name(source, first.key(), first.get(), &one)),
                Entry::Vacant(free) => drop(free.insert(one)),
            },
            Err(error) => failed.push(error),
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
