//! `render`: a model to a manifest.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Context, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::manifest::skill::Skill;
use crate::manifest::yaml;
use crate::template::Template;

/// Render a model, as `extract` prints it, through a template
///
/// Values are quoted where they stand in the frontmatter, and otherwise written as they are. What a reversible template renders can
/// be read back through it; a value that could not is refused.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A model in JSON or YAML; `-` reads standard input
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// A Tera template; without it, the one built in
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Write the manifest here instead of to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    let template = load(args.template.as_deref())?;
    let skill = read_model(&args.model)?;
    let manifest = template.render(&skill)?;
    match &args.out {
        Some(path) => {
            fs::write_linked(path, manifest.as_bytes())?;
            context.ui.note(format_args!("wrote {}", path.display()));
        }
        None => context.ui.bytes(manifest.as_bytes())?,
    }
    if let Err(irreversible) = template.reversible() {
        context.ui.detail(format_args!("{} cannot recognise what it renders: {irreversible}", template.name()));
    }
    Ok(Outcome::Clean)
}

/// The template in a file, or the one built in.
pub(super) fn load(path: Option<&Path>) -> Result<Template> {
    match path {
        Some(path) => Template::parse(path.display().to_string(), fs::read_text(path)?),
        None => Template::built_in(),
    }
}

fn read_model(path: &Path) -> Result<Skill> {
    let (shown, text) = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| Error::new(ErrorKind::Io, "cannot read the model from standard input").because(error))?;
        ("standard input".to_owned(), text)
    } else {
        (path.display().to_string(), fs::read_text(path)?)
    };
    // JSON is YAML, but YAML readers do not join the two halves of an escaped character outside the basic plane.
    let model = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(|error| Error::new(ErrorKind::Invalid, error.to_string()))
    } else {
        yaml::from_str(&text)
    };
    model.map_err(|cause| {
        Error::new(ErrorKind::Invalid, format!("{shown} is not a model"))
            .because(cause)
            .hint("`skillpress extract PATH` prints one; render takes one model at a time")
    })
}
