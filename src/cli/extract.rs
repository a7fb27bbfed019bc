//! `extract`: manifests to models.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rayon::prelude::*;

use super::ui::Ui;
use super::{Context, Outcome, sets};
use crate::error::{Error, Result};
use crate::fs;
use crate::manifest::Manifest;
use crate::manifest::skill::Skill;
use crate::manifest::yaml;
use crate::words::number;

/// Print manifests as models: one value a skill
///
/// A manifest with broken frontmatter is read as far as it goes; what is wrong is said on standard error, and the exit code is 1. A
/// model has no comments, and no text around the table of actions: lines that it leaves out are counted on standard error.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Manifests, skill folders, or folders that hold skills
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How to print the models
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: Format,
    /// The same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One array of all models; the model itself for a single manifest
    Json,
    /// One model a line
    Jsonl,
    /// One YAML document a model
    Yaml,
}

/// Manifests read at a time, so that a large set does not lie in memory as a whole.
const CHUNK: usize = 256;

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ui = context.ui;
    let paths = sets::manifests(&args.paths)?;
    let mut outcome = Outcome::Clean;
    let mut collected = Vec::new();
    for chunk in paths.chunks(CHUNK) {
        let read: Vec<Result<Extracted>> = chunk.par_iter().map(|path| Extracted::read(path)).collect();
        for extracted in read {
            let extracted = match extracted {
                Ok(extracted) => extracted,
                Err(error) => {
                    ui.error(&error);
                    outcome = Outcome::Findings;
                    continue;
                }
            };
            if !extracted.problems.is_empty() {
                outcome = Outcome::Findings;
            }
            for problem in &extracted.problems {
                ui.failing(problem);
            }
            if let Some(left_out) = &extracted.left_out {
                ui.warning(left_out);
            }
            match args.format {
                Format::Json => collected.push(extracted.skill),
                Format::Jsonl => ui.json_line(&extracted.skill)?,
                Format::Yaml => print_yaml(ui, &extracted.skill)?,
            }
        }
    }
    if args.format == Format::Json {
        match collected.as_slice() {
            [one] if paths.len() == 1 => ui.json(one)?,
            all => ui.json(all)?,
        }
    }
    Ok(outcome)
}

fn print_yaml(ui: Ui, skill: &Skill) -> Result<(), Error> {
    ui.data(format_args!("---\n{}", yaml::to_string(skill)?))
}

struct Extracted {
    skill: Skill,
    /// What the reader could not take, with its place.
    problems: Vec<String>,
    /// What the model does not hold, with its place.
    left_out: Option<String>,
}

impl Extracted {
    fn read(path: &Path) -> Result<Self> {
        let manifest = Manifest::read(fs::read(path)?);
        let shown = path.display().to_string();
        let problems = manifest.problems.iter().map(|problem| {
            let place = manifest.source.position(problem.span.start);
            format!("{shown}:{}:{}: {}", place.line, place.column, problem.message)
        });
        let left_out = manifest.left_out();
        let left_out = left_out.split_first().map(|(first, others)| {
            let line = manifest.source.position(first.start).line;
            let others =
                if others.is_empty() { String::new() } else { format!(" and {}", number(others.len(), "other")) };
            format!("{shown}:{line}: the model has no place for this line{others}: {}", manifest.text(*first))
        });
        Ok(Self { problems: problems.collect(), left_out, skill: Skill::of(&manifest, Some(shown.clone())) })
    }
}
