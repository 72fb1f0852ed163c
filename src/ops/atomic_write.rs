//! Writes a file whole or not at all: temporary file beside it, fsync, rename, fsync of the folder.
//! A new file gets mode 0600, an existing one keeps its mode; a symlink is replaced, not followed.

use super::{OpsError, Result};
use std::{
    fs,
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

/// Writes `bytes` to `path`; overwrites an existing file only with `force`.
///
/// # Errors
/// The path is a folder or read-only, its folder is missing or cannot be written, the file exists,
/// the disk is full. Up to the rename, an existing file is unchanged.
pub fn write(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    write_all(&[(path, bytes)], force)
}

/// Like [`write()`], for contents that `fill` writes piece by piece.
///
/// # Errors
/// Those of [`write()`], and those of `fill`.
pub fn write_with<T>(
    path: &Path,
    force: bool,
    fill: impl FnOnce(&mut dyn Write) -> Result<T>,
) -> Result<T> {
    let mut file = stage(path, force)?;
    let mut buffered = io::BufWriter::new(file.as_file_mut());
    let value = fill(&mut buffered)?;
    let flushed = buffered.flush();
    drop(buffered);
    flushed
        .and_then(|()| file.as_file().sync_all())
        .map_err(|e| write_error(path, e))?;
    put_in_place(file, path)?;
    Ok(value)
}

/// Like [`write()`] for files that belong together: all are written to temporary files before the
/// first is renamed.
pub fn write_all(files: &[(&Path, &[u8])], force: bool) -> Result<()> {
    let mut staged = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        let mut file = stage(path, force)?;
        file.write_all(bytes)
            .and_then(|()| file.as_file().sync_all())
            .map_err(|e| write_error(path, e))?;
        staged.push((*path, file));
    }
    for (path, file) in staged {
        put_in_place(file, path)?;
    }
    Ok(())
}

/// Renames the temporary `file` to `path`, and syncs the folder.
fn put_in_place(file: tempfile::NamedTempFile, path: &Path) -> Result<()> {
    file.persist(path).map_err(|e| write_error(path, e.error))?;
    fs::File::open(parent_folder(path))
        .and_then(|folder| folder.sync_all())
        .map_err(|e| write_error(path, e))
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

/// Creates an empty temporary file beside `path`, which is checked first.
fn stage(path: &Path, force: bool) -> Result<tempfile::NamedTempFile> {
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
    let file = tempfile::Builder::new()
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
