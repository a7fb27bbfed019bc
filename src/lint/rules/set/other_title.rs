use std::collections::HashMap;

use super::evidence::APP_SKILLS;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, SetSink};
use crate::lint::set::parts::Wording;
use crate::lint::set::{Member, Set};
use crate::manifest::source::Span;

/// Bytes of the longest title that is looked for.
const LONGEST: usize = 80;

pub(super) static RULE: Rule = Rule {
    name: "set/other-title",
    severity: Severity::Warning,
    summary: "a skill names another where the others of its set name themselves",
    why: "A manifest that was copied from another, or made with the wrong values, sends the agent to the wrong application. Only sections \
          that read the same in nearly all skills of a set but for their titles are compared.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[with_usual!(("box", "---\nname: box\n---\n# Box\n\n## Work with Box\n\nAsk Ivy.\n"))],
    good: &[
        Example::Set(&[
            ("ivy", "---\nname: ivy\n---\n# Ivy\n\n## Work with Ivy\n\nAsk Ivy.\n"),
            ("box", "---\nname: box\n---\n# Box\n\n## Work with Box\n\nAsk Ivy.\n"),
        ]),
        with_usual!((
            "box",
            "---\nname: box\n---\n# Box\n\n## Work with Box\n\nAsk me.\n\n## See also\n\nIvy is like it.\n"
        )),
    ],
    check: Check::Set(check),
};

fn check(set: &Set<'_>, sink: &mut SetSink<'_>) {
    let usual = set.usual();
    let mut models: HashMap<usize, Vec<Model>> = HashMap::new();
    let mut titles: HashMap<(usize, &str), &Member> = HashMap::new();
    for (index, member) in set.members.iter().enumerate() {
        let Some(title) = &member.title else { continue };
        let unusual = || {
            let parts = usual.beside(set.members, index);
            parts.filter(|(part, wording)| wording.is_none_or(|wording| wording.text != part.text))
        };
        if unusual().next().is_none() {
            continue;
        }
        let models = models.entry(member.set).or_insert_with(|| models_of(set, member.set));
        if models.is_empty() {
            continue;
        }
        if titles.is_empty() {
            titles.extend(set.members.iter().filter_map(|m| Some(((m.set, m.title.as_deref()?), m))));
        }
        let says_all = |model: &Model| member.parts.iter().any(|part| (part.heading, part.text) == model.digests);
        let missing: Vec<&Model> = models.iter().filter(|model| !says_all(model)).collect();
        if missing.is_empty() {
            continue;
        }
        let Some(text) = set.text(member) else { continue };
        for (part, _) in unusual() {
            let Some(whole) = text.get(part.whole.range()) else { continue };
            let named = missing.iter().find_map(|model| model.other_name(whole, title));
            let Some((span, other)) =
                named.and_then(|span| Some((span, titles.get(&(member.set, &whole[span.range()]))?)))
            else {
                continue;
            };
            let message =
                format!("this names `{}` where other skills of the set name themselves", &whole[span.range()]);
            let help = format!("write `{title}`; the other is {}", other.path);
            sink.report(index, span.shifted(part.whole.start), message, help);
        }
    }
}

/// A section as nearly all write it: the pieces between the places where they write their titles.
struct Model {
    digests: (u64, u64),
    pieces: Vec<String>,
}

/// The usual sections of a set in which titles stand.
fn models_of(set: &Set<'_>, of: usize) -> Vec<Model> {
    let mut wordings: Vec<_> = set.usual().of_set(of).collect();
    wordings.sort_unstable_by_key(|wording| wording.first);
    let model = |wording: &&Wording| {
        let (index, at) = wording.first;
        let member = &set.members[index];
        let title = member.title.as_deref().filter(|title| !title.is_empty())?;
        let text = set.text(member)?;
        let whole = text.get(member.parts.get(at)?.whole.range())?;
        let pieces: Vec<String> = whole.split(title).map(str::to_owned).collect();
        (pieces.len() > 1).then_some(Model { digests: (wording.heading, wording.text), pieces })
    };
    wordings.iter().filter_map(model).collect()
}

impl Model {
    /// Where a section that is otherwise like this one first names something else than `title`.
    fn other_name(&self, whole: &str, title: &str) -> Option<Span> {
        let (first, rest) = self.pieces.split_first()?;
        let mut at = whole.strip_prefix(first.as_str()).map(|_| first.len())?;
        let mut other = None;
        for (number, piece) in rest.iter().enumerate() {
            let left = &whole[at..];
            let is_last = number + 1 == rest.len();
            let fits = |rest: &str| if is_last { rest == piece } else { rest.starts_with(piece.as_str()) };
            let len = if left.strip_prefix(title).is_some_and(fits) {
                title.len()
            } else {
                let len = if is_last { left.len().checked_sub(piece.len())? } else { left.find(piece.as_str())? };
                let name = left.get(..len).filter(|name| !name.is_empty() && len <= LONGEST && !name.contains('\n'))?;
                if !fits(&left[len..]) {
                    return None;
                }
                other = other.or(Some(Span::new(at, at + name.len())));
                len
            };
            at += len + piece.len();
        }
        other
    }
}
