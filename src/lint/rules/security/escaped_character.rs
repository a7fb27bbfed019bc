use super::evidence::ATTACK_OBFUSCATION;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::unusual::{self, Kind};
use crate::manifest::source::Span;
use crate::manifest::yaml::{Node, Style, Value};

pub(super) static RULE: Rule = Rule {
    name: "security/escaped-character",
    severity: Severity::Warning,
    summary: "an escape in the frontmatter stands for a character that cannot be seen",
    why: "In double quotes YAML reads `\\u202e` or `\\0` as the character itself. Whoever looks at the file sees an escape, whoever looks at the \
          value sees nothing at all, or a line that reads otherwise; NUL ends the text in many programs.",
    evidence: &[ATTACK_OBFUSCATION],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: my-skill\ndescription: \"Sorts \\u202eslecrap\"\n"),
        Example::Yaml("name: my-skill\ndescription: \"Sorts\\0 parcels.\"\n"),
        Example::Yaml("name: my-skill\ndescription: Sorts.\nmetadata:\n  topic: [\"\\U000E0041\"]\n"),
    ],
    good: &[
        Example::Yaml("name: my-skill\ndescription: \"Sorts\\tparcels \\u00e9 \\u2764\\ufe0f.\\n\"\n"),
        Example::Yaml("name: my-skill\ndescription: 'Sorts \\u202e and \\0 as they are.'\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for entry in &context.manifest.frontmatter.entries {
        look(context, &entry.value, sink);
    }
}

fn look(context: &Context<'_>, node: &Node, sink: &mut Sink<'_>) {
    match &node.value {
        Value::Sequence(items) => items.iter().for_each(|item| look(context, item, sink)),
        Value::Mapping(entries) => entries.iter().for_each(|(_, value)| look(context, value, sink)),
        Value::Scalar(scalar) => {
            let written = context.slice(node.span);
            if scalar.style != Style::Quoted || !written.contains('\\') {
                return;
            }
            let hidden = hidden(&scalar.text).find(|hidden| !written.contains(*hidden));
            if let Some(character) = hidden {
                let escape = written.find('\\').unwrap_or(0);
                let span = Span::new(node.span.start + escape, node.span.end);
                let message =
                    format!("an escape in this value stands for U+{:04X}, which cannot be seen", u32::from(character));
                sink.report(span, message).help("remove it");
            }
        }
    }
}

fn hidden(text: &str) -> impl Iterator<Item = char> {
    let unusual = unusual::find(text).into_iter();
    let unseen = unusual.filter(|found| matches!(found.kind, Kind::Tag | Kind::Bidi | Kind::ZeroWidth));
    let controls = text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}' | '\u{1a}'));
    unseen.map(|found| found.character).chain(controls)
}
