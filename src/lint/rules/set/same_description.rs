use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

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
    let name_of = |member: &'_ Member| member.name.as_ref().map(|(name, _)| name.clone()).unwrap_or_default();
    let names: HashSet<(usize, String)> = set.members.iter().map(|member| (member.set, name_of(member))).collect();
    let mut first: HashMap<(usize, Vec<u64>), &Member> = HashMap::with_capacity(set.members.len());
    for (index, member) in set.members.iter().enumerate() {
        let Some((description, span)) = &member.description else { continue };
        let name = name_of(member);
        // Only beside what it is a copy of is `-1` a copy's number.
        let copied = name.rsplit_once('-').filter(|(of, _)| names.contains(&(member.set, (*of).to_owned())));
        let own = format!("{} {name}", member.title.as_deref().unwrap_or_default()).to_lowercase();
        let words = telling_words(description, &own, copied.map(|(_, number)| number));
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

/// Digests of the words that tell one skill from another, each once, in one order; the number of a copy is none of them. Endings do
/// not count, but in the skill's `own` names.
fn telling_words(description: &str, own: &str, copy: Option<&str>) -> Vec<u64> {
    let copy = copy.filter(|number| number.len() < 3 && number.bytes().all(|byte| byte.is_ascii_digit()));
    let mut words = Vec::new();
    let mut lower = String::new();
    for word in description.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        lower.clear();
        lower.extend(word.chars().flat_map(char::to_lowercase));
        if !is_filler(&lower) && Some(word) != copy {
            let is_own = own.split(|c: char| !c.is_alphanumeric()).any(|name| name == lower);
            words.push(digest(if is_own { lower.as_bytes() } else { stem(&lower).as_bytes() }));
        }
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// Whether any description may hold a word, whatever its skill is for.
#[rustfmt::skip]
fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "a" | "an" | "the" | "this" | "that" | "these" | "it" | "its" | "is" | "are" | "be" | "to" | "of" | "for" | "in" | "on" | "at"
        | "by" | "and" | "or" | "with" | "when" | "whenever" | "if" | "you" | "your" | "user" | "users" | "want" | "wants" | "need"
        | "needs" | "ask" | "asks" | "use" | "uses" | "using" | "used" | "skill" | "their" | "them" | "they" | "can" | "will"
        | "should" | "must" | "please" | "also" | "as" | "from" | "so" | "do"
    )
}

/// A word without the ending that its number or tense gives it.
fn stem(word: &str) -> &str {
    const ENDINGS: [&str; 7] = ["ies", "ing", "ed", "es", "s", "e", "y"];
    let stems = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending));
    stems.into_iter().find(|stem| stem.len() > 2 && !stem.ends_with('s')).unwrap_or(word)
}
