//! Every rule there is, in the order in which they are listed. The one table behind `skillpress rule`, the documentation, the
//! configuration's selectors and SARIF's metadata.

use std::sync::LazyLock;

use super::rule::Rule;
use super::rules;
use crate::error::{Error, ErrorKind, Result};
use crate::words::did_you_mean;

/// Reported by the engine: a comment that suppresses nothing.
pub const UNUSED_SUPPRESSION: &str = "text/unused-suppression";
/// Its findings point at what no report may show.
pub const SECRET: &str = rules::security::SECRET;

/// A group of rules and what it is about.
#[derive(Debug)]
pub struct Group {
    /// The part of a rule's name before the slash.
    pub name: &'static str,
    /// What its rules look at.
    pub about: &'static str,
    /// Its rules.
    pub rules: &'static [&'static Rule],
}

/// Every group.
pub static GROUPS: &[Group] = &[
    Group { name: "spec", about: "What the Agent Skills specification says.", rules: rules::spec::RULES },
    Group {
        name: "structure",
        about: "Links, files, sections and steps: what a skill refers to.",
        rules: rules::structure::RULES,
    },
    Group {
        name: "app",
        about: "App skills: the overview of an application and its table of actions.",
        rules: rules::app::RULES,
    },
    Group {
        name: "text",
        about: "What was left over: markers, placeholders, damaged characters.",
        rules: rules::text::RULES,
    },
    Group {
        name: "security",
        about: "What could be turned against the user of a skill.",
        rules: rules::security::RULES,
    },
    Group { name: "shell", about: "Shell code that an agent copies into a terminal.", rules: rules::shell::RULES },
    Group { name: "client", about: "What single clients do differently.", rules: rules::client::RULES },
    Group { name: "set", about: "Several skills compared with each other.", rules: rules::set::RULES },
];

/// Every rule, group by group.
pub static RULES: LazyLock<Vec<&'static Rule>> =
    LazyLock::new(|| GROUPS.iter().flat_map(|group| group.rules).copied().collect());

/// The rule with this name.
pub fn rule(name: &str) -> Result<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name).copied().ok_or_else(|| {
        let error = Error::new(ErrorKind::Usage, format!("there is no lint rule {name:?}"));
        let near = did_you_mean(name, RULES.iter().map(|rule| rule.name));
        error.hint(near.unwrap_or_else(|| "`skillpress rule` lists them".to_owned()))
    })
}

/// Where in [`RULES`] the rule with this name stands; past the end when there is none.
pub(super) fn position(name: &str) -> usize {
    RULES.iter().position(|rule| rule.name == name).unwrap_or(RULES.len())
}
