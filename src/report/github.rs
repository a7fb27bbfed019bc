//! Annotations of GitHub's workflow runs: one command a finding. They are printed to a log, which is read in terminals, too.

use std::fmt::Write as _;

use super::findings::Findings;
use crate::lint::diagnostic::Severity;
use crate::words::{escape, number};

/// The commands for these findings.
pub fn annotations(findings: &Findings) -> String {
    let mut text = String::new();
    for folded in &findings.folded {
        let finding = &folded.finding;
        let diagnostic = &finding.diagnostic;
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let path = property(finding.path.strip_prefix("./").unwrap_or(&finding.path));
        let _ = write!(text, "::{command} file={path},line={},col={}", finding.start.line, finding.start.column);
        if finding.start.line == finding.end.line && finding.end.column > finding.start.column {
            let _ = write!(text, ",endColumn={}", finding.end.column);
        }
        let mut message = escape(&diagnostic.message).to_string();
        if folded.count > 1 {
            let _ = write!(message, " (and in {})", number(folded.count - 1, "more place"));
        }
        let _ = writeln!(text, ",title={}::{}", property(diagnostic.rule), data(&message));
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::finding::Finding;
    use crate::lint::folding::unfolded;
    use crate::report::findings::Summary;

    #[test]
    fn a_log_shows_no_control_characters() {
        let folded = unfolded(vec![Finding::example("a", "the name is `\u{1b}[31m\u{202e}`\n::error::x")]);
        let text = annotations(&Findings { folded, summary: Summary::default() });
        assert!(text.ends_with("::the name is `\\u{1b}[31m\\u{202e}`%0A::error::x\n"), "{text}");
    }

    #[test]
    fn what_ends_a_property_is_escaped() {
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
    }
}
