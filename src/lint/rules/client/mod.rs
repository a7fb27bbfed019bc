//! What single clients do differently. The rules of a client run when it is targeted; the values of Claude Code's own fields are
//! checked wherever these fields are used.

mod agent_without_fork;
mod claude_field_value;
mod codex_drops;
mod gemini_drops;
mod listing_cut;
mod reserved_name;

use super::evidence;
use crate::lint::context::Context;
use crate::lint::rule::{Client, Rule};

pub(in crate::lint) static RULES: &[&Rule] = &[
    &claude_field_value::RULE,
    &agent_without_fork::RULE,
    &listing_cut::RULE,
    &reserved_name::RULE,
    &codex_drops::RULE,
    &gemini_drops::RULE,
];

/// What a client does with a skill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loading {
    /// It loads it as it is.
    Loads,
    /// It loads it, but not all of it or not as it is written.
    Changes(String),
    /// It does not load it.
    Drops(String),
}

/// What `client` does with a skill, for the clients whose loader is known.
pub fn loading(client: Client, context: &Context<'_>) -> Option<Loading> {
    let drops = match client {
        Client::Codex => codex_drops::reason(context),
        Client::GeminiCli => gemini_drops::reason(context),
        _ => return None,
    };
    Some(match (drops, client) {
        (Some(reason), _) => Loading::Drops(reason),
        (None, Client::GeminiCli) => gemini_drops::change(context).map_or(Loading::Loads, Loading::Changes),
        (None, _) => Loading::Loads,
    })
}

/// The line ends by which a JavaScript or a Rust reader would find no second line.
fn has_only_carriage_returns(context: &Context<'_>) -> bool {
    let start = context.text().find(['\r', '\n']);
    start.is_some_and(|at| context.text()[at..].starts_with('\r') && !context.text()[at..].starts_with("\r\n"))
}
