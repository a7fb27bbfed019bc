use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;

use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

pub(super) static RULE: Rule = Rule {
    name: "app/duplicate-entity",
    severity: Severity::Warning,
    summary: "an overview lists the same entity twice in one place",
    why: "Two siblings of one name say nothing more than one, and often stand where another entity was meant.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body(
        "# Post\n\n## Post Overview\n\n- **Parcel**\n- **Letter**\n- **Parcel**\n\n## Popular actions\n\nSearch.\n",
    )],
    good: &[Example::Body(
        "# Post\n\n## Post Overview\n\n- **Parcel**\n  - **Label**\n- **Letter**\n  - **Label**\n\n## Popular actions\n\nSearch.\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(overview) = super::overview(context) else { return };
    let mut parents: Vec<usize> = Vec::new();
    let count = overview.entities.len();
    let mut seen: HashMap<(Option<usize>, &str), Span, RandomState> =
        HashMap::with_capacity_and_hasher(count, RandomState::default());
    let mut twice: Vec<(Span, Span)> = Vec::new();
    for (at, entity) in overview.entities.iter().enumerate() {
        parents.truncate(entity.depth);
        let name = context.slice(entity.name);
        if !name.is_empty() {
            match seen.entry((parents.last().copied(), name)) {
                Entry::Occupied(first) => twice.push((*first.get(), entity.name)),
                Entry::Vacant(place) => drop(place.insert(entity.name)),
            }
        }
        parents.push(at);
    }
    let Some(&(first, second)) = twice.first() else { return };
    let name = context.slice(second);
    let message = match twice.len() {
        1 => format!("the entity `{name}` is listed twice in one place"),
        2 => format!("the entity `{name}` is listed twice in one place, and so is another"),
        count => format!("the entity `{name}` is listed twice in one place, and so are {} others", count - 1),
    };
    sink.report(second, message).related(first, "first listed here");
}
