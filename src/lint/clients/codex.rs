//! Codex. Its loader goes line by line for the fences, reads the YAML between them into typed fields, and mends single lines when
//! that fails: a value with `: ` in it, or one that starts like a list and is none, is taken as it is written.

use super::reading::{Yaml, get, is_null, single_line};
use super::{Effect, place};
use crate::lint::context::Context;
use crate::manifest::source::Span;
use crate::manifest::yaml::Value;

/// Folders from the skills directory to the manifest.
const MAX_DEPTH: usize = 6;
const MAX_NAME: usize = 64;
const MAX_DESCRIPTION: usize = 1024;

pub(super) fn effects(context: &Context<'_>) -> Vec<Effect> {
    load(context).unwrap_or_else(|effect| vec![effect])
}

fn load(context: &Context<'_>) -> Result<Vec<Effect>, Effect> {
    let start = Span::at(0);
    if let Some(folder) = context.folder {
        if folder.manifest_is_link {
            return Err(Effect::drops(start, "the manifest is a symbolic link"));
        }
        if folder.depth.is_some_and(|depth| depth > MAX_DEPTH) {
            return Err(Effect::drops(start, "it is more than six folders deep in the skills directory"));
        }
        if folder.name.starts_with('.') {
            return Err(Effect::drops(start, "the skill's folder is hidden"));
        }
    }
    if let Some(at) = context.manifest.source.first_invalid_byte() {
        return Err(Effect::drops(Span::new(at, at + 1), "the file is not UTF-8"));
    }
    let text = context.text();
    let Some(lines) = frontmatter(text) else {
        let why = if text.starts_with('\u{feff}') {
            "a byte order mark stands before the first `---`"
        } else if text.lines().count() < 2 && text.contains('\r') {
            "its lines end in carriage returns alone"
        } else {
            "it has no frontmatter between two lines of `---`"
        };
        return Err(Effect::drops(start, why));
    };
    let yaml = lines.join("\n");
    let fields = match Fields::read(&yaml) {
        Ok(fields) => fields,
        Err(error) => match mend(&yaml) {
            Some(mended) => {
                Fields::read(&mended).map_err(|_| Effect::drops(place(context, error.field), error.why.clone()))?
            }
            None => return Err(Effect::drops(place(context, error.field), error.why)),
        },
    };
    let mut effects = Vec::new();
    let written = &context.manifest.frontmatter;
    if written.closed && lines.len() < context.slice(written.yaml).lines().count() {
        let why = "its frontmatter is taken to end at an indented `---`; what follows is lost";
        effects.push(Effect::changes(start, why));
    }
    if fields.name.is_some_and(|name| name.chars().count() > MAX_NAME) {
        return Err(Effect::drops(place(context, "name"), "its name has more than 64 characters"));
    }
    let description = fields.description.unwrap_or_default();
    if description.is_empty() {
        return Err(Effect::drops(place(context, "description"), "it has no description"));
    }
    if description.chars().count() > MAX_DESCRIPTION {
        effects.push(Effect::shortens(place(context, "description"), "the description is cut to 1,024 characters"));
    }
    Ok(effects)
}

/// The lines between the fences, which may be indented and followed by blanks; nothing where there are none.
fn frontmatter(text: &str) -> Option<Vec<&str>> {
    let mut lines = text.lines();
    lines.next().filter(|line| line.trim() == "---")?;
    let mut inner = Vec::new();
    for line in lines {
        if line.trim() == "---" {
            return (!inner.is_empty()).then_some(inner);
        }
        inner.push(line);
    }
    None
}

/// The fields that Codex asks for, each on one line.
struct Fields {
    name: Option<String>,
    description: Option<String>,
}

/// Why the fields cannot be read.
struct Unreadable {
    field: &'static str,
    why: String,
}

impl Fields {
    fn read(yaml: &str) -> Result<Self, Unreadable> {
        let read = Yaml::read(yaml);
        let error = |field: &'static str, why: &str| Err(Unreadable { field, why: why.to_owned() });
        if read.invalid || read.control {
            return error("", "its frontmatter is no valid YAML");
        }
        if !read.is_mapping() {
            return error("", "its frontmatter does not map keys to values");
        }
        for field in ["name", "description", "metadata"] {
            if read.duplicates.iter().any(|key| key == field) {
                return Err(Unreadable { field, why: format!("its frontmatter has two keys `{field}`") });
            }
        }
        let text = |node: Option<&_>, field: &'static str| match node {
            None => Ok(None),
            Some(node) if is_null(node) => Ok(None),
            Some(node) => match node.as_scalar() {
                Some(scalar) => Ok(Some(single_line(&scalar.text))),
                None => Err(Unreadable { field, why: format!("its {field} is {}, not a text", node.kind_name()) }),
            },
        };
        let metadata = read.get("metadata");
        if let Some(metadata) = metadata
            && !matches!(metadata.value, Value::Mapping(_))
            && !metadata.as_scalar().is_some_and(|scalar| scalar.text.is_empty())
        {
            return Err(Unreadable {
                field: "metadata",
                why: format!("its metadata is {}, not a mapping", metadata.kind_name()),
            });
        }
        if let Some(short) = metadata.and_then(|metadata| get(metadata, "short-description"))
            && short.as_scalar().is_none()
        {
            return error("metadata", "`short-description` in its metadata is not a text");
        }
        Ok(Self { name: text(read.get("name"), "name")?, description: text(read.get("description"), "description")? })
    }
}

/// The frontmatter with the values that break it in quotes; nothing where that changes nothing.
fn mend(yaml: &str) -> Option<String> {
    let mut changed = false;
    let mut block: Option<usize> = None;
    let mut lines: Vec<String> = Vec::new();
    for line in yaml.lines() {
        let indent = line.bytes().take_while(|&byte| byte == b' ').count();
        if let Some(outer) = block {
            if line.trim().is_empty() || indent > outer {
                lines.push(line.to_owned());
                continue;
            }
            block = None;
        }
        match mended_line(line) {
            Mended::Quoted(line) => {
                changed = true;
                lines.push(line);
            }
            Mended::Block => {
                block = Some(indent);
                lines.push(line.to_owned());
            }
            Mended::Same => lines.push(line.to_owned()),
        }
    }
    changed.then(|| lines.join("\n"))
}

enum Mended {
    Quoted(String),
    /// The lines after it are its value.
    Block,
    Same,
}

fn mended_line(line: &str) -> Mended {
    let Some((key, value)) = line.split_once(':') else { return Mended::Same };
    if key.trim().is_empty() || !value.chars().next().is_none_or(char::is_whitespace) {
        return Mended::Same;
    }
    let trimmed = value.trim_start();
    let blanks = &value[..value.len() - trimmed.len()];
    let comment = trimmed
        .match_indices('#')
        .find(|(at, _)| *at == 0 || trimmed[..*at].ends_with(char::is_whitespace))
        .map_or(trimmed.len(), |(at, _)| trimmed[..at].trim_end().len());
    let (scalar, comment) = trimmed.split_at(comment);
    let scalar = scalar.trim_end();
    match scalar.chars().next() {
        None | Some('\'' | '"') => return Mended::Same,
        Some('|' | '>') => return Mended::Block,
        Some(first) => {
            let has_colon = scalar.match_indices(':').any(|(at, _)| scalar[at + 1..].starts_with(char::is_whitespace));
            let broken = matches!(first, '[' | '{' | '@' | '`') && Yaml::read(scalar).invalid;
            if !has_colon && !broken {
                return Mended::Same;
            }
        }
    }
    Mended::Quoted(format!("{key}:{blanks}'{}'{comment}", scalar.replace('\'', "''")))
}
