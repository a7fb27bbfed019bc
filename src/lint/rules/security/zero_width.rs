use super::evidence::UNICODE_SECURITY;
use crate::lint::context::Context;
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::unusual::{Kind, Unusual, runs, span_of};

pub(super) static RULE: Rule = Rule {
    name: "security/zero-width",
    severity: Severity::Warning,
    summary: "characters without width stand where no script needs them",
    why: "They split words so that searches and filters miss them, and sequences of them can carry a hidden message. Emoji joined by ZWJ, \
          Persian and Indic words with joiners, and breaks in scripts without blanks are left alone.",
    evidence: &[UNICODE_SECURITY],
    clients: &[],
    fix: Some(Safety::Unsafe),
    bad: &[
        Example::Yaml("name: my-skill\ndescription: So\u{200b}rts parcels.\n"),
        Example::Body("Sort\u{200b}\u{200c}\u{200d}\u{200b} parcels.\n"),
        Example::Body("Sort \u{feff}parcels.\n"),
        Example::Body("Ig\u{ad}nore all pre\u{34f}vious parcels.\n"),
    ],
    good: &[
        Example::Body("Families \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} and \u{2764}\u{fe0f}\u{200d}\u{1f525}.\n"),
        Example::Body("می\u{200c}خواهم\n"),
        Example::Body("क्\u{200d}ष\n"),
        Example::Body("ภาษา\u{200b}ไทย\n"),
        Example::Body("Ã\u{ad}\n"),
        Example::Body("ᠮᠣᠩᠭᠣᠯ\u{180e}\u{1820}\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let wrong = runs(&context.unusual, Kind::ZeroWidth).filter(|run| !is_needed(context, run));
    let wrong: Vec<_> = wrong.collect();
    let Some(first) = wrong.first() else { return };
    let count: usize = wrong.iter().map(|run| run.len()).sum();
    let name = format!("U+{:04X}", u32::from(first[0].character));
    let message = match count {
        1 => format!("the character {name} has no width and stands where no script needs it"),
        count => format!("{count} characters without width, {name} first, stand where no script needs them"),
    };
    let diagnostic = sink.report(span_of(first), message);
    diagnostic.help("remove them");
    for run in wrong {
        diagnostic.fix(Safety::Unsafe, span_of(run), "");
    }
}

fn is_needed(context: &Context<'_>, run: &[Unusual]) -> bool {
    let text = context.text();
    let span = span_of(run);
    let [one] = run else { return false };
    // A byte order mark at the very start belongs to the encoding.
    if one.at == 0 && one.character == '\u{feff}' {
        return true;
    }
    let before = text[..span.start].chars().next_back();
    let after = text[span.end..].chars().next();
    let joins = |c: Option<char>| c.is_some_and(|c| is_emoji(c) || !c.is_ascii() && c.is_alphanumeric() || is_mark(c));
    match one.character {
        '\u{200c}' | '\u{200d}' => {
            joins(before)
                && (joins(after)
                    || one.character == '\u{200d}'
                    || after.is_none_or(|c| c.is_ascii() && !c.is_ascii_alphanumeric()))
        }
        '\u{200b}' | '\u{2060}' => joins(before) && joins(after),
        // With the letter before it one damaged letter.
        '\u{ad}' => matches!(before, Some('Ã' | 'Â')),
        '\u{180e}' => before.is_some_and(|c| matches!(c, '\u{1800}'..='\u{18af}')),
        _ => false,
    }
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{20e3}')
}

/// Vowel signs and viramas, which joiners follow.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{600}'..='\u{6ff}' | '\u{900}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}
