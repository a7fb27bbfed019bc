use super::evidence::{SPEC_FRONTMATTER, YAML_MAPPING};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::manifest::problem::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "spec/duplicate-key",
    severity: Severity::Error,
    summary: "a key is given twice",
    why: "YAML wants the keys of a mapping to differ. Of two equal ones some readers take the first, some the last, and some refuse \
          the file.",
    evidence: &[YAML_MAPPING, SPEC_FRONTMATTER],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ndescription: Weighs parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata:\n  a: x\n  'a': y\n"),
    ],
    good: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmetadata:\n  name: x\n  Name: y\n")],
    check: Check::Problem(ProblemKind::DuplicateKey),
};
