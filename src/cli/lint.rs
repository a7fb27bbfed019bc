//! `lint`: manifests to findings.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use rayon::prelude::*;

use super::check::{Change, Mode, PARALLEL_FROM, check_all, shown};
use super::discover::{self, Discovered, Skill};
use super::{Context, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::lint::anchor::Anchor;
use crate::lint::baseline::Baseline;
use crate::lint::clients::{self as loaders, Outcome as Loading};
use crate::lint::config::{Config, Selector, Settings};
use crate::lint::context::Context as Subject;
use crate::lint::diagnostic::Safety;
use crate::lint::engine::Linter;
use crate::lint::finding::Finding;
use crate::lint::folding::{self, Folded};
use crate::lint::rule::Client;
use crate::manifest::Manifest;
use crate::manifest::source::Source;
use crate::report::clients::{self, Cell, Row};
use crate::report::findings::{Findings, Summary};
use crate::report::{diff, github, json, sarif, text};
use crate::source::worktree;
use crate::words::number;

/// Check manifests
///
/// Exit code 0: nothing found but hints; 1: errors, or more warnings than --max-warnings; 2: it could not be done. A finding that is
/// meant is suppressed by a comment above it: <!-- skillpress-ignore group/name -->.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Manifests, skill folders, or folders that hold skills; - is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Write what was found to a file instead
    #[arg(long, value_name = "FILE")]
    output_file: Option<PathBuf>,
    /// Run only these rules or groups
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// Do not run these rules or groups
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Also run the rules of this client; may be given several times
    #[arg(long, value_name = "CLIENT", value_delimiter = ',', value_parser = client())]
    client: Vec<Client>,
    /// Show what each client does with each skill; --client chooses among them
    #[arg(long, conflicts_with_all = ["fix", "diff", "baseline", "write_baseline"])]
    clients: bool,
    /// Mend what can be mended without changing what a manifest means
    #[arg(long)]
    fix: bool,
    /// With --fix or --diff, also mend what a person should look at afterwards
    #[arg(long)]
    unsafe_fixes: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, conflicts_with_all = ["format", "json", "output_file", "write_baseline"])]
    diff: bool,
    /// Count only findings that this file does not know
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings to a file that --baseline reads
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    write_baseline: Option<PathBuf>,
    /// Check only skills with files that changed since a revision
    #[arg(long, value_name = "REV", num_args = 0..=1, default_missing_value = "HEAD", require_equals = true)]
    changed: Option<String>,
    /// Where standard input is taken to stand
    #[arg(long, value_name = "PATH")]
    stdin_path: Option<PathBuf>,
    /// Show every finding, also those that say the same in many files
    #[arg(long)]
    no_fold: bool,
    /// Show how many findings each rule has instead of the findings
    #[arg(long, conflicts_with_all = ["json", "clients", "diff", "write_baseline"])]
    statistics: bool,
    /// As many warnings are no failure
    #[arg(long, value_name = "N", default_value_t = 0)]
    max_warnings: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Drawn on the source
    Text,
    /// One finding a line
    Concise,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub workflows
    Github,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome, Error> {
    let ui = context.ui;
    let working = &context.places.working;
    let project = context.config.project.as_deref().unwrap_or(working);
    let settings = Settings::new(&config(args, &context.config.lint)?)?.anchored(Anchor::new(working, project));
    let linter = Linter::new(settings);
    let discovered = find(args)?;
    if args.clients {
        return table(args, context, &discovered);
    }
    let format = if args.json { Format::Json } else { args.format };
    if args.statistics && !matches!(format, Format::Text | Format::Concise) {
        return Err(Error::new(ErrorKind::Usage, "--statistics are printed as text only").hint("leave out --format"));
    }
    let fold = !args.no_fold && format != Format::Sarif;
    let mode = Mode {
        fix: args.fix || args.diff,
        allow: if args.unsafe_fixes { Safety::Unsafe } else { Safety::Safe },
        // A baseline knows findings one by one.
        fold: fold && args.baseline.is_none() && args.write_baseline.is_none(),
    };
    let mut checked = check_all(&linter, &discovered, mode);
    if args.diff {
        for change in &checked.changes {
            let diff = unified(change, working);
            if ui.stdout_has_color() { ui.data(diff::colored(&diff))? } else { ui.bytes(&diff)? }
        }
        ui.note(format_args!("--fix would change {}", number(checked.changes.len(), "manifest")));
        return Ok(if checked.changes.is_empty() { Outcome::Clean } else { Outcome::Findings });
    }
    let changes = std::mem::take(&mut checked.changes);
    let mut fixed = 0;
    let mut not_written = false;
    for change in &changes {
        match fs::write_linked(&change.path, &change.after) {
            Ok(()) => fixed += change.fixes,
            Err(error) => {
                ui.error(&error);
                not_written = true;
            }
        }
    }
    if not_written {
        // What is found is what now stands on the disk.
        checked = check_all(&linter, &discovered, Mode { fix: false, ..mode });
    }
    let mut summary =
        Summary { manifests: checked.manifests, suppressed: checked.suppressed, fixed, ..Summary::default() };
    let mut folded = checked.found.finish();
    // Findings of a baseline are named from its folder.
    let beside = |path: &Path| Anchor::new(working, path.parent().unwrap_or(Path::new("")));
    if let Some(path) = &args.write_baseline {
        let baseline = Baseline::of(&each(folded), &beside(path));
        fs::write_linked(path, baseline.to_json()?.as_bytes())?;
        ui.note(format_args!("{} knows {} from now on", path.display(), number(baseline.len(), "finding")));
        return Ok(if not_written { Outcome::Findings } else { Outcome::Clean });
    }
    if let Some(path) = &args.baseline {
        let baseline = Baseline::from_json(&fs::read_text(path)?);
        let baseline = baseline.map_err(|error| error.within(&path.display().to_string()))?;
        let mut found = each(folded);
        let (known, gone) = baseline.apply(&mut found, &beside(path));
        folded = if fold { folding::fold(found) } else { folding::unfolded(found) };
        summary.baseline = known;
        if gone > 0 && looks_for_all(args, &baseline, path, &beside(path), &discovered) {
            ui.note(format_args!(
                "gone of what the baseline knows: {}; write it anew with --write-baseline",
                number(gone, "finding")
            ));
        }
    }
    summary.count(&folded, (!args.fix).then_some(mode.allow));
    let findings = Findings { folded, summary };
    let color = args.output_file.is_none() && ui.stdout_has_color();
    let text = render(&findings, format, args.statistics, color, &discovered)?;
    match &args.output_file {
        Some(path) => fs::write_linked(path, text.as_bytes())?,
        None => ui.data(text)?,
    }
    if args.output_file.is_some() || matches!(format, Format::Text | Format::Concise) {
        ui.note(findings.summary.sentence());
    }
    // As in `check_all`.
    std::mem::forget(discovered);
    let failed = not_written || findings.summary.errors > 0 || findings.summary.warnings > args.max_warnings;
    Ok(if failed { Outcome::Findings } else { Outcome::Clean })
}

fn each(folded: Vec<Folded>) -> Vec<Finding> {
    folded.into_iter().map(|folded| folded.finding).collect()
}

/// Whether everything that a baseline may know was looked for: of what was not nobody can say that it is gone.
fn looks_for_all(args: &Args, baseline: &Baseline, path: &Path, beside: &Anchor, discovered: &[Discovered]) -> bool {
    let looked_at: HashSet<String> = discovered.iter().map(|found| beside.name(&shown(found.path()))).collect();
    let is_looked_at = |file: &str| looked_at.contains(file) || !fs::exists(&path.with_file_name(file));
    args.select.is_empty() && args.ignore.is_empty() && baseline.files().all(is_looked_at)
}

/// The skills that are meant.
fn find(args: &Args) -> Result<Vec<Discovered>> {
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        if args.paths.len() > 1 || args.fix || args.changed.is_some() {
            return Err(Error::new(
                ErrorKind::Usage,
                "standard input stands alone: no other path, no --fix, no --changed",
            ));
        }
        return Ok(vec![discover::standard_input(args.stdin_path.as_deref())?]);
    }
    if args.stdin_path.is_some() {
        return Err(
            Error::new(ErrorKind::Usage, "--stdin-path says where standard input stands").hint("add the path -")
        );
    }
    let mut discovered = discover::skills(&args.paths)?;
    if let Some(revision) = &args.changed {
        let changed = worktree::changed_since(&args.paths, revision)?;
        discovered.retain(|found| found.touches(&changed));
    }
    Ok(discovered)
}

fn render(
    findings: &Findings,
    format: Format,
    statistics: bool,
    color: bool,
    discovered: &[Discovered],
) -> Result<String> {
    let document = |value: serde_json::Result<String>| {
        value
            .map(|text| text + "\n")
            .map_err(|error| Error::new(ErrorKind::Invalid, "this value has no JSON form").because(error))
    };
    let source = |path: &str| match discovered {
        [Discovered::Skill(Skill { given: Some(bytes), .. })] => Some(Source::new(bytes.clone())),
        _ => fs::read(Path::new(path)).ok().map(Source::new),
    };
    match format {
        Format::Json => document(serde_json::to_string_pretty(&json::document(findings))),
        Format::Sarif => document(serde_json::to_string_pretty(&sarif::log(findings))),
        Format::Github => Ok(github::annotations(findings)),
        _ if statistics => Ok(text::statistics(findings)),
        Format::Concise => Ok(text::concise(findings)),
        Format::Text => Ok(text::annotated(findings, color, &source)),
    }
}

fn unified(change: &Change, working: &Path) -> Vec<u8> {
    // Standard input has no file.
    let name = diff::name(&change.path, working).unwrap_or_else(|_| shown(&change.path).to_string());
    diff::unified(&name, &change.before, &change.after)
}

/// The configuration with what the command line says over it.
fn config(args: &Args, configured: &Config) -> Result<Config> {
    let selectors = |named: &[String]| named.iter().map(|selector| Selector::new(selector)).collect::<Result<Vec<_>>>();
    let mut config = configured.clone().told(selectors(&args.select)?, selectors(&args.ignore)?);
    config.clients.extend_from_slice(&args.client);
    Ok(config)
}

/// Reads the id of a client; help and completions show all of them.
fn client() -> impl TypedValueParser<Value = Client> {
    let one = |id: String| Client::ALL.into_iter().find(|client| client.id() == id).ok_or("no such client");
    PossibleValuesParser::new(Client::ALL.map(Client::id)).try_map(one)
}

/// Skills and what each client does with them; exit code 1 when one drops a skill.
fn table(args: &Args, context: &Context, discovered: &[Discovered]) -> Result<Outcome> {
    let format = if args.json { Format::Json } else { args.format };
    if matches!(format, Format::Sarif | Format::Github) {
        return Err(Error::new(ErrorKind::Usage, "the table of --clients is printed as text or as JSON"));
    }
    let clients = if args.client.is_empty() { Client::ALL.to_vec() } else { args.client.clone() };
    let rows: Result<Vec<Row>> =
        discovered.par_iter().with_min_len(PARALLEL_FROM).map(|found| row(found, &clients)).collect();
    let rows = rows?;
    let text = if format == Format::Json {
        let text = serde_json::to_string_pretty(&rows)
            .map_err(|error| Error::new(ErrorKind::Invalid, "this value has no JSON form").because(error))?;
        text + "\n"
    } else {
        clients::table(&rows, !args.no_fold)
    };
    match &args.output_file {
        Some(path) => fs::write_linked(path, text.as_bytes())?,
        None => context.ui.data(text)?,
    }
    let dropped = rows.iter().flat_map(|row| &row.clients).any(|cell| cell.outcome == Loading::Drops);
    Ok(if dropped { Outcome::Findings } else { Outcome::Clean })
}

fn row(found: &Discovered, clients: &[Client]) -> Result<Row> {
    let all_drop = |why: &str| -> Vec<Cell> {
        let cell = |&client| Cell { client, outcome: Loading::Drops, why: Some(why.to_owned()) };
        clients.iter().map(cell).collect()
    };
    let (path, cells) = match found {
        Discovered::Missing { folder, .. } => (folder, all_drop("there is no SKILL.md in this folder")),
        Discovered::Unreadable { path, .. } => (path, all_drop("the manifest cannot be read")),
        Discovered::Skill(skill) => {
            let manifest = Manifest::read(skill.given.clone().map_or_else(|| fs::read(&skill.manifest), Ok)?);
            let contents = skill.contents();
            let subject = Subject::new(&manifest, skill.folder.as_ref(), &contents);
            let cell = |&client| Cell::new(client, loaders::effects(client, &subject));
            (&skill.manifest, clients.iter().map(cell).collect())
        }
    };
    Ok(Row { path: shown(path).to_string(), clients: cells })
}
