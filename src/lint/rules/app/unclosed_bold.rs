use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::overview::Form;
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "app/unclosed-bold",
    severity: Severity::Warning,
    summary: "the name of an entity opens bold text and does not close it",
    why: "The two stars stay visible, and the name runs on into whatever follows.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: Some(Safety::Safe),
    bad: &[Example::Body("# Post\n\n## Post Overview\n\n- **Parcel\n- **Letter**\n\n## Popular actions\n\nSearch.\n")],
    good: &[Example::Body(
        "# Post\n\n## Post Overview\n\n- **Parcel** (`**`)\n- 2 ** 3\n\n## Popular actions\n\nSearch.\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(overview) = super::overview(context) else { return };
    for entity in overview.entities.iter().filter(|entity| entity.form == Form::Unclosed) {
        let diagnostic = sink.report(entity.span, "bold text is opened and not closed");
        // `**Name*` is short of one star, `**Name` of two.
        let name = context.slice(entity.name);
        let bare = name.trim_end_matches('*');
        if !bare.is_empty() && !name.contains(['\n', '\r']) {
            let stars = Span::new(entity.name.start + bare.len(), entity.name.end);
            diagnostic.fix(Safety::Safe, stars, "**");
        }
    }
}
