//! Known findings, kept in a file so that only new ones count.
//!
//! A finding is known by its file, its rule and its words, not by its line or what it counts: what moves within a file or grows stays
//! known. Two that are alike are two. Files are named from the folder of the baseline.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::anchor::Anchor;
use super::diagnostic::words;
use super::finding::Finding;
use crate::error::{Error, ErrorKind, Result};

/// The form of the file.
const VERSION: u32 = 1;

/// A set of known findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    findings: Vec<Known>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    path: String,
    rule: String,
    message: String,
    #[serde(default = "one", skip_serializing_if = "is_one")]
    count: usize,
}

fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(count: &usize) -> bool {
    *count == 1
}

impl Baseline {
    /// A baseline of all these findings, to be kept in the folder of `anchor`.
    pub fn of(findings: &[Finding], anchor: &Anchor) -> Self {
        let mut counts: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for finding in findings {
            *counts.entry(key(finding, anchor)).or_default() += 1;
        }
        let findings = counts.into_iter().map(|((path, rule, message), count)| Known { path, rule, message, count });
        Self { version: VERSION, findings: findings.collect() }
    }

    /// Reads what [`Baseline::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self> {
        let baseline: Self = serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::Invalid, "this is not a baseline")
                .because(error)
                .hint("write one anew with --write-baseline")
        })?;
        if baseline.version == VERSION {
            return Ok(baseline);
        }
        let message = format!("this baseline has version {}, and {VERSION} is read", baseline.version);
        Err(Error::new(ErrorKind::Invalid, message).hint("write one anew with --write-baseline"))
    }

    /// As text for a file.
    pub fn to_json(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self)
            .map_err(|error| Error::new(ErrorKind::Invalid, "the baseline has no JSON form").because(error))?;
        Ok(text + "\n")
    }

    /// How many findings it holds.
    pub fn len(&self) -> usize {
        self.findings.iter().map(|known| known.count).sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The files that it names, from its folder.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.findings.iter().map(|known| known.path.as_str())
    }

    /// Takes out what is known, and says how many that were and how many are known but gone.
    pub fn apply(&self, findings: &mut Vec<Finding>, anchor: &Anchor) -> (usize, usize) {
        let mut left: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        for known in &self.findings {
            *left.entry((known.path.clone(), known.rule.clone(), words(&known.message))).or_default() += known.count;
        }
        let before = findings.len();
        findings.retain(|finding| {
            let (path, rule, message) = key(finding, anchor);
            match left.get_mut(&(path, rule, words(&message))) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            }
        });
        (before - findings.len(), left.values().sum())
    }
}

fn key(finding: &Finding, anchor: &Anchor) -> (String, String, String) {
    (anchor.name(&finding.path), finding.diagnostic.rule.to_owned(), finding.diagnostic.message.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(message: &'static str) -> Finding {
        Finding::example("a/SKILL.md", message)
    }

    #[test]
    fn only_as_many_as_are_known_are_left_out() {
        let baseline = Baseline::of(&[finding("x"), finding("x"), finding("gone")], &Anchor::default());
        let baseline = Baseline::from_json(&baseline.to_json().unwrap()).unwrap();
        assert_eq!(baseline.len(), 3);
        let mut findings = vec![finding("x"), finding("x"), finding("x"), finding("y")];
        assert_eq!(baseline.apply(&mut findings, &Anchor::default()), (2, 1));
        assert_eq!(findings, [finding("x"), finding("y")]);
    }

    #[test]
    fn what_counts_otherwise_stays_known() {
        let baseline = Baseline::of(&[finding("the body has 600 lines")], &Anchor::default());
        let mut findings = vec![finding("the body has 601 lines")];
        assert_eq!(baseline.apply(&mut findings, &Anchor::default()), (1, 0));
    }

    #[test]
    fn another_version_is_refused() {
        assert!(Baseline::from_json("{\"version\": 9, \"findings\": []}").is_err());
        assert!(Baseline::from_json("[]").is_err());
    }
}
