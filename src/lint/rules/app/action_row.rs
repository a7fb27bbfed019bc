use super::evidence::{APP_SKILLS, GFM_TABLES};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "app/action-row",
    severity: Severity::Warning,
    summary: "a row of the actions table has more or fewer than three cells",
    why: "A missing cell shifts what follows, and what stands in a fourth is dropped by readers of tables. A pipe in a text is written \
          `\\|`.",
    evidence: &[APP_SKILLS, GFM_TABLES],
    clients: &[],
    fix: None,
    bad: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | send |\n",
    )],
    good: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | send | a \\| b |\n| Get | get | |\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for row in super::rows(context).iter().filter(|row| row.cells != 3) {
        let cells = if row.cells == 1 { "1 cell".to_owned() } else { format!("{} cells", row.cells) };
        sink.report(row.span, format!("this row has {cells}, and three are wanted: name, key, description"));
    }
}
