//! From the paths on a command line to skills, for checking: nothing is passed over in silence.
//!
//! A folder without a manifest, a manifest in the wrong case, one that cannot be read are values here, so that they become findings.
//! Each folder is listed once; what lies in a skill's folder is listed with it.

use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::listing::{
    Entry, MAX_DEPTH, MAX_ENTRIES, depth_of, describe, is_linked_skill, list, manifest_among, name_of, sorted,
};
use crate::error::{Error, ErrorKind, Result};
use crate::fs::MAX_FILE;
use crate::lint::context::{Contents, EntryKind, Folder, FolderEntry};
use crate::manifest::FILE_NAME;

/// Folders that stand among skills and are none, by their names.
const BESIDE_SKILLS: [&str; 17] = [
    "assets",
    "bin",
    "common",
    "docs",
    "evals",
    "examples",
    "hooks",
    "lib",
    "references",
    "scripts",
    "shared",
    "src",
    "templates",
    "test",
    "tests",
    "tools",
    "utils",
];

/// What a path on the command line came to.
#[derive(Debug)]
pub(crate) enum Discovered {
    /// A manifest to check.
    Skill(Skill),
    /// A folder that should hold a manifest. `named`: the command line says so.
    Missing { folder: PathBuf, named: bool },
    /// A manifest that cannot be read, and why.
    Unreadable { path: PathBuf, why: String },
}

/// A manifest and the folder around it.
#[derive(Debug)]
pub(crate) struct Skill {
    pub(crate) manifest: PathBuf,
    /// The listing, where it stands in a folder.
    pub(crate) folder: Option<Folder>,
    /// Whether the file is called otherwise than SKILL.md, but for upper and lower case.
    pub(crate) wrong_case: bool,
    /// What standard input gave, where the manifest is not read from a file.
    pub(crate) given: Option<Vec<u8>>,
    /// Which of the command line's paths it was found in.
    pub(crate) root: usize,
}

impl Skill {
    /// The skill's other files.
    pub(crate) fn contents(&self) -> FilesOf<'_> {
        FilesOf(self.manifest.parent().unwrap_or(Path::new("")))
    }
}

impl Discovered {
    /// Whether one of its files is among `changed`, which are real paths.
    pub(crate) fn touches(&self, changed: &HashSet<PathBuf>) -> bool {
        let folder = match self {
            Self::Missing { folder, .. } => Some(folder.as_path()),
            Self::Skill(_) | Self::Unreadable { .. } => folder_of(self.path()),
        };
        let real = folder.and_then(|folder| fs::canonicalize(folder).ok());
        real.is_some_and(|real| changed.iter().any(|path| path.starts_with(&real)))
    }

    /// The manifest, or the folder that has none.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Skill(skill) => &skill.manifest,
            Self::Missing { folder, .. } => folder,
            Self::Unreadable { path, .. } => path,
        }
    }
}

/// What stands on standard input, taken for the manifest at `path`.
pub(crate) fn standard_input(path: Option<&Path>) -> Result<Discovered> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_FILE + 1).read_to_end(&mut bytes);
    let len = read.map_err(|error| Error::io("read", Path::new("standard input"), error))?;
    if len as u64 > MAX_FILE {
        return Err(Error::new(ErrorKind::Refused, format!("standard input has more than {MAX_FILE} bytes")));
    }
    // The folder may not be there yet, for an editor's new file.
    let folder = path.and_then(folder_of).filter(|folder| folder.is_dir()).map(|folder| {
        let mut listing = Folder { name: name_of(folder), ..Folder::default() };
        list(folder, "", FILE_NAME, &mut listing.files, 0);
        listing.files.sort_by(|a, b| a.path.cmp(&b.path));
        listing
    });
    let manifest = path.map_or_else(|| PathBuf::from("<stdin>"), Path::to_owned);
    Ok(Discovered::Skill(Skill { manifest, folder, wrong_case: false, given: Some(bytes), root: 0 }))
}

/// Reads files below one folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FilesOf<'a>(&'a Path);

impl Contents for FilesOf<'_> {
    fn read(&self, path: &str, limit: usize) -> Option<Vec<u8>> {
        let path = self.0.join(path);
        // A pipe would wait for ever.
        if !fs::symlink_metadata(&path).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        fs::File::open(path).ok()?.take(limit as u64).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// Everything that `paths` mean, in the order of the paths, sorted within each folder.
pub(crate) fn skills(paths: &[PathBuf]) -> Result<Vec<Discovered>> {
    let mut found = Vec::new();
    for (root, path) in paths.iter().enumerate() {
        let link = fs::symlink_metadata(path).map_err(|error| Error::io("read", path, error))?;
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let walk = Walk { root, real_root: fs::canonicalize(path).unwrap_or_else(|_| path.clone()) };
                let mut below = walk.folder(path, 0);
                if below.found.is_empty() {
                    below.found.push(Discovered::Missing { folder: path.clone(), named: true });
                }
                found.append(&mut below.found);
            }
            Ok(_) => found.push(single(path, root)),
            Err(error) if link.is_symlink() => {
                found.push(Discovered::Unreadable { path: path.clone(), why: unreadable(&error) });
            }
            Err(error) => return Err(Error::io("read", path, error)),
        }
    }
    if overlap(paths) {
        let mut known = HashSet::new();
        // What a link to a manifest leads to is another skill's.
        let real = |path: &Path| Some((fs::canonicalize(folder_of(path)?).ok()?, path.file_name()?.to_owned()));
        found.retain(|one| real(one.path()).is_none_or(|real| known.insert(real)));
    }
    Ok(found)
}

/// Whether what one path means may be found by another one as well.
fn overlap(paths: &[PathBuf]) -> bool {
    let mut real: Vec<PathBuf> = paths.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    // What lies in a folder comes right after it.
    real.sort();
    real.windows(2).any(|pair| pair[1].starts_with(&pair[0]))
}

/// The folder that a file is in.
fn folder_of(file: &Path) -> Option<&Path> {
    file.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}

/// A file that was named.
fn single(path: &Path, root: usize) -> Discovered {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_manifest = name.eq_ignore_ascii_case(FILE_NAME);
    let folder = folder_of(path).filter(|_| is_manifest).map(|folder| {
        let mut listing = Folder {
            name: name_of(folder),
            manifest_is_link: path.is_symlink(),
            misnamed: name != FILE_NAME,
            depth: depth_of(folder),
            files: Vec::new(),
        };
        list(folder, "", name, &mut listing.files, 0);
        listing.files.sort_by(|a, b| a.path.cmp(&b.path));
        listing
    });
    let wrong_case = is_manifest && name != FILE_NAME;
    Discovered::Skill(Skill { manifest: path.to_owned(), folder, wrong_case, given: None, root })
}

struct Walk {
    root: usize,
    real_root: PathBuf,
}

/// What a folder came to.
#[derive(Default)]
struct Below {
    found: Vec<Discovered>,
    /// The folder itself is a skill.
    is_skill: bool,
    /// The folder holds no files at all.
    is_empty: bool,
}

impl Walk {
    /// Looks into a folder and those below it.
    fn folder(&self, folder: &Path, depth: usize) -> Below {
        let mut entries = match sorted(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let why = unreadable(&error);
                let found = vec![Discovered::Unreadable { path: folder.to_owned(), why }];
                return Below { found, ..Below::default() };
            }
        };
        let mut below = Below { is_empty: entries.is_empty(), ..Below::default() };
        let manifest = manifest_among(&entries);
        if let Some(at) = manifest {
            let entry = entries.remove(at);
            let (discovered, mut nested) = self.skill(folder, &entry, entries, depth);
            below.is_skill = true;
            below.found = vec![discovered];
            below.found.append(&mut nested);
            return below;
        }
        let folders: Vec<Entry> = entries.into_iter().filter(|entry| self.enters(entry)).collect();
        if depth >= MAX_DEPTH {
            return below;
        }
        let look = |entry: Entry| {
            let path = entry.path();
            let below = self.folder(&path, depth + 1);
            (path, below)
        };
        let looked: Vec<(PathBuf, Below)> = if folders.len() > 8 {
            folders.into_par_iter().with_min_len(8).with_max_len(64).map(look).collect()
        } else {
            folders.into_iter().map(look).collect()
        };
        // A folder among skills that is none is likely a mistake; where skills are few, it is likely something else.
        let skills = looked.iter().filter(|(_, below)| below.is_skill).count();
        let others = looked.len() - skills;
        let among_skills = skills >= 2 && skills > others;
        below.found.reserve_exact(looked.iter().map(|(_, inner)| inner.found.len()).sum());
        for (path, mut inner) in looked {
            let other = path.file_name().is_some_and(|name| {
                let name = name.to_string_lossy();
                name.starts_with(['.', '_']) || BESIDE_SKILLS.contains(&name.as_ref())
            });
            if inner.found.is_empty() && !inner.is_empty && among_skills && !other {
                inner.found.push(Discovered::Missing { folder: path, named: false });
            }
            below.found.append(&mut inner.found);
        }
        below
    }

    /// A folder with a manifest: the skill, and skills nested in it.
    fn skill(&self, folder: &Path, entry: &Entry, others: Vec<Entry>, depth: usize) -> (Discovered, Vec<Discovered>) {
        let path = entry.path();
        let mut nested = Vec::new();
        let mut files = Vec::new();
        for other in others {
            self.list(&other, "", &mut files, &mut nested, depth + 1);
        }
        files.sort_by(|a: &FolderEntry, b| a.path.cmp(&b.path));
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        let readable = if is_link {
            fs::metadata(&path).map(|metadata| metadata.is_file())
        } else {
            entry.file_type().map(|kind| kind.is_file())
        };
        let discovered = match readable {
            Ok(true) => {
                let wrong_case = entry.name != FILE_NAME;
                let folder = Folder {
                    name: name_of(folder),
                    manifest_is_link: is_link,
                    misnamed: wrong_case,
                    depth: depth_of(folder),
                    files,
                };
                Discovered::Skill(Skill {
                    manifest: path,
                    folder: Some(folder),
                    wrong_case,
                    given: None,
                    root: self.root,
                })
            }
            Ok(false) => Discovered::Unreadable { path, why: "it is no file".to_owned() },
            Err(error) => Discovered::Unreadable { path, why: unreadable(&error) },
        };
        (discovered, nested)
    }

    /// Lists an entry of a skill's folder, and skills nested in it by themselves.
    fn list(
        &self,
        entry: &Entry,
        prefix: &str,
        files: &mut Vec<FolderEntry>,
        nested: &mut Vec<Discovered>,
        depth: usize,
    ) {
        let Some(mut listed) = describe(entry, prefix) else { return };
        if listed.kind == EntryKind::Folder {
            let inner = sorted(&entry.path()).unwrap_or_default();
            if manifest_among(&inner).is_some() {
                nested.append(&mut self.folder(&entry.path(), depth).found);
                return;
            }
            let skipped = entry.is_skipped();
            if !skipped && depth < MAX_DEPTH && files.len() < MAX_ENTRIES {
                for inner in inner {
                    self.list(&inner, &listed.path, files, nested, depth + 1);
                }
            }
        }
        listed.path.shrink_to_fit();
        files.push(listed);
    }

    /// Whether to look for skills in an entry: folders, and links to skills that lie outside.
    fn enters(&self, entry: &Entry) -> bool {
        // A skill may have such a name.
        if entry.is_skipped() && !entry.path().join(FILE_NAME).is_file() {
            return false;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => true,
            Ok(kind) if kind.is_symlink() => {
                fs::canonicalize(entry.path()).is_ok_and(|real| is_linked_skill(&real, &self.real_root))
            }
            _ => false,
        }
    }
}

fn unreadable(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "it is a link that leads nowhere".to_owned(),
        _ => error.to_string(),
    }
}
