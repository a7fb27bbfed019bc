use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::overview::Entity;
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "app/mixed-indents",
    severity: Severity::Info,
    summary: "an overview indents entities of one level differently",
    why: "Bullets of one level that start in different columns are read as different levels by Markdown readers.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: Some(Safety::Safe),
    bad: &[Example::Body(
        "# Post\n\n## Post Overview\n\n- **Parcel**\n  - **Label**\n- **Letter**\n    - **Stamp**\n\n## Popular actions\n\nSearch.\n",
    )],
    good: &[Example::Body(
        "# Post\n\n## Post Overview\n\n- **Parcel**\n    - **Label**\n- **Letter**\n    - **Stamp**\n\n## Popular actions\n\nSearch.\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(overview) = super::overview(context) else { return };
    let mut indents: Vec<usize> = Vec::new();
    let mut odd: Option<&Entity> = None;
    for entity in &overview.entities {
        match indents.get(entity.depth) {
            Some(&indent) if indent != entity.indent => odd = odd.or(Some(entity)),
            Some(_) => {}
            None => indents.push(entity.indent),
        }
    }
    let Some(odd) = odd else { return };
    let diagnostic = sink.report(odd.span, "entities of one level are indented differently");
    // A bullet that goes on in the next line has that line indented, too.
    if overview.entities.iter().any(|entity| context.slice(entity.span).contains(['\n', '\r'])) {
        return;
    }
    for entity in &overview.entities {
        let line = context.line_around(entity.span.start);
        let blanks = Span::new(line.start, entity.span.start);
        let right = "  ".repeat(entity.depth);
        if context.slice(blanks) != right {
            diagnostic.fix(Safety::Safe, blanks, right);
        }
    }
}
