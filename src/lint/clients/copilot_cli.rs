//! GitHub Copilot CLI. Its loader takes a byte order mark and blanks after the fences, reads strict YAML, and refuses values of the
//! wrong kind, naming the file when asked for its list of skills. A name or a description that is not there it makes up.

use super::reading::{Yaml, text, utf16_len};
use super::{Effect, fields, place};
use crate::lint::context::Context;
use crate::lint::rule::Client;
use crate::manifest::source::Span;

/// In bytes.
const MAX_SIZE: usize = 1 << 20;
const MAX_NAME: usize = 64;
/// In UTF-16.
const MAX_DESCRIPTION: usize = 1024;

pub(super) fn effects(context: &Context<'_>) -> Vec<Effect> {
    load(context).unwrap_or_else(|effect| vec![effect])
}

fn load(context: &Context<'_>) -> Result<Vec<Effect>, Effect> {
    let start = Span::at(0);
    if context.folder.is_some_and(|folder| folder.name.starts_with('.')) {
        return Err(Effect::drops(start, "the skill's folder is hidden"));
    }
    if context.manifest.source.bytes().len() > MAX_SIZE {
        return Err(Effect::drops(start, "the manifest has more than 1 MiB"));
    }
    let text = context.text();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let yaml = frontmatter(text)
        .ok_or_else(|| Effect::drops(start, "it has no frontmatter between lines of `---` at its start"))?;
    let yaml = Yaml::read(yaml);
    if yaml.invalid || yaml.control || yaml.too_large {
        return Err(Effect::drops(start, "its frontmatter is no valid YAML"));
    }
    if let Some(key) = yaml.duplicates.first() {
        return Err(Effect::drops(place(context, key), format!("its frontmatter has two keys `{key}`")));
    }
    let mut effects = Vec::new();
    if !yaml.is_mapping() && !yaml.is_empty() {
        effects.push(Effect::changes(start, "its frontmatter is ignored, since it does not map keys to values"));
    }
    match yaml.get("name") {
        None => {}
        Some(node) => {
            let why = match self::text(node).map(str::trim) {
                None => Some(format!("its name is {}, not a text", node.kind_name())),
                Some(name) if name.chars().count() > MAX_NAME => {
                    Some("its name has more than 64 characters".to_owned())
                }
                Some(name) if !is_name(name) => Some(
                    "its name does not start with an ASCII letter or digit, or holds other characters than these, \
                          hyphens, underscores, dots, colons and blanks"
                        .to_owned(),
                ),
                Some(name) => {
                    if name.contains(' ') {
                        let why = "blanks in its name become hyphens";
                        effects.push(Effect::changes(place(context, "name"), why));
                    }
                    None
                }
            };
            if let Some(why) = why {
                return Err(Effect::drops(place(context, "name"), why));
            }
        }
    }
    match yaml.get("description") {
        None => effects.push(Effect::changes(start, "the first line of the body is its description")),
        Some(node) => {
            let why = match self::text(node) {
                None => Some(format!("its description is {}, not a text", node.kind_name())),
                Some("") => Some("its description is empty".to_owned()),
                Some(text) if text.trim().is_empty() => {
                    effects.push(Effect::changes(place(context, "description"), "its description is blank"));
                    None
                }
                Some(text) if utf16_len(text) > MAX_DESCRIPTION => {
                    Some("its description has more than 1,024 characters, those beyond U+FFFF counted twice".to_owned())
                }
                Some(_) => None,
            };
            if let Some(why) = why {
                return Err(Effect::drops(place(context, "description"), why));
            }
        }
    }
    for field in fields::of(Client::CopilotCli) {
        if let Some(node) = yaml.get(field.name)
            && !field.values.allow(node)
        {
            let why = format!("`{}` must be {}", field.name, field.values.words());
            return Err(Effect::drops(place(context, field.name), why));
        }
    }
    Ok(effects)
}

/// What stands between the fences, each of which may have blanks after it.
fn frontmatter(text: &str) -> Option<&str> {
    let mut at = 0;
    let mut open = None;
    for line in text.split_inclusive('\n') {
        let is_fence = line.strip_prefix("---").is_some_and(|rest| rest.trim().is_empty());
        match open {
            None if is_fence && line.ends_with('\n') => open = Some(line.len()),
            None => return None,
            Some(open) if is_fence => return Some(&text[open..at]),
            Some(_) => {}
        }
        at += line.len();
    }
    None
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | ' '))
}
