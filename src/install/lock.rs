//! `.skillpress.lock`: what was installed into a skills directory, from where, with which digests.
//!
//! It lies beside the skills, is meant to be committed, and is the same bytes for the same skills: sorted, without times. It is only
//! ever replaced as a whole. One that cannot be read is never rewritten: whoever broke it knows better what it should say.

mod folders;

use std::collections::{BTreeMap, btree_map};
use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::digest::{Digest, TreeDigest};
use super::naming::DirectoryName;
use crate::error::{Error, ErrorKind, Result};
use crate::fs::{self, RelativePath};
use crate::manifest::skill::Tokens;
use crate::source::Origin;
use crate::source::git::CommitId;
use crate::source::locator::RefName;
use crate::source::name::SkillName;

/// The lock's name in its skills directory.
pub const FILE_NAME: &str = crate::source::installed::LOCK_FILE;

const VERSION: u32 = 1;

/// About the bytes of an entry for a skill of one file.
const ENTRY_LEN: usize = 512;

/// Fewer entries than this are not worth a second thread.
const AT_ONCE: usize = 256;

/// What was installed into one skills directory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    /// By the folder that it is in.
    pub skills: BTreeMap<DirectoryName, Arc<Locked>>,
}

/// One installed skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locked {
    /// The skill's own name.
    pub name: SkillName,
    /// Where it came from.
    pub source: Origin,
    /// Its folder there; none when it is the whole source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<RelativePath>,
    /// The ref that was asked for; none when the source's own choice was taken.
    #[serde(default, rename = "ref", skip_serializing_if = "Option::is_none")]
    pub reference: Option<RefName>,
    /// The commit it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<CommitId>,
    /// The template that its manifest was rendered with; none when the files are as the source has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Rendering>,
    /// The digest of all its files.
    pub digest: Digest,
    /// What it costs an agent's context, estimated.
    pub tokens: Tokens,
    /// The digest of each file.
    pub files: TreeDigest,
}

/// How a manifest was rendered, as the lock has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rendering {
    /// The template's file: from the skills directory when both are in one project or one home folder, absolute otherwise.
    pub path: String,
    /// The digest of the template's file.
    pub digest: Digest,
    /// The agents that it was rendered for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<String>,
    /// The digest of the skill's files as the source has them.
    pub unrendered: Digest,
}

impl Locked {
    /// The digest of the files as the source had them.
    pub fn unrendered(&self) -> Digest {
        self.template.as_ref().map_or(self.digest, |rendering| rendering.unrendered)
    }

    /// Whether its digests are of the same files.
    fn is_whole(&self) -> bool {
        self.files.total() == self.digest
    }
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    skills: &'a BTreeMap<DirectoryName, Arc<Locked>>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "Name: Deserialize<'de> + Ord + fmt::Display, Entry: Deserialize<'de>")]
struct Read<Name, Entry> {
    version: u32,
    skills: Entries<Name, Entry>,
}

/// The entries of a lock's file; no name has two.
struct Entries<Name, Entry>(BTreeMap<Name, Entry>);

impl<'de, Name, Entry> Deserialize<'de> for Entries<Name, Entry>
where
    Name: Deserialize<'de> + Ord + fmt::Display,
    Entry: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map<Name, Entry>(PhantomData<(Name, Entry)>);

        impl<'de, Name, Entry> Visitor<'de> for Map<Name, Entry>
        where
            Name: Deserialize<'de> + Ord + fmt::Display,
            Entry: Deserialize<'de>,
        {
            type Value = Entries<Name, Entry>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("skills by the names of their folders")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some((name, entry)) = map.next_entry::<Name, Entry>()? {
                    match entries.entry(name) {
                        btree_map::Entry::Vacant(free) => drop(free.insert(entry)),
                        btree_map::Entry::Occupied(first) => {
                            return Err(de::Error::custom(format_args!("{} has two entries", first.key())));
                        }
                    }
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Map(PhantomData))
    }
}

impl Lock {
    /// Where the lock of a skills directory is.
    pub fn path(directory: &Path) -> PathBuf {
        directory.join(FILE_NAME)
    }

    /// Whether a skills directory has one.
    pub fn is_in(directory: &Path) -> bool {
        Self::path(directory).exists()
    }

    /// Reads the lock of a skills directory; one that is not there says that nothing was installed.
    pub fn read(directory: &Path) -> Result<Self> {
        let path = Self::path(directory);
        match fs::read(&path) {
            Ok(bytes) => Self::parse(&path, &bytes),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Reads a lock from the bytes of the file at `path`.
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self> {
        let mut lock = Self::parse_as_written(path, bytes)?;
        folders::resolve(&mut lock.skills, path.parent().unwrap_or(path));
        Ok(lock)
    }

    fn parse_as_written(path: &Path, bytes: &[u8]) -> Result<Self> {
        const ADVICE: &str = "nothing was changed; bring back the file from version control, or move it away and install the skills again";
        let broken = |line: usize, why: String| {
            Error::new(ErrorKind::Invalid, format!("cannot read the lock {}:{line}: {why}", path.display()))
        };
        let broken_by_merge = || {
            let markers = ["<<<<<<< ", ">>>>>>> ", "||||||| "];
            let is_marker = |line: &[u8]| markers.iter().any(|marker| line.starts_with(marker.as_bytes()));
            let at = bytes.split(|byte| *byte == b'\n').position(is_marker)?;
            Some(broken(at + 1, "a merge left its markers here".to_owned())
                .hint("nothing was changed; keep the entries of both sides (each skill is one entry), or take one side and run `skillpress sync`"))
        };
        let fail = |error: &serde_json::Error| {
            let text = error.to_string();
            let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
            broken(error.line(), text.to_owned()).hint(ADVICE)
        };
        let of_two_sides = |name: &DirectoryName| {
            let message = format!("the lock {}: the digest of {name} is not that of its files", path.display());
            Error::new(ErrorKind::Invalid, message)
                .hint("nothing was changed; a merge may do that: take the whole entry of one side, or remove it and install the skill again")
        };
        let other_version = |version: u32| {
            let message =
                format!("the lock {} has version {version}, and this program knows {VERSION}", path.display());
            Error::new(ErrorKind::Invalid, message).hint("use a newer skillpress")
        };
        // Most locks are of this version and sound: what is wrong with one, and where, is only asked for when something is.
        if let Some(lock) = Self::parse_sound(bytes) {
            return Ok(lock);
        }
        match serde_json::from_slice::<Read<DirectoryName, Arc<Locked>>>(bytes) {
            Ok(read) if read.version == VERSION => match read.skills.0.iter().find(|(_, locked)| !locked.is_whole()) {
                Some((name, _)) => Err(of_two_sides(name)),
                None => Ok(Self { skills: read.skills.0 }),
            },
            Ok(read) => Err(other_version(read.version)),
            Err(error) => Err(match serde_json::from_slice::<Version>(bytes) {
                Ok(Version { version }) if version != VERSION => other_version(version),
                _ => broken_by_merge().unwrap_or_else(|| fail(&error)),
            }),
        }
    }

    /// Reads a lock with nothing wrong in it, its entries by as many hands as there are.
    fn parse_sound(bytes: &[u8]) -> Option<Self> {
        let read = serde_json::from_slice::<Read<&str, &RawValue>>(bytes).ok()?;
        let texts: Vec<(&str, &RawValue)> = (read.version == VERSION).then_some(read.skills.0)?.into_iter().collect();
        let entry = |(name, text): (&str, &RawValue)| {
            let locked: Locked = serde_json::from_str(text.get()).ok()?;
            locked.is_whole().then_some((DirectoryName::new(name).ok()?, Arc::new(locked)))
        };
        let entries: Vec<_> = texts.into_par_iter().with_min_len(AT_ONCE).map(entry).collect::<Option<_>>()?;
        Some(Self { skills: entries.into_iter().collect() })
    }

    /// The lock's bytes in a skills directory.
    pub fn to_bytes(&self, directory: &Path) -> Result<Vec<u8>> {
        let skills = folders::written(&self.skills, directory);
        let written = Written { version: VERSION, skills: skills.as_ref().unwrap_or(&self.skills) };
        let mut bytes = Vec::with_capacity((1 + self.skills.len()) * ENTRY_LEN);
        serde_json::to_writer_pretty(&mut bytes, &written)
            .map_err(|error| Error::new(ErrorKind::Invalid, "this lock has no JSON form").because(error))?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

#[cfg(test)]
impl Locked {
    /// A skill of the bundle that has these files.
    pub(crate) fn example(name: &str, files: TreeDigest) -> Self {
        Self {
            name: SkillName::new(name).unwrap(),
            source: Origin::Bundled,
            path: None,
            reference: None,
            commit: None,
            template: None,
            digest: files.total(),
            tokens: Tokens::default(),
            files,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lock() -> Lock {
        let path = Some(RelativePath::new("skills/a").unwrap());
        let locked = Locked { path, ..Locked::example("a", TreeDigest::default()) };
        Lock { skills: [(DirectoryName::new("a").unwrap(), Arc::new(locked))].into() }
    }

    fn error(text: &str) -> String {
        Lock::parse(Path::new("lock"), text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_lock_comes_back() {
        let bytes = lock().to_bytes(Path::new("")).unwrap();
        assert_eq!(Lock::parse(Path::new("lock"), &bytes).unwrap(), lock());
    }

    #[test]
    fn what_is_broken_is_placed() {
        let text = String::from_utf8(lock().to_bytes(Path::new("")).unwrap()).unwrap();
        assert!(error(&text.replace("  \"skills\"", "<<<<<<< ours\n  \"skills\"")).contains("lock:3: a merge left"));
        assert!(error(&text.replace("\"a\": {", "\"../a\": {")).contains("cannot be the name of a skill's folder"));
        assert!(error(&text.replace("skills/a", "../x")).contains("does not stay inside"));
        assert!(error(&text.replace("\"version\": 1", "\"version\": 9, \"x\": 1")).contains("has version 9"));
        assert!(error("{").contains("lock:1: EOF"));
        let other = text.replace(&TreeDigest::default().total().to_string(), &Digest::of(b"a").to_string());
        assert!(error(&other).contains("the digest of a is not that of its files"));
        let entry = text.find("    \"a\": {").map(|at| text[at..].trim_end_matches("}\n").trim_end()).unwrap();
        let twice = text.replace(entry, &format!("{entry},\n{entry}"));
        assert!(error(&twice).contains("a has two entries"), "{twice}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_sound_is_the_same_whoever_reads_it(
            edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..3, any::<u8>()), 0..3),
        ) {
            let mut bytes = lock().to_bytes(Path::new("")).unwrap();
            for (at, cut, byte) in edits {
                let at = at.index(bytes.len());
                let end = bytes.len().min(at + cut);
                bytes.splice(at..end, [byte]);
            }
            let one_after_the_other = serde_json::from_slice::<Read<DirectoryName, Arc<Locked>>>(&bytes);
            let is_whole = |read: &Read<_, Arc<Locked>>| read.skills.0.values().all(|locked| locked.is_whole());
            let expected = one_after_the_other.ok().filter(|read| read.version == VERSION && is_whole(read));
            prop_assert_eq!(Lock::parse_sound(&bytes), expected.map(|read| Lock { skills: read.skills.0 }));
        }
    }
}
