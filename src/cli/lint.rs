//! `lint`: manifests to findings.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::ValueEnum;
use rayon::prelude::*;

use super::discover::{self, Discovered, Skill};
use super::{Context, Outcome};
use crate::error::{Error, Result};
use crate::fs;
use crate::lint::config::{Config, Settings};
use crate::lint::context::{Context as Subject, NoContents};
use crate::lint::diagnostic::{Diagnostic, Severity};
use crate::lint::engine::Linter;
use crate::lint::finding::Finding;
use crate::lint::folding;
use crate::lint::set::Member;
use crate::manifest::Manifest;
use crate::manifest::source::{Source, Span};
use crate::report::findings::{Findings, Summary};
use crate::report::{json, text};

/// Check manifests
///
/// Exit code 0: nothing found but hints; 1: errors, or more warnings than --max-warnings; 2: it could not be done.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Manifests, skill folders, or folders that hold skills
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Run only these rules or groups
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// Do not run these rules or groups
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// Show every finding, also those that say the same in many files
    #[arg(long)]
    no_fold: bool,
    /// Show how many findings each rule has instead of the findings
    #[arg(long)]
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
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome, Error> {
    let ui = context.ui;
    let linter = Linter::new(Settings::new(&config(args, &context.config.lint))?);
    let discovered = discover::skills(&args.paths)?;
    let checked = check_all(&linter, &discovered);
    let mut summary = Summary { manifests: checked.manifests, suppressed: checked.suppressed, ..Summary::default() };
    let folded = if args.no_fold { folding::unfolded(checked.findings) } else { folding::fold(checked.findings) };
    summary.count(&folded);
    let findings = Findings { folded, summary };
    let format = if args.json { Format::Json } else { args.format };
    match format {
        Format::Json => ui.json(&json::document(&findings))?,
        _ if args.statistics => ui.data(text::statistics(&findings))?,
        Format::Concise => ui.data(text::concise(&findings))?,
        Format::Text => {
            let source = |path: &str| fs::read(Path::new(path)).ok().map(Source::new);
            ui.data(text::annotated(&findings, ui.stdout_has_color(), &source))?;
        }
    }
    if format != Format::Json {
        ui.note(findings.summary.sentence());
    }
    let failed = findings.summary.errors > 0 || findings.summary.warnings > args.max_warnings;
    Ok(if failed { Outcome::Findings } else { Outcome::Clean })
}

/// The configuration with what the command line says over it.
fn config(args: &Args, configured: &Config) -> Config {
    let mut config = configured.clone();
    if !args.select.is_empty() {
        config.select.clone_from(&args.select);
    }
    config.ignore.extend_from_slice(&args.ignore);
    config
}

/// What all manifests came to.
#[derive(Default)]
struct CheckedAll {
    findings: Vec<Finding>,
    manifests: usize,
    suppressed: usize,
}

/// What one path came to.
#[derive(Default)]
struct CheckedOne {
    findings: Vec<Finding>,
    suppressed: usize,
    member: Option<Member>,
}

/// Manifests from which on it pays to use more than one thread.
const PARALLEL_FROM: usize = 8;

fn check_all(linter: &Linter, discovered: &[Discovered]) -> CheckedAll {
    let check = |discovered: &Discovered| check_one(linter, discovered);
    let checked: Vec<CheckedOne> = if discovered.len() < PARALLEL_FROM {
        discovered.iter().map(check).collect()
    } else {
        discovered.par_iter().with_min_len(16).map(check).collect()
    };
    let mut all = CheckedAll::default();
    let mut members = Vec::new();
    for one in checked {
        all.manifests += usize::from(one.member.is_some());
        all.suppressed += one.suppressed;
        all.findings.extend(one.findings);
        members.extend(one.member);
    }
    let mut of_set = linter.check_set(&members);
    if !of_set.is_empty() {
        of_set.sort_by_key(|(member, _)| *member);
        all.findings.extend(of_set.into_iter().map(|(member, diagnostic)| of_member(&members[member], diagnostic)));
    }
    all
}

/// The file is read again for the line numbers: findings of a set are few.
fn of_member(member: &Member, diagnostic: Diagnostic) -> Finding {
    let path: Arc<str> = Arc::from(member.path.as_str());
    match fs::read(Path::new(&member.path)) {
        Ok(bytes) => Finding::place(&path, &Source::new(bytes), diagnostic),
        Err(_) => Finding::about(&path, diagnostic),
    }
}

fn check_one(linter: &Linter, discovered: &Discovered) -> CheckedOne {
    match discovered {
        Discovered::Skill(skill) => check_skill(linter, skill),
        Discovered::Missing { folder, named } => {
            let path = shown(folder);
            let message = "there is no SKILL.md in this folder";
            let mut found =
                about(linter, "spec/missing-manifest", &path, message, "a skill's folder holds a file of that name");
            if !named {
                for finding in &mut found {
                    finding.diagnostic.at_most(Severity::Warning);
                }
            }
            CheckedOne { findings: found, ..CheckedOne::default() }
        }
        Discovered::Unreadable { path, why } => {
            let path = shown(path);
            let message = format!("this cannot be read: {why}");
            let findings =
                about(linter, "spec/unreadable-manifest", &path, message, "agents drop a skill that they cannot read");
            CheckedOne { findings, ..CheckedOne::default() }
        }
    }
}

fn check_skill(linter: &Linter, skill: &Skill) -> CheckedOne {
    let path = shown(&skill.manifest);
    let bytes = match fs::read(&skill.manifest) {
        Ok(bytes) => bytes,
        Err(error) => {
            let why = error.causes().next().map_or_else(|| error.to_string(), ToString::to_string);
            let help = "agents drop a skill that they cannot read";
            let findings =
                about(linter, "spec/unreadable-manifest", &path, format!("this cannot be read: {why}"), help);
            return CheckedOne { findings, ..CheckedOne::default() };
        }
    };
    let manifest = Manifest::read(bytes);
    let contents = skill.contents();
    let subject = Subject {
        manifest: &manifest,
        folder: skill.folder.as_ref(),
        contents: if skill.folder.is_some() { &contents } else { &NoContents },
    };
    let checked = linter.check(&subject, &path);
    let mut findings: Vec<Finding> =
        checked.diagnostics.into_iter().map(|diagnostic| Finding::place(&path, &manifest.source, diagnostic)).collect();
    if skill.wrong_case {
        let name = skill.manifest.file_name().unwrap_or_default().to_string_lossy();
        let message = format!("the manifest is called `{name}`, and agents look for `SKILL.md`");
        findings.splice(0..0, about(linter, "spec/wrong-file-name", &path, message, "rename it"));
    }
    let member = Member::of(&manifest, &path, skill.root);
    CheckedOne { findings, suppressed: checked.suppressed, member: Some(member) }
}

/// A finding about a path as a whole, unless its rule is off there.
fn about(
    linter: &Linter,
    rule: &'static str,
    path: &Arc<str>,
    message: impl Into<std::borrow::Cow<'static, str>>,
    help: &'static str,
) -> Vec<Finding> {
    let diagnostic = linter.severity(rule, path).map(|severity| Diagnostic {
        rule,
        severity,
        span: Span::at(0),
        message: message.into(),
        help: Some(help.into()),
        fix: None,
        related: None,
    });
    diagnostic.map(|diagnostic| Finding::about(path, diagnostic)).into_iter().collect()
}

fn shown(path: &Path) -> Arc<str> {
    Arc::from(path.to_string_lossy())
}
