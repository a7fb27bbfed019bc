use super::evidence::SPEC_STRUCTURE;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "spec/unreadable-manifest",
    severity: Severity::Error,
    summary: "SKILL.md is there but cannot be read",
    why: "A link that leads nowhere, a folder called SKILL.md or a file without read permission is no manifest: agents drop the \
          skill.",
    evidence: &[SPEC_STRUCTURE],
    clients: &[],
    fix: None,
    bad: &[Example::Words("skills/my-skill/SKILL.md -> ../moved.md, where moved.md is gone")],
    good: &[Example::Words("skills/my-skill/SKILL.md -> ../shared.md, where shared.md is a manifest")],
    check: Check::Outside,
};
