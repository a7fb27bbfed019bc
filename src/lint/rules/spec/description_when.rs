use super::evidence::SPEC_DESCRIPTION;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

/// Words of which a description that says when to use a skill has at least one.
const WORDS: [&str; 15] = [
    "when", "whenever", "use", "used", "using", "if", "for", "trigger", "triggers", "after", "before", "during",
    "while", "invoke", "needs",
];

pub(super) static RULE: Rule = Rule {
    name: "spec/description-when",
    severity: Severity::Info,
    summary: "the `description` does not seem to say when to use the skill",
    why: "An agent chooses by the description alone. One that says what the skill does, but not when it is wanted, is chosen too often \
          or never. This looks for English words and says nothing about other languages.",
    evidence: &[SPEC_DESCRIPTION],
    clients: &[],
    fix: None,
    bad: &[Example::Yaml("name: my-skill\ndescription: Sorts parcels by size and weight.\n")],
    good: &[
        Example::Yaml("name: my-skill\ndescription: Sorts parcels by size. Use when parcels need sorting.\n"),
        Example::Yaml("name: my-skill\ndescription: サイズごとに荷物を仕分ける\n"),
        Example::Yaml("name: my-skill\ndescription: \"\"\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some((entry, description)) = super::text_field(context, "description") else { return };
    let says_when = description
        .split(|c: char| !c.is_ascii_alphabetic())
        .any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)));
    if says_when {
        return;
    }
    let letters = description.chars().filter(|c| c.is_alphabetic());
    let (ascii, all) = letters.fold((0, 0), |(ascii, all), c| (ascii + usize::from(c.is_ascii()), all + 1));
    let english = all > 0 && ascii * 20 >= all * 19 && description.trim().contains(' ');
    if english {
        sink.report(entry.value.span, "the description does not say when to use the skill")
            .help("add a sentence such as \"Use when ...\"");
    }
}
