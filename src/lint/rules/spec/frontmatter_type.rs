use super::evidence::SPEC_FRONTMATTER;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::manifest::problem::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "spec/frontmatter-type",
    severity: Severity::Error,
    summary: "the frontmatter is not a mapping of keys to values",
    why: "A list or a bare sentence is YAML, but it has no keys: there is no name to find.",
    evidence: &[SPEC_FRONTMATTER],
    clients: &[],
    fix: None,
    bad: &[Example::Yaml("- my-skill\n- Sorts parcels.\n"), Example::Yaml("my-skill sorts parcels\n")],
    good: &[Example::Yaml("{name: my-skill, description: Sorts parcels.}\n")],
    check: Check::Problem(ProblemKind::NotAMapping),
};
