//! A skill's files, written where nobody looks yet.

use std::path::Path;

use crate::error::Result;
use crate::fs::{self, OpenDir};
use crate::source::tree::{FileKind, Tree};

/// Writes a checked tree to an empty folder. Gives the links that had to become copies.
pub(super) fn write_tree(tree: &Tree, directory: &OpenDir, name: &str) -> Result<Vec<String>> {
    let folder = directory.path().join(name);
    let mut made: Vec<&str> = Vec::new();
    let mut copied = Vec::new();
    let (links, files): (Vec<_>, Vec<_>) = tree.files.iter().partition(|file| file.kind == FileKind::Link);
    for file in files.iter().chain(&links) {
        if let Some((parent, _)) = file.path.as_str().rsplit_once('/')
            && !made.contains(&parent)
        {
            fs::create_dir_all(&folder.join(parent))?;
            made.push(parent);
        }
        if file.kind != FileKind::Link {
            let path = format!("{name}/{}", file.path);
            directory.write_new(&path, &file.bytes, file.kind == FileKind::Executable)?;
            continue;
        }
        let target = String::from_utf8_lossy(&file.bytes);
        if !fs::symlink(Path::new(&*target), &file.path.below(&folder))? {
            copy_linked(tree, file.path.as_str(), &target, &folder)?;
            copied.push(file.path.to_string());
        }
    }
    Ok(copied)
}

/// Where there are no links, what one leads to is written twice. The tree was checked: it leads to files of its own.
fn copy_linked(tree: &Tree, link: &str, target: &str, folder: &Path) -> Result<()> {
    let mut at: Vec<&str> = link.split('/').collect();
    at.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(at.pop()),
            part => at.push(part),
        }
    }
    let at = at.join("/");
    for file in tree.files.iter().filter(|file| file.kind != FileKind::Link) {
        let below = match file.path.as_str().strip_prefix(&at) {
            Some("") => String::new(),
            Some(rest) if rest.starts_with('/') => rest.to_owned(),
            _ => continue,
        };
        let copy = folder.join(format!("{link}{below}"));
        if let Some(parent) = copy.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write_new(&copy, &file.bytes, file.kind == FileKind::Executable)?;
    }
    Ok(())
}
