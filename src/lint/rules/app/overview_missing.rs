use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "app/overview-missing",
    severity: Severity::Warning,
    summary: "an app skill has no overview of its application's entities",
    why: "From the overview an agent learns what the application holds and by which words to search for actions.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body("# Post\n\n## Popular actions\n\nSearch for actions.\n")],
    good: &[
        Example::Body("# Post\n\n## Post Overview\n\n- **Parcel**\n\n## Popular actions\n\nSearch for actions.\n"),
        Example::Body("# Post\n\n## Usage\n\nSort the parcels.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if super::is_app(context) && context.manifest.overview.is_none() {
        sink.report(super::title(context), "this app skill has no overview")
            .help("add a section `## <App> Overview` with the application's entities");
    }
}
