//! Secrets left in a text: found where a long run of characters looks drawn by lot, and only then compared with the forms of a
//! maintained rule set.
//!
//! The set knows some 200 forms by 250 keywords, many of them everyday words, so asking for the keywords first would look at every
//! text. What all secrets share is cheap to ask for: [`tokens`] finds the long runs with a digit in them, of which prose has next to
//! none. Around one, [`forms`] looks for the keywords, and tries the expressions of those it finds. [`chance`] tells what was drawn
//! by lot from placeholders and documented examples.

mod chance;
mod forms;
#[cfg(test)]
mod refresh;
mod tokens;

use crate::manifest::source::Span;

/// A text that looks like a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Secret {
    /// Where it stands.
    pub(super) span: Span,
    /// The form it has: its id in the rule set, such as `github-pat`.
    pub(super) form: &'static str,
    /// Whether only the name that it is given to says what it is, not its own form.
    pub(super) by_name: bool,
}

/// Bytes before a run in which what it is may be said.
const BEFORE: usize = 256;
/// Bytes after a run that belong to its form at most, where it goes on without a blank.
const AFTER: usize = 2048;

/// Every secret of a text, in order.
pub(super) fn find(text: &str) -> Vec<Secret> {
    let mut found: Vec<Secret> = Vec::new();
    for run in tokens::runs(text) {
        if found.last().is_some_and(|last| run.start < last.span.end) {
            continue;
        }
        found.extend(at(text, run));
    }
    found
}

/// The secret that a run is a part of.
fn at(text: &str, run: Span) -> Option<Secret> {
    let bytes = text.as_bytes();
    let rest = &bytes[run.end..];
    let goes_on = rest.iter().take(AFTER).position(u8::is_ascii_whitespace).unwrap_or(rest.len().min(AFTER));
    // With the blank that ends it, which some forms ask for.
    let around = Span::new(run.start.saturating_sub(BEFORE), bytes.len().min(run.end + goes_on + 1));
    forms::told_by_keywords(&bytes[around.range()]).find_map(|form| {
        let span = form.find(bytes, around, run)?;
        let value = text.get(span.range())?;
        let judged = if value.contains(char::is_whitespace) { &text[run.range()] } else { value };
        let is_secret = chance::is_drawn(judged, form.entropy) && (!form.by_name || chance::is_jumbled(judged));
        is_secret.then_some(Secret { span, form: form.id, by_name: form.by_name })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<&'static str> {
        find(text).into_iter().map(|secret| secret.form).collect()
    }

    #[test]
    fn forms_of_many_providers_are_found() {
        for (text, form) in [
            ("ghp_a8Kd02mXq7Lr5Ts9Zw1Bv4Nc6Jf3Hg0PyUe2", "github-pat"),
            ("Use 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.", "huggingface-access-token"),
            ("id AKIAQ7ZLM4XWTR2KVPNB here", "aws-access-token"),
            ("glpat-Xq7Lr5Ts9Zw1Bv4Nc6Jf", "gitlab-pat"),
            ("sk_live_9Zw1Bv4Nc6Jf3Hg0PyUe2Kd0", "stripe-access-token"),
            ("PARCEL_API_KEY=q7Lr5Ts9Zw1Bv4Nc6Jf3Hg0P", "generic-api-key"),
            (
                "curl https://parcels.example \\\n  -H \"Authorization: Bearer q7Lr5Ts9Zw1Bv4Nc6Jf3Hg0P\"\n",
                "curl-auth-header",
            ),
        ] {
            assert_eq!(forms(text), [form], "{text}");
        }
    }

    #[test]
    fn a_private_key_is_one_secret() {
        let body = "MIIEowIBAAKCAQEA7bqXw9Zk3Lr5Ts9Zw1Bv4Nc6Jf3Hg0PyUe2Kd02mXq7Lr5Ts\n".repeat(3);
        let text = format!("a\n-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----\nb\n");
        let found = find(&text);
        assert_eq!(found.len(), 1);
        assert_eq!(&text[found[0].span.range()], text.trim_start_matches("a\n").trim_end_matches("\nb\n"));
    }

    #[test]
    fn placeholders_and_documented_examples_are_none() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "sk-ant-api03-xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "API_KEY=your-api-key-goes-here-12345",
            "token: abcdefghij0123456789",
            "export TOKEN=<your-token>",
            "API_KEY=${PARCEL_API_KEY_V2_PRODUCTION}",
            "api_key: {{ secrets.PARCEL_API_KEY_2024 }}",
            "token = 11111111111111111111",
            "secret: deadbeefdeadbeefdeadbeefdeadbeef",
            "api-version=2024-05-01-preview",
            "key: 123e4567-e89b-12d3-a456-426614174000",
            "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
            "The digest sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 is fixed.",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }
}
