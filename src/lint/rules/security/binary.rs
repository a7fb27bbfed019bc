use super::evidence::SPEC_STRUCTURE;
use crate::lint::context::{Context, EntryKind};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

/// How executable files start.
const MAGICS: [(&[u8], &str); 7] = [
    (b"\x7fELF", "a Linux program"),
    (b"MZ", "a Windows program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xce\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a macOS program or Java bytecode"),
    (b"\0asm", "a WebAssembly program"),
    (b"dex\n", "an Android program"),
];
/// Endings of text and media files, which need no look.
const HARMLESS: [&str; 24] = [
    "md", "txt", "py", "sh", "js", "ts", "json", "yaml", "yml", "toml", "html", "css", "xml", "xsd", "csv", "png",
    "jpg", "jpeg", "gif", "svg", "pdf", "ttf", "woff", "woff2",
];

pub(super) static RULE: Rule = Rule {
    name: "security/binary",
    severity: Severity::Warning,
    summary: "the skill holds a compiled program",
    why: "Nobody can read what a compiled program does. Python bytecode is run in place of the source beside it, so the two may differ.",
    evidence: &[SPEC_STRUCTURE],
    clients: &[],
    fix: None,
    bad: &[
        Example::Folder("Run `sort`.\n", &[("scripts/sort", b"\x7fELF\x02\x01")]),
        Example::Folder("Run `sort.py`.\n", &[("scripts/__pycache__/sort.cpython-312.pyc", b"\xcb\r\r\n")]),
    ],
    good: &[Example::Folder(
        "Run `sort`.\n",
        &[("scripts/sort", b"#!/bin/sh\n"), ("MZ.txt", b"MZ is no program here")],
    )],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(folder) = context.folder else { return };
    let at = Span::at(context.manifest.document.span.start);
    for entry in folder.files.iter().filter(|entry| entry.kind == EntryKind::File) {
        let ending =
            entry.path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, ending)| ending);
        if matches!(ending, "pyc" | "pyo") {
            sink.report(at, format!("`{}` is Python bytecode", entry.path)).help("ship the source alone");
            continue;
        }
        if HARMLESS.contains(&ending.to_lowercase().as_str()) {
            continue;
        }
        let start = context.contents.read(&entry.path, 8).unwrap_or_default();
        if let Some((_, what)) = MAGICS.iter().find(|(magic, _)| start.starts_with(magic)) {
            sink.report(at, format!("`{}` is {what}", entry.path))
                .help("ship the source, or name a package to install");
        }
    }
}
