use super::evidence::YAML_PRINTABLE;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::manifest::problem::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "spec/yaml-control-character",
    severity: Severity::Error,
    summary: "the frontmatter holds a control character",
    why: "YAML allows no control characters but tab and line ends. Most readers refuse the whole frontmatter, so the skill is \
          dropped; some take a NUL for the end of the file.",
    evidence: &[YAML_PRINTABLE],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts\u{7}parcels.\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts\0parcels.\n"),
    ],
    good: &[Example::Yaml("name: my-skill\ndescription: \"Sorts\tparcels, \u{a0}quickly.\"\n")],
    check: Check::Problem(ProblemKind::ControlCharacter),
};
