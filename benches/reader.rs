//! Reading manifests into models, against pulldown-cmark alone on the same bytes: `cargo bench --bench reader`.
//!
//! Uses the set of 3,074 app skills where `SKILLPRESS_CORPUS` names a checkout of it, else the bundled skills 500 times over. The
//! ratio of the two medians is the figure to look at; both run on one thread.

use std::hint::black_box;
use std::path::Path;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::BytesCount;
use pulldown_cmark::{Options, Parser};
use skillpress::manifest::Manifest;
use skillpress::manifest::skill::Skill;

fn main() {
    divan::main();
}

static SET: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    if let Some(corpus) = std::env::var_os("SKILLPRESS_CORPUS") {
        let entries = walkdir::WalkDir::new(corpus).into_iter().filter_map(Result::ok);
        let manifests = entries.filter(|entry| entry.file_name() == "SKILL.md");
        return manifests.filter_map(|entry| std::fs::read(entry.path()).ok()).collect();
    }
    let skills = Path::new(env!("CARGO_MANIFEST_DIR")).join("skills");
    let read = |name| std::fs::read(skills.join(name).join("SKILL.md")).unwrap_or_default();
    ["chaport", "chatra", "chatrace", "chatwoot"].into_iter().map(read).cycle().take(4 * 500).collect()
});

fn bytes() -> BytesCount {
    BytesCount::new(SET.iter().map(Vec::len).sum::<usize>())
}

/// The rival: the Markdown parser and nothing else.
#[divan::bench]
fn pulldown_cmark_alone(bencher: Bencher) {
    bencher.counter(bytes()).bench(|| {
        for manifest in SET.iter() {
            let text = String::from_utf8_lossy(manifest);
            black_box(Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter().count());
        }
    });
}

/// Bytes to a manifest with every value's place.
#[divan::bench]
fn manifests(bencher: Bencher) {
    bencher.counter(bytes()).bench(|| {
        for manifest in SET.iter() {
            black_box(Manifest::read(manifest.as_slice()));
        }
    });
}

/// Bytes to the model that `extract` prints.
#[divan::bench]
fn models(bencher: Bencher) {
    bencher.counter(bytes()).bench(|| {
        for manifest in SET.iter() {
            black_box(Skill::of(&Manifest::read(manifest.as_slice()), None));
        }
    });
}
