use super::evidence::SPEC_FORMAT;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::manifest::problem::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "spec/missing-frontmatter",
    severity: Severity::Error,
    summary: "the file does not start with YAML frontmatter",
    why: "Name and description are read from frontmatter that opens with `---` on the very first line. With anything before it, even \
          a blank line or a comment, agents find neither and drop the skill.",
    evidence: &[SPEC_FORMAT],
    clients: &[],
    fix: None,
    bad: &[
        Example::File("# My skill\n\nSort the parcels.\n"),
        Example::File("\n---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::File("<!-- made by hand -->\n---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::File(" ---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::File(""),
    ],
    good: &[
        Example::File("---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::File("---\nname: my-skill\ndescription: Sorts parcels.\n---\n\nFirst\n\n---\n\nSecond\n"),
    ],
    check: Check::Problem(ProblemKind::NoFrontmatter),
};
