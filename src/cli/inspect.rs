//! What the rules about security say of a skill before it is installed.

use std::sync::LazyLock;

use crate::install::inspect::Finding;
use crate::lint::config::Settings;
use crate::lint::context::{Contents, Context, EntryKind, Folder, FolderEntry};
use crate::lint::diagnostic::Severity;
use crate::lint::engine::Linter;
use crate::lint::{glance, registry};
use crate::manifest::{FILE_NAME, Manifest};
use crate::source::tree::{FileKind, Tree, TreeFile};

/// The rules that stop an install. What a skill says about rules in its comments does not count here.
static SECURITY: LazyLock<Linter> = LazyLock::new(|| Linter::unsilenced(Settings::of_group("security")));

/// Makes the rules ready beside what else there is to do before the first skill is read.
pub(crate) fn make_rules_ready() {
    rayon::spawn(|| {
        SECURITY.has_literals("");
    });
}

/// The name of a rule that `--allow` is given.
pub(crate) fn rule(name: &str) -> Result<String, String> {
    let rule = registry::rule(name);
    rule.map(|rule| rule.name.to_owned()).map_err(|error| format!("{error}; {}", error.help().unwrap_or_default()))
}

/// Everything but hints that the rules find in a skill's files.
pub(crate) fn findings(tree: &Tree) -> Vec<Finding> {
    let bytes = tree.manifest().unwrap_or_default();
    if tree.files.len() == 1 && std::str::from_utf8(bytes).is_ok_and(|text| !glance::may_find(&SECURITY, text)) {
        return Vec::new();
    }
    let manifest = Manifest::read(bytes);
    let folder = folder(tree);
    let contents = InTree(tree);
    let context = Context::new(&manifest, Some(&folder), &contents);
    let checked = SECURITY.check(&context, FILE_NAME);
    let serious = checked.diagnostics.into_iter().filter(|diagnostic| diagnostic.severity > Severity::Info);
    serious
        .map(|diagnostic| {
            let place = manifest.source.position(diagnostic.span.start);
            Finding {
                rule: diagnostic.rule.to_owned(),
                place: format!("{FILE_NAME}:{}:{}", place.line, place.column),
                message: diagnostic.message.into_owned(),
            }
        })
        .collect()
}

/// The tree as the rules see a folder.
fn folder(tree: &Tree) -> Folder {
    let entry = |file: &TreeFile| FolderEntry {
        path: file.path.as_str().to_owned(),
        kind: if file.kind == FileKind::Link { EntryKind::Link } else { EntryKind::File },
        size: file.bytes.len() as u64,
    };
    let files = tree.files.iter().filter(|file| file.path.as_str() != FILE_NAME).map(entry).collect();
    Folder { files, ..Folder::default() }
}

#[derive(Debug)]
struct InTree<'t>(&'t Tree);

impl Contents for InTree<'_> {
    fn read(&self, path: &str, limit: usize) -> Option<Vec<u8>> {
        let file = self.0.file(path).filter(|file| file.kind != FileKind::Link)?;
        Some(file.bytes[..file.bytes.len().min(limit)].to_vec())
    }
}
