//! The values of a template's slots, each as it is written in some manifest.

use std::collections::BTreeMap;

use super::position::Position;

/// Values by slot name. A slot without a value and one whose value is empty are the same to an optional part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slots(BTreeMap<String, Written>);

/// A value and the place whose rules it is written by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The bytes in the manifest.
    pub text: String,
    /// Where they stand.
    pub position: Position,
}

impl Slots {
    /// The value of a slot.
    pub fn get(&self, name: &str) -> Option<&Written> {
        self.0.get(name)
    }

    /// Whether a slot has a value that is not empty.
    pub fn is_filled(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| !value.text.is_empty())
    }

    /// Sets the value of a slot.
    pub fn set(&mut self, name: impl Into<String>, value: Written) {
        self.0.insert(name.into(), value);
    }

    /// Sets the value of a slot to a text that is not written anywhere yet.
    pub fn set_plain(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.set(name, Written { text: text.into(), position: Position::Text });
    }

    /// What the value of a slot means, quotes and escapes undone.
    pub fn plain(&self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        value.position.decode(&value.text)
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Written)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl FromIterator<(String, Written)> for Slots {
    fn from_iter<I: IntoIterator<Item = (String, Written)>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}
