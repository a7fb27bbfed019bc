//! Where the reasons for the rules are written.

use crate::lint::rule::Evidence;

const fn spec(title: &'static str, url: &'static str) -> Evidence {
    Evidence { title, url }
}

pub(super) const SPEC_STRUCTURE: Evidence =
    spec("Agent Skills specification, directory structure", "https://agentskills.io/specification#directory-structure");
pub(super) const SPEC_FORMAT: Evidence =
    spec("Agent Skills specification, SKILL.md format", "https://agentskills.io/specification#skill-md-format");
pub(super) const SPEC_FRONTMATTER: Evidence =
    spec("Agent Skills specification, frontmatter", "https://agentskills.io/specification#frontmatter");
pub(super) const SPEC_NAME: Evidence =
    spec("Agent Skills specification, `name` field", "https://agentskills.io/specification#name-field");
pub(super) const SPEC_DESCRIPTION: Evidence =
    spec("Agent Skills specification, `description` field", "https://agentskills.io/specification#description-field");
pub(super) const SPEC_LICENSE: Evidence =
    spec("Agent Skills specification, `license` field", "https://agentskills.io/specification#license-field");
pub(super) const SPEC_COMPATIBILITY: Evidence = spec(
    "Agent Skills specification, `compatibility` field",
    "https://agentskills.io/specification#compatibility-field",
);
pub(super) const SPEC_METADATA: Evidence =
    spec("Agent Skills specification, `metadata` field", "https://agentskills.io/specification#metadata-field");
pub(super) const SPEC_ALLOWED_TOOLS: Evidence = spec(
    "Agent Skills specification, `allowed-tools` field",
    "https://agentskills.io/specification#allowed-tools-field",
);
pub(super) const SPEC_DISCLOSURE: Evidence = spec(
    "Agent Skills specification, progressive disclosure",
    "https://agentskills.io/specification#progressive-disclosure",
);
pub(super) const YAML_PRINTABLE: Evidence =
    spec("YAML 1.2.2, section 5.1, character set", "https://yaml.org/spec/1.2.2/#51-character-set");
pub(super) const YAML_MAPPING: Evidence =
    spec("YAML 1.2.2, section 3.2.1.1, nodes", "https://yaml.org/spec/1.2.2/#3211-nodes");
