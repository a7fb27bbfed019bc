use super::evidence::UNICODE_CONFUSABLES;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::unusual::Kind;
use crate::manifest::source::Span;

/// Cyrillic and Greek letters that are drawn as Latin ones.
const LOOK_ALIKES: &str = "аеорсухіјѕһԁԛԝӏАВЕКМНОРСТХІЈЅУοναρυιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ";

pub(super) static RULE: Rule = Rule {
    name: "security/mixed-script",
    severity: Severity::Warning,
    summary: "a word mixes Latin letters with look-alikes of another script, or a host's name is made of these",
    why: "`аpple` with a Cyrillic `а` is another word: a look-alike host or command is not the one it seems to be.",
    evidence: &[UNICODE_CONFUSABLES],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("Download it from pаrcels.example.\n"),
        Example::Body("Run ΡARCEL.\n"),
        Example::Body("Sign in at https://www.арр.example/.\n"),
    ],
    good: &[
        Example::Body("Отдел IT, API-ключ, Python3 и посылки; Δx, 5 µm, β-test.\n"),
        Example::Body("Паркел и parcel side by side.\n"),
        Example::Body("Сахар: сахар.md и https://сахарок.example.\n"),
        Example::Body("In pаrcel the second letter is Cyrillic.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let text = context.text();
    let mut last_end = 0;
    let mut about = (Span::default(), false);
    for found in context
        .unusual
        .iter()
        .filter(|unusual| unusual.kind == Kind::Foreign && LOOK_ALIKES.contains(unusual.character))
    {
        if found.at < last_end {
            continue;
        }
        let is_letter = |c: char| c.is_alphabetic();
        let before = text[..found.at].trim_end_matches(is_letter).len();
        let after = found.at + text[found.at..].find(|c| !is_letter(c)).unwrap_or(text.len() - found.at);
        last_end = after;
        let word = &text[before..after];
        let all_alike = word.chars().all(|c| c.is_ascii() || LOOK_ALIKES.contains(c));
        let is_meant = !word.contains(|c: char| c.is_ascii()) && !is_in_address(&text[..before]);
        if !all_alike || is_meant || word.chars().count() <= 2 {
            continue;
        }
        if found.at >= about.0.end {
            let line = context.line_around(found.at);
            about = (line, names_the_script(context.slice(line)));
        }
        if !about.1 {
            let name = format!("U+{:04X}", u32::from(found.character));
            sink.report(
                Span::new(before, after),
                format!("`{}` in this word is {name}, no Latin letter", found.character),
            );
        }
    }
}

/// Whether an address is open at the end of a text.
fn is_in_address(before: &str) -> bool {
    /// Bytes before a host's last part.
    const MAX_LEN: usize = 256;
    let near = &before[before.ceil_char_boundary(before.len().saturating_sub(MAX_LEN))..];
    near.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"))
}

/// Whether a line says itself that a letter is not what it seems to be.
fn names_the_script(line: &str) -> bool {
    let line = line.to_lowercase();
    ["cyrillic", "greek", "homoglyph", "confusable", "look-alike", "lookalike"].iter().any(|name| line.contains(name))
}
