//! What a model holds for the slots of a template.

use serde_json::{Map, Value as Json, json};

use super::pattern::{Pattern, Slot, Unfit, UnfitReason};
use super::position::Position;
use super::slots::{Slots, Written};
use crate::error::Result;
use crate::manifest::skill::{Fields, Skill};
use crate::manifest::{compose, yaml};

/// The values of `skill` for the slots of `pattern`, each written by the rules of its place; what is `given` comes first.
pub(super) fn of_model(skill: &Skill, pattern: &Pattern, given: &Map<String, Json>) -> Result<Slots, Unfit> {
    let mut slots = Slots::default();
    for slot in pattern.slots() {
        let written = match given.get(&slot.name).cloned().or_else(|| value(skill, pattern, &slot.name)) {
            Some(Json::String(text)) => {
                slot.position.encode(&text).ok_or_else(|| Unfit::new(slot, UnfitReason::NotWritable))?
            }
            Some(other) => write_json(&other, slot)?,
            None if slot.required => return Err(Unfit::new(slot, UnfitReason::Missing)),
            None => continue,
        };
        slots.set(&slot.name, Written { text: written, position: slot.position });
    }
    Ok(slots)
}

/// The values of `skill` for a template that computes: the model's own fields and, beside them, what a template loops over.
pub(super) fn context(skill: &Skill) -> Result<Map<String, Json>, serde_json::Error> {
    let mut context = match serde_json::to_value(skill)? {
        Json::Object(fields) => fields,
        _ => Map::new(),
    };
    for name in ["name", "description", "license", "compatibility"] {
        context.insert(name.to_owned(), json!(frontmatter_text(&skill.frontmatter, name)));
    }
    let overview = skill.overview.as_ref();
    let actions = skill.actions.as_ref();
    context.insert("overview".into(), json!(overview.map(compose::overview)));
    context.insert("intro".into(), json!(overview.and_then(|overview| overview.intro.as_ref())));
    context.insert("entities".into(), json!(overview.map_or(&[][..], |overview| &overview.entities)));
    context.insert("guidance".into(), json!(overview.and_then(|overview| overview.guidance.as_ref())));
    context.insert("actions".into(), json!(actions.map(compose::actions)));
    context.insert("rows".into(), json!(actions.map_or(&[][..], |actions| &actions.rows)));
    context.insert("fallback".into(), json!(actions.and_then(|actions| actions.fallback.as_ref())));
    Ok(context)
}

fn value(skill: &Skill, pattern: &Pattern, name: &str) -> Option<Json> {
    let text = |text: &Option<String>| text.clone().map(Json::String);
    match name {
        "title" => text(&skill.title),
        "summary" => text(&skill.summary),
        "docs_url" => text(&skill.docs_url),
        "app_url" => text(&skill.app_url),
        "overview" => skill.overview.as_ref().map(|overview| Json::String(compose::overview(overview))),
        "actions" => skill.actions.as_ref().map(|actions| Json::String(compose::actions(actions))),
        "frontmatter" => frontmatter(&skill.frontmatter, pattern).map(Json::String),
        _ => {
            let fields = &skill.frontmatter;
            let found = |map: &Map<String, Json>| {
                let key = |key: &&String| **key == name || key.replace(['-', '.'], "_") == name;
                map.keys().find(key).and_then(|key| map.get(key)).cloned()
            };
            frontmatter_text(fields, name)
                .map(|text| Json::String(text.to_owned()))
                .or_else(|| found(&fields.metadata))
                .or_else(|| found(&fields.extra))
                .filter(|value| !value.is_null())
        }
    }
}

fn frontmatter_text<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    let text = match name {
        "name" => &fields.name,
        "description" => &fields.description,
        "license" => &fields.license,
        "compatibility" => &fields.compatibility,
        "allowed_tools" => &fields.allowed_tools,
        _ => return None,
    };
    text.as_deref()
}

/// All keys that the template does not name as slots of their own, as YAML lines.
fn frontmatter(fields: &Fields, pattern: &Pattern) -> Option<String> {
    let mut map = fields.to_map();
    map.retain(|key, _| pattern.slot(&key.replace(['-', '.'], "_")).is_none());
    if map.is_empty() {
        return Some(String::new());
    }
    yaml::to_string(&map).ok().map(|yaml| yaml.trim_end().to_owned())
}

/// A value that is no text. As a whole YAML value it keeps its kind: JSON is YAML on one line.
fn write_json(value: &Json, slot: &Slot) -> Result<String, Unfit> {
    match value {
        Json::Bool(_) | Json::Number(_) => Ok(value.to_string()),
        Json::Array(_) | Json::Object(_) if slot.position == Position::Inline => Ok(value.to_string()),
        _ => Err(Unfit::new(slot, UnfitReason::NotWritable)),
    }
}
