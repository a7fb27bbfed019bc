//! The fields of frontmatter that single clients add to those of the specification, and what may stand in them.

use crate::lint::rule::Client;
use crate::manifest::yaml::{Node, ScalarKind, Value};

/// A field of one client.
#[derive(Debug)]
pub struct Field {
    /// Its key.
    pub name: &'static str,
    /// What may stand in it.
    pub values: Values,
}

/// What may stand in a field. A value that is left empty is allowed nearly everywhere: no client heeds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// Anything that is one text, number or boolean.
    Scalar,
    /// `true` or `false`; in quotes, too.
    Boolean,
    /// `true` or `false`, without quotes.
    StrictBoolean,
    /// A text, and no number or boolean.
    Text,
    /// A text or a list.
    TextOrList,
    /// A mapping.
    Mapping,
    /// One of these words, in upper or lower case.
    Words(&'static [&'static str]),
    /// One of these words, or a whole number.
    WordsOrNumber(&'static [&'static str]),
    /// The name of a model that is not of another maker.
    ClaudeModel,
}

impl Values {
    /// Whether a value may stand there.
    pub fn allow(self, node: &Node) -> bool {
        let scalar = node.as_scalar();
        if scalar.is_some_and(|scalar| scalar.kind == ScalarKind::Null) {
            return self != Self::StrictBoolean;
        }
        let text = scalar.map_or("", |scalar| scalar.text.as_str());
        let kind = scalar.map(|scalar| scalar.kind);
        let one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text.trim()));
        match self {
            Self::Scalar => scalar.is_some(),
            Self::Boolean => kind == Some(ScalarKind::Bool) || matches!(text, "true" | "false"),
            Self::StrictBoolean => kind == Some(ScalarKind::Bool),
            Self::Text => kind == Some(ScalarKind::Text),
            Self::TextOrList => !matches!(node.value, Value::Mapping(_)),
            Self::Mapping => matches!(node.value, Value::Mapping(_)),
            Self::Words(words) => one_of(words),
            Self::WordsOrNumber(words) => one_of(words) || text.trim().parse::<i64>().is_ok(),
            Self::ClaudeModel => scalar.is_some() && !is_of_another_maker(text),
        }
    }

    /// What may stand there, in words.
    pub fn words(self) -> String {
        match self {
            Self::Scalar => "a single text".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::StrictBoolean => "true or false, without quotes".to_owned(),
            Self::Text => "a text".to_owned(),
            Self::TextOrList => "a text or a list".to_owned(),
            Self::Mapping => "a mapping".to_owned(),
            Self::Words(words) => listed(words),
            Self::WordsOrNumber(words) => format!("{} or a whole number", words.join(", ")),
            Self::ClaudeModel => "a model of Claude, such as `sonnet`, or `inherit`".to_owned(),
        }
    }
}

fn listed(words: &[&str]) -> String {
    match words {
        [head @ .., last] if !head.is_empty() => format!("{} or {last}", head.join(", ")),
        _ => words.concat(),
    }
}

/// Names of models change; only those of other makers are surely wrong.
fn is_of_another_maker(model: &str) -> bool {
    let model = model.trim().to_lowercase();
    ["gpt", "o1", "o3", "o4", "gemini", "llama", "mistral", "deepseek", "qwen", "grok"]
        .iter()
        .any(|maker| model.starts_with(maker))
}

const fn field(name: &'static str, values: Values) -> Field {
    Field { name, values }
}

/// What Claude Code takes for true or false.
const CLAUDE_SWITCH: Values = Values::Words(&["true", "false", "yes", "no", "on", "off", "1", "0"]);

static CLAUDE_CODE: [Field; 14] = [
    field("when_to_use", Values::Scalar),
    // `[file]` without quotes is a list, and is shown as the text it looks like.
    field("argument-hint", Values::TextOrList),
    field("arguments", Values::TextOrList),
    field("disable-model-invocation", CLAUDE_SWITCH),
    field("user-invocable", CLAUDE_SWITCH),
    field("disallowed-tools", Values::TextOrList),
    field("model", Values::ClaudeModel),
    field("effort", Values::WordsOrNumber(&["low", "medium", "high", "xhigh", "max"])),
    field("context", Values::Words(&["fork", "inline"])),
    field("agent", Values::Scalar),
    field("background", CLAUDE_SWITCH),
    field("hooks", Values::Mapping),
    field("paths", Values::TextOrList),
    field("shell", Values::Words(&["bash", "powershell"])),
];
static COPILOT: [Field; 4] = [
    field("argument-hint", Values::Scalar),
    field("user-invocable", Values::Boolean),
    field("disable-model-invocation", Values::Boolean),
    field("context", Values::Words(&["fork"])),
];
static COPILOT_CLI: [Field; 4] = [
    field("allowed-tools", Values::TextOrList),
    field("argument-hint", Values::Text),
    field("user-invocable", Values::StrictBoolean),
    field("disable-model-invocation", Values::StrictBoolean),
];
static CURSOR: [Field; 6] = [
    field("disable-model-invocation", Values::StrictBoolean),
    field("paths", Values::TextOrList),
    field("globs", Values::TextOrList),
    field("alwaysApply", Values::StrictBoolean),
    field("environments", Values::TextOrList),
    field("disabled-environments", Values::TextOrList),
];

/// The fields that a client adds.
pub fn of(client: Client) -> &'static [Field] {
    match client {
        Client::ClaudeCode => &CLAUDE_CODE,
        Client::Copilot => &COPILOT,
        Client::CopilotCli => &COPILOT_CLI,
        Client::Cursor => &CURSOR,
        Client::Codex | Client::Opencode | Client::GeminiCli => &[],
    }
}

/// Whether a client knows a field beyond those of the specification.
pub fn knows(client: Client, name: &str) -> bool {
    of(client).iter().any(|field| field.name == name)
}
