use super::evidence::SPEC_NAME;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};

pub(super) static RULE: Rule = Rule {
    name: "spec/name-characters",
    severity: Severity::Error,
    summary: "the `name` holds something else than lower-case letters, digits and hyphens",
    why: "A name is also a folder and a command. Capitals, blanks, dots and underscores are refused by agents, and a slash leaves the \
          folder. Letters of other scripts are a warning: the specification's text allows them in one place and not in the next.",
    evidence: &[SPEC_NAME],
    clients: &[],
    fix: None,
    bad: &[
        Example::Yaml("name: My-Skill\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: my_skill\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: ../skill\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: \" my-skill\"\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: rocket-🚀\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: paquets-triés\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: ǅ\ndescription: Sorts parcels.\n"),
    ],
    good: &[
        Example::Yaml("name: my-skill-2\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: 247\ndescription: Sorts parcels.\n"),
        Example::Yaml("name: -my--skill\ndescription: Sorts parcels.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some((entry, name)) = super::text_field(context, "name") else { return };
    let allowed = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-');
    // Letters without case, lower-case letters of other scripts, and the marks that combine with them.
    let is_lower = |c: char| c.to_lowercase().eq(std::iter::once(c));
    let foreign = |c: char| !c.is_ascii() && (c.is_alphanumeric() && is_lower(c) || is_combining(c));
    let wrong = name.chars().find(|&c| !allowed(c) && !foreign(c));
    let other_script = name.chars().find(|&c| foreign(c));
    if let Some(c) = wrong {
        let shown = match c {
            ' ' => "a blank".to_owned(),
            c if c.is_control() || c.is_whitespace() => format!("U+{:04X}", u32::from(c)),
            c => format!("`{c}`"),
        };
        let message = format!("a name has lower-case letters, digits and hyphens only, and this has {shown}");
        let diagnostic = sink.report(entry.value.span, message);
        if let Some(better) = suggestion(name) {
            diagnostic.help(format!("call it `{better}`, and its folder, too"));
        }
    } else if let Some(c) = other_script {
        let message = format!("`{c}` is no letter from a to z, and not every agent takes it in a name");
        sink.report(entry.value.span, message).at_most(Severity::Warning);
    }
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}')
}

/// The nearest name that is allowed.
fn suggestion(name: &str) -> Option<String> {
    let mut better = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            better.push(c.to_ascii_lowercase());
        } else if !better.ends_with('-') && !better.is_empty() {
            better.push('-');
        }
    }
    let better = better.trim_end_matches('-');
    (!better.is_empty() && better != name).then(|| better.to_owned())
}
