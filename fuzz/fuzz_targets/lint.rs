//! Any bytes are checked without a panic, spans lie on characters, and what was mended stays mended.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use skillpress::lint::config::{Config, Settings};
use skillpress::lint::context::{Context, NoContents};
use skillpress::lint::diagnostic::{Diagnostic, Safety};
use skillpress::lint::engine::Linter;
use skillpress::lint::fixes;
use skillpress::lint::rule::Client;
use skillpress::manifest::Manifest;

static LINTER: LazyLock<Linter> = LazyLock::new(|| {
    let config = Config { clients: Client::ALL.to_vec(), ..Config::default() };
    Linter::new(Settings::new(&config).unwrap())
});

fn check(bytes: &[u8]) -> Vec<Diagnostic> {
    let manifest = Manifest::read(bytes);
    let found = LINTER.check(&Context::new(&manifest, None, &NoContents), "a/SKILL.md").diagnostics;
    for diagnostic in &found {
        assert!(manifest.source.text().get(diagnostic.span.range()).is_some(), "{}", diagnostic.rule);
    }
    found
}

fuzz_target!(|bytes: &[u8]| {
    let before = check(bytes);
    let fixed = fixes::fix(bytes.to_vec(), Safety::Unsafe, &check);
    assert!(check(&fixed.bytes).len() <= before.len());
    assert_eq!(fixes::fix(fixed.bytes, Safety::Unsafe, &check).applied, 0);
});
