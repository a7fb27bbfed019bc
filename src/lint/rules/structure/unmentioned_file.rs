use super::evidence::SPEC_REFERENCES;
use crate::lint::context::{Context, EntryKind, FolderEntry};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

/// Files that need no mention, by the start of their name in lower case: they are for people, packagers and other programs.
const UNSPOKEN: [&str; 24] = [
    "license",
    "licence",
    "copying",
    "notice",
    "attribution",
    "third_party",
    "third-party",
    "authors",
    "contributing",
    "security.md",
    "readme",
    "changelog",
    "version",
    "makefile",
    "__init__",
    "package.json",
    "package-lock",
    "pnpm-lock",
    "yarn.lock",
    "uv.lock",
    "pyproject",
    "tsconfig",
    "requirements",
    ".",
];
/// Folders and files that clients and test runners look for by themselves.
const KNOWN: [&str; 6] = ["agents/openai.yaml", "evals", "tests", "test", "node_modules", "__pycache__"];
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
    bad: &[
        Example::Folder("Sort the parcels.\n", &[("references/weights.md", b"")]),
        Example::Folder("Sort by weights-and-sizes.\n", &[("weights-and/all.md", b"")]),
    ],
    good: &[
        Example::Folder(
            "Read `weights.md`.\n",
            &[("references/weights.md", b"See sizes."), ("references/sizes.md", b"")],
        ),
        Example::Folder("Run the scripts in `scripts/`.\n", &[("scripts/sort.py", b""), ("LICENSE.txt", b"")]),
        Example::Folder("Choose from the `./label-fonts` folder.\n", &[("label-fonts/bold.ttf", b"")]),
        Example::Folder(
            "Fill in FORMS.md.\n",
            &[("forms.md", b""), ("agents/openai.yaml", b""), ("evals/one.json", b"")],
        ),
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
    let mut texts = vec![context.text().to_lowercase()];
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
            texts.extend(String::from_utf8(bytes).map(|text| text.to_lowercase()));
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
    let first = path.split('/').next().unwrap_or(path);
    KNOWN.contains(&path)
        || KNOWN.contains(&first) && path.contains('/')
        || path.split('/').any(|part| part.starts_with('.') || part == "__pycache__" || part == "node_modules")
        || path.rsplit('/').next().is_some_and(|name| {
            let name = name.to_lowercase();
            UNSPOKEN.iter().any(|unspoken| name.starts_with(unspoken))
        })
}

/// Whether a text, in lower case, names a file, its name without the extension, or a folder above it.
fn mentions(text: &str, path: &str) -> bool {
    let path = path.to_lowercase();
    let name = path.rsplit('/').next().unwrap_or(&path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    text.contains(if stem.len() >= 3 { stem } else { name })
        || path.match_indices('/').any(|(at, _)| names_folder(text, &path[..at]))
}

/// A folder is named with the slash behind it, as a path, or in backticks.
fn names_folder(text: &str, folder: &str) -> bool {
    text.match_indices(folder).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + folder.len()..].chars().next();
        let starts = !before.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
        starts
            && (after == Some('/') || matches!((before, after), (Some('`'), Some('`'))) || text[..at].ends_with("./"))
    })
}
