use super::evidence::SPEC_STRUCTURE;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "spec/missing-manifest",
    severity: Severity::Error,
    summary: "a skill's folder has no SKILL.md",
    why: "Agents know a skill by its SKILL.md; a folder without one is passed over without a word. A folder that was named is an \
          error; a folder that merely stands among skills is a warning, since it may hold something else.",
    evidence: &[SPEC_STRUCTURE],
    clients: &[],
    fix: None,
    bad: &[Example::Words("skills/my-skill/README.md, and no SKILL.md beside it")],
    good: &[Example::Words("skills/my-skill/SKILL.md")],
    check: Check::Outside,
};
