use super::evidence::CLAUDE_FRONTMATTER;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "client/agent-without-fork",
    severity: Severity::Info,
    summary: "`agent` is given without `context: fork`",
    why: "Claude Code uses `agent` only for a skill that runs apart; without `context: fork` it has no effect.",
    evidence: &[CLAUDE_FRONTMATTER],
    clients: &[],
    fix: None,
    bad: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nagent: Explore\n")],
    good: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ncontext: fork\nagent: Explore\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let frontmatter = &context.manifest.frontmatter;
    if let Some(agent) = frontmatter.get("agent")
        && frontmatter.get("context").is_none()
    {
        sink.report(agent.key_span, "`agent` has no effect without `context: fork`");
    }
}
