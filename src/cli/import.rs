//! `import`: damaged copies to clean manifests, and what is known of each value.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;

use super::render::load;
use super::{Context, Outcome};
use crate::capture::language::Language;
use crate::capture::ledger::{Counts, Entry, Known};
use crate::capture::merge::{Conflict, Merged, merge};
use crate::capture::{self, Constant, Import, Options};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{self, RelativePath};
use crate::manifest::skill::Skill;
use crate::manifest::{FILE_NAME, compose};

/// Recover clean manifests from damaged copies
///
/// A copy may be text, Markdown or a saved page. Captures of one app are put together, each value from the capture that knows it
/// best. What a copy no longer holds stays empty; nothing is invented. Of every value the ledger says whether it was read, repaired,
/// guessed or lost; what was guessed or lost is also said on standard error.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Copies of manifests; `-` is standard input
    #[arg(required = true, value_name = "CAPTURE")]
    captures: Vec<PathBuf>,
    /// Write each manifest to its own folder in this one
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Render manifests through this template, and fill placeholders from its text
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// What to print or write
    #[arg(long, value_name = "FORMAT", default_value = "manifest")]
    format: Format,
    /// Print the ledger, in place of the manifest unless that goes to --out
    #[arg(long, value_name = "FORMAT")]
    report: Option<Report>,
    /// Which side of a copy in two languages to take: `original`, `translation`, or a language code
    #[arg(long, value_name = "LANG", default_value = "original")]
    lang: String,
    /// Write over manifests in --out that say something else
    #[arg(long, requires = "out")]
    force: bool,
    /// Exit with 1 when a value was guessed or lost, or captures do not agree
    #[arg(long)]
    strict: bool,
    /// Print models and ledgers as one JSON document
    #[arg(long, conflicts_with_all = ["format", "report"])]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The manifest
    Manifest,
    /// The model
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Report {
    /// A line a value
    Text,
    /// One JSON document
    Json,
}

/// What an import makes of one app.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Planned {
    #[serde(flatten)]
    merged: Merged,
    counts: Counts,
    /// The file that is written, when one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<PathBuf>,
    /// Why the manifest is not the built-in template's.
    #[serde(skip)]
    plain: Option<String>,
    /// Its text.
    #[serde(skip)]
    text: Vec<u8>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ui = context.ui;
    let template = args.template.as_deref();
    let options = Options { language: Language::parse(&args.lang)?, constants: constants(template)? };
    let mut sources = Vec::new();
    let mut imports: Vec<Import> = Vec::new();
    for path in &args.captures {
        let bytes = read(path)?;
        imports.push(capture::import(&path.display().to_string(), &bytes, &options)?);
        sources.push(bytes);
    }
    let names: Vec<String> = imports.iter().map(|import| import.capture.clone()).collect();
    let mut planned = Vec::new();
    for merged in merge(imports) {
        let source = merged.captures.first().and_then(|first| names.iter().position(|name| *name == first.capture));
        let clean = source.filter(|_| merged.is_unchanged() && template.is_none()).map(|at| sources[at].clone());
        planned.push(Planned::of(merged, clean, template, args)?);
    }
    check_names(&planned)?;
    if !args.force {
        check_existing(&planned)?;
    }
    if args.out.is_none() && args.format == Format::Manifest && args.report.is_none() && !args.json && planned.len() > 1
    {
        let titles: Vec<String> = planned.iter().map(Planned::name).collect();
        let message = format!("the captures tell of {} apps: {}", titles.len(), titles.join(", "));
        return Err(Error::new(ErrorKind::Usage, message).hint("name a folder for their manifests with --out"));
    }
    let mut all_written = true;
    for plan in &mut planned {
        if let Some(path) = &plan.written {
            match write(path, &plan.text) {
                Ok(()) => ui.note(format_args!("wrote {}", path.display())),
                Err(error) => {
                    ui.error(&error);
                    plan.written = None;
                    all_written = false;
                }
            }
        }
        if let Some(why) = &plan.plain {
            ui.detail(format_args!("{}: what is known is written without a template: {why}", plan.name()));
        }
        for line in plan.doubts() {
            if args.strict { ui.failing(line) } else { ui.warning(line) }
        }
        ui.note(format_args!("{}: {}", plan.name(), plan.counts));
    }
    print(&planned, args, context)?;
    let certain = planned.iter().all(|plan| plan.merged.is_certain());
    Ok(if !all_written || args.strict && !certain { Outcome::Findings } else { Outcome::Clean })
}

/// Writes a manifest into a folder of its own.
fn write(path: &Path, text: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write_atomic(path, text)
}

fn print(planned: &[Planned], args: &Args, context: &Context) -> Result<()> {
    let ui = context.ui;
    if args.json {
        return ui.json(planned);
    }
    match args.report {
        Some(Report::Json) => return ui.json(&planned.iter().map(Ledgers::of).collect::<Vec<_>>()),
        Some(Report::Text) => {
            for plan in planned {
                ui.data(plan.report())?;
            }
            return Ok(());
        }
        None if args.out.is_some() => return Ok(()),
        None => {}
    }
    match (args.format, planned) {
        (Format::Json, [one]) => ui.json(&one.merged.skill),
        (Format::Json, all) => ui.json(&all.iter().map(|plan| &plan.merged.skill).collect::<Vec<_>>()),
        (Format::Manifest, all) => all.iter().try_for_each(|plan| ui.bytes(&plan.text)),
    }
}

/// The ledger of one app, for `--report json`.
#[derive(Debug, Serialize)]
struct Ledgers<'a> {
    title: Option<&'a str>,
    captures: &'a [capture::merge::Source],
    counts: Counts,
    ledger: &'a capture::ledger::Ledger,
    conflicts: &'a [Conflict],
}

impl<'a> Ledgers<'a> {
    fn of(plan: &'a Planned) -> Self {
        let Merged { captures, skill, ledger, conflicts } = &plan.merged;
        Self { title: skill.title.as_deref(), captures, counts: plan.counts, ledger, conflicts }
    }
}

impl Planned {
    fn of(merged: Merged, clean: Option<Vec<u8>>, template: Option<&Path>, args: &Args) -> Result<Self> {
        let mut plain = None;
        let text = match (args.format, clean) {
            (Format::Manifest, Some(clean)) => clean,
            (Format::Manifest, None) => {
                let (text, why) = manifest_text(&merged.skill, template)?;
                plain = why;
                text.into_bytes()
            }
            (Format::Json, _) => json_text(&merged.skill)?.into_bytes(),
        };
        let mut planned = Self { counts: merged.ledger.counts(), merged, plain, written: None, text };
        if let Some(out) = &args.out {
            let file = if args.format == Format::Json { "SKILL.json" } else { FILE_NAME };
            let Some(name) = &planned.merged.skill.frontmatter.name else {
                let message = format!("{} has neither a name nor a title to name its folder", planned.name());
                return Err(Error::new(ErrorKind::Invalid, message).hint("leave out --out to see what could be read"));
            };
            planned.written = Some(RelativePath::new(format!("{name}/{file}"))?.below(out));
        }
        Ok(planned)
    }

    /// The app, or else the capture.
    fn name(&self) -> String {
        let Merged { skill, captures, .. } = &self.merged;
        let title = skill.title.as_ref().or(skill.frontmatter.name.as_ref());
        title.or(captures.first().map(|first| &first.capture)).cloned().unwrap_or_default()
    }

    /// What is not certain, a line each; many of a kind are counted.
    fn doubts(&self) -> Vec<String> {
        const SHOWN: usize = 12;
        let name = self.name();
        let mut lines: Vec<String> = Vec::new();
        for entry in &self.merged.ledger.entries {
            match &entry.known {
                Known::Guessed { why, .. } => {
                    let value = entry.value.as_deref().unwrap_or_default();
                    lines.push(format!("{name}: {} is guessed to be {value:?}: {why}", entry.path));
                }
                Known::Lost { why } => lines.push(format!("{name}: {} is lost: {why}", entry.path)),
                Known::Read | Known::Repaired { .. } => {}
            }
        }
        for Conflict { path, taken, other } in &self.merged.conflicts {
            let (a, b) = (&taken.capture, &other.capture);
            lines.push(format!("{name}: {path} is {:?} in {a} and {:?} in {b}", taken.value, other.value));
        }
        if lines.len() > SHOWN {
            let more = lines.len() - SHOWN;
            lines.truncate(SHOWN);
            lines.push(format!("{name}: {more} more values are not certain; see --report text"));
        }
        lines
    }

    /// The ledger for people: a line a value, and under it what else could be meant.
    fn report(&self) -> String {
        let mut text = format!("{}: {}\n", self.name(), self.counts);
        let Merged { captures, ledger, conflicts, .. } = &self.merged;
        for source in captures {
            let damages: Vec<&str> = source.damages.iter().map(|rule| rule.name()).collect();
            let damages = if damages.is_empty() { "no damage".to_owned() } else { damages.join(", ") };
            let _ = writeln!(text, "  {}: {damages}", source.capture);
        }
        let width = ledger.entries.iter().map(|entry| entry.path.len()).max().unwrap_or(0).min(48);
        for entry in &ledger.entries {
            line(&mut text, entry, width, captures.len() > 1);
        }
        for Conflict { path, taken, other } in conflicts {
            let _ = writeln!(text, "conflict  {path}");
            for claim in [taken, other] {
                let _ = writeln!(text, "          {:?} in {}", claim.value, claim.capture);
            }
        }
        crate::words::escape(&text).to_string()
    }
}

fn line(text: &mut String, entry: &Entry, width: usize, names_capture: bool) {
    let Entry { path, value, known, capture, bytes } = entry;
    let _ = write!(text, "{:8}  {path:width$}", known.state());
    if let Some(value) = value {
        let short: String = value.chars().take(60).collect();
        let _ = write!(text, "  {short:?}");
    }
    if let Known::Repaired { rules } | Known::Guessed { rules, .. } = known
        && !rules.is_empty()
    {
        let names: Vec<&str> = rules.iter().map(|rule| rule.name()).collect();
        let _ = write!(text, "  by {}", names.join(", "));
    }
    if let Some(bytes) = bytes {
        let _ = write!(text, "  at {}..{}", bytes.start, bytes.end);
        if let Some(capture) = capture.as_ref().filter(|_| names_capture) {
            let _ = write!(text, " of {capture}");
        }
    }
    text.push('\n');
    match known {
        Known::Guessed { alternatives, why, .. } => {
            let _ = writeln!(text, "          {why}");
            for alternative in alternatives {
                let _ = writeln!(text, "          - {alternative}");
            }
        }
        Known::Lost { why } => {
            let _ = writeln!(text, "          {why}");
        }
        Known::Read | Known::Repaired { .. } => {}
    }
}

/// Two apps must not be written to one file.
fn check_names(planned: &[Planned]) -> Result<()> {
    let mut seen = std::collections::HashMap::new();
    for plan in planned {
        let Some(path) = &plan.written else { continue };
        if let Some(other) = seen.insert(path, plan.name()) {
            let message = format!("{other} and {} would both be written to {}", plan.name(), path.display());
            return Err(Error::new(ErrorKind::Refused, message).hint("import them one at a time, to different folders"));
        }
    }
    Ok(())
}

/// A manifest that someone may have edited is not written over.
fn check_existing(planned: &[Planned]) -> Result<()> {
    for plan in planned {
        let Some(path) = plan.written.as_ref().filter(|path| path.exists()) else { continue };
        if fs::read(path)? != plan.text {
            let message = format!("{} is there and says something else", path.display());
            return Err(Error::new(ErrorKind::Refused, message).hint("give --force to write over it, or another --out"));
        }
    }
    Ok(())
}

/// The bytes of a capture, no more than are read.
fn read(path: &Path) -> Result<Vec<u8>> {
    let limit = capture::MAX_BYTES as u64;
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let from = std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes);
        from.map_err(|error| Error::io("read", Path::new("standard input"), error))?;
        return Ok(bytes);
    }
    let len = std::fs::metadata(path).map_err(|error| Error::io("read", path, error))?.len();
    if len > limit {
        let message = format!("cannot import {}: it has {len} bytes, and at most {limit} are read", path.display());
        return Err(Error::new(ErrorKind::Invalid, message).hint("cut it down to the manifest"));
    }
    fs::read(path)
}

/// The constant text of a template, from which placeholders are filled, by its sections.
fn constants(template: Option<&Path>) -> Result<Vec<Constant>> {
    let Some(path) = template else { return Ok(Vec::new()) };
    let template = load(Some(path))?;
    let mut constants: Vec<Constant> = Vec::new();
    for line in template.source().lines() {
        let heading = line.trim_start_matches('#');
        if heading.len() < line.len() && heading.starts_with(' ') {
            let section = heading.split("{{").next().unwrap_or_default().trim().to_owned();
            constants.push(Constant { section, text: String::new() });
        } else if let Some(open) = constants.last_mut() {
            open.text.push_str(line);
            open.text.push('\n');
        }
    }
    Ok(constants)
}

/// The manifest of a model, and why it is not the built-in template's where it is not.
///
/// A template that was asked for must have all its values. The built-in one is used where it has them; else the manifest holds what
/// is known and nothing around it, since a half-filled template would say what nobody knows.
fn manifest_text(skill: &Skill, template: Option<&Path>) -> Result<(String, Option<String>)> {
    let rendered = load(template)?.render(skill);
    match rendered {
        Ok(text) => Ok((text, None)),
        Err(error) if template.is_some() => Err(error),
        Err(error) => Ok((compose::manifest(skill)?, Some(error.to_string()))),
    }
}

fn json_text(skill: &Skill) -> Result<String> {
    let text = serde_json::to_string_pretty(skill)
        .map_err(|error| Error::new(ErrorKind::Invalid, "this model has no JSON form").because(error))?;
    Ok(text + "\n")
}
