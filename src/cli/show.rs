//! `show`: one skill, for a person who wonders whether to install it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Context, Outcome, lookup, sets};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::manifest::skill::{ActionModel, EntityModel, Skill};
use crate::manifest::{FILE_NAME, Manifest};
use crate::words::{escape, escape_in_line};

/// Show one skill: what it is about, its entities and actions, and what it costs
///
/// A manifest or a skill's folder is shown as it is; any other word is a name, looked up in the configured sources or in --source, or a
/// source with a skill, such as OWNER/REPO@SKILL.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A manifest, a skill's folder, or a skill's name
    skill: String,
    /// Look for the name in this source
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// Print the model as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let (manifest, origin) = match path(args) {
        Some(path) => {
            let path = only_manifest(&path)?;
            (Manifest::read(fs::read(&path)?), path.display().to_string())
        }
        None => from_sources(args, context)?,
    };
    let skill = Skill::of(&manifest, Some(origin.clone()));
    let origin = escape_in_line(&origin).to_string();
    for problem in &manifest.problems {
        let place = manifest.source.position(problem.span.start);
        context.ui.failing(format_args!("{origin}:{}:{}: {}", place.line, place.column, problem.message));
    }
    if args.json {
        context.ui.json(&skill)?;
    } else {
        context.ui.data(escape(&page(&skill, &origin)))?;
    }
    Ok(if manifest.problems.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

/// The word as a path, when it is one: it leads to a manifest, or to a folder and looks like no name.
fn path(args: &Args) -> Option<PathBuf> {
    let path = Path::new(&args.skill);
    let there = path.is_file() || path.join(FILE_NAME).is_file() || path.is_dir() && args.skill.contains(['/', '.']);
    (args.source.is_none() && there).then(|| path.to_owned())
}

fn only_manifest(path: &Path) -> Result<PathBuf> {
    match sets::manifests(&[path.to_owned()])?.as_slice() {
        [one] => Ok(one.clone()),
        many => {
            let message = format!("{} holds {} skills, and `show` takes one", path.display(), many.len());
            Err(Error::new(ErrorKind::Usage, message).hint("name the folder of one of them"))
        }
    }
}

fn from_sources(args: &Args, context: &Context) -> Result<(Manifest, String)> {
    let found = lookup::one(&args.skill, args.source.as_deref(), context)?;
    let bytes = found.package.tree.manifest().unwrap_or_default();
    Ok((Manifest::read(bytes), found.origin()))
}

/// The whole page as text; `origin` says where the skill is.
fn page(skill: &Skill, origin: &str) -> String {
    let mut page = String::new();
    let name = skill.frontmatter.name.as_deref();
    let title = skill.title.as_deref().or(name).unwrap_or("(no name)");
    let about = skill.frontmatter.description.as_deref().or(skill.summary.as_deref()).unwrap_or("(no description)");
    let about = about.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = write!(page, "{title}\n\n{about}\n\n");
    let tokens = format!("about {} at every start, {} when used", skill.tokens.startup, skill.tokens.body);
    let facts = [
        ("name", name),
        ("origin", Some(origin)),
        ("docs", skill.docs_url.as_deref()),
        ("application", skill.app_url.as_deref()),
        ("licence", skill.frontmatter.license.as_deref()),
        ("needs", skill.frontmatter.compatibility.as_deref()),
        ("tokens", Some(tokens.as_str())),
    ];
    for (label, value) in facts {
        if let Some(value) = value {
            let _ = writeln!(page, "{label:<12} {value}");
        }
    }
    if let Some(overview) = &skill.overview {
        page.push_str("\nOverview\n");
        tree(&mut page, &overview.entities, 1);
        for guidance in overview.guidance.iter().flat_map(|guidance| guidance.lines()) {
            let _ = writeln!(page, "  {guidance}");
        }
    }
    if let Some(actions) = &skill.actions {
        page.push_str("\nPopular actions\n");
        table(&mut page, &actions.rows);
        if let Some(fallback) = &actions.fallback {
            let _ = writeln!(page, "  {fallback}");
        }
    }
    if skill.overview.is_none() && skill.actions.is_none() {
        page.push_str("\nSections\n");
        for section in &skill.sections {
            let _ = writeln!(page, "{:indent$}{}", "", section.heading, indent = usize::from(section.level) * 2);
        }
    }
    page
}

fn tree(page: &mut String, entities: &[EntityModel], depth: usize) {
    for entity in entities {
        let note = entity.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        let _ = writeln!(page, "{:indent$}{}{note}", "", entity.name, indent = depth * 2);
        tree(page, &entity.children, depth + 1);
    }
}

fn table(page: &mut String, rows: &[ActionModel]) {
    let width = rows.iter().map(|row| row.key.chars().count()).max().unwrap_or(0);
    for row in rows {
        let _ = writeln!(page, "  {:<width$}  {}", row.key, row.description);
    }
}
