use super::evidence::SPEC_FRONTMATTER;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule};
use crate::manifest::problem::ProblemKind;

pub(super) static RULE: Rule = Rule {
    name: "spec/invalid-yaml",
    severity: Severity::Error,
    summary: "the frontmatter is not valid YAML",
    why: "Frontmatter that a YAML reader refuses has no name and no description: agents drop the skill. The commonest cause is a \
          colon followed by a blank in a text without quotes.",
    evidence: &[SPEC_FRONTMATTER],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels: large and small.\n"),
        Example::Yaml("name: [my-skill\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my-skill\n\tdescription: Sorts parcels.\n"),
    ],
    good: &[
        Example::Yaml("name: my-skill\ndescription: \"Sorts parcels: large and small.\"\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels at 10:30.\n"),
        Example::Yaml(
            "# how it is called\n\"name\": 'my-skill'\ndescription: &d Sorts parcels.\nmetadata:\n  short: *d\n",
        ),
    ],
    check: Check::Problem(ProblemKind::InvalidYaml),
};
