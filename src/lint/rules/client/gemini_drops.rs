use super::evidence::GEMINI_LOADER;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule, Sink};
use crate::manifest::problem::ProblemKind;
use crate::manifest::source::{Span, lines_in};

pub(super) static RULE: Rule = Rule {
    name: "client/gemini-drops",
    severity: Severity::Warning,
    summary: "Gemini CLI does not load this skill, or not all of it",
    why: "Gemini CLI finds the frontmatter by a pattern: the file starts with `---` and a line end, nothing between them, and what does not \
          match is left out without a word. Blanks after the closing `---` make it lose the body, and characters that no file name has \
          are replaced in the name.",
    evidence: &[GEMINI_LOADER],
    clients: &[Client::GeminiCli],
    fix: None,
    bad: &[
        Example::File("\u{feff}---\nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::File("--- \nname: my-skill\ndescription: Sorts parcels.\n---\n"),
        Example::File("---\nname: my-skill\ndescription: Sorts parcels.\n--- \nSort.\n"),
        Example::Yaml("name: post:sort\ndescription: Sorts parcels.\n"),
    ],
    good: &[
        Example::File("---\r\nname: my-skill\r\ndescription: Sorts parcels.\r\n---\r\nSort.\r\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts parcels: all of them.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(reason) = reason(context) {
        sink.report(Span::at(0), format!("Gemini CLI does not load this skill: {reason}"));
    } else if let Some(change) = change(context) {
        sink.report(Span::at(0), format!("Gemini CLI loads this skill with a difference: {change}"));
    }
}

pub(super) fn reason(context: &Context<'_>) -> Option<String> {
    let manifest = context.manifest;
    let opening = context.text().split(['\n', '\r']).next().unwrap_or_default();
    let text = if manifest.source.bom_len() > 0 {
        "a byte order mark stands before the first `---`"
    } else if manifest
        .problems
        .iter()
        .any(|p| matches!(p.kind, ProblemKind::NoFrontmatter | ProblemKind::UnclosedFrontmatter))
    {
        "it has no frontmatter between `---` lines"
    } else if super::has_only_carriage_returns(context) {
        "its lines end in carriage returns alone"
    } else if opening != "---" {
        "blanks follow the first `---`"
    } else {
        // Where YAML fails, lines that start with the keys are enough.
        let yaml = context.manifest.frontmatter.yaml;
        let has = |key: &str| {
            lines_in(context.text(), yaml).any(|line| {
                let line = context.slice(line).trim_start();
                let bare = line.trim_start_matches(['"', '\'']);
                bare.strip_prefix(key)
                    .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
            })
        };
        return ["name", "description"].into_iter().find(|key| !has(key)).map(|key| format!("it has no {key}"));
    };
    Some(text.to_owned())
}

pub(super) fn change(context: &Context<'_>) -> Option<String> {
    let frontmatter = &context.manifest.frontmatter;
    let whole = frontmatter.span?;
    let closing = context.text()[frontmatter.yaml.end..whole.end].trim_end_matches(['\n', '\r']);
    if closing != "---" && !context.text()[whole.end..].trim().is_empty() {
        return Some("blanks follow the closing `---`, so the body is lost".to_owned());
    }
    let name = context.manifest.name()?;
    let replaced = name.contains([':', '\\', '/', '<', '>', '*', '?', '"', '|']);
    replaced
        .then(|| format!("the name becomes `{}`", name.replace([':', '\\', '/', '<', '>', '*', '?', '"', '|'], "-")))
}
