//! Templates over sets: matching, rendering, learning; how the time grows with the set, and what an adversarial manifest costs.

#![expect(clippy::expect_used, reason = "a bench that cannot set up its set has nothing to measure")]

use divan::Bencher;
use skillpress::template::infer::{Sample, infer};
use skillpress::template::{Pattern, Template};

fn main() {
    divan::main();
}

const TEMPLATE: &str = include_str!("../templates/app-skill.md.tera");

/// A set of manifests of the built-in template, each with its own values.
fn set(count: usize) -> (Pattern, Vec<String>) {
    let template = Template::parse("bench", TEMPLATE).expect("the built-in template");
    let pattern = template.pattern().expect("a reversible template").clone();
    let manifests = (0..count).map(|at| manifest(&pattern, at)).collect();
    (pattern, manifests)
}

fn manifest(pattern: &Pattern, at: usize) -> String {
    let value = |name: &str| match name {
        "overview" => (0..at % 40).map(|n| format!("- **Entity {n} of {at}**")).collect::<Vec<_>>().join("\n"),
        "actions" => format!("| Name | Key | Description |\n| --- | --- | --- |\n| Do {at} | do-{at} | Does {at}. |"),
        name => format!("{name} {at}"),
    };
    let mut slots = skillpress::template::Slots::default();
    for slot in pattern.slots() {
        slots.set_plain(&slot.name, value(&slot.name));
    }
    pattern.render(&slots).expect("plain values fit")
}

#[divan::bench(args = [100, 1_000, 10_000, 30_000])]
fn match_a_set(bencher: Bencher<'_, '_>, count: usize) {
    let (pattern, manifests) = set(count);
    bencher
        .counter(divan::counter::ItemsCount::new(count))
        .bench_local(|| manifests.iter().filter(|text| pattern.is_match(text)).count());
}

#[divan::bench(args = [100, 1_000, 10_000], sample_count = 5)]
fn learn_a_set(bencher: Bencher<'_, '_>, count: usize) {
    let (_, manifests) = set(count);
    let names: Vec<String> = (0..count).map(|at| format!("name-{at}")).collect();
    bencher.counter(divan::counter::ItemsCount::new(count)).bench_local(|| {
        let samples: Vec<Sample<'_>> = manifests.iter().zip(&names).map(|(text, name)| Sample { name, text }).collect();
        infer(&samples).expect("a set").learned.len()
    });
}

/// A megabyte that nearly holds what ends a slot, everywhere.
const SIZE: usize = 1 << 20;

#[divan::bench]
fn match_an_ordinary_manifest(bencher: Bencher<'_, '_>) {
    let text = long("A line of some overview, of no special length.\n");
    let pattern = long_pattern();
    bencher.counter(divan::counter::BytesCount::new(text.len())).bench_local(|| pattern.is_match(&text));
}

#[divan::bench]
fn match_an_adversarial_manifest(bencher: Bencher<'_, '_>) {
    let text = long("\n## Actions\n\nThe end of the overvie\n");
    let pattern = long_pattern();
    bencher.counter(divan::counter::BytesCount::new(text.len())).bench_local(|| pattern.is_match(&text));
}

fn long_pattern() -> Pattern {
    let source = "# {{ title }}\n\n{{ overview }}\n{% if docs_url %}\nDocs: {{ docs_url }}\n{% endif %}\n## Actions\n\nThe end of the overview.\n";
    Template::parse("long", source).expect("a template").pattern().expect("a reversible template").clone()
}

fn long(line: &str) -> String {
    format!("# Title\n\n{}\n\n## Actions\n\nThe end of the overview.\n", line.repeat(SIZE / line.len()).trim_end())
}
