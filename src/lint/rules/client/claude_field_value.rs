use super::evidence::{CLAUDE_CODE_LOADER, CLAUDE_FRONTMATTER};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule};

pub(super) static RULE: Rule = Rule {
    name: "client/claude-field-value",
    severity: Severity::Warning,
    summary: "a field of Claude Code has a value that it does not know",
    why: "Claude Code ignores values it does not know, so a skill that was meant to run apart, or never by itself, runs as any other.",
    evidence: &[CLAUDE_FRONTMATTER, CLAUDE_CODE_LOADER],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ncontext: split\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ndisable-model-invocation: maybe\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmodel: gpt-5\neffort: turbo\nshell: zsh\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nhooks: on-stop.sh\n"),
    ],
    good: &[
        Example::Yaml(
            "name: my-skill\ndescription: Sorts parcels.\ncontext: fork\nuser-invocable: false\nmodel: claude-sonnet-4-5\n\
             effort: high\nshell: bash\n",
        ),
        Example::Yaml(
            "name: my-skill\ndescription: Sorts parcels.\ndisable-model-invocation: yes\neffort: 20000\n\
             argument-hint: [file]\n",
        ),
    ],
    check: Check::Manifest(|context, sink| super::field_values(Client::ClaudeCode, context, sink)),
};
