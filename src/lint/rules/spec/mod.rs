//! What the Agent Skills specification says. What must be is an error, what should be a warning.

mod allowed_tools_type;
mod body_length;
mod body_tokens;
mod compatibility_length;
mod compatibility_type;
mod description_empty;
mod description_length;
mod description_type;
mod description_when;
mod duplicate_key;
mod frontmatter_type;
mod invalid_yaml;
mod key_type;
mod license_type;
mod metadata_type;
mod metadata_value_type;
mod missing_description;
mod missing_frontmatter;
mod missing_manifest;
mod missing_name;
mod name_characters;
mod name_folder;
mod name_hyphens;
mod name_length;
mod name_type;
mod not_utf8;
mod unclosed_frontmatter;
mod unknown_field;
mod unquoted_text;
mod unreadable_manifest;
mod wrong_file_name;
mod yaml_control_character;
mod yaml_too_large;

use super::evidence;
use crate::lint::context::Context;
use crate::lint::rule::Rule;
use crate::manifest::frontmatter::Entry;
use crate::manifest::source::Span;
use crate::manifest::yaml::Value;

pub(in crate::lint) static RULES: &[&Rule] = &[
    &missing_manifest::RULE,
    &unreadable_manifest::RULE,
    &wrong_file_name::RULE,
    &not_utf8::RULE,
    &missing_frontmatter::RULE,
    &unclosed_frontmatter::RULE,
    &yaml_control_character::RULE,
    &invalid_yaml::RULE,
    &yaml_too_large::RULE,
    &frontmatter_type::RULE,
    &duplicate_key::RULE,
    &key_type::RULE,
    &unknown_field::RULE,
    &unquoted_text::RULE,
    &missing_name::RULE,
    &name_type::RULE,
    &name_length::RULE,
    &name_characters::RULE,
    &name_hyphens::RULE,
    &name_folder::RULE,
    &missing_description::RULE,
    &description_type::RULE,
    &description_empty::RULE,
    &description_length::RULE,
    &description_when::RULE,
    &license_type::RULE,
    &compatibility_type::RULE,
    &compatibility_length::RULE,
    &metadata_type::RULE,
    &metadata_value_type::RULE,
    &allowed_tools_type::RULE,
    &body_length::RULE,
    &body_tokens::RULE,
];

/// A field whose value is a single text, untrimmed.
fn text_field<'a>(context: &Context<'a>, key: &str) -> Option<(&'a Entry, &'a str)> {
    let entry = context.manifest.frontmatter.get(key)?;
    Some((entry, entry.value.as_text()?))
}

/// Where to point for the value of `entry`: the key, where the value is nothing that can be pointed at.
fn value_span(entry: &Entry) -> Span {
    if entry.value.span.is_empty() { entry.key_span } else { entry.value.span }
}

/// Where to point for what the frontmatter lacks: its opening fence; nothing where it could not be read to its end.
fn lacking(context: &Context<'_>, key: &str) -> Option<Span> {
    let frontmatter = &context.manifest.frontmatter;
    let span = frontmatter.span?;
    let readable = frontmatter.closed && !context.manifest.problems.iter().any(|problem| stops_reading(problem.kind));
    // YAML 1.1 readers merge what `<<` names.
    let merged = frontmatter.get("<<").is_some_and(|entry| match &entry.value.value {
        Value::Mapping(entries) => {
            entries.iter().any(|(name, _)| name.as_scalar().is_some_and(|name| name.text == key))
        }
        _ => false,
    });
    (readable && !merged && frontmatter.get(key).is_none()).then(|| Span::new(span.start, span.start + 3))
}

fn stops_reading(kind: crate::manifest::problem::ProblemKind) -> bool {
    use crate::manifest::problem::ProblemKind;
    matches!(kind, ProblemKind::InvalidYaml | ProblemKind::YamlTooLarge | ProblemKind::NotAMapping)
}
