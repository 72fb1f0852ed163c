//! A file is written whole or not at all: a temporary file beside it, fsync, rename, fsync of the
//! folder. A new file has mode 0600, an existing one keeps its own; a symlink is replaced, not
//! followed.

use super::{OpsError, Result};
use std::{fs, io::Write, os::unix::fs::PermissionsExt, path::Path};

/// Writes `bytes` to `path`. An existing file is overwritten with `force` only.
///
/// # Errors
/// A folder in its place, a folder that is missing or may not be written, a file that is there
/// already, a full disk. What was there before is there still.
pub fn write(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    write_all(&[(path, bytes)], force)
}

/// The same for files that belong together: none is put in its place before all of them are on the
/// disk.
///
/// # Errors
/// As [`write()`].
pub fn write_all(files: &[(&Path, &[u8])], force: bool) -> Result<()> {
    let mut staged = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        staged.push((*path, stage(path, bytes, force)?));
    }
    for (path, file) in staged {
        file.persist(path).map_err(|e| write_error(path, e.error))?;
        fs::File::open(parent_folder(path))
            .and_then(|folder| folder.sync_all())
            .map_err(|e| write_error(path, e))?;
    }
    Ok(())
}

fn write_error(path: &Path, error: std::io::Error) -> OpsError {
    OpsError::failed(format!("{} cannot be written", path.display()))
        .with_source(error)
        .with_hint("give --output another path; nothing was changed")
}

fn parent_folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// `bytes` in a temporary file beside `path`, on the disk.
fn stage(path: &Path, bytes: &[u8], force: bool) -> Result<tempfile::NamedTempFile> {
    let shown = path.display();
    let before = fs::symlink_metadata(path).ok();
    if before.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(
            OpsError::failed(format!("{shown} is a folder")).with_hint(format!(
                "give a file in it: {}",
                path.join("NAME").display()
            )),
        );
    }
    if before.is_some() && !force {
        return Err(OpsError::failed(format!("{shown} exists already"))
            .with_hint("--force overwrites it; another --output keeps both"));
    }
    if let Some(before) = &before
        && !before.is_symlink()
        && before.permissions().readonly()
    {
        return Err(OpsError::failed(format!("{shown} is read-only"))
            .with_hint("give --output another path, or `chmod u+w` it"));
    }
    let failed = |e: std::io::Error| write_error(path, e);
    let mut file = tempfile::Builder::new()
        .prefix(".bridgelog-")
        .tempfile_in(parent_folder(path))
        .map_err(failed)?;
    let mode = match &before {
        Some(before) if before.is_file() => before.permissions().mode() & 0o7777,
        _ => 0o600,
    };
    file.as_file()
        .set_permissions(fs::Permissions::from_mode(mode))
        .map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn existing_file_is_kept_unless_forced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.md");
        write(&path, b"one", false).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(write(&path, b"two", false).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"one");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        write(&path, b"two", true).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o644
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn symlink_is_replaced_and_folder_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "kept").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        write(&link, b"new", true).unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "kept");
        assert_eq!(fs::read_to_string(&link).unwrap(), "new");
        assert!(write(folder.path(), b"x", true).is_err());
    }
}
