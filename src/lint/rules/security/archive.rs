use super::evidence::ZIP_SLIP;
use crate::lint::context::{Context, EntryKind};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::manifest::source::Span;

const ENDINGS: [&str; 12] =
    [".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".7z", ".rar", ".jar", ".whl", ".egg", ".gem"];
/// Bytes of an archive that are looked at.
const MAX_READ: usize = 8 << 20;

pub(super) static RULE: Rule = Rule {
    name: "security/archive",
    severity: Severity::Warning,
    summary: "the skill holds an archive",
    why: "What lies in an archive is seen by nobody who looks at the skill. A zip file with a member that leaves the folder (`../`) \
          overwrites files elsewhere when it is unpacked; others are a hint.",
    evidence: &[ZIP_SLIP],
    clients: &[],
    fix: None,
    bad: &[Example::Folder("Unpack `labels.zip`.\n", &[("labels.zip", b"PK\x03\x04")])],
    good: &[Example::Folder("Fill in `form.docx`.\n", &[("form.docx", b"PK\x03\x04"), ("zip/a.txt", b"")])],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(folder) = context.folder else { return };
    for entry in folder.files.iter().filter(|entry| entry.kind == EntryKind::File) {
        let path = entry.path.to_lowercase();
        if !ENDINGS.iter().any(|ending| path.ends_with(ending)) {
            continue;
        }
        let bytes = context.contents.read(&entry.path, MAX_READ).unwrap_or_default();
        let at = Span::at(context.manifest.document.span.start);
        match escaping_member(&bytes) {
            Some(member) => {
                sink.report(at, format!("the archive `{}` holds `{member}`, which leaves the folder", entry.path));
            }
            None => {
                sink.report(at, format!("the archive `{}` hides what is in it", entry.path))
                    .at_most(Severity::Info)
                    .help("keep the files unpacked");
            }
        }
    }
}

/// A member of a zip file whose path is absolute or climbs.
fn escaping_member(bytes: &[u8]) -> Option<String> {
    const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
    memchr::memmem::find_iter(bytes, LOCAL_HEADER).find_map(|at| {
        let length = usize::from(u16::from_le_bytes(bytes.get(at + 26..at + 28)?.try_into().ok()?));
        let name = String::from_utf8_lossy(bytes.get(at + 30..at + 30 + length)?).replace('\\', "/");
        (name.starts_with('/') || name.split('/').any(|part| part == "..")).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn members_that_climb_are_found() {
        let mut zip = b"PK\x03\x04".to_vec();
        zip.extend([0; 22]);
        zip.extend([4, 0, 0, 0]);
        zip.extend(b"../x");
        assert_eq!(super::escaping_member(&zip).as_deref(), Some("../x"));
        assert_eq!(super::escaping_member(b"PK\x03\x04 short"), None);
    }
}
