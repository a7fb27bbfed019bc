use super::evidence::CLAUDE_FRONTMATTER;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Client, Example, Rule, Sink};

const MAX: usize = 1536;

pub(super) static RULE: Rule = Rule {
    name: "client/listing-cut",
    severity: Severity::Warning,
    summary: "Claude Code shortens description and `when_to_use` to 1,536 characters",
    why: "The two are listed together, and what is beyond 1,536 characters is not seen when a skill is chosen.",
    evidence: &[CLAUDE_FRONTMATTER],
    clients: &[Client::ClaudeCode],
    fix: None,
    bad: &[Example::Words("a description of 1,000 characters and a `when_to_use` of 600")],
    good: &[Example::Words("a description of 1,000 characters and a `when_to_use` of 500")],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let frontmatter = &context.manifest.frontmatter;
    let length = |key: &str| frontmatter.text(key).map_or(0, |text| text.trim().chars().count());
    let all = length("description") + length("when_to_use");
    if let Some(when) = frontmatter.get("when_to_use")
        && all > MAX
    {
        sink.report(
            when.key_span,
            format!("description and `when_to_use` have {all} characters, and Claude Code shows {MAX}"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::rules::tests::findings;

    #[test]
    fn both_texts_count() {
        let manifest = |when: usize| {
            let (what, when) = ("x".repeat(1000), "x".repeat(when));
            format!("---\nname: my-skill\ndescription: {what}\nwhen_to_use: {when}\n---\n").into_bytes()
        };
        assert_eq!(findings(super::RULE.name, manifest(536)), 0);
        assert_eq!(findings(super::RULE.name, manifest(537)), 1);
    }
}
