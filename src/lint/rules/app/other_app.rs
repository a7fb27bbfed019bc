use super::evidence::APP_SKILLS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

/// Verbs that follow the name of an application.
const VERBS: [&str; 10] = [
    " is ",
    " are ",
    " provides ",
    " offers ",
    " helps ",
    " allows ",
    " enables ",
    " lets ",
    " automates ",
    " delivers ",
];
/// Names that differ more than this are not two spellings of one.
const ALIKE: f64 = 0.72;

pub(super) static RULE: Rule = Rule {
    name: "app/other-app",
    severity: Severity::Warning,
    summary: "the summary is about another application than the title",
    why: "A summary that starts with another name was likely made for another application, and everything below it may be, too.",
    evidence: &[APP_SKILLS],
    clients: &[],
    fix: None,
    bad: &[Example::Body("# Post\n\nGrocer Hub is a shop for vegetables.\n\n## Popular actions\n\nSearch.\n")],
    good: &[
        Example::Body("# Post\n\nThe Post is a parcel service.\n\n## Popular actions\n\nSearch.\n"),
        Example::Body("# AbuselPDB\n\nAbuseIPDB is a database of addresses.\n\n## Popular actions\n\nSearch.\n"),
        Example::Body("# Falcon (Humio)\n\nHumio, now Falcon, is a store for logs.\n\n## Popular actions\n\nSearch.\n"),
        Example::Body("# Post\n\nThis app is for parcels.\n\n## Popular actions\n\nSearch.\n"),
        Example::Body("# W\n\nWeights and Biases is a platform.\n\n## Popular actions\n\nSearch.\n"),
        Example::Body("# Post\n\nSending parcels is easy.\n\n## Popular actions\n\nSearch.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let (Some(title), Some(summary)) = (context.manifest.title, context.manifest.summary) else { return };
    if !super::is_app(context) {
        return;
    }
    let (title, text) = (context.slice(title), context.slice(summary));
    let sentence = text.split(['.', '\n']).next().unwrap_or(text);
    let mut blanks = memchr::memchr_iter(b' ', sentence.as_bytes());
    let Some(end) = blanks.find(|&at| VERBS.iter().any(|verb| sentence[at..].starts_with(verb))) else { return };
    let subject = sentence[..end].strip_prefix("The ").unwrap_or(&sentence[..end]);
    if subject != title && is_a_name(subject) && !same(subject, title) {
        let start = summary.start + end - subject.len();
        let message = format!("the title is `{title}`, and the summary is about `{subject}`");
        sink.report(Span::new(start, start + subject.len()), message);
    }
}

/// Two words or one with a capital inside it, each capitalised: a name and no start of a sentence.
fn is_a_name(subject: &str) -> bool {
    let words: Vec<&str> = subject.split(' ').collect();
    let capital = |word: &str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    let inner_capital = |word: &&str| word.chars().skip(1).any(|c| c.is_uppercase() || c == '.');
    (words.len() > 1 || words.iter().any(inner_capital))
        && words.len() <= 4
        && words.iter().copied().all(capital)
        && !subject.contains(',')
}

/// Whether two names could mean one application.
fn same(a: &str, b: &str) -> bool {
    let plain =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let (plain_a, plain_b) = (plain(a), plain(b));
    let word_in_common = a.split(' ').map(plain).any(|word| word.len() > 2 && plain_b.contains(&word))
        || b.split(' ').map(plain).any(|word| word.len() > 2 && plain_a.contains(&word));
    let initials = |text: &str| -> String {
        text.split(' ').filter_map(|word| word.chars().next()).flat_map(char::to_lowercase).collect()
    };
    let short = |initials: &str, other: &str| !other.is_empty() && initials.starts_with(other);
    word_in_common
        || short(&initials(a), &plain_b)
        || short(&initials(b), &plain_a)
        || strsim::jaro_winkler(&plain_a, &plain_b) > ALIKE
}
