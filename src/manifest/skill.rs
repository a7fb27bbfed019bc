//! The model: a manifest as a plain value, without places.
//!
//! `skillpress extract` prints it and `skillpress render` takes it. Its JSON Schema is published as `docs/model.schema.json`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Manifest;
use super::actions::{self, Actions};
use super::overview::{Entity, Overview};
use super::source::Span;

/// One skill, as its manifest tells it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Skill {
    /// Where the manifest was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The YAML frontmatter.
    pub frontmatter: Fields,
    /// The text of the first top-level heading.
    pub title: Option<String>,
    /// The first paragraph under the title.
    pub summary: Option<String>,
    /// What stands after `Official docs:`; an URL in a sound manifest.
    pub docs_url: Option<String>,
    /// The URL that `membrane connection ensure` is given.
    pub app_url: Option<String>,
    /// The application's entities; null when the manifest is no app skill.
    pub overview: Option<OverviewModel>,
    /// The application's popular actions; null when the manifest is no app skill.
    pub actions: Option<ActionsModel>,
    /// Every section of the body.
    pub sections: Vec<Section>,
    /// What it costs an agent's context.
    pub tokens: Tokens,
}

/// The frontmatter's fields by the specification's names; all others are in `extra`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Fields {
    /// The skill's name: what YAML writes, also where it looks like a number.
    pub name: Option<String>,
    /// What the skill does and when to use it.
    pub description: Option<String>,
    /// The licence's name or file.
    pub license: Option<String>,
    /// What the skill needs of its surroundings.
    pub compatibility: Option<String>,
    /// Tools that may be used without asking.
    #[serde(rename = "allowed-tools", skip_serializing_if = "Option::is_none")]
    pub allowed_tools: Option<String>,
    /// Custom fields.
    pub metadata: Map<String, Json>,
    /// Fields outside the specification, and fields of the specification whose value is no text.
    pub extra: Map<String, Json>,
}

/// An overview without places.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct OverviewModel {
    /// Text before the tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intro: Option<String>,
    /// The top of the tree.
    pub entities: Vec<EntityModel>,
    /// Text after the tree.
    pub guidance: Option<String>,
}

/// An entity and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct EntityModel {
    /// Its name without markers.
    pub name: String,
    /// What is said about it.
    pub note: Option<String>,
    /// Entities under it.
    pub children: Vec<EntityModel>,
}

/// Actions without places.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ActionsModel {
    /// The table's rows.
    pub rows: Vec<ActionModel>,
    /// The text that stands in place of a table.
    pub fallback: Option<String>,
}

/// One action.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ActionModel {
    /// What people call it.
    pub name: String,
    /// What the command line calls it.
    pub key: String,
    /// What it does.
    pub description: String,
}

/// A heading and the lines up to the next one; line numbers start at 1.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Section {
    /// 1 to 6.
    pub level: u8,
    /// The heading's text.
    pub heading: String,
    /// The heading's line.
    pub start_line: usize,
    /// The last line that is not blank.
    pub end_line: usize,
}

/// Estimated tokens, at four bytes each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Tokens {
    /// Name and description, which an agent loads at every start.
    pub startup: usize,
    /// The body, which it loads when the skill is used.
    pub body: usize,
}

impl Tokens {
    /// What a description and a body of so many bytes cost.
    pub fn estimate(startup_bytes: usize, body_bytes: usize) -> Self {
        const BYTES_PER_TOKEN: usize = 4;
        Self { startup: startup_bytes.div_ceil(BYTES_PER_TOKEN), body: body_bytes.div_ceil(BYTES_PER_TOKEN) }
    }
}

impl Skill {
    /// The model of a manifest that was read from `path`.
    pub fn of(manifest: &Manifest, path: Option<String>) -> Self {
        let text = |span: Span| manifest.text(span).to_owned();
        Self {
            path,
            frontmatter: Fields::of(manifest),
            title: manifest.title.map(text),
            summary: manifest.summary.map(|span| one_line(manifest.text(span))),
            docs_url: manifest.docs_url.map(text),
            app_url: manifest.app_url.map(text),
            overview: manifest.overview.as_ref().map(|overview| OverviewModel::of(manifest, overview)),
            actions: manifest.actions.as_ref().map(|actions| ActionsModel::of(manifest, actions)),
            sections: sections(manifest),
            tokens: manifest.tokens(),
        }
    }
}

impl Fields {
    /// All fields as one mapping, those of the specification first and in its order.
    pub fn to_map(&self) -> Map<String, Json> {
        let texts = [
            ("name", &self.name),
            ("description", &self.description),
            ("license", &self.license),
            ("compatibility", &self.compatibility),
            ("allowed-tools", &self.allowed_tools),
        ];
        let texts = texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Json::from(text.as_deref()?))));
        let mut map: Map<String, Json> = texts.collect();
        if !self.metadata.is_empty() {
            map.insert("metadata".to_owned(), Json::Object(self.metadata.clone()));
        }
        map.extend(self.extra.clone());
        map
    }

    fn of(manifest: &Manifest) -> Self {
        let mut fields = Self::default();
        for entry in &manifest.frontmatter.entries {
            let text = entry.value.as_text().map(|text| text.trim().to_owned());
            let known = match entry.key.as_str() {
                "name" => Some(&mut fields.name),
                "description" => Some(&mut fields.description),
                "license" => Some(&mut fields.license),
                "compatibility" => Some(&mut fields.compatibility),
                "allowed-tools" => Some(&mut fields.allowed_tools),
                _ => None,
            };
            match (known, text) {
                (Some(field), Some(text)) => {
                    field.get_or_insert(text);
                }
                (None, _) if entry.key == "metadata" => match entry.value.to_json() {
                    Json::Object(map) => fields.metadata = texts(map, &entry.value),
                    other => drop(fields.extra.insert(entry.key.clone(), other)),
                },
                _ => drop(fields.extra.insert(entry.key.clone(), entry.value.to_json())),
            }
        }
        fields
    }
}

/// Metadata values are texts by the specification: a version written `1.0` is kept as it is written.
fn texts(map: Map<String, Json>, node: &super::yaml::Node) -> Map<String, Json> {
    let super::yaml::Value::Mapping(entries) = &node.value else { return map };
    let written = |key: &str| {
        entries
            .iter()
            .find(|(k, _)| k.as_scalar().is_some_and(|k| k.text == key))
            .and_then(|(_, value)| value.as_text())
    };
    map.into_iter()
        .map(|(key, value)| {
            let value = written(&key).map_or(value, |text| Json::String(text.to_owned()));
            (key, value)
        })
        .collect()
}

impl OverviewModel {
    fn of(manifest: &Manifest, overview: &Overview) -> Self {
        let text = |span: Span| manifest.text(span).to_owned();
        Self {
            intro: overview.intro.map(text),
            entities: EntityModel::tree(manifest, &overview.entities),
            guidance: overview.guidance.map(text),
        }
    }
}

impl EntityModel {
    fn tree(manifest: &Manifest, entities: &[Entity]) -> Vec<Self> {
        // `open[depth]` collects the entities that stand at this depth under the one last seen above it.
        let mut open: Vec<Vec<Self>> = vec![Vec::new()];
        let close = |open: &mut Vec<Vec<Self>>| {
            if let Some(children) = open.pop()
                && let Some(parent) = open.last_mut().and_then(|level| level.last_mut())
            {
                parent.children = children;
            }
        };
        for entity in entities {
            while open.len() > entity.depth + 1 {
                close(&mut open);
            }
            while open.len() < entity.depth + 1 {
                open.push(Vec::new());
            }
            let name = manifest.text(entity.name).to_owned();
            let note = entity.note.map(|note| one_line(manifest.text(note)));
            if let Some(level) = open.last_mut() {
                level.push(Self { name, note, children: Vec::new() });
            }
        }
        while open.len() > 1 {
            close(&mut open);
        }
        open.pop().unwrap_or_default()
    }
}

impl ActionsModel {
    fn of(manifest: &Manifest, actions: &Actions) -> Self {
        let cell = |span: Span| actions::unescape(manifest.text(span));
        let rows = actions.rows().iter().map(|row| ActionModel {
            name: cell(row.name),
            key: cell(row.key),
            description: cell(row.description),
        });
        Self { rows: rows.collect(), fallback: actions.fallback.map(|span| one_line(manifest.text(span))) }
    }
}

fn sections(manifest: &Manifest) -> Vec<Section> {
    let line = |offset: usize| manifest.source.position(offset).line;
    let section = |heading: &super::document::Heading| Section {
        level: heading.level,
        heading: manifest.text(heading.text).to_owned(),
        start_line: line(heading.span.start),
        end_line: if heading.content.is_empty() { line(heading.span.end) } else { line(heading.content.end) },
    };
    manifest.document.headings.iter().map(section).collect()
}

/// Line ends inside a paragraph are blanks.
fn one_line(text: &str) -> String {
    if text.contains(['\n', '\r']) { text.split_whitespace().collect::<Vec<_>>().join(" ") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_schema_is_current() {
        let schema = schemars::schema_for!(Skill);
        let current = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/model.schema.json");
        let published = std::fs::read_to_string(path).unwrap_or_default();
        if published != current && std::env::var_os("UPDATE_DOCS").is_some() {
            #[expect(clippy::disallowed_methods, reason = "a test that brings a generated file up to date")]
            std::fs::write(path, &current).expect("docs/ is writable");
            return;
        }
        assert!(published == current, "docs/model.schema.json is stale: run `UPDATE_DOCS=1 cargo test --lib`");
    }
}
