use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

const MAX: usize = 60;

pub(super) static RULE: Rule = Rule {
    name: "app/overview-runaway",
    severity: Severity::Warning,
    summary: "the overview of an app skill lists more than 60 entities",
    why: "An overview is a map, not an inventory. Very long ones come from a generator that did not stop; they cost tokens in every \
          session and hide what matters.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Words("an overview with 61 bullets")],
    good: &[Example::Words("an overview with 60 bullets")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    if let Some(overview) = super::overview(context)
        && overview.entities.len() > MAX
    {
        let count = overview.entities.len();
        sink.report(overview.entities[MAX].span, format!("the overview lists {count} entities, and {MAX} are plenty"))
            .help("keep what the actions are about");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::tests::findings;

    #[test]
    fn sixty_entities_are_allowed() {
        let manifest = |count| {
            format!(
                "---\nname: my-skill\ndescription: x\n---\n# Post\n\n## Overview\n\n{}\n## Popular actions\n\nSearch.\n",
                "- **Parcel**\n".repeat(count)
            )
            .into_bytes()
        };
        assert_eq!(findings(super::RULE.name, manifest(60)), 0);
        assert_eq!(findings(super::RULE.name, manifest(61)), 1);
    }
}
