//! What every form of report is made from.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::folding::Folded;
use crate::words::{grouped, number};

/// The outcome of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Findings {
    /// What was found, in the order in which it is shown.
    pub folded: Vec<Folded>,
    /// The numbers.
    pub summary: Summary,
}

/// The numbers of a run. Findings that say the same are counted one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Summary {
    /// Manifests that were checked.
    pub manifests: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
    /// Lines that are shown for them.
    pub shown: usize,
    /// Findings that comments suppress.
    pub suppressed: usize,
    /// Findings that the baseline knows.
    pub baseline: usize,
    /// Fixes that were applied.
    pub fixed: usize,
    /// Findings left that `--fix`, given what else was given, would mend.
    pub fixable: usize,
}

impl Summary {
    /// Counts what is in `folded`; `mends` is how boldly `--fix` would mend, nothing where it did what it can.
    pub fn count(&mut self, folded: &[Folded], mends: Option<Safety>) {
        for Folded { finding, count, .. } in folded {
            match finding.diagnostic.severity {
                Severity::Error => self.errors += count,
                Severity::Warning => self.warnings += count,
                Severity::Info => self.infos += count,
            }
            let safety = finding.diagnostic.fix.as_ref().map(|fix| fix.safety);
            if safety == Some(Safety::Safe) && mends.is_some() || safety.is_some() && safety == mends {
                self.fixable += count;
            }
        }
        self.shown = folded.len();
    }

    /// In words, on one line.
    pub fn sentence(&self) -> String {
        let mut parts = vec![
            number(self.errors, "error"),
            number(self.warnings, "warning"),
            format!("{} info", grouped(self.infos)),
        ];
        if self.suppressed > 0 {
            parts.push(format!("{} suppressed", grouped(self.suppressed)));
        }
        if self.baseline > 0 {
            parts.push(format!("{} known", grouped(self.baseline)));
        }
        if self.fixed > 0 {
            parts.push(format!("{} fixed", grouped(self.fixed)));
        }
        let mut text = format!("checked {}: {}", number(self.manifests, "manifest"), parts.join(", "));
        if self.fixable > 0 {
            let _ = write!(text, "; --fix mends {}", grouped(self.fixable));
        }
        text
    }
}

impl Findings {
    /// How many findings each rule has, most first.
    pub fn statistics(&self) -> Vec<(&'static str, Severity, usize)> {
        let mut counts: BTreeMap<&'static str, (Severity, usize)> = BTreeMap::new();
        for Folded { finding, count, .. } in &self.folded {
            let entry = counts.entry(finding.diagnostic.rule).or_insert((finding.diagnostic.severity, 0));
            entry.0 = entry.0.max(finding.diagnostic.severity);
            entry.1 += count;
        }
        let mut counts: Vec<_> = counts.into_iter().map(|(rule, (severity, count))| (rule, severity, count)).collect();
        counts.sort_by_key(|&(rule, _, count)| (std::cmp::Reverse(count), rule));
        counts
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::lint::diagnostic::Diagnostic;
    use crate::lint::finding::Finding;
    use crate::lint::folding::unfolded;
    use crate::manifest::source::Span;

    #[test]
    fn only_what_would_be_mended_counts_as_fixable() {
        let finding = |safety: Safety| {
            let mut diagnostic = Diagnostic::new("text/a", Severity::Info, Span::at(0), "wrong");
            diagnostic.fix(safety, Span::at(0), "x");
            Finding::about(&Arc::from("a"), diagnostic)
        };
        let findings = unfolded(vec![finding(Safety::Safe), finding(Safety::Unsafe)]);
        for (mends, expected) in [(Some(Safety::Safe), 1), (Some(Safety::Unsafe), 2), (None, 0)] {
            let mut summary = Summary::default();
            summary.count(&findings, mends);
            assert_eq!(summary.fixable, expected);
        }
        let summary = Summary { infos: 6267, ..Summary::default() };
        assert!(summary.sentence().ends_with("0 errors, 0 warnings, 6,267 info"), "{}", summary.sentence());
    }
}
