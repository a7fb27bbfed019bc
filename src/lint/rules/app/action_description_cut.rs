use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

/// Lengths at which generators cut.
const ROUND: [usize; 10] = [100, 120, 128, 150, 160, 200, 250, 255, 256, 500];

pub(super) static RULE: Rule = Rule {
    name: "app/action-description-cut",
    severity: Severity::Info,
    summary: "an action's description seems to be cut off",
    why: "A description of exactly 100 or 255 characters that ends in the middle of a sentence was cut by whatever made the table; what is \
          missing is often the part that tells two actions apart.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | send | Sends a parcel to an address, and if the address ... |\n",
    )],
    good: &[Example::Body(
        "# Post\n\n## Popular actions\n\n| Name | Key | Description |\n| --- | --- | --- |\n| Send | send | Sends a parcel to an address (by name, by number, etc.) |\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for row in super::rows(context) {
        let text = context.slice(row.description);
        let dots = text.ends_with("...") || text.ends_with('…');
        let ends_in_a_word = text.ends_with(|c: char| c.is_alphanumeric() || c == ',' || c == '-');
        let cut = || ends_in_a_word && ROUND.contains(&text.chars().count());
        if dots || text.len() >= ROUND[0] && cut() {
            sink.report(row.description, "this description seems to be cut off");
        }
    }
}
