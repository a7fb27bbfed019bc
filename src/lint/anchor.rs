//! How a file is named from one folder, whichever folder its path was typed in: the globs of a configuration and the findings of a
//! baseline mean the same files wherever a command runs.

use std::path::{Component, Path, PathBuf};

/// A folder that paths are named from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchor {
    working: PathBuf,
    folder: PathBuf,
}

impl Anchor {
    /// Names paths, which are typed in the folder `working`, from `folder`, which may be typed there, too.
    pub fn new(working: &Path, folder: &Path) -> Self {
        Self { working: working.to_owned(), folder: without_dots(&working.join(folder)) }
    }

    /// The name of the file at `path`, with `/` between its parts.
    pub fn name(&self, path: &str) -> String {
        let path = without_dots(&self.working.join(path));
        let shared = self.folder.components().zip(path.components()).take_while(|(one, other)| one == other).count();
        let up = self.folder.components().skip(shared).map(|_| "..".into());
        let down = path.components().skip(shared).map(|part| part.as_os_str().to_string_lossy());
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

/// A path without `.` and, where a folder stands before it, `..`.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_name_wherever_its_path_is_typed() {
        let anchor = |working: &str| Anchor::new(Path::new(working), Path::new("/a/b"));
        for (working, path) in
            [("/a/b", "./c/d"), ("/a/b/c", "d"), ("/a/b/c/e", "../d"), ("/", "/a/b/c/d"), ("/a", "b/./c/d")]
        {
            assert_eq!(anchor(working).name(path), "c/d", "{path} in {working}");
        }
        assert_eq!(anchor("/a/b").name("../c/d"), "../c/d");
        assert_eq!(Anchor::new(Path::new("/a/b/c"), Path::new("..")).name("d"), "c/d");
        assert_eq!(Anchor::default().name("./c/d"), "c/d");
    }
}
