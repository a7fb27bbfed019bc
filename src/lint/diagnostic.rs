//! What a rule says about one place in one manifest.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::manifest::source::Span;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Taste, or worth knowing.
    Info,
    /// Likely to mislead an agent or a reader.
    Warning,
    /// Against the specification: some client will not load the skill.
    Error,
}

impl Severity {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding in one manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule's name, `group/name`.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// What is wrong: lower case, no full stop.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub help: Option<Cow<'static, str>>,
    /// How to mend it without a person.
    pub fix: Option<Fix>,
    /// Another place that belongs to it.
    pub related: Option<Related>,
}

/// Another place that a finding speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What is there.
    pub message: Cow<'static, str>,
}

/// Edits that mend a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// Whether the meaning stays what it was.
    pub safety: Safety,
    /// Replacements that do not overlap, in the order of the file.
    pub edits: Vec<Edit>,
}

/// Whether a fix may be applied unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Safety {
    /// The manifest means the same afterwards.
    Safe,
    /// The meaning may change; a person should look.
    Unsafe,
}

/// A replacement of one range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
}

impl Diagnostic {
    /// What a rule says about a place, and no more.
    pub fn new(rule: &'static str, severity: Severity, span: Span, message: impl Into<Cow<'static, str>>) -> Self {
        Self { rule, severity, span, message: message.into(), help: None, fix: None, related: None }
    }

    /// Adds what to do about it.
    pub fn help(&mut self, help: impl Into<Cow<'static, str>>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a place that belongs to it.
    pub fn related(&mut self, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Self {
        self.related = Some(Related { span, message: message.into() });
        self
    }

    /// Adds a fix of one edit.
    pub fn fix(&mut self, safety: Safety, span: Span, text: impl Into<String>) -> &mut Self {
        let edit = Edit { span, text: text.into() };
        self.fix.get_or_insert_with(|| Fix { safety, edits: Vec::new() }).edits.push(edit);
        self
    }

    /// Lowers the severity to `most` where it is higher.
    pub fn at_most(&mut self, most: Severity) -> &mut Self {
        self.severity = self.severity.min(most);
        self
    }
}

/// What a message says, numbers that are words of their own left out: they count lines or bytes, which change while the finding stays.
pub fn words(message: &str) -> String {
    let is_number = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    message.split(' ').filter(|word| !is_number(word)).collect::<Vec<_>>().join(" ")
}
