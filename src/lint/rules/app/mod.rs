//! App skills: an overview of one application's entities and a table of its popular actions.
//!
//! A manifest is taken for an app skill by its section of popular actions or its call of `membrane connection ensure`. Many other
//! manifests have a section called "Overview"; these rules leave them alone.

mod action_description_cut;
mod action_description_empty;
mod action_description_placeholder;
mod action_key_format;
mod action_key_name;
mod action_row;
mod actions_missing;
mod app_url_empty;
mod app_url_missing;
mod docs_url_missing;
mod duplicate_action_key;
mod duplicate_entity;
mod mixed_indents;
mod model_text;
mod other_app;
mod overview_cut_off;
mod overview_empty;
mod overview_missing;
mod overview_runaway;
mod unclosed_bold;
mod url_insecure;
mod url_invalid;

use super::evidence;
use crate::lint::context::Context;
use crate::lint::rule::Rule;
use crate::manifest::actions::Row;
use crate::manifest::overview::Overview;
use crate::manifest::source::Span;

pub(in crate::lint) static RULES: &[&Rule] = &[
    &overview_missing::RULE,
    &overview_empty::RULE,
    &overview_runaway::RULE,
    &overview_cut_off::RULE,
    &duplicate_entity::RULE,
    &unclosed_bold::RULE,
    &mixed_indents::RULE,
    &actions_missing::RULE,
    &action_row::RULE,
    &duplicate_action_key::RULE,
    &action_key_format::RULE,
    &action_key_name::RULE,
    &action_description_empty::RULE,
    &action_description_placeholder::RULE,
    &action_description_cut::RULE,
    &app_url_missing::RULE,
    &app_url_empty::RULE,
    &docs_url_missing::RULE,
    &url_invalid::RULE,
    &url_insecure::RULE,
    &other_app::RULE,
    &model_text::RULE,
];

fn is_app(context: &Context<'_>) -> bool {
    context.manifest.actions.is_some() || context.manifest.app_url.is_some()
}

/// The overview of an app skill.
fn overview<'a>(context: &Context<'a>) -> Option<&'a Overview> {
    context.manifest.overview.as_ref().filter(|_| is_app(context))
}

fn rows<'a>(context: &Context<'a>) -> &'a [Row] {
    context.manifest.actions.as_ref().map_or(&[], |actions| actions.rows())
}

/// Where to point at an application as a whole.
fn title(context: &Context<'_>) -> Span {
    context.manifest.title.unwrap_or(Span::at(context.manifest.document.span.start))
}

/// `the action `x` has`, `3 actions have`.
fn actions_have(names: &[&str]) -> String {
    match names {
        [one] => format!("the action `{one}` has"),
        many => format!("{} actions have", many.len()),
    }
}
