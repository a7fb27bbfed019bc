//! How fast manifests are checked: the engine alone, on text made here.

use std::fmt::Write as _;

use divan::{Bencher, counter::BytesCount};
use skillpress::lint::config::{Config, Settings};
use skillpress::lint::context::{Context, NoContents};
use skillpress::lint::engine::Linter;
use skillpress::manifest::Manifest;

fn main() {
    divan::main();
}

/// An app skill of `entities` entities and as many actions.
fn manifest(entities: usize) -> String {
    let mut text = "---\nname: post\ndescription: Sorts parcels. Use when parcels need sorting.\nlicense: MIT\n---\n\n# Post\n\nPost moves \
                    parcels — quickly.\n\nOfficial docs: https://docs.post.example/\n\n## Post Overview\n\n"
        .to_owned();
    for entity in 0..entities {
        let _ = writeln!(text, "- **Parcel {entity}**\n  - **Label {entity}**");
    }
    text.push_str("\n## Sign in\n\n```bash\nmembrane login --json\n```\n\n## Popular actions\n\n| Name | Key | Description |\n|---|---|---|\n");
    for action in 0..entities {
        let _ = writeln!(text, "| Send {action} | send-{action} | Sends parcel {action} to its address. |");
    }
    text
}

fn linter() -> Linter {
    match Settings::new(&Config::default()) {
        Ok(settings) => Linter::new(settings),
        Err(error) => panic!("{error}"),
    }
}

#[divan::bench(args = [5, 50, 500])]
fn read(bencher: Bencher, entities: usize) {
    let text = manifest(entities);
    bencher.counter(BytesCount::of_str(&text)).bench(|| Manifest::read(text.as_str()));
}

#[divan::bench(args = [5, 50, 500])]
fn check(bencher: Bencher, entities: usize) {
    let text = manifest(entities);
    let manifest = Manifest::read(text.as_str());
    let linter = linter();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| linter.check(&Context::new(&manifest, None, &NoContents), "post/SKILL.md"));
}
