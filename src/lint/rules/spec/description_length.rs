use super::evidence::SPEC_DESCRIPTION;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

const MAX: usize = 1024;

pub(super) static RULE: Rule = Rule {
    name: "spec/description-length",
    severity: Severity::Error,
    summary: "the `description` is longer than 1,024 characters",
    why: "Every description is loaded at every start of an agent. Beyond 1,024 characters (not bytes) agents refuse the skill or cut \
          the text.",
    evidence: &[SPEC_DESCRIPTION],
    clients: &[],
    fix: None,
    bad: &[Example::Words("a description of 1,025 letters")],
    good: &[Example::Words("a description of 1,024 letters, each of them `é`, which takes two bytes")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some((entry, description)) = super::text_field(context, "description") else { return };
    let length = description.trim().chars().count();
    if length > MAX {
        let message = format!("the description has {length} characters, and at most {MAX} are allowed");
        sink.report(entry.value.span, message).help("move what is not about when to use the skill to the body");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::tests::findings;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        let manifest = |letter: &str, count| {
            format!("---\nname: my-skill\ndescription: {}\n---\n", letter.repeat(count)).into_bytes()
        };
        for letter in ["x", "é", "𝕏"] {
            assert_eq!(findings(super::RULE.name, manifest(letter, 1024)), 0);
            assert_eq!(findings(super::RULE.name, manifest(letter, 1025)), 1);
        }
    }
}
