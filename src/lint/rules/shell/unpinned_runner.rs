use std::collections::HashSet;

use super::evidence::SUPPLY_CHAIN;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::shell::Block;

const RUNNERS: [&str; 6] = ["npx ", "uvx ", "bunx ", "pnpm dlx ", "yarn dlx ", "pipx run "];

pub(super) static RULE: Rule = Rule {
    name: "shell/unpinned-runner",
    severity: Severity::Info,
    summary: "a package is fetched and run without a version",
    why: "`npx package` runs whatever is newest on that day. With a version it runs what the author of the skill tried.",
    evidence: &[SUPPLY_CHAIN],
    clients: &[],
    fix: None,
    bad: &[
        Example::Body("```bash\nnpx @parcels/sorter run\n```\n"),
        Example::Body("```bash\nuvx --quiet sorter@latest\n```\n"),
    ],
    good: &[Example::Body(
        "```bash\nnpx @parcels/sorter@2.1.0 run\nuvx sorter==1.4\nnpx --no-install sorter\nnpx ./local\n```\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut reported: HashSet<&str> = HashSet::new();
    for line in context.shell().iter().flat_map(Block::commands) {
        let text = context.slice(line);
        let Some(rest) = RUNNERS.iter().find_map(|runner| text.strip_prefix(runner)) else { continue };
        if rest.contains("--no-install") || rest.contains("--offline") {
            continue;
        }
        let Some(package) = rest.split_whitespace().find(|word| !word.starts_with('-')) else { continue };
        let version = package.get(1..).and_then(|tail| tail.split_once('@')).map(|(_, version)| version);
        let pinned =
            version.is_some_and(|version| version != "latest" && !version.is_empty()) || package.contains("==");
        let is_path = package.starts_with(['.', '/', '$', '<']);
        if !pinned && !is_path && reported.insert(package) {
            sink.report(line, format!("`{package}` is run in whatever version is newest"))
                .help("name a version: `package@1.2.3`");
        }
    }
}
