use super::evidence::SPEC_STRUCTURE;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "spec/wrong-file-name",
    severity: Severity::Error,
    summary: "the manifest is called otherwise than SKILL.md",
    why: "On systems that tell upper from lower case `skill.md` is another file, and agents that look for SKILL.md do not see it.",
    evidence: &[SPEC_STRUCTURE],
    clients: &[],
    fix: None,
    bad: &[Example::Words("skills/my-skill/Skill.md")],
    good: &[Example::Words("skills/my-skill/SKILL.md")],
    check: Check::Outside,
};
