//! Copies of what cannot be renamed, since it goes to another file system.

use std::fs;
use std::path::Path;

use super::{create_dir, step, symlink, write_new};
use crate::error::{Error, Result};

/// Copies what is at `from` to `to`, where nothing is yet: folders and files with their modes, links as links. Pipes, sockets and
/// devices hold nothing that could be kept.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    let failed = |error| Error::io("read", from, error);
    let metadata = from.symlink_metadata().map_err(failed)?;
    if metadata.is_dir() {
        create_dir(to)?;
        for entry in fs::read_dir(from).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
        // Nothing can be put into a folder that is read-only.
        #[expect(clippy::disallowed_methods, reason = "this is a part of the file that writes")]
        return step("set the mode of", to, || fs::set_permissions(to, metadata.permissions()));
    }
    if metadata.is_symlink() {
        let target = fs::read_link(from).map_err(failed)?;
        // Where there are no links for everybody, it is kept where one led.
        if !symlink(&target, to)? {
            write_new(to, target.as_os_str().as_encoded_bytes(), false)?;
        }
        return Ok(());
    }
    if metadata.is_file() {
        #[expect(clippy::disallowed_methods, reason = "this is a part of the file that writes")]
        return step("write", to, || fs::copy(from, to).map(drop));
    }
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests make what is copied")]

    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_copy_is_what_it_was() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        fs::create_dir_all(at("from/private")).unwrap();
        fs::write(at("from/private/.env"), "secret").unwrap();
        fs::set_permissions(at("from/private/.env"), fs::Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(at("from/private"), fs::Permissions::from_mode(0o500)).unwrap();
        symlink("nowhere", at("from/link")).unwrap();
        let _socket = UnixListener::bind(at("from/socket")).unwrap();
        copy(&at("from"), &at("to")).unwrap();
        let mode = |path: &str| at(path).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("to/private"), mode("to/private/.env")), (0o500, 0o600));
        assert_eq!(fs::read(at("to/private/.env")).unwrap(), b"secret");
        assert_eq!(fs::read_link(at("to/link")).unwrap(), Path::new("nowhere"));
        assert!(!super::super::exists(&at("to/socket")));
        fs::set_permissions(at("from/private"), fs::Permissions::from_mode(0o700)).unwrap();
        fs::set_permissions(at("to/private"), fs::Permissions::from_mode(0o700)).unwrap();
        copy(&at("from/private/.env"), &at("file")).unwrap();
        assert_eq!(mode("file"), 0o600);
    }
}
