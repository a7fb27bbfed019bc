use super::evidence::{GITLEAKS, SECRETS};
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::secrets;

pub(in crate::lint) const NAME: &str = "security/secret";

pub(super) static RULE: Rule = Rule {
    name: NAME,
    severity: Severity::Warning,
    summary: "a key or a password was left in the text",
    why: "A skill is published and copied; whoever has it has the key. The forms that providers give their keys are those of gitleaks; a \
          value that only its name tells (`token = ...`) is a hint. Placeholders, documented examples and whatever was typed rather \
          than drawn by lot are left alone, and no report shows the whole secret.",
    evidence: &[SECRETS, GITLEAKS],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("```sh\nexport TOKEN=ghp_a8Kd02mXq7Lr5Ts9Zw1Bv4Nc6Jf3Hg0PyUe2\n```\n"),
        Example::Body("```sh\ncurl -H \"X-Api-Key: q7Lr5Ts9Zw1Bv4Nc6Jf3Hg0P\" https://parcels.example\n```\n"),
        Example::Body(concat!(
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bqXw9Zk3Lr5Ts9Zw1Bv4Nc6Jf3Hg0PyUe2Kd02mXq7Lr5Ts\n",
            "-----END RSA PRIVATE KEY-----\n"
        )),
    ],
    good: &[
        Example::Body("Set `ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` and `AKIAIOSFODNN7EXAMPLE`.\n"),
        Example::Body("Keys start with `sk-ant-` or with `-----BEGIN RSA PRIVATE KEY-----` and end somewhere.\n"),
        Example::Body("The module npm_parcels and the task ghp_sorting are no keys, nor is `key: ${PARCEL_KEY_2}`.\n"),
        Example::Body("The digest is 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    for secret in secrets::find(context.text()) {
        // The id of the form is made of words.
        let form = secret.form.replace('-', " ");
        let (message, most) = if secret.by_name {
            (format!("the value of this name looks like a secret ({form})"), Severity::Info)
        } else {
            (format!("this looks like a secret ({form})"), Severity::Error)
        };
        sink.report(secret.span, message).at_most(most).help("revoke it, and take it from the environment");
    }
}
