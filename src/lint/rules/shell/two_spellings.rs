use std::collections::{HashMap, HashSet};

use super::evidence::SPEC_BODY;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::shell::Block;
use crate::manifest::source::Span;

/// Packages whose program is not called as the package is.
const PROGRAMS: [(&str, &str); 2] = [("@membranehq/cli", "membrane"), ("typescript", "tsc")];

pub(super) static RULE: Rule = Rule {
    name: "shell/two-spellings",
    severity: Severity::Warning,
    summary: "one program is called by two names",
    why: "Where some commands say `membrane` and others `npx @membranehq/cli`, an agent may run two versions of one program, and asks \
          itself what the difference is.",
    evidence: &[SPEC_BODY],
    clients: &[],
    fix: None,
    bad: &[Example::Body("```bash\nmembrane login\n```\n\n```bash\nnpx @membranehq/cli connection get ID\n```\n")],
    good: &[
        Example::Body("```bash\nnpm install -g @membranehq/cli\nmembrane login\n```\n"),
        Example::Body("```bash\nnpx parcels sort\nnpx labels print\nposts list\n```\n"),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut run: Vec<(&str, Span)> = Vec::new();
    let mut seen = HashSet::new();
    for line in context.shell().iter().flat_map(Block::commands) {
        if let Some(package) = npx_package(context.slice(line))
            && seen.insert(package)
        {
            run.push((package, line));
        }
    }
    if run.is_empty() {
        return;
    }
    let mut called: HashMap<&str, Span> = HashMap::new();
    for line in context.shell().iter().flat_map(Block::commands) {
        let program = context.slice(line).split(' ').next().unwrap_or_default();
        if seen.contains(program) {
            called.entry(program).or_insert(line);
        }
    }
    for (program, place) in run {
        if let Some(&bare) = called.get(program) {
            let package = context.slice(place).split_whitespace().take(2).collect::<Vec<_>>().join(" ");
            sink.report(place, format!("here it is `{package}`, and elsewhere `{program}`"))
                .related(bare, "called otherwise here");
        }
    }
}

/// The program that `npx PACKAGE` runs.
fn npx_package(command: &str) -> Option<&str> {
    let rest = command.strip_prefix("npx ")?;
    let package = rest.split_whitespace().find(|word| !word.starts_with('-'))?;
    let bare = package.rfind('@').filter(|&at| at > 0).map_or(package, |at| &package[..at]);
    let known = PROGRAMS.iter().find(|(package, _)| *package == bare).map(|(_, program)| *program);
    Some(known.unwrap_or_else(|| bare.rsplit('/').next().unwrap_or(bare)))
}
