//! The skills that this program carries in itself.

use super::files::{Entry, EntryKind, Files, Handle};
use crate::error::{Error, ErrorKind, Result};

const SKILLS: [(&str, &[u8]); 4] = [
    ("chaport", include_bytes!("../../skills/chaport/SKILL.md")),
    ("chatra", include_bytes!("../../skills/chatra/SKILL.md")),
    ("chatrace", include_bytes!("../../skills/chatrace/SKILL.md")),
    ("chatwoot", include_bytes!("../../skills/chatwoot/SKILL.md")),
];

/// The bundle, laid out as a repository would be: `skills/<name>/SKILL.md`.
#[derive(Debug, Clone, Copy)]
pub struct Bundle;

impl Files for Bundle {
    fn root(&self) -> Handle {
        Handle::Bundled("")
    }

    fn list(&self, folder: &Handle) -> Result<Vec<Entry>> {
        let entry = |name: &'static str, kind: EntryKind, handle: &'static str| Entry {
            name: name.as_bytes().to_vec(),
            kind,
            handle: Handle::Bundled(handle),
        };
        let Handle::Bundled(at) = folder else { return Ok(Vec::new()) };
        Ok(match *at {
            "" => vec![entry("skills", EntryKind::Folder, "skills")],
            "skills" => SKILLS.iter().map(|(name, _)| entry(name, EntryKind::Folder, name)).collect(),
            // The handle of a file is its skill's name too: `read` is only asked for files, `list` only for folders.
            name => vec![entry(crate::manifest::FILE_NAME, EntryKind::File, name)],
        })
    }

    fn read(&self, file: &Handle, _limit: u64) -> Result<Vec<u8>> {
        SKILLS
            .iter()
            .find(|(name, _)| *file == Handle::Bundled(name))
            .map(|(_, bytes)| bytes.to_vec())
            .ok_or_else(|| Error::new(ErrorKind::NotFound, "there is no such file in the bundle"))
    }
}
