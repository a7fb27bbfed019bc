use super::evidence::SECRETS;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

/// How a provider's keys start, what follows, and how much of it.
struct Key {
    prefix: &'static str,
    what: &'static str,
    length: std::ops::RangeInclusive<usize>,
}

const fn key(prefix: &'static str, what: &'static str, min: usize, max: usize) -> Key {
    Key { prefix, what, length: min..=max }
}

/// Forms that providers publish so that scanners find their keys.
const KEYS: [Key; 18] = [
    key("AKIA", "an AWS access key", 16, 16),
    key("ASIA", "an AWS session key", 16, 16),
    key("ghp_", "a GitHub token", 36, 36),
    key("gho_", "a GitHub token", 36, 36),
    key("ghs_", "a GitHub token", 36, 36),
    key("github_pat_", "a GitHub token", 82, 82),
    key("glpat-", "a GitLab token", 20, 60),
    key("sk-ant-", "an Anthropic key", 80, 120),
    key("sk-proj-", "an OpenAI key", 40, 200),
    key("xoxb-", "a Slack token", 40, 100),
    key("xoxp-", "a Slack token", 40, 120),
    key("AIza", "a Google key", 35, 35),
    key("npm_", "an npm token", 36, 36),
    key("pypi-AgE", "a PyPI token", 80, 250),
    key("sk_live_", "a Stripe key", 24, 120),
    key("rk_live_", "a Stripe key", 24, 120),
    key("SG.", "a SendGrid key", 66, 66),
    key("hf_", "a Hugging Face token", 34, 34),
];

pub(super) static RULE: Rule = Rule {
    name: "security/secret",
    severity: Severity::Warning,
    summary: "a key or a password was left in the text",
    why: "A skill is published and copied; whoever has it has the key. Only forms that providers publish are looked for, and placeholders \
          are left alone.",
    evidence: &[SECRETS],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("```sh\nexport TOKEN=ghp_a8Kd02mXq7Lr5Ts9Zw1Bv4Nc6Jf3Hg0PyUe2\n```\n"),
        Example::Body("-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq\n-----END RSA PRIVATE KEY-----\n"),
    ],
    good: &[
        Example::Body("Set `ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` and `AKIAIOSFODNN7EXAMPLE`.\n"),
        Example::Body("Keys start with `sk-ant-` or with `-----BEGIN RSA PRIVATE KEY-----` and end somewhere.\n"),
        Example::Body("The module SG.parcels and the task hf_sorting are no keys.\n"),
    ],
    check: Check::Literals(
        &[
            "AKIA",
            "ASIA",
            "ghp_",
            "gho_",
            "ghs_",
            "github_pat_",
            "glpat-",
            "sk-ant-",
            "sk-proj-",
            "xoxb-",
            "xoxp-",
            "AIza",
            "npm_",
            "pypi-AgE",
            "sk_live_",
            "rk_live_",
            "SG.",
            "hf_",
            "PRIVATE KEY-----",
        ],
        check,
    ),
};

fn check(context: &Context<'_>, hits: &[Span], sink: &mut Sink<'_>) {
    let text = context.text();
    for &hit in hits {
        let written = &text[hit.range()];
        if written == "PRIVATE KEY-----" {
            let line = context.line_around(hit.start);
            let next = text[line.end..].trim_start().split(['\n', '\r']).next().unwrap_or_default();
            let is_body =
                next.len() >= 16 && next.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='));
            if text[line.start..hit.start].contains("-----BEGIN") && is_body && is_random(next) {
                sink.report(line, "this is a private key").help("revoke it, and take it from the environment");
            }
            continue;
        }
        let Some(key) = KEYS.iter().find(|key| key.prefix == written) else { continue };
        let joined = text[..hit.start].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        let rest = &text[hit.end..];
        let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
        let body = &rest[..length];
        if !joined && key.length.contains(&length) && is_random(body) {
            sink.report(Span::new(hit.start, hit.end + length), format!("this looks like {}", key.what))
                .help("revoke it, and take it from the environment");
        }
    }
}

/// Whether a text looks drawn by lot: many different characters, digits among them, and no word of examples.
fn is_random(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words =
        ["example", "xxxx", "your", "placeholder", "1234567890", "abcdef", "redacted", "test", "dummy", "fake", "..."];
    let mut seen = [false; 128];
    for byte in text.bytes().filter(u8::is_ascii) {
        seen[usize::from(byte)] = true;
    }
    let different = seen.iter().filter(|seen| **seen).count();
    different >= 10.min(text.len() * 2 / 3)
        && text.bytes().any(|b| b.is_ascii_digit())
        && !words.iter().any(|word| lower.contains(word))
}
