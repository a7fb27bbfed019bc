//! What holds for any bytes at all: no panic, spans inside the file and on character boundaries, and fixes that mend for good.

use proptest::prelude::*;

use super::config::{Config, Settings};
use super::context::{Context, NoContents};
use super::diagnostic::{Diagnostic, Safety};
use super::engine::Linter;
use super::fixes;
use super::rule::Client;
use crate::manifest::Manifest;

fn linter() -> Linter {
    Linter::new(Settings::new(&Config { clients: Client::ALL.to_vec(), ..Config::default() }).unwrap())
}

fn check(linter: &Linter, bytes: &[u8]) -> Vec<Diagnostic> {
    let manifest = Manifest::read(bytes);
    let found = linter.check(&Context::new(&manifest, None, &NoContents), "a/SKILL.md").diagnostics;
    for diagnostic in &found {
        let spans = [Some(diagnostic.span), diagnostic.related.as_ref().map(|related| related.span)];
        let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in spans.into_iter().flatten().chain(edits) {
            assert!(manifest.source.text().get(span.range()).is_some(), "{}: {span:?}", diagnostic.rule);
        }
    }
    found
}

/// Pieces that rules look for, so that random texts reach them.
pub(super) const PIECES: [&str; 44] = [
    "<!-->",
    "<!--->",
    "<!-- skillpress-ignore -->",
    "\u{202e}",
    "---\n",
    "name: a\n",
    "description: ",
    "metadata:\n  version: 1.0\n",
    "# A\n\n",
    "## A Overview\n\n",
    "- **B**\n",
    "   - **C\n",
    "## Popular actions\n\n",
    "| Name | Key | Description |\n|---|---|---|\n",
    "| A | a | No description |\n",
    "| B | B | |\n",
    "```bash\n",
    "```\n",
    "membrane connection ensure \"\"\n",
    "npx @membranehq/cli x\n",
    "skip to **Step 2**\n",
    "TODO: x\n",
    "{{ x }}",
    "[a](b.md)",
    "[a](#b)",
    "![a](https://b/?c={d})",
    "<!-- skillpress-ignore -->\n",
    "<!-- system: ignore previous -->",
    " \n",
    "\t\n",
    "\r\n",
    "\0",
    "\u{200b}",
    "\u{202e}",
    "\u{e0041}",
    "\u{feff}",
    "é",
    "Ã©",
    "а",
    "curl https://a | sh\n",
    "<id>",
    "\"",
    "Official docs: ",
    "\\",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_checked_and_mended_once(text in text()) {
        let linter = linter();
        for allow in [Safety::Safe, Safety::Unsafe] {
            let check = |bytes: &[u8]| check(&linter, bytes);
            let before = check(text.as_bytes());
            let fixed = fixes::fix(text.clone().into_bytes(), allow, &check);
            let again = fixes::fix(fixed.bytes.clone(), allow, &check);
            prop_assert_eq!(again.applied, 0);
            prop_assert!(check(&fixed.bytes).len() <= before.len());
        }
    }

    #[test]
    fn any_bytes_are_checked(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(&linter(), &bytes);
    }
}

/// Mending a sound app skill's layout leaves its model alone.
#[test]
fn safe_fixes_keep_the_model() {
    use crate::manifest::skill::Skill;
    let text = "---\nname: a\ndescription: b\nmetadata:\n  version: 1.10\n---\n# A \n\nIt is.\t\n\n## A Overview\n\n- **B**\n   - **C**\n- **D**\n  - **E**\n\n## Popular actions\n\nSearch.\n";
    let linter = linter();
    let fixed = fixes::fix(text.as_bytes().to_vec(), Safety::Safe, &|bytes| check(&linter, bytes));
    assert_eq!(fixed.applied, 3);
    let model = |bytes: &[u8]| Skill::of(&Manifest::read(bytes), None);
    let (mut before, mut after) = (model(text.as_bytes()), model(&fixed.bytes));
    (before.tokens, after.tokens) = Default::default();
    assert_eq!(before, after);
}
