//! `infer`: the templates of a set.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use super::{Context, Outcome, sets};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::manifest::FILE_NAME;
use crate::manifest::source::{self, Source};
use crate::template::infer::{Inference, Learned, Sample, infer};
use crate::template::{Mismatch, Pattern, Slots};
use crate::words::{escape, grouped, number};

/// Learn the template or templates of a set, and prove them
///
/// Writes one template for each cluster of look-alike manifests, and the slots of every manifest. A cluster is proved by rendering each
/// of its manifests from its slots and comparing the bytes; one that differs is reported, and the exit code is 1.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Markdown files, skill folders, or folders that hold skills or else Markdown files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where to write the templates and slots.jsonl
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Exit with 1 also when a manifest shares a template with no other
    #[arg(long)]
    strict: bool,
    /// Print what was learned as JSON
    #[arg(long)]
    json: bool,
}

/// The file with the slots of every manifest.
const SLOTS: &str = "slots.jsonl";

#[derive(Serialize)]
struct Report {
    templates: Vec<TemplateReport>,
    alone: Vec<String>,
    not_reproduced: Vec<Difference>,
    unreadable: Vec<String>,
}

#[derive(Serialize)]
struct TemplateReport {
    file: String,
    count: usize,
    slots: Vec<String>,
    manifests: Vec<String>,
}

#[derive(Serialize)]
struct Difference {
    manifest: String,
    template: String,
    line: usize,
    expected: String,
}

/// One line of the slots file.
#[derive(Serialize)]
struct Record<'r> {
    name: &'r str,
    path: String,
    template: &'r str,
    slots: BTreeMap<&'r str, String>,
}

struct Read {
    path: PathBuf,
    name: String,
    text: String,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let ui = context.ui;
    let mut unreadable = Vec::new();
    let mut manifests = Vec::new();
    for read in sets::manifests_or_markdown(&args.paths)?.into_par_iter().map(read).collect::<Vec<_>>() {
        match read {
            Ok(read) => manifests.push(read),
            Err((path, error)) => {
                ui.error(&error);
                unreadable.push(shown(&path));
            }
        }
    }
    let samples: Vec<Sample<'_>> = manifests.iter().map(|read| Sample { name: &read.name, text: &read.text }).collect();
    let inference = infer(&samples)?;
    write(&args.out, &inference, &manifests)?;
    let report = Report {
        templates: inference.learned.iter().map(|learned| TemplateReport::of(learned, &manifests)).collect(),
        alone: inference.alone.iter().map(|&at| shown(&manifests[at].path)).collect(),
        not_reproduced: differences(&inference, &manifests),
        unreadable,
    };
    if args.json {
        ui.json(&report)?;
    } else {
        report.print(args, ui)?;
    }
    let failed =
        !report.unreadable.is_empty() || !report.not_reproduced.is_empty() || args.strict && !report.alone.is_empty();
    Ok(if failed { Outcome::Findings } else { Outcome::Clean })
}

fn read(path: PathBuf) -> Result<Read, (PathBuf, Error)> {
    let text = match fs::read_text(&path) {
        Ok(text) => text,
        Err(error) => return Err((path, error)),
    };
    let named = if path.file_name().is_some_and(|name| name == FILE_NAME) { path.parent() } else { None };
    let name = named.and_then(Path::file_name).or_else(|| path.file_stem());
    let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let text = source::with_lf(&text).unwrap_or(text);
    Ok(Read { path, name, text })
}

fn write(out: &Path, inference: &Inference, manifests: &[Read]) -> Result<()> {
    fs::create_dir_all(out)?;
    let mut records: Vec<(usize, String)> = Vec::new();
    for learned in &inference.learned {
        let template = &learned.template;
        fs::write_atomic(&out.join(template.name()), template.source().as_bytes())?;
        for (at, slots) in &learned.reproduced {
            let read = &manifests[*at];
            let record =
                Record { name: &read.name, path: shown(&read.path), template: template.name(), slots: plain(slots) };
            let line = serde_json::to_string(&record)
                .map_err(|error| Error::new(ErrorKind::Invalid, "these slots have no JSON form").because(error))?;
            records.push((*at, line));
        }
    }
    records.sort_unstable();
    let text: String = records.into_iter().flat_map(|(_, line)| [line, "\n".to_owned()]).collect();
    fs::write_atomic(&out.join(SLOTS), text.as_bytes())
}

/// A path as text, which JSON needs.
fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// What the values mean, or what is written where that is no value.
fn plain(slots: &Slots) -> BTreeMap<&str, String> {
    slots.iter().map(|(name, value)| (name, slots.plain(name).unwrap_or_else(|| value.text.clone()))).collect()
}

fn differences(inference: &Inference, manifests: &[Read]) -> Vec<Difference> {
    let of_one = |learned: &Learned| {
        let template = learned.template.name().to_owned();
        let difference = |(at, mismatch): &(usize, Mismatch)| Difference {
            manifest: shown(&manifests[*at].path),
            template: template.clone(),
            line: Source::new(manifests[*at].text.as_str()).position(mismatch.at).line,
            expected: mismatch.expected.clone(),
        };
        learned.not_reproduced.iter().map(difference).collect::<Vec<_>>()
    };
    inference.learned.iter().flat_map(of_one).collect()
}

impl TemplateReport {
    fn of(learned: &Learned, manifests: &[Read]) -> Self {
        let slots = learned.template.reversible().map(Pattern::slots).unwrap_or_default();
        let mut members: Vec<usize> = learned.reproduced.iter().map(|(at, _)| *at).collect();
        members.sort_unstable();
        Self {
            file: learned.template.name().to_owned(),
            count: learned.count(),
            slots: slots.iter().map(|slot| slot.name.clone()).collect(),
            manifests: members.into_iter().map(|at| shown(&manifests[at].path)).collect(),
        }
    }
}

impl Report {
    fn print(&self, args: &Args, ui: super::ui::Ui) -> Result<()> {
        for template in &self.templates {
            let reproduced = template.manifests.len();
            let proof = if reproduced == template.count { "all".to_owned() } else { grouped(reproduced) };
            ui.line(format_args!(
                "{}: {}, {proof} reproduced byte for byte; slots: {}",
                args.out.join(&template.file).display(),
                number(template.count, "manifest"),
                template.slots.join(", ")
            ))?;
        }
        for difference in &self.not_reproduced {
            ui.line(format_args!(
                "{}: not reproduced: line {}: {} has {:?}",
                escape(&difference.manifest),
                difference.line,
                difference.template,
                difference.expected
            ))?;
        }
        for path in &self.alone {
            ui.line(format_args!("{}: alone: shares a template with no other", escape(path)))?;
        }
        for path in &self.unreadable {
            ui.line(format_args!("{}: could not be read", escape(path)))?;
        }
        let covered: usize = self.templates.iter().map(|template| template.manifests.len()).sum();
        let all = covered + self.not_reproduced.len() + self.alone.len() + self.unreadable.len();
        ui.line(format_args!(
            "{} of {} reproduced from {}; {} alone; slots in {}",
            grouped(covered),
            number(all, "manifest"),
            number(self.templates.len(), "template"),
            grouped(self.alone.len()),
            args.out.join(SLOTS).display()
        ))
    }
}
