//! Mending: edits by span, applied round by round until nothing is left to mend.
//!
//! A fix is kept only if the manifest has no finding afterwards that it did not have before; so two fixes that spoil each other's work
//! end, and mending twice changes nothing the second time.

use std::collections::{BTreeMap, HashMap};

use super::diagnostic::{Diagnostic, Edit, Fix, Safety, words};

/// Bytes that are checked at most while one manifest is mended; only one made for it needs as many.
const MAX_CHECKED: usize = 1 << 25;

/// A manifest after mending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The bytes, mended.
    pub bytes: Vec<u8>,
    /// How many fixes were applied.
    pub applied: usize,
}

/// Mends `bytes`. `check` says what is wrong with a manifest's bytes.
pub fn fix(bytes: Vec<u8>, allow: Safety, check: &dyn Fn(&[u8]) -> Vec<Diagnostic>) -> Fixed {
    let mut fixed = Fixed { bytes, applied: 0 };
    let mut found = check(&fixed.bytes);
    let mut left = MAX_CHECKED;
    loop {
        let wanted = applicable(&found, allow);
        let mut round =
            Round { bytes: &fixed.bytes, found: &found, check, left: &mut left, kept: Vec::new(), best: None };
        round.keep(&wanted);
        let applied = round.kept.len();
        // Every round leaves fewer findings, so there is a last one.
        let Some((bytes, found_then)) = round.best else { return fixed };
        fixed.applied += applied;
        (fixed.bytes, found) = (bytes, found_then);
    }
}

/// Fixes of one state of a manifest, of which as many are kept as do no harm together.
struct Round<'r> {
    bytes: &'r [u8],
    found: &'r [Diagnostic],
    check: &'r dyn Fn(&[u8]) -> Vec<Diagnostic>,
    /// How many bytes may still be checked.
    left: &'r mut usize,
    kept: Vec<&'r Fix>,
    /// The bytes with what is kept, and what is found in them.
    best: Option<(Vec<u8>, Vec<Diagnostic>)>,
}

impl<'r> Round<'r> {
    /// Keeps all of these, or of each half what can be kept: so a few that do harm are found among many.
    fn keep(&mut self, fixes: &[&'r Fix]) {
        if fixes.is_empty() || *self.left < self.bytes.len() {
            return;
        }
        *self.left -= self.bytes.len();
        let edits: Vec<&Edit> = self.kept.iter().chain(fixes).flat_map(|fix| &fix.edits).collect();
        let fewer_than = self.best.as_ref().map_or(self.found.len(), |(_, found)| found.len());
        if let Some(best) = try_edits(self.bytes, &edits, self.found, fewer_than, self.check) {
            self.kept.extend(fixes);
            self.best = Some(best);
        } else if fixes.len() > 1 {
            let (first, second) = fixes.split_at(fixes.len() / 2);
            self.keep(first);
            self.keep(second);
        }
    }
}

/// Fixes that are allowed and do not overlap an earlier one.
fn applicable(found: &[Diagnostic], allow: Safety) -> Vec<&Fix> {
    // By start, where each ends.
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut fixes = Vec::new();
    for fix in found.iter().filter_map(|diagnostic| diagnostic.fix.as_ref()) {
        let allowed = allow == Safety::Unsafe || fix.safety == Safety::Safe;
        // Two insertions at one place would depend on their order.
        let free = |Edit { span, .. }: &Edit| {
            let before = taken.range(..span.start).next_back();
            let after = taken.range(span.start..).next();
            before.is_none_or(|(_, &end)| end <= span.start)
                && after.is_none_or(|(&start, _)| span.start < start && span.end <= start)
        };
        if allowed && !fix.edits.is_empty() && fix.edits.iter().all(free) {
            taken.extend(fix.edits.iter().map(|edit| (edit.span.start, edit.span.end)));
            fixes.push(fix);
        }
    }
    fixes
}

fn try_edits(
    bytes: &[u8],
    edits: &[&Edit],
    before: &[Diagnostic],
    fewer_than: usize,
    check: &dyn Fn(&[u8]) -> Vec<Diagnostic>,
) -> Option<(Vec<u8>, Vec<Diagnostic>)> {
    let edited = apply(bytes, edits);
    if edited == bytes {
        return None;
    }
    let after = check(&edited);
    let mut known: HashMap<(&str, String), usize> = HashMap::new();
    for diagnostic in before {
        *known.entry((diagnostic.rule, words(&diagnostic.message))).or_default() += 1;
    }
    let nothing_new =
        after.iter().all(|diagnostic| match known.get_mut(&(diagnostic.rule, words(&diagnostic.message))) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        });
    (nothing_new && after.len() < fewer_than).then_some((edited, after))
}

/// `bytes` with the edits made; edits outside are left out.
fn apply(bytes: &[u8], edits: &[&Edit]) -> Vec<u8> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span);
    let mut edited = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for edit in edits {
        if edit.span.start < from || edit.span.end > bytes.len() {
            continue;
        }
        edited.extend_from_slice(&bytes[from..edit.span.start]);
        edited.extend_from_slice(edit.text.as_bytes());
        from = edit.span.end;
    }
    edited.extend_from_slice(&bytes[from..]);
    edited
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::diagnostic::Severity;
    use crate::manifest::source::Span;

    /// Finds every occurrence of `what` and mends it to `to`.
    fn finds(bytes: &[u8], what: &str, to: &str, safety: Safety) -> Vec<Diagnostic> {
        let text = std::str::from_utf8(bytes).unwrap();
        let found = text.match_indices(what).map(|(at, _)| {
            let span = Span::new(at, at + what.len());
            let fix = Fix { safety, edits: vec![Edit { span, text: to.to_owned() }] };
            Diagnostic { fix: Some(fix), ..Diagnostic::new("text/a", Severity::Warning, span, what.to_owned()) }
        });
        found.collect()
    }

    #[test]
    fn fixes_go_on_until_nothing_is_left() {
        let fixed = fix(b"aaaa".to_vec(), Safety::Safe, &|bytes| finds(bytes, "aa", "a", Safety::Safe));
        assert_eq!((fixed.bytes.as_slice(), fixed.applied), (b"a".as_slice(), 3));
    }

    #[test]
    fn one_fix_that_does_harm_keeps_no_other_from_its_place() {
        let check = |bytes: &[u8]| {
            let mut found = finds(bytes, "a", "b", Safety::Safe);
            // Whatever mends the last one brings another finding.
            found.extend(finds(bytes, "b!", "", Safety::Unsafe).into_iter().map(|one| Diagnostic { fix: None, ..one }));
            found
        };
        let fixed = fix(b"a a a a a a a!".repeat(9), Safety::Safe, &check);
        assert_eq!((fixed.applied, fixed.bytes), (54, b"b b b b b b a!".repeat(9)));
    }

    #[test]
    fn a_finding_that_counts_otherwise_is_not_new() {
        let check = |bytes: &[u8]| {
            let mut found = finds(bytes, "aa", "a", Safety::Safe);
            let message = format!("this has {} bytes", bytes.len());
            found.push(Diagnostic::new("text/b", Severity::Warning, Span::at(0), message));
            found
        };
        assert_eq!(fix(b"aaaa".to_vec(), Safety::Safe, &check).bytes, b"a");
    }

    #[test]
    fn unsafe_fixes_need_leave() {
        let check = |bytes: &[u8]| finds(bytes, "a", "b", Safety::Unsafe);
        assert_eq!(fix(b"a".to_vec(), Safety::Safe, &check).bytes, b"a");
        assert_eq!(fix(b"a".to_vec(), Safety::Unsafe, &check).bytes, b"b");
    }

    #[test]
    fn a_fix_that_brings_a_new_finding_is_not_kept() {
        let check = |bytes: &[u8]| {
            let mut found = finds(bytes, "a", "b", Safety::Safe);
            found.extend(finds(bytes, "b", "a", Safety::Safe));
            found
        };
        assert_eq!(fix(b"a".to_vec(), Safety::Safe, &check).applied, 0);
    }
}
