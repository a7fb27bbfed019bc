//! What somebody who knows about dangerous content has to say of a skill before it is installed.
//!
//! This module knows of no rules: the command line hands in an [`Inspector`], and says which findings the user allows.

use serde::Serialize;

use crate::error::{Error, ErrorKind, Result};
use crate::source::tree::Tree;

/// Something in a skill that should be seen before the skill is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule's name, which `--allow` takes.
    pub rule: String,
    /// Where: `path:line:column`.
    pub place: String,
    /// What it is.
    pub message: String,
}

/// Looks at a skill's files.
pub type Inspector<'a> = &'a (dyn Fn(&Tree) -> Vec<Finding> + Sync);

/// Refuses a skill with findings that nobody has allowed.
pub fn inspect(name: &str, tree: &Tree, inspector: Inspector<'_>, allowed: &[String]) -> Result<()> {
    let findings = inspector(tree);
    let mut stopping = findings.iter().filter(|finding| !allowed.contains(&finding.rule));
    let Some(first) = stopping.next() else { return Ok(()) };
    let mut rules: Vec<&str> = findings.iter().map(|finding| finding.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let allow: Vec<String> = rules
        .iter()
        .filter(|rule| !allowed.iter().any(|one| one == *rule))
        .map(|rule| format!("--allow {rule}"))
        .collect();
    let message = format!("{name}: refused: {}: {} ({})", first.place, first.message, first.rule);
    let others: Vec<String> =
        stopping.map(|finding| format!("{}: {} ({})", finding.place, finding.message, finding.rule)).collect();
    let error = Error::new(ErrorKind::Refused, message);
    let error = if others.is_empty() { error } else { error.because(others.join("\n")) };
    Err(error.hint(format!("read it; if you trust it, install it with {}", allow.join(" "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_allowed_passes() {
        let finding =
            |rule: &str| Finding { rule: rule.to_owned(), place: "SKILL.md:1:1".to_owned(), message: "bad".to_owned() };
        let inspector = |_: &Tree| vec![finding("a"), finding("b")];
        let run = |allowed: &[&str]| {
            let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
            inspect("x", &Tree::default(), &inspector, &allowed)
        };
        assert!(run(&["a", "b"]).is_ok());
        let both = run(&[]).unwrap_err();
        assert_eq!(both.in_full(), "x: refused: SKILL.md:1:1: bad (a): SKILL.md:1:1: bad (b)");
        let error = run(&["a"]).unwrap_err();
        assert_eq!(error.to_string(), "x: refused: SKILL.md:1:1: bad (b)");
        assert!(error.causes().next().is_none() && error.help().unwrap().ends_with("--allow b"));
    }
}
