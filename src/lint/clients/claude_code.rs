//! Claude Code. Its loader drops next to nothing: where it cannot read the frontmatter it goes on without, and the first line of the
//! body stands in for the description. Its frontmatter ends at the first `---` after the first line, wherever that stands.

use super::reading::{Yaml, is_js_space, is_null, js_trim, utf16_len};
use super::{Effect, place};
use crate::lint::context::Context;
use crate::manifest::source::Span;

/// Bytes of a manifest that are read.
const MAX_BYTES: usize = 1_000_000;
/// Characters of description and `when_to_use` that are listed, in UTF-16.
const MAX_LISTED: usize = 1536;
/// What stands between the two.
const BETWEEN: usize = 3;

pub(super) fn effects(context: &Context<'_>) -> Vec<Effect> {
    let start = Span::at(0);
    if context.folder.is_some_and(|folder| folder.depth.is_some_and(|depth| depth > 1)) {
        return vec![Effect::drops(start, "it is not directly in the skills directory")];
    }
    if context.manifest.source.bytes().len() > MAX_BYTES {
        return vec![Effect::drops(start, "the manifest has more than 1,000,000 bytes")];
    }
    let text = context.text();
    let Some(split) = Split::of(text) else {
        let why = if unmarked(text).starts_with("---") {
            "it finds no end of the frontmatter"
        } else {
            "the frontmatter does not start the file"
        };
        return vec![Effect::changes(start, format!("{why}, so {}", stand_in(text)))];
    };
    let body = &text[split.body..];
    let frontmatter = &context.manifest.frontmatter;
    let cut = frontmatter.closed && split.end < frontmatter.yaml.end;
    let Some(yaml) = fields(split.yaml) else {
        let why = if cut {
            "its frontmatter is taken to end at the `---` inside a value, which leaves no valid YAML"
        } else {
            "its frontmatter is no valid YAML and is ignored"
        };
        return vec![Effect::changes(Span::at(split.end), format!("{why}, so {}", stand_in(body)))];
    };
    let mut effects = Vec::new();
    if cut {
        let why = "its frontmatter is taken to end at the `---` inside a value; what follows is lost";
        effects.push(Effect::changes(Span::new(split.end, split.end + 3), why));
    }
    if let Some(folder) = context.folder
        && !folder.name.is_empty()
        && let Some(name) = yaml.get("name").and_then(|name| name.as_text())
        && !js_trim(name).is_empty()
        && js_trim(name) != folder.name
    {
        effects.push(Effect::changes(place(context, "name"), "it goes by the name of its folder"));
    }
    let described =
        yaml.get("description").and_then(|node| node.as_text()).map(js_trim).filter(|text| !text.is_empty());
    match described {
        None => {
            let why = match yaml.get("description") {
                Some(node) if node.as_scalar().is_none() => format!("its description is {}", node.kind_name()),
                _ => "it has no description".to_owned(),
            };
            let why = format!("{why}, so {}", stand_in(body));
            effects.push(Effect::changes(place(context, "description"), why));
        }
        Some(description) => {
            let when = yaml.get("when_to_use").filter(|node| !is_null(node)).and_then(|node| node.as_text());
            let listed = utf16_len(description) + when.map_or(0, |when| utf16_len(when) + BETWEEN);
            if listed > MAX_LISTED {
                let (key, what) = match when {
                    Some(_) => ("when_to_use", "description and `when_to_use` together are"),
                    None => ("description", "the description is"),
                };
                effects.push(Effect::shortens(place(context, key), format!("{what} cut to 1,536 characters")));
            }
        }
    }
    effects
}

/// A text without its byte order mark.
fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// What takes the place of the description.
fn stand_in(body: &str) -> &'static str {
    if js_trim(body).is_empty() { "it has no description" } else { "the first line of its text is its description" }
}

/// What the pattern for the frontmatter finds.
struct Split<'t> {
    yaml: &'t str,
    /// Where the `---` stands that ends it.
    end: usize,
    body: usize,
}

impl<'t> Split<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let rest = unmarked(text).strip_prefix("---")?;
        // White space up to the last line end before something else.
        let blank = rest.len() - rest.trim_start_matches(is_js_space).len();
        let open = text.len() - rest.len() + rest[..blank].rfind('\n')? + 1;
        // Where no `---` follows there, one may still stand in the blank lines; nobody writes that.
        let len = text[open..].find("---")?;
        let end = open + len;
        let after = &text[end + 3..];
        let blank = after.len() - after.trim_start_matches(is_js_space).len();
        let body = end + 3 + after[..blank].rfind('\n').map_or(blank, |at| at + 1);
        Some(Self { yaml: &text[open..end], end, body })
    }
}

/// The fields, mended where they cannot be read at once. A NUL is never mended.
fn fields(yaml: &str) -> Option<Yaml> {
    if yaml.contains('\0') {
        return None;
    }
    let read = Yaml::read(yaml);
    let read = if read.invalid { Yaml::read(&mend(yaml)) } else { read };
    (!read.invalid).then_some(read)
}

/// Every `key: value` with a character in it that YAML gives a meaning, in quotes.
fn mend(yaml: &str) -> String {
    let lines: Vec<String> = yaml.split('\n').map(mended_line).collect();
    lines.join("\n")
}

fn mended_line(line: &str) -> String {
    let quoted = || {
        let (key, rest) = line.split_once(':')?;
        let named = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphabetic() || c == '_' || c == '-');
        let value = rest.trim_start_matches(is_js_space);
        if !named || value.is_empty() || value.len() == rest.len() {
            return None;
        }
        let in_quotes = |mark| value.len() > 1 && value.starts_with(mark) && value.ends_with(mark);
        let is_list = value.starts_with('[') && value.ends_with(']') && !Yaml::read(value).invalid;
        if in_quotes('"') || in_quotes('\'') || is_list {
            return None;
        }
        let special = value.contains(['{', '}', '[', ']', '*', '&', '#', '!', '|', '>', '%', '@', '`']);
        (special || value.contains(": "))
            .then(|| format!("{key}: \"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")))
    };
    let line = quoted().unwrap_or_else(|| line.to_owned());
    let tabs = line.len() - line.trim_start_matches('\t').len();
    format!("{}{}", "  ".repeat(tabs), &line[tabs..])
}
