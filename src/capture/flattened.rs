//! A table row whose cells run together: `Create Tagcreate-tagCreates a tag`.
//!
//! The key is told from its neighbours by its shape (lower case, digits, single separators) and by its kinship with the name. Where
//! the description starts with a capital, the key's end is plain to see. Where the key starts is not, when the name ends in a small
//! letter; there the words that name and key share decide. A reading is certain only when exactly one split has that kinship.

use std::collections::HashSet;

/// Names and keys are sought in so many bytes at the start of a row.
const HEAD: usize = 480;
/// No key is longer.
const MAX_KEY: usize = 160;
/// The last word of a name has no more hyphens.
const MAX_PIECES: usize = 4;
/// Readings that a doubt names.
const MAX_READINGS: usize = 4;
/// What keys start with when nothing in their table says more.
const VERBS: [&str; 24] = [
    "add", "assign", "cancel", "check", "create", "delete", "edit", "export", "fetch", "find", "get", "import", "list",
    "move", "publish", "remove", "retrieve", "run", "search", "send", "set", "start", "update", "upload",
];

/// A row, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cells<'t> {
    pub(crate) name: &'t str,
    pub(crate) key: &'t str,
    pub(crate) description: &'t str,
}

impl Cells<'_> {
    /// As a reader is shown it.
    pub(crate) fn shown(&self) -> String {
        let description: String = self.description.chars().take(24).collect();
        format!("{} | {} | {description}…", self.name, self.key)
    }
}

/// What a row can be read as.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading<'t> {
    /// There is one way.
    Certain(Cells<'t>),
    /// There are several, the likeliest first, or one that little speaks for.
    Doubtful(Vec<Cells<'t>>, &'static str),
    /// It has no key.
    None,
}

/// What is known of a table beside the row.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// The first words of the keys of its certain rows.
    pub(crate) verbs: HashSet<String>,
    /// The key of the same row in a translation.
    pub(crate) key: Option<String>,
}

/// How much a key is kin to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kinship {
    /// They share a word, or the start of one.
    Trace,
    /// The key starts as keys do.
    Verb,
    /// The first word of the key is one of the name's.
    FirstWord,
    /// One holds all words of the other, in order.
    Words,
    /// The key is the slug of the name.
    Whole,
}

/// Takes a row apart.
pub(crate) fn read<'t>(row: &'t str, context: &Context) -> Reading<'t> {
    let row = row.trim();
    if let Some(cells) = tabbed(row) {
        return Reading::Certain(cells);
    }
    if let Some(cells) = context.key.as_deref().and_then(|key| by_key(row, key)) {
        return Reading::Certain(cells);
    }
    let mut best: Vec<(Kinship, Cells<'t>)> = Vec::new();
    for run in runs(row) {
        let found = run.splits(row, context);
        let top = |splits: &[(Kinship, Cells<'t>)]| splits.first().map(|(kinship, _)| *kinship);
        if top(&found) > top(&best) {
            best = found;
        }
        // What follows the key is prose, whose words prove nothing.
        if top(&best) >= Some(Kinship::Words) {
            break;
        }
    }
    let Some(&(top, _)) = best.first() else { return by_whole_slug(row) };
    let tied = best.iter().filter(|(kinship, _)| *kinship == top).count();
    if top >= Kinship::Words && tied == 1 {
        return Reading::Certain(best.swap_remove(0).1);
    }
    let why = match top {
        Kinship::Whole | Kinship::Words => {
            "the words of name and key agree in more than one way; the longest name is taken"
        }
        Kinship::FirstWord => "name and key share their first word, and little else",
        Kinship::Verb => "the key shares no word with the name, and starts as keys do",
        Kinship::Trace => "name and key share no more than a word",
    };
    Reading::Doubtful(best.into_iter().take(MAX_READINGS).map(|(_, cells)| cells).collect(), why)
}

/// Cells that are still apart, by tabs.
fn tabbed(row: &str) -> Option<Cells<'_>> {
    let mut cells = row.splitn(3, '\t').map(str::trim);
    let (name, key, description) = (cells.next()?, cells.next()?, cells.next().unwrap_or_default());
    (!name.is_empty() && is_key(key)).then_some(Cells { name, key, description })
}

/// The split at a key that is known, when it stands in the row once and ends where a word ends.
fn by_key<'t>(row: &'t str, key: &str) -> Option<Cells<'t>> {
    let mut places = row.match_indices(key).map(|(at, _)| at);
    let at = places.next().filter(|&at| at > 0)?;
    let cells = Cells { name: &row[..at], key: &row[at..at + key.len()], description: &row[at + key.len()..] };
    (places.next().is_none() && ends_a_cell(row, at) && ends_a_key(cells.description)).then_some(cells)
}

/// Rows whose description starts in lower case: only a key that is the whole slug of the name can be told, and not for certain.
fn by_whole_slug(row: &str) -> Reading<'_> {
    let head = &row[..head(row)];
    let mut readings: Vec<Cells<'_>> = Vec::new();
    let mut slug = String::new();
    for (at, character) in head.char_indices() {
        push_slug(&mut slug, character);
        let end = at + character.len_utf8();
        let key = slug.trim_end_matches('-');
        if !key.contains('-') || !row[end..].starts_with(key) || !ends_a_cell(row, end) {
            continue;
        }
        let (key, description) = row[end..].split_at(key.len());
        if !description.starts_with(char::is_whitespace) {
            readings.push(Cells { name: &row[..end], key, description });
        }
    }
    readings.sort_by_key(|cells| std::cmp::Reverse(cells.key.len()));
    readings.truncate(MAX_READINGS);
    // A plural may belong to the key or to the description.
    if let Some(Cells { name, key, description }) = readings.first().cloned()
        && let Some(rest) = description.strip_prefix('s').filter(|rest| rest.starts_with(char::is_alphanumeric))
    {
        let end = name.len() + key.len() + 1;
        readings.push(Cells { name, key: &row[name.len()..end], description: rest });
    }
    if readings.is_empty() {
        return Reading::None;
    }
    Reading::Doubtful(readings, "nothing marks the end of the key; it is taken to be the name's slug")
}

/// A stretch of characters that keys are made of, and whether a key can be seen to end with it.
struct Run {
    start: usize,
    end: usize,
}

/// The runs at whose end a key can end: a capital, a letter of another script, or nothing follows.
fn runs(row: &str) -> Vec<Run> {
    let head = head(row);
    let bytes = row.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    while at < head {
        if !is_key_byte(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && at < start + MAX_KEY * 2 && is_key_byte(bytes[at]) {
            at += 1;
        }
        if bytes[at - 1].is_ascii_alphanumeric() && ends_a_key(&row[at..]) {
            runs.push(Run { start, end: at });
        }
    }
    runs
}

impl Run {
    /// The ways to split the row with a key that ends here, the best first.
    fn splits<'t>(&self, row: &'t str, context: &Context) -> Vec<(Kinship, Cells<'t>)> {
        let mut found = Vec::new();
        let earliest = self.start.max(self.end.saturating_sub(MAX_KEY)).max(1);
        let mut pieces = 0;
        for at in earliest..self.end {
            pieces += usize::from(matches!(row.as_bytes()[at - 1], b'-' | b'_' | b'.'));
            if pieces > MAX_PIECES {
                break;
            }
            let key = &row[at..self.end];
            if !is_key(key) || !ends_a_cell(row, at) {
                continue;
            }
            let name = &row[..at];
            let firm = at == self.start && !row[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
            if let Some(kinship) = kinship(name, key, firm, context) {
                found.push((kinship, Cells { name, key, description: &row[self.end..] }));
            }
        }
        // The longest name first among equals: a key that starts later is the more modest claim.
        found.sort_by(|(a, x), (b, y)| b.cmp(a).then(y.name.len().cmp(&x.name.len())));
        found
    }
}

/// How a name and a key belong together. `firm`: the characters before the key cannot belong to it.
fn kinship(name: &str, key: &str, firm: bool, context: &Context) -> Option<Kinship> {
    let name = words(name);
    let key: Vec<&str> = key.split(['-', '_', '.']).collect();
    let first = *key.first()?;
    if name.concat() == key.concat() && aligned(&key, &name) == Some(name.len()) {
        return Some(Kinship::Whole);
    }
    if without_possessives(&name) == key {
        return Some(Kinship::Whole);
    }
    let shares_first = name.iter().any(|word| word == first);
    if key.len() == 1 {
        // One word of a sentence is soon found in it again.
        return (shares_first && is_key(first)).then_some(Kinship::Trace);
    }
    if shares_first && aligned(&key, &name).is_some() {
        return Some(Kinship::Words);
    }
    let name: Vec<&str> = name.iter().map(String::as_str).collect();
    let owned: Vec<String> = key.iter().map(|&word| word.to_owned()).collect();
    if key.len() > name.len() && !name.is_empty() && aligned(&name, &owned).is_some() {
        return Some(Kinship::Words);
    }
    if firm {
        return Some(Kinship::Words);
    }
    if shares_first {
        return Some(Kinship::FirstWord);
    }
    if VERBS.contains(&first) || context.verbs.contains(first) {
        return Some(Kinship::Verb);
    }
    let shares_start = first.len() > 2 && name.iter().any(|word| word.starts_with(first));
    let shares_last = name.last().is_some_and(|last| key.contains(last));
    (shares_start || shares_last).then_some(Kinship::Trace)
}

/// Whether all of `part` stands in `whole` in order, as words or as adjacent words written together; how many words were used.
fn aligned(part: &[&str], whole: &[String]) -> Option<usize> {
    let mut at = 0;
    let mut used = 0;
    for word in part {
        let taken = loop {
            let rest = whole.get(at..).filter(|rest| !rest.is_empty())?;
            match (1..=3.min(rest.len())).find(|&count| rest[..count].concat() == *word) {
                Some(count) => break count,
                None => at += 1,
            }
        };
        at += taken;
        used += taken;
    }
    Some(used)
}

/// The words of a name in lower case.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// `visitor s last` as `visitor last`.
fn without_possessives(words: &[String]) -> Vec<&str> {
    words.iter().enumerate().filter(|(at, word)| *at == 0 || *word != "s").map(|(_, word)| word.as_str()).collect()
}

/// Adds a character of a name to its slug.
fn push_slug(slug: &mut String, character: char) {
    if character.is_alphanumeric() {
        slug.extend(character.to_lowercase());
    } else if !slug.is_empty() && !slug.ends_with('-') {
        slug.push('-');
    }
}

/// The key that people would make of a name.
pub(crate) fn slug(name: &str) -> String {
    let mut slug = String::new();
    name.chars().for_each(|character| push_slug(&mut slug, character));
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Where the part of a row ends in which names and keys are sought.
fn head(row: &str) -> usize {
    (0..=HEAD.min(row.len())).rev().find(|&at| row.is_char_boundary(at)).unwrap_or(0)
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
}

/// Lower case and digits with single separators between them, and at least one letter.
pub(crate) fn is_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    (2..=MAX_KEY).contains(&bytes.len())
        && bytes.iter().all(|&byte| is_key_byte(byte))
        && bytes.iter().any(u8::is_ascii_lowercase)
        && text.split(['-', '_', '.']).all(|word| !word.is_empty())
}

/// Whether a cell can end at `at`: cells have no blanks or separators at their ends.
fn ends_a_cell(row: &str, at: usize) -> bool {
    row[..at].ends_with(|c: char| !c.is_whitespace() && !matches!(c, '-' | '_' | '.' | '/'))
}

/// Whether what follows shows that a key ended before it.
fn ends_a_key(rest: &str) -> bool {
    rest.chars().next().is_none_or(|c| c.is_uppercase() || (!c.is_ascii() && c.is_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certain(row: &str) -> (&str, &str, &str) {
        match read(row, &Context::default()) {
            Reading::Certain(cells) => (cells.name, cells.key, cells.description),
            other => panic!("{row}: {other:?}"),
        }
    }

    #[test]
    fn keys_are_the_slugs_of_names() {
        assert_eq!(
            certain("List Loaveslist-loavesLists all loaves"),
            ("List Loaves", "list-loaves", "Lists all loaves")
        );
        assert_eq!(certain("List Loaveslist-loaves"), ("List Loaves", "list-loaves", ""));
        assert_eq!(certain("Set Presetset-presetSets it"), ("Set Preset", "set-preset", "Sets it"));
    }

    #[test]
    fn keys_may_drop_words_or_add_some() {
        assert_eq!(certain("Get Loaf by IDget-loafReads one").1, "get-loaf");
        assert_eq!(certain("Bake Loaf for Guestbake-loafBakes one").1, "bake-loaf");
        assert_eq!(certain("Get Baker's Last Loafget-baker-last-loafReads it").1, "get-baker-last-loaf");
        assert_eq!(certain("List To-doslist-todosLists all").1, "list-todos");
        assert_eq!(certain("Create Ovencreate-oven-v2Creates one").1, "create-oven-v2");
        assert_eq!(certain("List Ovensbakery.list-ovensLists all").1, "bakery.list-ovens");
        assert_eq!(certain("Warm (all)heat-ovensWarms them").1, "heat-ovens");
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_doubtful() {
        for row in ["List Guestsexport-guestExports", "List Loaflist-loafshow all", "Do itreset-setResets"] {
            let reading = read(row, &Context::default());
            assert!(!matches!(reading, Reading::Certain(_)), "{row}: {reading:?}");
        }
        let Reading::Doubtful(readings, _) = read("List Loaflist-loafshow all", &Context::default()) else { panic!() };
        let keys: Vec<&str> = readings.iter().map(|cells| cells.key).collect();
        assert_eq!(keys, ["list-loaf", "list-loafs"]);
        assert_eq!(read("Just a sentence of words.", &Context::default()), Reading::None);
    }

    #[test]
    fn a_known_key_settles_it() {
        let context = Context { key: Some("export-guest".to_owned()), ..Context::default() };
        let Reading::Certain(cells) = read("List Guestsexport-guestExports", &context) else { panic!() };
        assert_eq!((cells.name, cells.description), ("List Guests", "Exports"));
    }

    #[test]
    fn rows_without_end_are_read_in_bounded_time() {
        assert!(matches!(read(&"a".repeat(4 << 20), &Context::default()), Reading::None));
        assert!(!matches!(read(&"a-b".repeat(1 << 20), &Context::default()), Reading::Certain(_)));
    }
}
