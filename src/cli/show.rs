//! `show`: one skill, for a person who wonders whether to install it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Context, Outcome, sets};
use crate::error::{Error, ErrorKind, Result, escape};
use crate::fs;
use crate::manifest::Manifest;
use crate::manifest::skill::{ActionModel, EntityModel, Skill};

/// Show one skill: what it is about, its entities and actions, and what it costs
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A manifest, or a skill's folder
    skill: PathBuf,
    /// Print the model as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let path = only_manifest(&args.skill)?;
    let manifest = Manifest::read(fs::read(&path)?);
    let skill = Skill::of(&manifest, Some(path.display().to_string()));
    for problem in &manifest.problems {
        let place = manifest.source.position(problem.span.start);
        context.ui.warning(format_args!("{}:{}:{}: {}", path.display(), place.line, place.column, problem.message));
    }
    if args.json {
        context.ui.json(&skill)?;
    } else {
        context.ui.data(escape(&page(&skill, &path.display().to_string())))?;
    }
    Ok(if manifest.problems.is_empty() { Outcome::Clean } else { Outcome::Findings })
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
