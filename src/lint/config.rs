//! What the `[lint]` section of `skillpress.toml` says, and what it comes to for one path.

use std::borrow::Cow;
use std::collections::BTreeMap;

use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use super::anchor::Anchor;
use super::diagnostic::Severity;
use super::registry;
use super::rule::{Client, Rule};
use crate::error::{Error, ErrorKind, Result};
use crate::words::did_you_mean;

/// A rule (`spec/name-length`), a group (`spec`) or `all`, each of which is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Selector(String);

/// The `[lint]` section.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Rules that run; all that are on by default when this is empty.
    pub select: Vec<Selector>,
    /// Rules that do not run.
    pub ignore: Vec<Selector>,
    /// How much findings matter, by selector.
    pub severity: BTreeMap<Selector, Level>,
    /// Clients that the skills are written for; their rules run.
    pub clients: Vec<Client>,
    /// What is otherwise for some paths. Later ones win.
    pub overrides: Vec<Override>,
}

impl Config {
    /// The same, with the last word given to the command line: only what `select` means runs, also where as much as that is turned off
    /// here, and nothing that `ignore` means. What an override turns off for its paths stays off there.
    #[must_use]
    pub fn told(mut self, select: Vec<Selector>, mut ignore: Vec<Selector>) -> Self {
        if !select.is_empty() {
            let is_asked_for = |off: &Selector| select.iter().any(|asked| off.covers(asked));
            self.ignore.retain(|off| !is_asked_for(off));
            self.severity.retain(|selector, level| *level != Level::Off || !is_asked_for(selector));
            let others = registry::RULES.iter().filter(|rule| !select.iter().any(|asked| asked.means(rule)));
            ignore.extend(others.map(|rule| Selector(rule.name.to_owned())));
            self.select = select;
        }
        for over in &mut self.overrides {
            over.ignore.extend_from_slice(&ignore);
        }
        self.ignore.append(&mut ignore);
        self
    }
}

/// What is otherwise for some paths.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Override {
    /// Globs that a path is matched against, relative to the configuration file's folder.
    pub paths: Vec<Glob>,
    /// Rules that run there, too.
    #[serde(default)]
    pub select: Vec<Selector>,
    /// Rules that do not run there.
    #[serde(default)]
    pub ignore: Vec<Selector>,
    /// How much findings matter there, by selector.
    #[serde(default)]
    pub severity: BTreeMap<Selector, Level>,
}

/// A severity, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Not reported.
    Off,
    /// See [`Severity::Info`].
    Info,
    /// See [`Severity::Warning`].
    Warning,
    /// See [`Severity::Error`].
    Error,
}

impl Level {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

/// One severity for each rule of the registry, in its order; nothing for rules that are off.
pub type Severities = Vec<Option<Severity>>;

/// A configuration that was found to make sense.
#[derive(Debug)]
pub struct Settings {
    base: Severities,
    clients: Vec<Client>,
    overrides: Vec<(GlobSet, Vec<Change>)>,
    anchor: Anchor,
}

/// The clients that the skills are written for.
struct Targeted<'a>(&'a [Client]);

impl Targeted<'_> {
    /// Whether a rule concerns all clients or one of these.
    fn wants(&self, rule: &Rule) -> bool {
        rule.clients.is_empty() || rule.clients.iter().any(|client| self.0.contains(client))
    }
}

/// One line of a configuration, resolved.
#[derive(Debug, Clone, PartialEq)]
struct Change {
    rules: Vec<usize>,
    to: Option<Level>,
}

impl Settings {
    /// Resolves every selector and glob.
    pub fn new(config: &Config) -> Result<Self> {
        let targeted = Targeted(&config.clients);
        let mut base: Severities =
            registry::RULES.iter().map(|rule| targeted.wants(rule).then_some(rule.severity)).collect();
        if !config.select.is_empty() {
            base.fill(None);
        }
        for change in changes(&targeted, &config.select, &config.ignore, &config.severity) {
            change.apply(&mut base);
        }
        let overrides = config.overrides.iter().map(|over| {
            let changes = changes(&targeted, &over.select, &over.ignore, &over.severity);
            Ok((globs(&over.paths)?, changes))
        });
        let overrides = overrides.collect::<Result<_>>()?;
        Ok(Self { base, clients: config.clients.clone(), overrides, anchor: Anchor::default() })
    }

    /// The same, with globs that are matched against paths as `anchor` names them.
    #[must_use]
    pub fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    /// The rules of one group, as severe as they are unless configured otherwise.
    pub fn of_group(group: &str) -> Self {
        let base = registry::RULES.iter().map(|rule| (rule.group() == group).then_some(rule.severity)).collect();
        Self { base, clients: Vec::new(), overrides: Vec::new(), anchor: Anchor::default() }
    }

    /// The clients that the skills are written for.
    pub fn clients(&self) -> &[Client] {
        &self.clients
    }

    /// What is on for a path, and how much it matters there.
    pub fn severities(&self, path: &str) -> Cow<'_, Severities> {
        let mut severities = Cow::Borrowed(&self.base);
        if self.overrides.is_empty() {
            return severities;
        }
        let path = self.anchor.name(path);
        for (globs, changes) in &self.overrides {
            if globs.is_match(&path) {
                for change in changes {
                    change.apply(severities.to_mut());
                }
            }
        }
        severities
    }
}

impl Change {
    fn apply(&self, severities: &mut Severities) {
        for &rule in &self.rules {
            severities[rule] = match self.to {
                Some(level) if severities[rule].is_some() || level == Level::Off => level.severity(),
                Some(_) => None,
                None => severities[rule].or(Some(registry::RULES[rule].severity)),
            };
        }
    }
}

/// In the order in which they apply: what is selected, how much it matters, what is ignored.
fn changes(
    targeted: &Targeted<'_>,
    select: &[Selector],
    ignore: &[Selector],
    severity: &BTreeMap<Selector, Level>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for selector in select {
        let mut rules = selector.rules();
        // A group means what would run of it; a rule of a client that nobody targets is asked for by its own name.
        rules.retain(|&rule| selector.names_a_rule() || targeted.wants(registry::RULES[rule]));
        changes.push(Change { rules, to: None });
    }
    // A rule's own line beats its group's, whichever comes first in the alphabet.
    let mut levels: Vec<_> = severity.iter().collect();
    levels.sort_by_key(|(selector, _)| (selector.0 != "all", selector.names_a_rule()));
    for (selector, level) in levels {
        changes.push(Change { rules: selector.rules(), to: Some(*level) });
    }
    for selector in ignore {
        changes.push(Change { rules: selector.rules(), to: Some(Level::Off) });
    }
    changes
}

impl Selector {
    /// A selector, if any rule is meant by it.
    pub fn new(selector: &str) -> Result<Self> {
        let this = Self(selector.to_owned());
        if !this.rules().is_empty() {
            return Ok(this);
        }
        let known = registry::RULES.iter().flat_map(|rule| [rule.name, rule.group()]);
        let error = Error::new(ErrorKind::Usage, format!("there is no lint rule or group {selector:?}"));
        Err(error.hint(did_you_mean(selector, known).unwrap_or_else(|| "`skillpress rule` lists them".to_owned())))
    }

    /// The rules that it means.
    fn rules(&self) -> Vec<usize> {
        registry::RULES.iter().enumerate().filter(|(_, rule)| self.means(rule)).map(|(at, _)| at).collect()
    }

    fn means(&self, rule: &Rule) -> bool {
        self.0 == "all" || self.0 == rule.name || self.0 == rule.group()
    }

    /// Whether it means every rule that `other` means.
    fn covers(&self, other: &Self) -> bool {
        registry::RULES.iter().all(|rule| self.means(rule) || !other.means(rule))
    }

    fn names_a_rule(&self) -> bool {
        self.0.contains('/')
    }
}

impl TryFrom<String> for Selector {
    type Error = String;

    /// What is wrong is told in one text, to which the reader of the file adds the line.
    fn try_from(selector: String) -> Result<Self, String> {
        Self::new(&selector).map_err(|error| format!("{error}; {}", error.help().unwrap_or_default()))
    }
}

fn globs(paths: &[Glob]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for path in paths {
        set.add(path.clone());
    }
    set.build().map_err(|error| Error::new(ErrorKind::Usage, "too many paths have overrides").because(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(toml: &str) -> Settings {
        Settings::new(&toml::from_str::<Config>(toml).unwrap()).unwrap()
    }

    fn severity(settings: &Settings, rule: &str, path: &str) -> Option<Severity> {
        settings.severities(path)[registry::position(rule)]
    }

    #[test]
    fn selecting_narrows_and_ignoring_wins() {
        let settings = settings("select = ['spec']\nignore = ['spec/name-length']\n");
        assert_eq!(severity(&settings, "spec/name-length", "a"), None);
        assert_eq!(severity(&settings, "spec/name-hyphens", "a"), Some(Severity::Error));
        assert!(
            settings.base.iter().zip(registry::RULES.iter()).all(|(on, rule)| on.is_none() || rule.group() == "spec")
        );
    }

    #[test]
    fn rules_of_clients_run_for_those_that_are_targeted() {
        let on = |toml: &str, rule: &str| severity(&settings(toml), rule, "a").is_some();
        assert!(!on("", "client/codex-drops"));
        assert!(on("", "client/claude-field-value"));
        assert!(on("clients = ['codex']", "client/codex-drops"));
        assert!(!on("clients = ['codex']\nselect = ['client']", "client/gemini-drops"));
        assert!(on("select = ['client/gemini-drops']", "client/gemini-drops"));
    }

    #[test]
    fn a_rule_beats_its_group_and_an_override_beats_both() {
        let settings = settings(
            "[severity]\nspec = 'info'\n'spec/name-length' = 'warning'\n\
             [[overrides]]\npaths = ['old/**']\nseverity = { 'spec/name-length' = 'off' }\n",
        );
        assert_eq!(severity(&settings, "spec/name-hyphens", "a"), Some(Severity::Info));
        assert_eq!(severity(&settings, "spec/name-length", "new/SKILL.md"), Some(Severity::Warning));
        assert_eq!(severity(&settings, "spec/name-length", "./old/a/SKILL.md"), None);
    }

    #[test]
    fn the_command_line_has_the_last_word() {
        let file = "ignore = ['text/todo-marker']\nseverity = { structure = 'off' }\n\
             [[overrides]]\npaths = ['drafts/**']\nselect = ['spec']\nignore = ['text/mojibake']\n";
        let on = |select: &[&str], ignore: &[&str], rule: &str, path: &str| {
            let [select, ignore] =
                [select, ignore].map(|all| all.iter().map(|one| Selector::new(one).unwrap()).collect());
            let config = toml::from_str::<Config>(file).unwrap().told(select, ignore);
            severity(&Settings::new(&config).unwrap(), rule, path).is_some()
        };
        assert!(on(&["text/todo-marker"], &[], "text/todo-marker", "a"));
        assert!(on(&["structure"], &[], "structure/heading-jump", "a"));
        assert!(!on(&["text"], &[], "text/todo-marker", "a"));
        assert!(!on(&["text"], &[], "spec/name-length", "drafts/a"));
        assert!(!on(&["text"], &[], "text/mojibake", "drafts/a"));
        assert!(!on(&[], &["spec"], "spec/name-length", "drafts/a"));
    }

    #[test]
    fn an_override_names_its_paths() {
        let error = toml::from_str::<Config>("[[overrides]]\nignore = ['all']\n").unwrap_err();
        assert!(error.message().contains("missing field `paths`"), "{error}");
    }

    #[test]
    fn an_unknown_rule_names_the_nearest() {
        let error = Selector::new("spec/name-lenght").unwrap_err();
        assert!(error.help().is_some_and(|help| help.contains("spec/name-length")), "{error:?}");
    }
}
