//! Gemini CLI. Its loader finds the frontmatter by one pattern, reads the YAML for two texts, and where that gives none looks for
//! lines that start with `name:` and `description:`.

use super::reading::{Yaml, text_but_no_date};
use super::{Effect, place};
use crate::lint::context::Context;
use crate::manifest::source::Span;

/// Characters that a file's name cannot hold somewhere.
const REPLACED: [char; 9] = [':', '\\', '/', '<', '>', '*', '?', '"', '|'];

pub(super) fn effects(context: &Context<'_>) -> Vec<Effect> {
    let text = context.text();
    let start = Span::at(0);
    if context.folder.is_some_and(|folder| folder.depth.is_some_and(|depth| depth > 1)) {
        return vec![Effect::drops(start, "it is not directly in the skills directory")];
    }
    if context.folder.is_some_and(|folder| folder.name.starts_with('.')) {
        return vec![Effect::drops(start, "the skill's folder is hidden")];
    }
    let Some(split) = Split::of(text) else {
        return vec![Effect::drops(start, unmatched(text))];
    };
    let Some(fields) = fields(split.yaml) else {
        let missing = ["name", "description"].into_iter().find(|key| !has_line(split.yaml, key)).unwrap_or("name");
        return vec![Effect::drops(place(context, missing), format!("it has no {missing}"))];
    };
    let mut effects = Vec::new();
    if split.loses_body {
        effects.push(Effect::changes(
            Span::at(split.close),
            "something follows the closing `---` on its line, so the body is lost",
        ));
    }
    let Fields { name, description, by_line } = fields;
    for (key, value) in [("name", &name), ("description", &description)] {
        let in_quotes = |mark| value.len() > 1 && value.starts_with(mark) && value.ends_with(mark);
        if by_line && (value.starts_with(['|', '>']) || in_quotes('"') || in_quotes('\'')) {
            let why = format!("its {key} is taken as it stands, with the marks that YAML gives a meaning");
            effects.push(Effect::changes(place(context, key), why));
        }
    }
    if name.is_empty() {
        effects.push(Effect::changes(place(context, "name"), "its name is empty"));
    } else if name.contains(REPLACED) {
        effects.push(Effect::changes(place(context, "name"), "characters of its name are replaced by hyphens"));
    }
    if description.trim().is_empty() {
        effects.push(Effect::changes(place(context, "description"), "its description is empty"));
    }
    effects
}

/// What the pattern finds.
struct Split<'t> {
    yaml: &'t str,
    /// Where the closing fence stands.
    close: usize,
    /// The closing fence is not alone on its line, and there is a body.
    loses_body: bool,
}

impl<'t> Split<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let rest = text.strip_prefix("---")?;
        let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'))?;
        let close = rest.find("\n---")?;
        let yaml = rest[..close].strip_suffix('\r').unwrap_or(&rest[..close]);
        let after = &rest[close + 4..];
        let loses_body = !after.trim().is_empty() && !after.starts_with('\n') && !after.starts_with("\r\n");
        Some(Self { yaml, close: text.len() - after.len() - 3, loses_body })
    }
}

fn unmatched(text: &str) -> &'static str {
    let opening = text.split(['\n', '\r']).next().unwrap_or_default();
    if text.starts_with('\u{feff}') {
        "a byte order mark stands before the first `---`"
    } else if !opening.starts_with("---") {
        "it does not start with `---`"
    } else if opening != "---" {
        "something follows the first `---` on its line"
    } else if !text.contains('\n') {
        "its lines end in carriage returns alone"
    } else {
        "no line of `---` closes its frontmatter"
    }
}

/// Name and description.
struct Fields {
    name: String,
    description: String,
    /// Taken from single lines, since YAML gave no two texts.
    by_line: bool,
}

fn fields(yaml: &str) -> Option<Fields> {
    let read = Yaml::read(yaml);
    let text = |key| read.get(key).and_then(text_but_no_date).map(str::to_owned);
    if read.is_strict()
        && let (Some(name), Some(description)) = (text("name"), text("description"))
    {
        return Some(Fields { name, description, by_line: false });
    }
    let line = |key| line(yaml, key).map(str::to_owned);
    Some(Fields { name: line("name")?, description: line("description")?, by_line: true })
}

fn has_line(yaml: &str, key: &str) -> bool {
    line(yaml, key).is_some()
}

/// What follows `key:` on the last line that starts with it.
fn line<'y>(yaml: &'y str, key: &str) -> Option<&'y str> {
    yaml.lines().rev().find_map(|line| line.trim_start().strip_prefix(key)?.strip_prefix(':')).map(str::trim)
}
