use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::evidence::SPEC_DESCRIPTION;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, SetSink};
use crate::lint::set::{Member, Set, digest};

pub(super) static RULE: Rule = Rule {
    name: "set/same-description",
    severity: Severity::Warning,
    summary: "an agent cannot tell two skills of different names apart by their descriptions",
    why: "An agent chooses by the description; of two that say the same it can only guess. The order of words, their endings, fillers \
          such as `use when the user wants`, and the number of a copy (`post-1`) tell it nothing; one telling word, or the name of \
          what the skill is about, is enough.",
    evidence: &[SPEC_DESCRIPTION],
    clients: &[],
    fix: None,
    bad: &[
        Example::Set(&[
            ("sort", "---\nname: sort\ndescription: Sorts parcels by size.\n---\n"),
            ("weigh", "---\nname: weigh\ndescription: sorts  parcels by size\n---\n"),
        ]),
        Example::Set(&[
            ("sort", "---\nname: sort\ndescription: Sorts parcels and letters by size.\n---\n"),
            (
                "order",
                "---\nname: order\ndescription: Use this skill for sorting letters and parcels by their size.\n---\n",
            ),
        ]),
        Example::Set(&[
            ("post", "---\nname: post\ndescription: Sends parcels with Post.\n---\n"),
            ("post-1", "---\nname: post-1\ndescription: Sends parcels with Post 1.\n---\n"),
        ]),
    ],
    good: &[
        Example::Set(&[
            ("sort", "---\nname: sort\ndescription: Sorts parcels by size.\n---\n"),
            ("weigh", "---\nname: weigh\ndescription: Sorts parcels by weight.\n---\n"),
        ]),
        Example::Set(&[
            ("post", "---\nname: post\ndescription: Post integration. Use when the user wants to send data.\n---\n"),
            ("mail", "---\nname: mail\ndescription: Mail integration. Use when the user wants to send data.\n---\n"),
        ]),
        Example::Set(&[
            ("copy", "---\nname: copy\ndescription: Copy integration. Manage data.\n---\n# Copy\n"),
            ("copies", "---\nname: copies\ndescription: Copies integration. Manage data.\n---\n# Copies\n"),
        ]),
        Example::Set(&[
            ("auth-1", "---\nname: auth-1\ndescription: Signs in with OAuth 1.\n---\n"),
            ("auth-2", "---\nname: auth-2\ndescription: Signs in with OAuth 2.\n---\n"),
        ]),
    ],
    check: Check::Set(check),
};

fn check(set: &Set<'_>, sink: &mut SetSink<'_>) {
    let names: HashSet<(usize, &str), RandomState> =
        set.members.iter().map(|member| (member.set, name_of(member))).collect();
    let mut first: HashMap<(usize, Vec<u64>), &Member, RandomState> = HashMap::default();
    for (index, member) in set.members.iter().enumerate() {
        let Some((_, span)) = &member.description else { continue };
        let name = name_of(member);
        let mut words = member.telling_words.clone();
        // Only beside what it is a copy of is `-1` a copy's number.
        if let Some((of, number)) = name.rsplit_once('-')
            && number.len() < 3
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && names.contains(&(member.set, of))
        {
            words.retain(|word| *word != digest(number.as_bytes()));
        }
        if words.is_empty() {
            continue;
        }
        match first.entry((member.set, words)) {
            Entry::Occupied(other) if name_of(other.get()) != name => {
                let message = "another skill is described in the same words".to_owned();
                sink.report(index, *span, message, format!("the other is {}", other.get().path));
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(place) => drop(place.insert(member)),
        }
    }
}

fn name_of(member: &Member) -> &str {
    member.name.as_ref().map_or("", |(name, _)| name)
}
