//! opencode. Its loader reads with gray-matter, and where that fails once more with every value that holds a colon as a block.

use super::gray_matter::{self, Fault};
use super::reading::{js_trim, text_but_no_date};
use super::{Effect, place};
use crate::lint::context::Context;
use crate::manifest::source::Span;

pub(super) fn effects(context: &Context<'_>) -> Vec<Effect> {
    let text = context.text();
    let read = gray_matter::read(text).or_else(|fault| match mend(text) {
        Some(mended) => gray_matter::read(&mended),
        None => Err(fault),
    });
    let yaml = match read {
        Ok(yaml) => yaml,
        Err(Fault::Yaml) => return vec![Effect::drops(Span::at(0), "its frontmatter is no valid YAML")],
        Err(Fault::Language) => {
            return vec![Effect::drops(Span::at(0), "the first `---` is not alone on its line")];
        }
    };
    let Some(yaml) = yaml else {
        return vec![Effect::drops(Span::at(0), "it does not start with `---`")];
    };
    match yaml.get("name") {
        None => return vec![Effect::drops(Span::at(0), "it has no name")],
        Some(name) if text_but_no_date(name).is_none() => {
            return vec![Effect::drops(place(context, "name"), not_a_text("name", name))];
        }
        Some(_) => {}
    }
    let mut effects = Vec::new();
    match yaml.get("description") {
        None => {
            let why = "without a description it is not offered to the model";
            effects.push(Effect::changes(Span::at(0), why));
        }
        Some(description) => match text_but_no_date(description) {
            None => {
                return vec![Effect::drops(place(context, "description"), not_a_text("description", description))];
            }
            Some(text) if js_trim(text).is_empty() => {
                effects.push(Effect::changes(place(context, "description"), "its description is empty"));
            }
            Some(_) => {}
        },
    }
    effects
}

fn not_a_text(key: &str, node: &crate::manifest::yaml::Node) -> String {
    let kind = match node.kind_name() {
        "a text" => "a date",
        kind => kind,
    };
    format!("its {key} is {kind}, not a text")
}

/// The text with every value that holds a colon as a block; nothing without frontmatter.
fn mend(text: &str) -> Option<String> {
    let rest = text.strip_prefix("---")?;
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
    let end = rest.find("\n---")?;
    let yaml = rest[..end].strip_suffix('\r').unwrap_or(&rest[..end]);
    let lines: Vec<String> = yaml
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .map(|line| mended_line(line).unwrap_or_else(|| line.to_owned()))
        .collect();
    Some(format!("---\n{}\n{}", lines.join("\n"), &rest[end + 1..]))
}

fn mended_line(line: &str) -> Option<String> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim_end();
    let plain = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let value = js_trim(value);
    let left = matches!(value, "" | ">" | "|") || value.starts_with(['"', '\'']) || !value.contains(':');
    (plain && !left).then(|| format!("{key}: |-\n  {value}"))
}
