use std::collections::HashSet;

use super::evidence::SUPPLY_CHAIN;
use crate::lint::context::Context;
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::shell::Block;

const RUNNERS: [&str; 10] =
    ["npx ", "npm exec ", "uvx ", "uv tool run ", "bunx ", "bun x ", "pnpx ", "pnpm dlx ", "yarn dlx ", "pipx run "];

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
        Example::Body("```bash\ndeno run -A npm:@parcels/sorter\n```\n"),
        Example::Body("```bash\nuvx --quiet sorter@latest\n```\n"),
    ],
    good: &[Example::Body(
        "```bash\nnpx @parcels/sorter@2.1.0 run\nuvx sorter==1.4\nnpx --no-install sorter\nnpx ./local\ndeno run npm:sorter@2 jsr.ts\ndeno run main.ts\n```\n",
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let mut reported: HashSet<&str> = HashSet::new();
    for line in context.shell().iter().flat_map(Block::commands) {
        let text = context.slice(line);
        let Some(package) = package(text) else { continue };
        if text.contains("--no-install") || text.contains("--offline") {
            continue;
        }
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

/// What a command fetches and runs. Deno marks packages, since it runs files as well.
fn package(command: &str) -> Option<&str> {
    let mut words =
        RUNNERS.iter().find_map(|runner| command.strip_prefix(runner)).unwrap_or_default().split_whitespace();
    let of_deno = || {
        let mut words = command.strip_prefix("deno run ")?.split_whitespace();
        words.find_map(|word| word.strip_prefix("npm:").or_else(|| word.strip_prefix("jsr:")))
    };
    words.find(|word| !word.starts_with('-')).or_else(of_deno)
}
