//! The laws of the crate's front page, as properties. Each module's own tests hold the laws that need its insides.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use skillpress::manifest::Manifest;
use skillpress::manifest::skill::Skill;
use skillpress::manifest::source::Span;

use crate::corpus::{self, Commit};

/// Pieces of manifests, good and bad, in any order: far likelier than random bytes to reach the reader's odd corners.
fn manifest_like() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "---\n",
        "---\r\n",
        "...\n",
        "name: a\n",
        "description: |\n  b\n",
        "metadata:\n  c: d\n",
        "x: &a [1]\ny: *a\n",
        ": :\n",
        "\u{feff}",
        "# T\n",
        "## T Overview\n",
        "- **A**\n",
        "   - **B** — n\n",
        "* `c`: d\n",
        "- **open\n",
        "\t- e\n",
        "words\n",
        "\n",
        "\r",
        "## Popular actions\n",
        "| Name | Key | Description |\n",
        "| --- | --- | --- |\n",
        "|---|\n",
        "| A | a | b \\| c |\n",
        "| short |\n",
        "```bash\n",
        "membrane connection ensure \"https://a.example\" --json\n",
        "membrane connection ensure \"",
        "```\n",
        "Official docs: https://b.example\n",
        "> quote\n",
        "    code\n",
        "[l](m \"t\")\n",
        "<!-- c -->\n",
        "é…\u{200d}",
        "\0",
        "\u{7}",
    ];
    let piece = prop_oneof![
        9 => proptest::sample::select(pieces.to_vec()).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => proptest::collection::vec(any::<u8>(), 0..8),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Every place that a manifest claims to know.
fn spans(manifest: &Manifest) -> Vec<Span> {
    let mut spans = Vec::new();
    spans.extend(manifest.problems.iter().flat_map(|problem| [Some(problem.span), problem.related]).flatten());
    spans.extend(manifest.frontmatter.span);
    spans.push(manifest.frontmatter.yaml);
    spans.extend(manifest.frontmatter.entries.iter().flat_map(|entry| [entry.key_span, entry.value.span]));
    let document = &manifest.document;
    spans.extend(document.headings.iter().flat_map(|heading| [heading.span, heading.text, heading.content]));
    spans.extend(document.code_blocks.iter().flat_map(|block| [block.span, block.content, block.language]));
    spans.extend(document.code_spans.iter().chain(&document.html).copied());
    spans.extend(document.links.iter().map(|link| link.span));
    spans.extend([manifest.title, manifest.summary, manifest.docs_url, manifest.app_url].into_iter().flatten());
    if let Some(overview) = &manifest.overview {
        spans.extend([overview.heading, overview.span]);
        spans.extend(overview.intro.into_iter().chain(overview.guidance));
        spans.extend(
            overview.entities.iter().flat_map(|entity| [Some(entity.span), Some(entity.name), entity.note]).flatten(),
        );
    }
    if let Some(actions) = &manifest.actions {
        spans.extend([actions.heading, actions.span]);
        spans.extend(actions.fallback);
        spans.extend(actions.rows().iter().flat_map(|row| [row.span, row.name, row.key, row.description]));
    }
    spans
}

fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let manifest = Manifest::read(bytes);
    prop_assert_eq!(manifest.write(), bytes);
    let text = manifest.source.text();
    prop_assert_eq!(text.len(), bytes.len());
    for span in spans(&manifest) {
        prop_assert!(text.get(span.range()).is_some(), "{:?} is no range of characters in {:?}", span, text);
    }
    // The model is made of those places, so it can be made of any manifest, and be read again.
    let model = Skill::of(&manifest, None);
    let again: Skill = serde_json::from_str(&serde_json::to_string(&model).unwrap()).unwrap();
    prop_assert_eq!(again, model);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_and_written_back(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        check(&bytes)?;
    }

    #[test]
    fn anything_like_a_manifest_is_read_and_written_back(bytes in manifest_like()) {
        check(&bytes)?;
    }
}

#[test]
fn every_bundled_skill_is_read_and_written_back() {
    let skills = Path::new(env!("CARGO_MANIFEST_DIR")).join("skills");
    for entry in fs::read_dir(skills).unwrap() {
        check(&fs::read(entry.unwrap().path().join("SKILL.md")).unwrap()).unwrap();
    }
}

#[test]
fn every_manifest_of_the_set_is_read_and_written_back() {
    let Some(corpus) = corpus::checkout(Commit::Newest) else { return };
    let mut read = 0;
    for entry in fs::read_dir(corpus.join("skills")).unwrap() {
        check(&fs::read(entry.unwrap().path().join("SKILL.md")).unwrap()).unwrap();
        read += 1;
    }
    assert_eq!(read, 3_074);
}
