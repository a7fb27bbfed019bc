//! What each client makes of a manifest.
//!
//! A client is a value: who it is, and a function from a manifest to what differs from loading it as it is written. The rules of the
//! group `client` and the table of `lint --clients` both come from these values, so they cannot disagree. Each function follows the
//! client's own loader step by step, on the text and not on our reading of it: where a frontmatter ends, what counts as a text, how
//! broken YAML is mended differ from client to client. What no loader proves is not claimed.

mod claude_code;
mod codex;
mod copilot;
mod copilot_cli;
mod cursor;
pub mod fields;
mod gemini_cli;
mod gray_matter;
mod opencode;
mod reading;

use std::borrow::Cow;

use serde::Serialize;

use super::context::Context;
use super::rule::Client;
use crate::manifest::source::Span;

/// What a client does with a skill, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It loads it as it is.
    Loads,
    /// It cuts what it shows of it.
    Shortens,
    /// It loads it, but not all of it or not as it is written.
    Changes,
    /// It does not load it.
    Drops,
}

impl Outcome {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Loads => "loads",
            Self::Shortens => "shortens",
            Self::Changes => "changes",
            Self::Drops => "drops",
        }
    }
}

/// One difference between what is written and what a client loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What the client does.
    pub outcome: Outcome,
    /// What it does it for.
    pub span: Span,
    /// Why, as a clause that starts in lower case.
    pub why: Cow<'static, str>,
}

impl Effect {
    fn new(outcome: Outcome, span: Span, why: impl Into<Cow<'static, str>>) -> Self {
        Self { outcome, span, why: why.into() }
    }

    fn drops(span: Span, why: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Outcome::Drops, span, why)
    }

    fn changes(span: Span, why: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Outcome::Changes, span, why)
    }

    fn shortens(span: Span, why: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Outcome::Shortens, span, why)
    }
}

/// What `client` does otherwise than load the skill as it is; nothing where it does just that.
pub fn effects(client: Client, context: &Context<'_>) -> Vec<Effect> {
    if let Some(folder) = context.folder
        && folder.misnamed
        && client != Client::Copilot
    {
        return vec![Effect::drops(Span::at(0), "the manifest is not called SKILL.md")];
    }
    let loader = match client {
        Client::ClaudeCode => claude_code::effects,
        Client::Codex => codex::effects,
        Client::Opencode => opencode::effects,
        Client::GeminiCli => gemini_cli::effects,
        Client::Copilot => copilot::effects,
        Client::CopilotCli => copilot_cli::effects,
        Client::Cursor => cursor::effects,
    };
    loader(context)
}

/// The worst of several effects.
pub fn worst(effects: &[Effect]) -> Outcome {
    effects.iter().map(|effect| effect.outcome).max().unwrap_or(Outcome::Loads)
}

/// Where a field's value stands, its key where the value is empty, the start of the file where there is no such field.
fn place(context: &Context<'_>, key: &str) -> Span {
    context
        .manifest
        .frontmatter
        .get(key)
        .map_or(Span::at(0), |entry| if entry.value.span.is_empty() { entry.key_span } else { entry.value.span })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::context::{Folder, NoContents};
    use crate::manifest::Manifest;

    /// What every client does with a manifest in the folder `my-skill`, in the order of [`Client::ALL`].
    fn outcomes(text: &str) -> String {
        let folder = Folder { name: "my-skill".to_owned(), ..Folder::default() };
        let manifest = Manifest::read(text);
        let context = Context::new(&manifest, Some(&folder), &NoContents);
        let outcome = |client| worst(&effects(client, &context)).name().chars().next().unwrap_or_default();
        Client::ALL.into_iter().map(outcome).collect()
    }

    /// As the agents themselves were seen to do; only what VS Code and Cursor do was read off their source.
    #[test]
    fn each_client_does_what_it_was_seen_to_do() {
        let yaml = |yaml: &str| format!("---\n{yaml}---\n\n# My skill\n");
        let (name, what) = ("name: my-skill\n", "description: Sorts parcels.\n");
        for (text, seen) in [
            (yaml(&format!("{name}{what}")), "lllllll"),
            (format!("\u{feff}---\n{name}{what}---\n"), "ldldlll"),
            (format!("\n---\n{name}{what}---\n"), "cdddcdd"),
            (format!("--- \n{name}{what}--- \n# My skill\n"), "llldlll"),
            (format!("---\n{name}{what}--- \n# My skill\n"), "lllclll"),
            (format!("---\n{name}{what}---\n").replace('\n', "\r\n"), "lllllll"),
            (format!("---\n{name}{what}---\n").replace('\n', "\r"), "cdddcdd"),
            (yaml(&format!("{name}description: Sorts parcels: all of them.\n")), "llllldd"),
            (yaml(&format!("{name}description: @parcels sorted\n")), "lldlldd"),
            (yaml(&format!("{name}description: \"Puts a --- between parcels.\"\n")), "cllllll"),
            (yaml(&format!("{name}description: |\n  Sorts.\n  ---\n  Parcels.\n")), "cclllll"),
            (yaml(what), "llddlll"),
            (yaml(name), "cdcdccd"),
            (yaml(&format!("{name}description:\n")), "cddccdd"),
            (yaml(&format!("{name}description: 247\n")), "lldlldd"),
            (yaml(&format!("name: 247\n{what}")), "cldlcdl"),
            (yaml("name: 247\ndescription: |\n  Sorts parcels.\n"), "cldccdl"),
            (yaml(&format!("name: 2024-01-31\n{what}")), "cldlcll"),
            (yaml(&format!("name: my/skill\n{what}")), "cllccdl"),
            (yaml(&format!("name: other-skill\n{what}")), "clllcll"),
            (yaml(&format!("name: {}\n{what}", "a".repeat(65))), "cdllcdl"),
            (yaml(&format!("{name}{what}{what}")), "lddlldd"),
            (yaml(&format!("{name}{what}license: MIT\nlicense: MIT\n")), "lldlldd"),
            (yaml(&format!("{name}description: {}\n", "x".repeat(1025))), "lsllsdl"),
            (yaml(&format!("{name}description: {}\n", "x".repeat(1537))), "ssllsds"),
            (yaml(&format!("{name}{what}argument-hint: [file] [mode]\n")), "lldlldd"),
            (yaml(&format!("{name}{what}user-invocable: \"false\"\n")), "llllldl"),
            (yaml(&format!("{name}{what}metadata: none\n")), "ldlllll"),
            (yaml(&format!("{name}description: Sorts\0 parcels.\n")), "cddlldd"),
        ] {
            assert_eq!(outcomes(&text), seen, "{text:?}");
        }
    }

    #[test]
    fn a_nul_hides_the_frontmatter_from_claude_code() {
        let manifest = Manifest::read("---\ndescription: Sorts parcels.\nlicense: M\0IT\n---\n");
        let seen = effects(Client::ClaudeCode, &Context::new(&manifest, None, &NoContents));
        assert!(seen[0].why.starts_with("its frontmatter is no valid YAML and is ignored"), "{seen:?}");
    }
}
