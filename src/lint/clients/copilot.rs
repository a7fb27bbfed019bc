//! VS Code with GitHub Copilot. Its reader of YAML mends what it can, a skill is called by its folder, and texts are cut to the
//! specification's limits after everything that looks like a tag is removed.

use super::reading::{Yaml, utf16_len};
use super::{Effect, place};
use crate::lint::context::Context;
use crate::manifest::source::Span;

/// Characters of a description that are kept, in UTF-16.
const MAX_DESCRIPTION: usize = 1024;

pub(super) fn effects(context: &Context<'_>) -> Vec<Effect> {
    let text = context.text();
    // Whether the byte order mark is gone before the text is split depends on where the editor runs.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.split_inclusive('\n');
    if !lines.next().is_some_and(is_fence) {
        let why = "without `---` on its first line it has no description to be chosen by";
        return vec![Effect::changes(Span::at(0), why)];
    }
    let yaml: String = lines.take_while(|line| !is_fence(line)).collect();
    let yaml = Yaml::read(&yaml);
    if !yaml.is_strict() {
        // Its reader goes on after a mistake; what it makes of the rest is not known.
        return Vec::new();
    }
    let mut effects = Vec::new();
    let name = yaml.get("name").and_then(|name| name.as_text()).unwrap_or_default();
    if let Some(folder) = context.folder
        && !folder.name.is_empty()
        && !name.is_empty()
        && name != folder.name
    {
        effects.push(Effect::changes(place(context, "name"), "it goes by the name of its folder"));
    }
    let place = place(context, "description");
    let description = yaml.get("description").and_then(|description| description.as_text()).unwrap_or_default();
    let kept = without_tags(description);
    if kept.is_empty() {
        effects.push(Effect::changes(place, "it has no description to be chosen by"));
    } else {
        if kept.len() < description.len() {
            effects.push(Effect::changes(place, "what looks like a tag is removed from the description"));
        }
        if utf16_len(&kept) > MAX_DESCRIPTION {
            effects.push(Effect::shortens(place, "the description is cut to 1,024 characters"));
        }
    }
    effects
}

fn is_fence(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.trim().is_empty())
}

/// The text without `<...>`.
fn without_tags(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let Some(len) = rest[open + 1..].find('>').filter(|&len| len > 0) else { break };
        kept.push_str(&rest[..open]);
        rest = &rest[open + len + 2..];
    }
    kept.push_str(rest);
    kept
}
