//! YAML as it is written: text that every reader takes for text.
//!
//! YAML 1.2 knows fewer plain words and numbers than YAML 1.1, by which many readers still go (`PyYAML`, `js-yaml` 3, those of Go): to
//! them `no` is a boolean, `2024-01-01` a date and `12:30:45` a number. Such a text is put in quotes.

use super::{Node, ScalarKind, Style, Value, is_number, parse};
use crate::manifest::source::Span;

/// What breaks a line in YAML 1.1 and does not in 1.2.
const BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// The document with quotes around each text that not every reader takes for the same.
pub(super) fn quote_doubtful(mut text: String) -> String {
    let mut doubtful = Vec::new();
    if let Some(root) = parse(&text, Span::new(0, text.len()), &mut Vec::new()) {
        find_doubtful(&text, &root, &mut doubtful);
    }
    for (span, quoted) in doubtful.into_iter().rev() {
        text.replace_range(span.range(), &quoted);
    }
    text
}

/// `text` as a YAML scalar in double quotes.
pub fn in_double_quotes(text: &str) -> String {
    let escape = |text: String, c: char| text.replace(c, &format!("\\u{:04x}", u32::from(c)));
    BREAKS.into_iter().fold(serde_json::Value::from(text).to_string(), escape)
}

/// `text` as a YAML scalar on one line: plain where any reader gets the same text back, else in double quotes.
pub fn inline_scalar(text: &str) -> String {
    let plain = !text.is_empty()
        && !text.contains(['\n', '\r'])
        && !text.contains(BREAKS)
        && !is_no_text_in_yaml_1_1(text)
        && {
            let line = format!("k: {text}\n");
            let mut problems = Vec::new();
            let root = parse(&line, Span::new(0, line.len()), &mut problems);
            let value = root.as_ref().and_then(|root| match &root.value {
                Value::Mapping(entries) => entries.first().and_then(|(_, value)| value.as_scalar()),
                _ => None,
            });
            problems.is_empty()
                && value.is_some_and(|s| s.text == text && s.kind == ScalarKind::Text && s.style == Style::Plain)
        };
    if plain { text.to_owned() } else { in_double_quotes(text) }
}

/// The places of texts that not every reader takes for the same, in their order, and how they are written for all.
fn find_doubtful(text: &str, node: &Node, found: &mut Vec<(Span, String)>) {
    match &node.value {
        Value::Scalar(scalar) => {
            let is_plain_text = scalar.style == Style::Plain && scalar.kind == ScalarKind::Text;
            if is_plain_text && is_no_text_in_yaml_1_1(&scalar.text) {
                found.push((node.span, format!("'{}'", scalar.text)));
            } else if scalar.style != Style::Block && text[node.span.range()].contains(BREAKS) {
                found.push((node.span, in_double_quotes(&without_indents(&scalar.text))));
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| find_doubtful(text, item, found)),
        Value::Mapping(entries) => {
            for (key, value) in entries {
                find_doubtful(text, key, found);
                find_doubtful(text, value, found);
            }
        }
    }
}

/// A text without the blanks that the writer, which goes by YAML 1.1, puts behind its breaks. Before a blank of the text's own it
/// writes an escape.
fn without_indents(text: &str) -> String {
    let mut pieces = text.split_inclusive(BREAKS);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.trim_start_matches(' '))
}

/// Whether YAML 1.1 takes a plain scalar for a boolean, a number, a date, nothing, or one of its own marks (<https://yaml.org/type/>).
fn is_no_text_in_yaml_1_1(text: &str) -> bool {
    const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<"];
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    }
    // Digits may be set apart.
    let number = unsigned.replace('_', "").to_ascii_lowercase();
    let is_binary = number.strip_prefix("0b").is_some_and(|digits| digits.bytes().all(|b| matches!(b, b'0' | b'1')));
    is_binary || is_number(&number) || is_sexagesimal(&number) || is_timestamp(text)
}

/// `12:30:45`, `1:30.5`: digits to the base 60.
fn is_sexagesimal(number: &str) -> bool {
    let (digits, fraction) = number.split_once('.').unwrap_or((number, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = digits.split(':');
    parts.next().is_some_and(|first| !first.is_empty() && all_digits(first))
        && digits.contains(':')
        && parts.all(|part| matches!(part.len(), 1 | 2) && all_digits(part))
        && all_digits(fraction)
}

/// `2024-01-01`, alone or before a time.
fn is_timestamp(text: &str) -> bool {
    let (date, time) = text.split_once(['T', 't', ' ', '\t']).unwrap_or((text, "0"));
    let mut parts = date.split('-');
    let mut next = |lengths: std::ops::RangeInclusive<usize>| {
        parts.next().is_some_and(|part| lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_date = next(4..=4) && next(1..=2) && next(1..=2) && parts.next().is_none();
    is_date && time.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::{from_str, to_string};
    use super::*;

    #[test]
    fn inline_scalars_are_quoted_only_where_they_must_be() {
        for (text, written) in [
            ("Live chat for shops.", "Live chat for shops."),
            ("W&B", "W&B"),
            ("[24]7.ai", "\"[24]7.ai\""),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            ("247", "\"247\""),
            ("", "\"\""),
            (" padded", "\" padded\""),
            ("two\nlines", "\"two\\nlines\""),
            ("two\u{2028}lines", "\"two\\u2028lines\""),
        ] {
            assert_eq!(inline_scalar(text), written);
        }
    }

    #[test]
    fn what_breaks_lines_for_older_readers_only_is_escaped() {
        for text in ["two\u{2028}lines of it", "two\u{2029} lines", "two \u{2028}lines", "'two\u{85}lines'", "\u{2028}"]
        {
            let value = serde_json::json!({"metadata": {text: text, "list": [text]}});
            let written = to_string(&value).unwrap();
            assert!(!written.contains(BREAKS), "{written:?}");
            assert_eq!(from_str::<serde_json::Value>(&written).unwrap(), value, "{written:?}");
        }
    }

    #[test]
    fn what_older_readers_take_for_something_else_is_quoted() {
        for text in [
            "y",
            "NO",
            "yes",
            "On",
            "off",
            "True",
            "null",
            "~",
            "=",
            "<<",
            "0b1",
            "-0b1_0",
            "1_000",
            "0_7",
            "1_0.5",
            "-0x1f",
            "0X1F",
            "12:30:45",
            "1:30",
            "-1:30.5",
            "2024-01-01",
            "2024-1-1 12:00:00",
            "2001-12-14t21:59:43.10-05:00",
        ] {
            assert_eq!(inline_scalar(text), format!("\"{text}\""));
            let value = serde_json::json!({"k": text, "list": [text], "count": 1, "none": null});
            let written = to_string(&value).unwrap();
            assert!(
                written.starts_with(&format!("k: '{text}'\nlist:\n- '{text}'\ncount: 1\nnone: null\n")),
                "{written}"
            );
            assert_eq!(from_str::<serde_json::Value>(&written).unwrap(), value);
        }
        for text in [
            "yes please",
            "none",
            "1.2.3",
            "2024-01",
            "2024-01-01 and after",
            "12:30 sharp",
            "1:234",
            "a_1",
            "..",
            "24/7",
        ] {
            assert_eq!(inline_scalar(text), text);
            assert_eq!(to_string(&text).unwrap(), format!("{text}\n"));
        }
    }
}
