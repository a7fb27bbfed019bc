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
    why: "`аpple` with a Cyrillic `а` is another word: a look-alike host or command is not the one it seems to be. In lines that are \
          written in that script, a word that is no code and no address is left alone: people end Latin words as their language asks.",
    evidence: &[UNICODE_CONFUSABLES],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("Download it from pаrcels.example.\n"),
        Example::Body("Run ΡARCEL.\n"),
        Example::Body("Sign in at https://www.арр.example/.\n"),
        Example::Body("Скачайте его с pаrcels.example.\n"),
        Example::Body("Наберите `pаrcel`.\n"),
    ],
    good: &[
        Example::Body("Отдел IT, API-ключ, Python3 и посылки; Δx, 5 µm, β-test.\n"),
        Example::Body("Паркел и parcel side by side.\n"),
        Example::Body("Сахар: сахар.md и https://сахарок.example.\n"),
        Example::Body("In pаrcel the second letter is Cyrillic.\n"),
        Example::Body("Верните **refundу** за посылку.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let text = context.text();
    let mut last_end = 0;
    let mut about = Line::default();
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
        let is_meant = !word.contains(|c: char| c.is_ascii()) && !last_word(&text[..before]).contains("://");
        if !all_alike || is_meant || word.chars().count() <= 2 {
            continue;
        }
        if found.at >= about.span.end {
            about = Line::of(context, context.line_around(found.at));
        }
        let span = Span::new(before, after);
        let is_of_its_language = about.is_in_the_script && !context.in_code(span) && is_plain(text, span);
        if !about.names_the_script && !is_of_its_language {
            let name = format!("U+{:04X}", u32::from(found.character));
            sink.report(span, format!("`{}` in this word is {name}, no Latin letter", found.character));
        }
    }
}

/// What is known of the line that was looked at last.
#[derive(Default)]
struct Line {
    span: Span,
    /// It says itself that a letter is not what it seems to be.
    names_the_script: bool,
    /// It has letters of another script that look like no Latin one.
    is_in_the_script: bool,
}

impl Line {
    fn of(context: &Context<'_>, span: Span) -> Self {
        let line = context.slice(span);
        let is_in_the_script =
            line.chars().any(|c| matches!(c, '\u{370}'..='\u{52f}') && c.is_alphabetic() && !LOOK_ALIKES.contains(c));
        Self { span, names_the_script: names_the_script(line), is_in_the_script }
    }
}

/// Bytes beside a word in which what it is a part of is looked for.
const NEAR: usize = 256;

/// Whether a word is no part of an address, a path or an identifier.
fn is_plain(text: &str, word: Span) -> bool {
    let joins = |part: &str| part.contains(['.', '/', '\\', '@', '_', ':', '=']);
    let near = &text[word.end..text.floor_char_boundary(word.end + NEAR)];
    let after = near.split(char::is_whitespace).next().unwrap_or_default();
    !joins(last_word(&text[..word.start]).trim_start_matches(|c: char| !c.is_alphanumeric()))
        && !joins(after.trim_end_matches(|c: char| !c.is_alphanumeric()))
}

/// What stands before a place without a blank between.
fn last_word(before: &str) -> &str {
    let near = &before[before.ceil_char_boundary(before.len().saturating_sub(NEAR))..];
    near.rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// Whether a line says itself that a letter is not what it seems to be.
fn names_the_script(line: &str) -> bool {
    let line = line.to_lowercase();
    ["cyrillic", "greek", "homoglyph", "confusable", "look-alike", "lookalike"].iter().any(|name| line.contains(name))
}
