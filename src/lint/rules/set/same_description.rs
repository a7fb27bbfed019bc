use std::collections::HashMap;

use super::evidence::SPEC_DESCRIPTION;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, SetSink};
use crate::lint::set::Member;

pub(super) static RULE: Rule = Rule {
    name: "set/same-description",
    severity: Severity::Warning,
    summary: "two skills of different names have the same description",
    why: "An agent chooses by the description; of two that read the same it can only guess.",
    evidence: &[SPEC_DESCRIPTION],
    clients: &[],
    fix: None,
    bad: &[Example::Set(&[
        ("sort", "---\nname: sort\ndescription: Sorts parcels by size.\n---\n"),
        ("weigh", "---\nname: weigh\ndescription: sorts  parcels by size\n---\n"),
    ])],
    good: &[Example::Set(&[
        ("sort", "---\nname: sort\ndescription: Sorts parcels by size.\n---\n"),
        ("weigh", "---\nname: weigh\ndescription: Sorts parcels by weight.\n---\n"),
    ])],
    check: Check::Set(check),
};

fn check(members: &[Member], sink: &mut SetSink<'_>) {
    let mut first: HashMap<(usize, String), &Member> = HashMap::with_capacity(members.len());
    for (index, member) in members.iter().enumerate() {
        let Some((description, span)) = &member.description else { continue };
        let plain = plain(description);
        if plain.is_empty() {
            continue;
        }
        match first.get(&(member.set, plain.clone())) {
            Some(other) if other.name.as_ref().map(|name| &name.0) != member.name.as_ref().map(|name| &name.0) => {
                let message = "another skill is described in the same words".to_owned();
                sink.report(index, *span, message, format!("the other is {}", other.path));
            }
            Some(_) => {}
            None => drop(first.insert((member.set, plain), member)),
        }
    }
}

/// The words alone, in lower case.
fn plain(description: &str) -> String {
    let mut plain = String::with_capacity(description.len());
    for c in description.chars() {
        if c.is_alphanumeric() {
            plain.extend(c.to_lowercase());
        } else if !plain.ends_with(' ') && !plain.is_empty() {
            plain.push(' ');
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}
