use super::evidence::SPEC_DISCLOSURE;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

const MAX: usize = 5000;

pub(super) static RULE: Rule = Rule {
    name: "spec/body-tokens",
    severity: Severity::Info,
    summary: "the manifest's body costs more than about 5,000 tokens",
    why: "The whole body is loaded when the skill is used. The specification recommends less than 5,000 tokens. They are estimated at \
          four bytes each, so this is a hint.",
    evidence: &[SPEC_DISCLOSURE],
    clients: &[],
    fix: None,
    bad: &[Example::Words("a body of 21,000 bytes")],
    good: &[Example::Words("a body of 20,000 bytes")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let tokens = context.manifest.tokens().body;
    if tokens > MAX {
        let at = Span::at(context.manifest.document.span.start);
        sink.report(at, format!("the body costs about {tokens} tokens, and less than {MAX} are recommended"))
            .help("move detail to files under `references/` and say when to read them");
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::tests::findings;

    #[test]
    fn four_bytes_are_a_token() {
        let manifest = |bytes| format!("---\nname: my-skill\ndescription: x\n---\n{}", "x".repeat(bytes)).into_bytes();
        assert_eq!(findings(super::RULE.name, manifest(20_000)), 0);
        assert_eq!(findings(super::RULE.name, manifest(20_001)), 1);
    }
}
