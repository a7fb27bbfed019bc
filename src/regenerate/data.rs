//! Values for slots that manifests do not have yet: JSON, JSON lines or YAML, keyed by skill name.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::error::{Error, ErrorKind, Result};
use crate::manifest::yaml;
use crate::template::Pattern;

/// Values by skill name and slot name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Data(BTreeMap<String, BTreeMap<String, String>>);

/// Names in the data that fit nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// Skills that are not among the manifests.
    pub skills: Vec<String>,
    /// Slots that the target does not have.
    pub slots: Vec<String>,
}

impl Unused {
    /// Whether everything fits.
    pub fn is_empty(&self) -> bool {
        self.skills.is_empty() && self.slots.is_empty()
    }
}

impl Data {
    /// Reads `{"name": {"slot": "value"}}`, a list of `{"name": ..., "slot": "value"}` or one such object a line; the slots may
    /// stand under a key `slots` of their own, as `infer` writes them.
    pub fn parse(shown: &str, text: &str) -> Result<Self> {
        let mut data = Self::default();
        let invalid = |cause: Error| {
            Error::new(ErrorKind::Invalid, format!("{shown} holds no values for slots")).because(cause).hint(
                "give JSON or YAML such as {\"skill-name\": {\"app_url\": \"https://example.org/\"}}, or one {\"name\": ..., \"app_url\": ...} a line",
            )
        };
        match json(text).map_err(&invalid)? {
            Json::Object(skills) => {
                for (name, slots) in skills {
                    data.add(name, slots).map_err(&invalid)?;
                }
            }
            Json::Array(skills) => {
                for mut skill in skills {
                    let name = skill.get("name").and_then(Json::as_str).map(str::to_owned);
                    let name = name.ok_or_else(|| invalid(wrong(&format!("{skill} has no name"))))?;
                    let slots = skill.get_mut("slots").map(Json::take).unwrap_or(skill);
                    data.add(name, slots).map_err(&invalid)?;
                }
            }
            _ => return Err(invalid(wrong("it is neither a mapping nor a list"))),
        }
        Ok(data)
    }

    /// The value of a slot for a skill.
    pub fn get(&self, skill: &str, slot: &str) -> Option<&str> {
        self.0.get(skill)?.get(slot).map(String::as_str)
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What fits neither one of the skills nor a slot of the target.
    pub(super) fn unused(&self, skills: &HashSet<String>, target: &Pattern) -> Unused {
        let values =
            self.0.iter().flat_map(|(skill, slots)| slots.iter().map(move |(slot, value)| (skill, slot, value)));
        // The name in a record says whose it is, whatever the template has.
        let slots: BTreeSet<&String> =
            values.filter(|(skill, slot, value)| *slot != "name" || skill != value).map(|(_, slot, _)| slot).collect();
        Unused {
            skills: self.0.keys().filter(|skill| !skills.contains(*skill)).cloned().collect(),
            slots: slots.into_iter().filter(|slot| target.slot(slot).is_none()).cloned().collect(),
        }
    }

    fn add(&mut self, name: String, slots: Json) -> Result<()> {
        let Json::Object(slots) = slots else {
            return Err(wrong(&format!("the values of {name:?} are no mapping")));
        };
        let texts = slots.into_iter().filter_map(|(slot, value)| match value {
            Json::String(text) => Some((slot, text)),
            Json::Number(_) | Json::Bool(_) => Some((slot, value.to_string())),
            _ => None,
        });
        self.0.entry(name).or_default().extend(texts);
        Ok(())
    }
}

fn wrong(message: &str) -> Error {
    Error::new(ErrorKind::Invalid, message)
}

/// JSON, else one JSON object a line, else YAML, of which the first two may be said to be wrong where none fits.
fn json(text: &str) -> Result<Json> {
    if let Ok(json) = serde_json::from_str(text) {
        // A single line of JSON lines is an object with a name.
        return Ok(match json {
            Json::Object(map) if is_record(&map) => Json::Array(vec![Json::Object(map)]),
            json => json,
        });
    }
    if text.trim_start().starts_with('{') {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        return lines
            .map(|line| serde_json::from_str(line).map_err(|error| wrong(&error.to_string())))
            .collect::<Result<Vec<_>>>()
            .map(Json::Array)
            .or_else(|error| yaml::from_str(text).map_err(|_| error));
    }
    yaml::from_str(text)
}

fn is_record(map: &Map<String, Json>) -> bool {
    map.get("name").is_some_and(Json::is_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_in_every_form() {
        for text in [
            "{\"a\": {\"app_url\": \"u\"}, \"b\": {}}",
            "a:\n  app_url: u\n",
            "{a: {app_url: u}}\n",
            "{\n  a: {app_url: u}, # why\n  b: {},\n}\n",
            "[{\"name\": \"a\", \"app_url\": \"u\"}]",
            "{\"name\": \"a\", \"app_url\": \"u\"}\n{\"name\": \"b\", \"app_url\": \"v\"}\n",
            "{\"name\": \"a\", \"app_url\": \"u\"}\n",
            "{\"name\": \"a\", \"path\": \"x\", \"slots\": {\"app_url\": \"u\"}}\n",
        ] {
            assert_eq!(Data::parse("d", text).unwrap().get("a", "app_url"), Some("u"), "{text}");
        }
        for text in ["1", "[1]", "{\"a\": 1}", "{\"name\": \"a\"}\n{"] {
            assert!(Data::parse("d", text).is_err(), "{text}");
        }
    }
}
