//! A rule: what it looks for, why that matters, how it is shown and how it is tested, in one constant.
//!
//! The examples are the documentation and the fixtures at once: one test runs every rule over all of them.

use super::context::Context;
use super::diagnostic::{Diagnostic, Safety, Severity};
use super::set::Set;
use crate::manifest::problem::ProblemKind;
use crate::manifest::source::Span;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One rule of the registry.
#[derive(Debug)]
pub struct Rule {
    /// `group/name`, both in kebab-case.
    pub name: &'static str,
    /// How much its findings matter, unless configured otherwise.
    pub severity: Severity,
    /// What it finds, as a clause that starts in lower case.
    pub summary: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// Where that is written.
    pub evidence: &'static [Evidence],
    /// The clients it concerns; none means all.
    pub clients: &'static [Client],
    /// Whether and how it can be fixed.
    pub fix: Option<Safety>,
    /// Manifests in which it fires.
    pub bad: &'static [Example],
    /// Manifests in which it nearly fires, but must not.
    pub good: &'static [Example],
    /// How it looks.
    pub check: Check,
}

/// How a rule looks at a manifest.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// It says what the reader already found.
    Problem(ProblemKind),
    /// It is asked about every manifest.
    Manifest(fn(&Context<'_>, &mut Sink<'_>)),
    /// It is asked about manifests that hold one of the texts, with the places of all of them. Texts are few and telling, since all
    /// are searched in one pass: 64 in all rules together are fast. Of two that overlap the first is found.
    Literals(&'static [&'static str], fn(&Context<'_>, &[Span], &mut Sink<'_>)),
    /// It is asked about all manifests of a set at once.
    Set(fn(&Set<'_>, &mut SetSink<'_>)),
    /// Whoever looks for files, or the engine itself, reports it.
    Outside,
}

/// Where the reason for a rule is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// The document and its section.
    pub title: &'static str,
    /// Its address.
    pub url: &'static str,
}

/// A manifest that shows a rule.
#[derive(Debug, Clone, Copy)]
pub enum Example {
    /// The body of a manifest whose frontmatter is in order.
    Body(&'static str),
    /// The frontmatter between its fences.
    Yaml(&'static str),
    /// The whole file.
    File(&'static str),
    /// The whole file, where it is no text.
    Bytes(&'static [u8]),
    /// A body and the files beside it.
    Folder(&'static str, &'static [(&'static str, &'static [u8])]),
    /// Several manifests, each by the name of its folder.
    Set(&'static [(&'static str, &'static str)]),
    /// What cannot be shown as a manifest, in words.
    Words(&'static str),
}

/// A program that loads skills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Client {
    /// Claude Code.
    ClaudeCode,
    /// Codex.
    Codex,
    /// opencode.
    Opencode,
    /// Gemini CLI.
    GeminiCli,
    /// VS Code with GitHub Copilot.
    Copilot,
    /// GitHub Copilot CLI.
    CopilotCli,
    /// Cursor.
    Cursor,
}

impl Client {
    /// Every client that is known.
    pub const ALL: [Self; 7] =
        [Self::ClaudeCode, Self::Codex, Self::Opencode, Self::GeminiCli, Self::Copilot, Self::CopilotCli, Self::Cursor];

    /// Its id in configuration and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
            Self::Codex => "codex",
            Self::Opencode => "opencode",
            Self::GeminiCli => "gemini-cli",
            Self::Copilot => "copilot",
            Self::CopilotCli => "copilot-cli",
            Self::Cursor => "cursor",
        }
    }

    /// What it calls itself.
    pub fn title(self) -> &'static str {
        match self {
            Self::ClaudeCode => "Claude Code",
            Self::Codex => "Codex",
            Self::Opencode => "opencode",
            Self::GeminiCli => "Gemini CLI",
            Self::Copilot => "VS Code/Copilot",
            Self::CopilotCli => "Copilot CLI",
            Self::Cursor => "Cursor",
        }
    }
}

impl Rule {
    /// The part before the slash.
    pub fn group(&self) -> &'static str {
        self.name.split_once('/').map_or(self.name, |(group, _)| group)
    }
}

/// Takes the findings of one rule.
#[derive(Debug)]
pub struct Sink<'s> {
    rule: &'static str,
    severity: Severity,
    targeted: &'s [Client],
    found: &'s mut Vec<Diagnostic>,
}

impl<'s> Sink<'s> {
    pub(super) fn new(
        rule: &'static str,
        severity: Severity,
        targeted: &'s [Client],
        found: &'s mut Vec<Diagnostic>,
    ) -> Self {
        Self { rule, severity, targeted, found }
    }

    /// The clients that the skills are written for.
    pub fn targeted(&self) -> &'s [Client] {
        self.targeted
    }

    /// Reports `span`; the finding can be added to.
    pub fn report(&mut self, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Diagnostic {
        self.found.push(Diagnostic::new(self.rule, self.severity, span, message));
        let last = self.found.len() - 1;
        &mut self.found[last]
    }
}

/// Takes the findings of one rule over a set.
#[derive(Debug)]
pub struct SetSink<'s> {
    rule: &'static str,
    severities: &'s [Option<Severity>],
    found: &'s mut Vec<(usize, Diagnostic)>,
}

impl<'s> SetSink<'s> {
    pub(super) fn new(
        rule: &'static str,
        severities: &'s [Option<Severity>],
        found: &'s mut Vec<(usize, Diagnostic)>,
    ) -> Self {
        Self { rule, severities, found }
    }

    /// Reports `span` in the member at `index`, unless the rule is off there.
    pub fn report(&mut self, index: usize, span: Span, message: String, help: String) {
        if let Some(Some(severity)) = self.severities.get(index) {
            let mut diagnostic = Diagnostic::new(self.rule, *severity, span, message);
            diagnostic.help(help);
            self.found.push((index, diagnostic));
        }
    }
}
