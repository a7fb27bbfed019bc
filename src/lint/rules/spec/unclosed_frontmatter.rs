use super::evidence::SPEC_FORMAT;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::manifest::problem::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "spec/unclosed-frontmatter",
    severity: Severity::Error,
    summary: "the frontmatter is never closed",
    why: "Without the second `---` line there is no telling where the frontmatter ends, and agents drop the skill. YAML's own `...` \
          does not close it.",
    evidence: &[SPEC_FORMAT],
    clients: &[],
    fix: None,
    bad: &[
        Example::File("---\nname: my-skill\ndescription: Sorts parcels.\n\n# My skill\n"),
        Example::File("---\nname: my-skill\ndescription: Sorts parcels.\n...\n"),
    ],
    good: &[Example::File("---\nname: my-skill\ndescription: \"Sorts --- and ... parcels.\"\n---\n")],
    check: Check::Problem(ProblemKind::UnclosedFrontmatter),
};
