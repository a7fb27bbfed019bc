use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "app/model-text",
    severity: Severity::Warning,
    summary: "a language model's answer stands where the application's description or documentation should",
    why: "\"I don't have enough information\" is what a model said when it was asked to describe the application. To an agent it is an \
          instruction to know nothing.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body(
            "# Post\n\nI don't have enough information to do that. I'm a large language model.\n\n## Popular actions\n\nSearch.\n",
        ),
        Example::Body(
            "# Post\n\nPost moves parcels.\n\nOfficial docs: I am sorry, I cannot provide a URL for Post.\n\n## Popular actions\n\nSearch.\n",
        ),
    ],
    good: &[
        Example::Body(
            "# Prompter\n\nPrompter trains large language models that say \"no\".\n\n## Popular actions\n\nSearch.\n",
        ),
        Example::Body(
            "# Post\n\nPost moves parcels.\n\n## Popular actions\n\nIf you hear \"I'm sorry\", search again.\n",
        ),
    ],
    check: Check::Literals(
        &[
            "i don't have enough information",
            "i do not have enough information",
            "i'm sorry",
            "i am sorry",
            "i apologize",
            "i lack sufficient information",
            "i am unable to",
            "i'm unable to",
            "i cannot provide",
            "i can't provide",
            "i cannot fulfill",
            "i need more context",
            "i'm a large language model",
            "as a large language model",
            "as an ai language model",
            "as an ai assistant, i",
        ],
        check,
    ),
};

fn check(context: &Context<'_>, hits: &[Span], sink: &mut Sink<'_>) {
    if !super::is_app(context) {
        return;
    }
    let manifest = context.manifest;
    let places = [(manifest.summary, "application"), (manifest.docs_url, "documentation")];
    let found = hits.iter().find_map(|hit| {
        places.iter().find_map(|(span, what)| span.filter(|span| span.contains(*hit)).map(|span| (span, what)))
    });
    if let Some((span, what)) = found {
        sink.report(span, format!("a language model's answer stands here instead of the {what}"));
    }
}
