use super::evidence::CLAUDE_FRONTMATTER;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::yaml::ScalarKind;

pub(super) static RULE: Rule = Rule {
    name: "client/claude-field-value",
    severity: Severity::Warning,
    summary: "a field of Claude Code has a value that it does not know",
    why: "Claude Code ignores values it does not know, so a skill that was meant to run apart, or never by itself, runs as any other.",
    evidence: &[CLAUDE_FRONTMATTER],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ncontext: split\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ndisable-model-invocation: \"yes\"\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\nmodel: gpt-5\neffort: turbo\nshell: zsh\n"),
    ],
    good: &[Example::Yaml(
        "name: my-skill\ndescription: Sorts parcels.\ncontext: fork\nuser-invocable: false\nmodel: claude-sonnet-4-5\neffort: high\nshell: bash\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for entry in &context.manifest.frontmatter.entries {
        let scalar = entry.value.as_scalar();
        let text = scalar.map_or("", |scalar| scalar.text.as_str());
        let allowed = match entry.key.as_str() {
            "disable-model-invocation" | "user-invocable" => {
                if scalar.is_some_and(|scalar| scalar.kind == ScalarKind::Bool) {
                    continue;
                }
                "true or false, without quotes"
            }
            "context" if text != "fork" => "`fork`",
            "effort" if !matches!(text, "low" | "medium" | "high" | "xhigh" | "max") => {
                "low, medium, high, xhigh or max"
            }
            "shell" if !matches!(text, "bash" | "powershell") => "bash or powershell",
            "model" if is_of_another_maker(text) => "a model of Claude, such as `sonnet`, or `inherit`",
            _ => continue,
        };
        let span = if entry.value.span.is_empty() { entry.key_span } else { entry.value.span };
        sink.report(span, format!("Claude Code does not know this value of `{}`", entry.key))
            .help(format!("it is {allowed}"));
    }
}

/// Names of models change; only those of other makers are surely wrong.
fn is_of_another_maker(model: &str) -> bool {
    let model = model.to_lowercase();
    ["gpt", "o1", "o3", "o4", "gemini", "llama", "mistral", "deepseek", "qwen", "grok"]
        .iter()
        .any(|maker| model.starts_with(maker))
}
