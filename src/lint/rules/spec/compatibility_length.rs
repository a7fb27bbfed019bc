use super::evidence::SPEC_COMPATIBILITY;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

const MAX: usize = 500;

pub(super) static RULE: Rule = Rule {
    name: "spec/compatibility-length",
    severity: Severity::Error,
    summary: "the `compatibility` is empty or longer than 500 characters",
    why: "The specification allows 1 to 500 characters. A skill that needs nothing special leaves the field out.",
    evidence: &[SPEC_COMPATIBILITY],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ncompatibility: \"\"\n"),
        Example::Words("a compatibility of 501 characters"),
    ],
    good: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels.\ncompatibility: git\n")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some((entry, text)) = super::text_field(context, "compatibility") else { return };
    let length = text.trim().chars().count();
    if length == 0 {
        sink.report(super::value_span(entry), "the compatibility is empty").help("remove the field");
    } else if length > MAX {
        let message = format!("the compatibility has {length} characters, and at most {MAX} are allowed");
        sink.report(entry.value.span, message);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::tests::findings;

    #[test]
    fn five_hundred_characters_are_allowed() {
        let manifest = |count| {
            format!("---\nname: my-skill\ndescription: x\ncompatibility: {}\n---\n", "é".repeat(count)).into_bytes()
        };
        assert_eq!(findings(super::RULE.name, manifest(500)), 0);
        assert_eq!(findings(super::RULE.name, manifest(501)), 1);
    }
}
