//! `rule`: the lint rules, listed or explained.

use serde::Serialize;

use super::{Context, Outcome};
use crate::error::{Error, Result};
use crate::lint::diagnostic::{Safety, Severity};
use crate::lint::registry;
use crate::lint::rule::{Client, Rule};
use crate::report::rules;

/// List the lint rules, or explain one
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A rule, as `lint` names it
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

/// A rule as JSON.
#[derive(Debug, Serialize)]
struct Entry {
    name: &'static str,
    severity: Severity,
    summary: &'static str,
    why: &'static str,
    clients: &'static [Client],
    fix: Option<Safety>,
    evidence: Vec<Link>,
}

#[derive(Debug, Serialize)]
struct Link {
    title: &'static str,
    url: &'static str,
}

impl Entry {
    fn of(rule: &Rule) -> Self {
        Self {
            name: rule.name,
            severity: rule.severity,
            summary: rule.summary,
            why: rule.why,
            clients: rule.clients,
            fix: rule.fix,
            evidence: rule.evidence.iter().map(|e| Link { title: e.title, url: e.url }).collect(),
        }
    }
}

pub(crate) fn run(args: &Args, context: &Context) -> Result<Outcome, Error> {
    let ui = context.ui;
    match &args.name {
        Some(name) if registry::GROUPS.iter().any(|group| group.name == name) => {
            let rules: Vec<&Rule> = registry::RULES.iter().copied().filter(|rule| rule.group() == name).collect();
            if args.json {
                ui.json(&rules.into_iter().map(Entry::of).collect::<Vec<_>>())?;
            } else {
                ui.data(rules::list(&rules))?;
            }
        }
        Some(name) => {
            let rule = registry::rule(name)?;
            if args.json { ui.json(&Entry::of(rule))? } else { ui.data(rules::explain(rule))? }
        }
        None if args.json => ui.json(&registry::RULES.iter().map(|rule| Entry::of(rule)).collect::<Vec<_>>())?,
        None => ui.data(rules::list(&registry::RULES))?,
    }
    Ok(Outcome::Clean)
}
