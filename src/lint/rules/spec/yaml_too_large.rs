use super::evidence::SPEC_FRONTMATTER;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::manifest::problem::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "spec/yaml-too-large",
    severity: Severity::Error,
    summary: "the frontmatter is nested too deep, or its aliases multiply it beyond measure",
    why: "A few lines of aliases of aliases expand to gigabytes in a reader that trusts them. No skill needs more than a handful of \
          values.",
    evidence: &[SPEC_FRONTMATTER],
    clients: &[],
    fix: None,
    bad: &[Example::Yaml(
        "name: my-skill\ndescription: Sorts parcels.\n\
         a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n\
         c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n",
    )],
    good: &[Example::Yaml("name: my-skill\ndescription: &d Sorts parcels.\nmetadata:\n  short: *d\n")],
    check: Check::Problem(ProblemKind::YamlTooLarge),
};
