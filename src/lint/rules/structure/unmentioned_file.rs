use super::evidence::SPEC_REFERENCES;
use crate::lint::context::{Context, EntryKind, FolderEntry};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

/// Files that need no mention, by the start of their name in lower case.
const UNSPOKEN: [&str; 10] =
    ["license", "licence", "copying", "notice", "readme", "changelog", "__init__", "package-lock", "requirements", "."];
/// Bytes of other files in which mentions are looked for.
const MAX_READ: usize = 1 << 20;
/// Skills with more files than this are more than a manifest can name.
const MAX_FILES: usize = 500;

pub(super) static RULE: Rule = Rule {
    name: "structure/unmentioned-file",
    severity: Severity::Info,
    summary: "a file of the skill is mentioned nowhere",
    why: "An agent reads the files that the manifest, or a file it names, tells it of. One that nothing names is likely never read.",
    evidence: &[SPEC_REFERENCES],
    clients: &[],
    fix: None,
    bad: &[Example::Folder("Sort the parcels.\n", &[("references/weights.md", b"")])],
    good: &[
        Example::Folder(
            "Read `weights.md`.\n",
            &[("references/weights.md", b"See sizes."), ("references/sizes.md", b"")],
        ),
        Example::Folder("Run the scripts in `scripts/`.\n", &[("scripts/sort.py", b""), ("LICENSE.txt", b"")]),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(folder) = context.folder else { return };
    let mut left: Vec<&FolderEntry> = folder
        .files
        .iter()
        .filter(|entry| entry.kind == EntryKind::File && !is_unspoken(&entry.path))
        .take(MAX_FILES + 1)
        .collect();
    if left.is_empty() || left.len() > MAX_FILES {
        return;
    }
    let mut texts = vec![context.text().to_owned()];
    while let Some(text) = texts.pop() {
        let mut named = Vec::new();
        left.retain(|entry| {
            let is_named = mentions(&text, &entry.path);
            if is_named {
                named.push(entry.path.as_str());
            }
            !is_named
        });
        for path in named {
            let bytes = context.contents.read(path, MAX_READ).unwrap_or_default();
            texts.extend(String::from_utf8(bytes));
        }
    }
    let at = Span::at(context.manifest.document.span.start);
    match left.as_slice() {
        [] => {}
        [one] => {
            sink.report(at, format!("the file `{}` is mentioned nowhere", one.path))
                .help("say when to read it, or remove it");
        }
        [first, ..] => {
            let message = format!("`{}` and {} more files are mentioned nowhere", first.path, left.len() - 1);
            sink.report(at, message).help("say when to read them, or remove them");
        }
    }
}

fn is_unspoken(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.') || part == "__pycache__" || part == "node_modules")
        || path.rsplit('/').next().is_some_and(|name| {
            let name = name.to_lowercase();
            UNSPOKEN.iter().any(|unspoken| name.starts_with(unspoken))
        })
}

/// Whether a text names a file, its name without the extension, or a folder above it.
fn mentions(text: &str, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let folders = || path.match_indices('/').map(|(at, _)| &path[..=at]);
    text.contains(if stem.len() >= 3 { stem } else { name }) || folders().any(|folder| text.contains(folder))
}
