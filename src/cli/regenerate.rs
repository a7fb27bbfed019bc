//! `regenerate`: a set of manifests and a template.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::render::load;
use super::ui::Ui;
use super::{Context, Outcome, sets};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::regenerate::{Data, Group, Job, Outcome as Fate, Plan, Planned, Tally};
use crate::report::diff;
use crate::source::worktree;
use crate::template::Template;
use crate::words::{escape, grouped, number};

/// Bring manifests to a template
///
/// Each manifest is recognised by its own text: the target template first, then the older ones. Its slots go into the target. Edits
/// of the constant text are merged, or reported where the template changed the same lines; nothing is ever dropped.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Args {
    /// Manifests, skill folders, or folders that hold skills
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// The template to bring them to; without it, the configured one, or else the one built in
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Older generations of the template: a file, or a folder of *.tera files
    #[arg(long, value_name = "FILE-OR-DIR")]
    from: Vec<PathBuf>,
    /// Values for slots that manifests do not have yet: JSON, JSON lines or YAML, keyed by skill name
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Write nothing; exit with 1 unless all manifests are current
    #[arg(long)]
    check: bool,
    /// Write nothing; print what would change as unified diffs, exit with 1 if anything would
    #[arg(long)]
    diff: bool,
    /// Print the plan as JSON
    #[arg(long, conflicts_with = "diff")]
    json: bool,
    /// Write these manifests although something would be lost or leaked
    #[arg(long, value_name = "FILE", num_args = 1..)]
    force: Vec<PathBuf>,
    /// Write over changes that are not committed to git
    #[arg(long)]
    allow_dirty: bool,
}

/// The section `[regenerate]` of the configuration.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Settings {
    /// The target template.
    template: Option<PathBuf>,
    /// Older generations: a file or a folder.
    from: Option<PathBuf>,
}

impl Settings {
    /// What a file in `folder` says, where its paths start, over what another file says.
    pub(crate) fn over(self, other: Self, folder: &Path) -> Self {
        let path = |mine: Option<PathBuf>, theirs| mine.map(|path| folder.join(path)).or(theirs);
        Self { template: path(self.template, other.template), from: path(self.from, other.from) }
    }
}

#[derive(Serialize)]
struct Report<'p> {
    #[serde(flatten)]
    plan: &'p Plan,
    tally: Tally,
    /// Whether all that was to be written is.
    written: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ui = context.ui;
    let job = job(args, context)?;
    let paths = sets::manifests(&args.paths)?;
    let forced = forced(&args.force, &paths)?;
    let mut plan = Job { forced, ..job }.plan(&paths)?;
    let writes = !args.check && !args.diff;
    if writes && !args.allow_dirty {
        refuse_uncommitted(&plan)?;
    }
    // Work comes before words: whoever reads them may go away.
    let unwritten = if writes { plan.apply() } else { Vec::new() };
    for error in plan.failed.iter().chain(&unwritten) {
        ui.error(error);
    }
    for leak in &plan.leaked {
        let title = &leak.title;
        ui.failing(format_args!("{} holds {title:?}, the title of {}: {}", plan.template, leak.skill, leak.constant));
    }
    for (what, names) in [
        ("skills that are not among the manifests", &plan.unused.skills),
        ("slots that the template does not have", &plan.unused.slots),
    ] {
        if !names.is_empty() {
            ui.warning(format_args!("the data have values for {what}: {}", several(names)));
        }
    }
    if args.json {
        ui.json(&Report { plan: &plan, tally: plan.tally(), written: writes && unwritten.is_empty() })?;
    } else if args.diff {
        print_diffs(&plan, &context.places.working, ui)?;
        ui.note(summary(&plan.tally()));
    } else {
        Printer { plan: &plan, ui, writes }.print()?;
    }
    let would_change = || plan.changed().next().is_some();
    let found = plan.leaves_some() || args.check && !plan.is_clean() || args.diff && would_change();
    Ok(if found { Outcome::Findings } else { Outcome::Clean })
}

fn job(args: &Args, context: &Context) -> Result<Job> {
    let settings = &context.config.regenerate;
    let target = load(args.template.as_deref().or(settings.template.as_deref()))?;
    target.pattern()?;
    let from = if args.from.is_empty() { settings.from.iter().cloned().collect() } else { args.from.clone() };
    let mut older: Vec<Template> = Vec::new();
    for path in &from {
        for template in generations(path, context.ui)? {
            let known =
                template.source() == target.source() || older.iter().any(|one| one.source() == template.source());
            if !known {
                older.push(template);
            }
        }
    }
    let data = match &args.data {
        Some(path) => Data::parse(&path.display().to_string(), &fs::read_text(path)?)?,
        None => Data::default(),
    };
    Ok(Job { target, older, data, forced: BTreeSet::new() })
}

/// The templates that a file or a folder holds, newest generations being the target's business.
fn generations(path: &Path, ui: Ui) -> Result<Vec<Template>> {
    let metadata = std::fs::metadata(path).map_err(|error| Error::io("read", path, error))?;
    if !metadata.is_dir() {
        let template = load(Some(path))?;
        template.pattern()?;
        return Ok(vec![template]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| Error::io("read", path, error))? {
        let entry = entry.map_err(|error| Error::io("read", path, error))?.path();
        if entry.extension().is_some_and(|extension| extension == "tera") {
            files.push(entry);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Error::new(ErrorKind::NotFound, format!("there is no template in {}", path.display()))
            .hint("templates are files whose names end in .tera"));
    }
    let mut templates = Vec::new();
    for file in files {
        let template = load(Some(&file))?;
        match template.pattern() {
            Ok(_) => templates.push(template),
            Err(error) => ui.warning(format_args!("no manifest is recognised by this template: {error}")),
        }
    }
    Ok(templates)
}

/// The manifests among `paths` that `named` means: each by its file or its folder.
fn forced(named: &[PathBuf], paths: &[PathBuf]) -> Result<BTreeSet<PathBuf>> {
    if named.is_empty() {
        return Ok(BTreeSet::new());
    }
    let real = paths.iter().filter_map(|path| Some((path.canonicalize().ok()?, path)));
    let known: BTreeMap<PathBuf, &PathBuf> = real.collect();
    let one = |name: &PathBuf| {
        let manifest = if name.is_dir() { name.join(crate::manifest::FILE_NAME) } else { name.clone() };
        let real = manifest.canonicalize().map_err(|error| Error::io("find", &manifest, error))?;
        known.get(&real).map(|path| (*path).clone()).ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("--force names {}, which is none of the manifests", name.display()))
                .hint("--force takes the manifests to write anyway, after the paths of the set")
        })
    };
    named.iter().map(one).collect()
}

fn refuse_uncommitted(plan: &Plan) -> Result<()> {
    let changed: Vec<PathBuf> = plan.changed().map(|(planned, _)| planned.path.clone()).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let dirty = worktree::uncommitted(&changed)?;
    let Some(first) = dirty.first() else { return Ok(()) };
    let what = match dirty.len() {
        1 => format!("{} has changes that are not committed", first.display()),
        count => format!("{} and {} have changes that are not committed", first.display(), number(count - 1, "other")),
    };
    Err(Error::new(ErrorKind::Refused, format!("nothing was written: {what}"))
        .hint("commit them, or use --allow-dirty to write over them"))
}

fn print_diffs(plan: &Plan, working: &Path, ui: Ui) -> Result<()> {
    for (planned, after) in plan.changed() {
        let before = fs::read_text(&planned.path)?;
        let diff = diff::unified(&diff::name(&planned.path, working)?, before.as_bytes(), after.as_bytes());
        if ui.stdout_has_color() { ui.data(diff::colored(&diff))? } else { ui.bytes(&diff)? }
    }
    for planned in plan.manifests.iter().filter(|planned| planned.outcome.is_left()) {
        ui.failing(left(planned));
    }
    Ok(())
}

struct Printer<'p> {
    plan: &'p Plan,
    ui: Ui,
    writes: bool,
}

/// More manifests than this with one change are counted, not listed.
const LISTED: usize = 100;
/// More lines of a shared change than this are not shown.
const SHOWN: usize = 60;

impl Printer<'_> {
    fn print(&self) -> Result<()> {
        for (at, group) in self.plan.groups.iter().enumerate() {
            let members: Vec<&Planned> =
                self.plan.manifests.iter().filter(|planned| planned.group == Some(at)).collect();
            self.group(group, &members)?;
        }
        for planned in &self.plan.manifests {
            let path = escape_path(&planned.path);
            if planned.outcome.is_left() {
                self.ui.line(left(planned))?;
            } else if planned.outcome == Fate::Merged && planned.after.is_none() {
                self.ui.line(format_args!("{path}: edited by hand, kept: {}", lines(&planned.edited_lines)))?;
            }
        }
        self.ui.line(summary(&self.plan.tally()))?;
        self.count_generations();
        Ok(())
    }

    /// How many of those left behind are on which generation.
    fn count_generations(&self) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for planned in self.plan.manifests.iter().filter(|planned| planned.outcome.is_left()) {
            if let Some(generation) = &planned.generation {
                *counts.entry(generation).or_default() += 1;
            }
        }
        for (generation, count) in &counts {
            self.ui.note(format_args!("{} left behind on {generation}", grouped(*count)));
        }
        if counts.keys().any(|name| name.starts_with("unknown")) {
            self.ui.note("`skillpress infer PATH... --out DIR` learns the templates of a set; name DIR with --from");
        }
    }

    fn group(&self, group: &Group, members: &[&Planned]) -> Result<()> {
        let count = number(group.count, "manifest");
        let same = if group.count == 1 { "" } else { ", the same change" };
        let fate = match (group.outcome, self.writes) {
            (outcome, true) => outcome.name().to_owned(),
            (outcome, false) => format!("to be {}", outcome.name()),
        };
        let from = group.generation.as_deref().map(|name| format!(" from {}", escape(name))).unwrap_or_default();
        let once = if group.count == 1 { "" } else { " (shown once)" };
        let (removed, added) = (group.removed, group.added);
        self.ui.line(format_args!("{count} {fate}{from}{same}: -{removed} +{added}{once}"))?;
        for line in group.diff.lines().take(SHOWN) {
            self.ui.line(format_args!("    {}", escape(line)))?;
        }
        let hidden = group.diff.lines().count().saturating_sub(SHOWN);
        if hidden > 0 {
            self.ui.line(format_args!("    ({hidden} more lines; --diff shows them)"))?;
        }
        let listed = if members.len() > LISTED { 3 } else { members.len() };
        for planned in &members[..listed] {
            let edits = match planned.edited_lines.as_slice() {
                [] => String::new(),
                edited => format!(" (edited by hand, kept: {})", lines(edited)),
            };
            self.ui.line(format_args!("  {}{edits}", escape_path(&planned.path)))?;
        }
        if members.len() > listed {
            self.ui.line(format_args!("  and {} more", grouped(members.len() - listed)))?;
        }
        Ok(())
    }
}

/// Why a manifest is left as it is.
fn left(planned: &Planned) -> String {
    let path = escape_path(&planned.path);
    let on = planned.generation.as_deref().map(|name| format!(" (on {})", escape(name))).unwrap_or_default();
    let why = match planned.outcome {
        Fate::Refused => planned.refusals.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        Fate::Conflict => {
            let places: Vec<usize> = planned.conflicts.iter().map(|conflict| conflict.line).collect();
            format!("edited by hand where the template changed: {}", lines(&places))
        }
        Fate::Unwritten => "it is as it was".to_owned(),
        _ => planned.differs.clone().unwrap_or_default(),
    };
    format!("{path}{on}: {}: {}", planned.outcome.name(), escape(&why))
}

fn escape_path(path: &Path) -> String {
    escape(&path.display().to_string()).to_string()
}

/// `line 3`, `lines 3, 4 and 9`.
fn lines(lines: &[usize]) -> String {
    format!("{} {}", if lines.len() == 1 { "line" } else { "lines" }, several(lines))
}

/// `a`, `a, b and c`, `a, b and 12 more`.
fn several(all: &[impl ToString]) -> String {
    const MANY: usize = 8;
    let shown: Vec<String> = all.iter().take(MANY).map(ToString::to_string).collect();
    match shown.as_slice() {
        [one] => one.clone(),
        [head @ .., last] if all.len() <= MANY => format!("{} and {last}", head.join(", ")),
        shown => format!("{} and {} more", shown.join(", "), all.len() - shown.len()),
    }
}

fn summary(tally: &Tally) -> String {
    let counts = [
        (tally.current, "current"),
        (tally.upgraded, "upgraded"),
        (tally.merged, "merged"),
        (tally.conflict, "in conflict"),
        (tally.unrecognised, "unrecognised"),
        (tally.refused, "refused"),
        (tally.unwritten, "unwritten"),
        (tally.unreadable, "unreadable"),
    ];
    let all: usize = counts.iter().map(|(count, _)| count).sum();
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{} {name}", grouped(*count)))
        .collect();
    format!("{}: {}", number(all, "manifest"), parts.join(", "))
}
