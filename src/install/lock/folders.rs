//! How a lock names the folders that skills came from.
//!
//! A lock is committed with the project that its skills directory is in. A source in the same project is therefore named by the way from
//! the directory, which is the same on every machine; any other folder by its whole path. In memory all paths are whole.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::naming::DirectoryName;
use super::super::target::{project_of, real};
use super::Locked;
use crate::fs;
use crate::source::Origin;
use crate::source::locator::normal;

type Skills = BTreeMap<DirectoryName, Arc<Locked>>;

/// The entries of a lock as it writes them down in `directory`; nothing where no source can be named by a way.
pub(super) fn written(skills: &Skills, directory: &Path) -> Option<Skills> {
    skills.values().find(|locked| matches!(locked.source, Origin::Folder(_)))?;
    let directory = real(directory);
    let project = project_of(&directory)?;
    // Whoever names a folder by a link would not find it again by its real path.
    let way = |folder: &Path| Some(fs::way(&directory, folder, project).filter(|_| real(folder) == folder)?.into());
    let mut ways: HashMap<OsString, Option<PathBuf>> = HashMap::new();
    let mut skills = skills.clone();
    for locked in skills.values_mut() {
        let Origin::Folder(folder) = &locked.source else { continue };
        if !ways.contains_key(folder.as_os_str()) {
            ways.insert(folder.clone().into(), way(folder));
        }
        if let Some(Some(way)) = ways.get(folder.as_os_str()) {
            Arc::make_mut(locked).source = Origin::Folder(way.clone());
        }
    }
    Some(skills)
}

/// Makes the paths of entries whole that were read in `directory`.
pub(super) fn resolve(skills: &mut Skills, directory: &Path) {
    let mut base = None;
    for locked in skills.values_mut() {
        if let Origin::Folder(folder) = &locked.source
            && folder.is_relative()
        {
            let base = base.get_or_insert_with(|| real(directory));
            Arc::make_mut(locked).source = Origin::Folder(normal(&base.join(folder)));
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests make projects")]

    use super::super::super::digest::TreeDigest;
    use super::*;

    fn skills(source: &Path) -> Skills {
        let locked =
            Locked { source: Origin::Folder(source.to_owned()), ..Locked::example("a", TreeDigest::default()) };
        BTreeMap::from([(DirectoryName::new("a").unwrap(), Arc::new(locked))])
    }

    fn source(skills: &Skills) -> &Path {
        let Origin::Folder(folder) = &skills["a"].source else { panic!("it is a folder") };
        folder
    }

    #[test]
    fn what_is_in_the_same_project_is_named_by_the_way_to_it() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        let at = |path: &str| root.join(path);
        for folder in ["project/.git", "project/skills", "project/.claude/skills", "else/skills"] {
            std::fs::create_dir_all(at(folder)).unwrap();
        }
        for (directory, folder, way) in [
            ("project/.claude/skills", "project/skills", Some("../../skills")),
            ("project/.claude/skills", "project", Some("../..")),
            ("project/not/there", "project/gone", Some("../../gone")),
            ("project", "project/skills", Some("./skills")),
            ("project/.claude/skills", "else/skills", None),
            ("else", "else/skills", None),
        ] {
            let whole = skills(&at(folder));
            let mut written = written(&whole, &at(directory)).unwrap_or_else(|| whole.clone());
            assert_eq!(source(&written), way.map_or_else(|| at(folder), PathBuf::from), "{directory}, {folder}");
            let text = serde_json::to_string(&written["a"].source).unwrap();
            Arc::make_mut(written.get_mut("a").unwrap()).source = serde_json::from_str(&text).unwrap();
            resolve(&mut written, &at(directory));
            assert_eq!(written, whole, "{directory}, {folder}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_to_one_name_for_one_folder() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        let at = |path: &str| root.join(path);
        for folder in [".git", "skills", "deep/er/installed"] {
            std::fs::create_dir_all(at(folder)).unwrap();
        }
        std::os::unix::fs::symlink("deep/er/installed", at("installed")).unwrap();
        std::os::unix::fs::symlink("skills", at("link")).unwrap();
        // The directory is the same by whichever name; a source that is a link stays what it was called.
        for directory in ["installed", "deep/er/installed"] {
            let mut written = written(&skills(&at("skills")), &at(directory)).unwrap();
            assert_eq!(source(&written), Path::new("../../../skills"));
            resolve(&mut written, &at(directory));
            assert_eq!(source(&written), at("skills"));
        }
        assert_eq!(source(&written(&skills(&at("link")), &at("installed")).unwrap()), at("link"));
    }
}
