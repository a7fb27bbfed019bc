use std::collections::BTreeMap;

use super::evidence::APP_SKILLS;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, SetSink};
use crate::lint::set::parts::{Part, Wording};
use crate::lint::set::{Member, Set};

pub(super) static RULE: Rule = Rule {
    name: "set/left-behind",
    severity: Severity::Warning,
    summary: "a few skills word a section otherwise than nearly all of their set",
    why: "What a template gives to every skill reads the same in all of them, but for the title. Where a few agree on another wording, \
          they stayed on an older generation of the template, and what was mended since is not mended there. One skill that stands \
          alone may have been edited by hand and is left alone.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[with_usual!(
        ("box", "---\nname: box\n---\n# Box\n\n## Work with Box\n\nAsk Box twice.\n"),
        ("nut", "---\nname: nut\n---\n# Nut\n\n## Work with Nut\n\nAsk Nut twice.\n"),
    )],
    good: &[
        Example::Set(&[
            ("box", "---\nname: box\n---\n# Box\n\n## Work with Box\n\nAsk Box twice.\n"),
            ("nut", "---\nname: nut\n---\n# Nut\n\n## Work with Nut\n\nAsk Nut twice.\n"),
            ("ivy", "---\nname: ivy\n---\n# Ivy\n\n## Work with Ivy\n\nAsk Ivy.\n"),
        ]),
        with_usual!(
            ("box", "---\nname: box\n---\n# Box\n\n## Work with Box\n\nAsk Box twice.\n"),
            ("nut", "---\nname: nut\n---\n# Nut\n\n## Work with Nut\n\nAsk Nut kindly.\n"),
        ),
    ],
    check: Check::Set(check),
};

/// A wording that is not the usual one: what most say instead, and who says it in which section.
type Others<'s> = (&'s Wording, Vec<(usize, &'s Part)>);

fn check(set: &Set<'_>, sink: &mut SetSink<'_>) {
    let usual = set.usual();
    // By set, heading and text, in an order that is the same in each run.
    let mut others: BTreeMap<(usize, u64, u64), Others<'_>> = BTreeMap::new();
    for (index, member) in set.members.iter().enumerate() {
        for (part, wording) in usual.beside(set.members, index) {
            if let Some(wording) = wording.filter(|wording| wording.text != part.text) {
                let key = (member.set, part.heading, part.text);
                others.entry(key).or_insert_with(|| (wording, Vec::new())).1.push((index, part));
            }
        }
    }
    // A skill is named once, for the first section in which it was left behind.
    let mut left: BTreeMap<usize, (&Part, usize, &Wording)> = BTreeMap::new();
    for (wording, those) in others.values().filter(|(_, those)| differ_in_title(set.members, those)) {
        for (index, part) in those {
            let entry = left.entry(*index).or_insert((part, those.len(), wording));
            if part.span.start < entry.0.span.start {
                *entry = (part, those.len(), wording);
            }
        }
    }
    for (index, (part, alike, wording)) in left {
        let message = format!("{alike} skills word this section alike, and {} word it otherwise", wording.count);
        let help = format!(
            "{} has the usual wording; `skillpress regenerate` brings skills to one template",
            set.members[wording.first.0].path
        );
        sink.report(index, part.span, message, help);
    }
}

/// Whether several skills say the same: copies of one skill, and skills of one title, say nothing about a template.
fn differ_in_title(members: &[Member], those: &[(usize, &Part)]) -> bool {
    let Some(((first, _), rest)) = those.split_first() else { return false };
    rest.iter().any(|(index, _)| members[*index].title != members[*first].title)
}
