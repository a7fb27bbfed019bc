//! `new`: a new manifest from a template.

use std::path::{Path, PathBuf};

use super::render::load;
use super::{Context, Outcome};
use crate::error::{Error, ErrorKind, Result};
use crate::fs;
use crate::manifest::FILE_NAME;
use crate::template::{Position, Slots, Template, Written};
use crate::words::did_you_mean;

/// Start a new skill from a template
///
/// Writes NAME/SKILL.md. Every slot that is given no value gets a note of what is to be written there; optional parts without a value
/// are left out.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The skill's name: lower-case letters, digits and single hyphens
    #[arg(value_name = "NAME")]
    name: String,
    /// A reversible template; without it, a plain one that is built in
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// A value for a slot of the template
    #[arg(long = "set", value_name = "SLOT=VALUE")]
    values: Vec<String>,
    /// The folder to make the skill's folder in
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

/// The longest name that the specification allows.
const MAX_NAME: usize = 64;

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome> {
    check_name(&args.name)?;
    let template = match &args.template {
        Some(path) => load(Some(path))?,
        None => Template::plain()?,
    };
    let slots = slots(args, &template)?;
    let text = template.fill(&slots)?;
    let folder = args.dir.join(&args.name);
    let path = folder.join(FILE_NAME);
    if path.symlink_metadata().is_ok() {
        return Err(Error::new(ErrorKind::Refused, format!("{} is already there", path.display()))
            .hint("choose another name, or remove it first"));
    }
    fs::create_dir_all(&folder)?;
    fs::write_atomic(&path, text.as_bytes())?;
    context.ui.note(format_args!("wrote {}", path.display()));
    let open = open_notes(&path, &text);
    if !open.is_empty() {
        context.ui.note(format_args!("to be written: {}", open.join(", ")));
    }
    Ok(Outcome::Clean)
}

fn check_name(name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let wrong = if name.is_empty() || name.len() > MAX_NAME {
        Some(format!("it has {} characters, and 1 to {MAX_NAME} are allowed", name.len()))
    } else if let Some(other) = name.chars().find(|&c| !plain(c)) {
        Some(format!("{other:?} is no lower-case letter, digit or hyphen"))
    } else if name.starts_with('-') || name.ends_with('-') || name.contains("--") {
        Some("a hyphen stands only between other characters, and alone".to_owned())
    } else {
        None
    };
    let Some(wrong) = wrong else { return Ok(()) };
    let error = Error::new(ErrorKind::Usage, format!("{name:?} cannot be the name of a skill: {wrong}"));
    let better = better_name(name);
    Err(if better.is_empty() { error } else { error.hint(format!("{better:?} could be")) })
}

fn better_name(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let better = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    better.chars().take(MAX_NAME).collect::<String>().trim_end_matches('-').to_owned()
}

fn slots(args: &Args, template: &Template) -> Result<Slots> {
    let pattern = template.pattern()?;
    let mut slots = Slots::default();
    slots.set_plain("name", &args.name);
    slots.set_plain("title", title(&args.name));
    for value in &args.values {
        let Some((slot, text)) = value.split_once('=') else {
            return Err(Error::new(ErrorKind::Usage, format!("--set {value:?} has no `=`"))
                .hint("write the slot's name, `=`, and its value: --set title=Mint"));
        };
        if pattern.slot(slot).is_none() {
            let known: Vec<&str> = pattern.slots().iter().map(|slot| slot.name.as_str()).collect();
            let hint = did_you_mean(slot, known.iter().copied())
                .unwrap_or_else(|| format!("its slots are {}", known.join(", ")));
            return Err(Error::new(ErrorKind::Usage, format!("{} has no slot {slot:?}", template.name())).hint(hint));
        }
        slots.set_plain(slot, text);
    }
    for slot in pattern.slots().iter().filter(|slot| slot.required) {
        if slots.get(&slot.name).is_some() {
            continue;
        }
        let note = format!("{NOTE}{}", slot.name.replace('_', " "));
        slots.set(&slot.name, Written { text: note, position: Position::Text });
    }
    Ok(slots)
}

/// Stands before what is to be written in place of a value.
const NOTE: &str = "TODO: ";

/// The places of a manifest that still hold a note.
fn open_notes(path: &Path, text: &str) -> Vec<String> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| line.contains(NOTE));
    lines.map(|(number, _)| format!("{}:{number}", path.display())).collect()
}

/// `mint-tea` as `Mint tea`.
fn title(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
