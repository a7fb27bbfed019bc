//! Cursor. Its loader reads with gray-matter, asks for a description, and calls a skill by its folder.

use super::gray_matter::{self, Fault};
use super::reading::{text_but_no_date, utf16_len};
use super::{Effect, place};
use crate::lint::context::Context;
use crate::manifest::source::Span;

/// Characters of a description that are kept, in UTF-16.
const MAX_DESCRIPTION: usize = 1536;

pub(super) fn effects(context: &Context<'_>) -> Vec<Effect> {
    let start = Span::at(0);
    let yaml = match gray_matter::read(context.text()) {
        Ok(yaml) => yaml,
        Err(Fault::Yaml) => return vec![Effect::drops(start, "its frontmatter is no valid YAML")],
        Err(Fault::Language) => return vec![Effect::drops(start, "the first `---` is not alone on its line")],
    };
    let Some(yaml) = yaml else { return vec![Effect::drops(start, "it does not start with `---`")] };
    let description = yaml.get("description").and_then(text_but_no_date).unwrap_or_default();
    if description.is_empty() {
        return vec![Effect::drops(place(context, "description"), "it has no text as its description")];
    }
    if utf16_len(description) > MAX_DESCRIPTION {
        let why = "the description is cut to 1,536 characters";
        return vec![Effect::shortens(place(context, "description"), why)];
    }
    Vec::new()
}
