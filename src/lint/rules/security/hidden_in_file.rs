use super::evidence::{TROJAN_SOURCE, UNICODE_TAGS};
use super::{bidi_control, tag_characters};
use crate::lint::context::{Context, EntryKind};
use crate::lint::diagnostic::Severity;
use crate::lint::rule::{Check, Example, Rule, Sink};
use crate::lint::unusual::{self, Kind, Unusual, runs};
use crate::manifest::source::Span;

/// Bytes of a file that are looked at.
const MAX_READ: usize = 1 << 20;
/// Files of one skill that are looked at.
const MAX_FILES: usize = 1000;
/// Variation selectors in a row from which on they carry a text and choose no glyph.
const PAYLOAD: usize = 4;

pub(super) static RULE: Rule = Rule {
    name: "security/hidden-in-file",
    severity: Severity::Warning,
    summary: "another file of the skill holds characters that hide or reorder text",
    why: "A manifest sends the agent to the other files of its skill, where tag characters and long runs of variation selectors hide a \
          message as well as in the manifest, and direction controls show code in another order than that in which it runs. The first megabyte of the first 1,000 files is \
          looked at.",
    evidence: &[UNICODE_TAGS, TROJAN_SOURCE],
    clients: &[],
    fix: None,
    bad: &[
        Example::Folder(
            "Read `labels.md`.\n",
            &[("labels.md", "# Labels\n\nSort.\u{e0072}\u{e0075}\u{e006e}\n".as_bytes())],
        ),
        Example::Folder(
            "Run `sort.py`.\n",
            &[("sort.py", "level = 'user\u{202e} \u{2066}# admins only\u{2069} \u{2066}'\n".as_bytes())],
        ),
        Example::Folder("Read `a.txt`.\n", &[("a.txt", "x\u{e0100}\u{e0101}\u{e0102}\u{e0103}\n".as_bytes())]),
    ],
    good: &[
        Example::Folder(
            "Read `wales.md`.\n",
            &[("wales.md", "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}\n".as_bytes())],
        ),
        Example::Folder(
            "Read `he.md`.\n",
            &[("he.md", "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{2066}abc\u{2069}\n".as_bytes())],
        ),
        Example::Folder("Show `a.png`.\n", &[("a.png", b"\x89PNG\0\xf3\xa0\x81\xb2")]),
        Example::Folder("Read `love.md`.\n", &[("love.md", "\u{2764}\u{fe0f}\n".as_bytes())]),
    ],
    check: Check::Manifest(check),
};

fn check(context: &Context<'_>, sink: &mut Sink<'_>) {
    let Some(folder) = context.folder else { return };
    let at = Span::at(context.manifest.document.span.start);
    for entry in folder.files.iter().filter(|entry| entry.kind == EntryKind::File).take(MAX_FILES) {
        let bytes = context.contents.read(&entry.path, MAX_READ).unwrap_or_default();
        if bytes.is_ascii() || bytes.contains(&0) {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Some((place, what)) = first_hidden(&text) {
            let line = text[..place].matches('\n').count() + 1;
            sink.report(at, format!("line {line} of `{}` holds {what}", entry.path)).help("remove them");
        }
    }
}

/// The first place that hides something, and what that is.
fn first_hidden(text: &str) -> Option<(usize, String)> {
    let unusual = unusual::find(text);
    let tags = runs(&unusual, Kind::Tag).find(|run| !tag_characters::is_flag(text, run)).map(|run| {
        (run[0].at, format!("{} invisible tag characters that say \"{}\"", run.len(), tag_characters::decoded(run)))
    });
    let selectors = runs(&unusual, Kind::VariationSelector).find(|run| run.len() >= PAYLOAD);
    let selectors = selectors.map(|run| (run[0].at, format!("{} variation selectors in a row", run.len())));
    let control = first_control(text, &unusual).map(|control| {
        let name = format!("U+{:04X}", u32::from(control.character));
        (control.at, format!("the direction control {name}, which shows it otherwise than it is read"))
    });
    [tags, selectors, control].into_iter().flatten().min()
}

/// The first direction control in a line that needs none. Each line is looked at once.
fn first_control<'u>(text: &str, unusual: &'u [Unusual]) -> Option<&'u Unusual> {
    let mut done = 0;
    unusual.iter().filter(|unusual| unusual.kind == Kind::Bidi).find(|control| {
        if control.at < done {
            return false;
        }
        let start = text[..control.at].rfind('\n').map_or(0, |before| before + 1);
        done = text[control.at..].find('\n').map_or(text.len(), |len| control.at + len);
        !bidi_control::is_meant(&text[start..done])
    })
}
