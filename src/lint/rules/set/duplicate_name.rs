use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::evidence::SPEC_NAME;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, SetSink};
use crate::lint::set::{Member, Set};

pub(super) static RULE: Rule = Rule {
    name: "set/duplicate-name",
    severity: Severity::Warning,
    summary: "two skills have one name",
    why: "Agents call a skill by its name and keep one of two with the same; which one depends on the agent. Copies that are the same to \
          the byte are no conflict.",
    evidence: &[SPEC_NAME],
    clients: &[],
    fix: None,
    bad: &[Example::Set(&[
        ("post/sort", "---\nname: sort\ndescription: Sorts parcels.\n---\n"),
        ("mail/sort", "---\nname: sort\ndescription: Sorts letters.\n---\n"),
    ])],
    good: &[
        Example::Set(&[
            (".claude/skills/sort", "---\nname: sort\ndescription: Sorts parcels.\n---\n"),
            (".codex/skills/sort", "---\nname: sort\ndescription: Sorts parcels.\n---\n"),
        ]),
        Example::Set(&[
            ("post/sort", "---\nname: sort\ndescription: Sorts parcels.\n---\n"),
            (
                "mail/sort",
                "---\n# skillpress-ignore set/duplicate-name - one or the other\nname: sort\ndescription: Sorts letters.\n---\n",
            ),
        ]),
        Example::Set(&[
            ("sort", "---\nname: sort\ndescription: Sorts parcels.\n---\n"),
            ("resort", "---\nname: resort\ndescription: Sorts letters.\n---\n"),
        ]),
    ],
    check: Check::Set(check),
};

fn check(set: &Set<'_>, sink: &mut SetSink<'_>) {
    let mut first: HashMap<(usize, &str), &Member, RandomState> = HashMap::default();
    for (index, member) in set.members.iter().enumerate() {
        let Some((name, span)) = &member.name else { continue };
        match first.get(&(member.set, name.as_str())) {
            Some(other) if set.text(other).is_none_or(|other| set.text(member) != Some(other)) => {
                let message = format!("another skill has the name `{name}`, too");
                sink.report(index, *span, message, format!("the other is {}", other.path));
            }
            Some(_) => {}
            None => drop(first.insert((member.set, name), member)),
        }
    }
}
