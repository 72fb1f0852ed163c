//! Writes files whole or not at all: temporary file beside it, fsync, rename, fsync of the folder.
//!
//! A new file gets mode 0600, an existing one keeps its mode; a link is replaced, not followed. The log
//! book and the files beside it, devices, pipes and folders are never replaced.

use super::{OpsError, Result};
use crate::store::{TempFile, is_database_file, sync_folder_of};
use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt},
    path::Path,
};

/// How files are written.
#[derive(Clone, Copy, Debug)]
pub struct WriteOptions<'a> {
    /// Replace the file if it exists. Without it, of several processes that write the same name at
    /// once exactly one succeeds.
    pub force: bool,
    /// The database, which is never replaced.
    pub database: &'a Path,
}

/// Writes `bytes` to `path`.
///
/// # Errors
/// The path is the database, a folder, a device, a pipe or read-only; its folder is missing or cannot
/// be written; the file exists; the disk is full. An existing file is unchanged then.
pub fn write(path: &Path, bytes: &[u8], options: WriteOptions<'_>) -> Result<()> {
    write_all(&[(path, bytes)], options)
}

/// Like [`write()`], for contents that `fill` writes piece by piece.
///
/// # Errors
/// Those of [`write()`], and those of `fill`.
pub fn write_with<T>(
    path: &Path,
    options: WriteOptions<'_>,
    fill: impl FnOnce(&mut dyn Write) -> Result<T>,
) -> Result<T> {
    let mut file = stage(path, options)?;
    let mut buffered = io::BufWriter::new(file.as_file_mut());
    let value = fill(&mut buffered)?;
    let flushed = buffered.flush();
    drop(buffered);
    flushed
        .and_then(|()| file.as_file().sync_all())
        .map_err(|e| write_error(path, e, &[]))?;
    put_all_in_place(vec![(path, file)], options)?;
    Ok(value)
}

/// Like [`write()`] for files that belong together: all are written to temporary files before the
/// first is renamed.
///
/// # Errors
/// Those of [`write()`]. With `force`, a rename can fail after another file was replaced; the error
/// names both.
pub fn write_all(files: &[(&Path, &[u8])], options: WriteOptions<'_>) -> Result<()> {
    let mut staged = Vec::with_capacity(files.len());
    for (path, bytes) in files {
        let mut file = stage(path, options)?;
        file.as_file_mut()
            .write_all(bytes)
            .and_then(|()| file.as_file().sync_all())
            .map_err(|e| write_error(path, e, &[]))?;
        staged.push((*path, file));
    }
    put_all_in_place(staged, options)
}

/// Renames the temporary files to their paths, in order, and syncs the folders. Should one fail, new
/// files are removed again; those that replaced others stay, and are named.
fn put_all_in_place(staged: Vec<(&Path, TempFile)>, options: WriteOptions<'_>) -> Result<()> {
    let mut written: Vec<(&Path, u64)> = Vec::with_capacity(staged.len());
    for (path, file) in staged {
        let inode = file.as_file().metadata().map_or(0, |found| found.ino());
        let renamed = if options.force {
            file.persist_over(path)
        } else {
            file.persist_new(path)
        };
        if let Err(error) = renamed {
            if !options.force {
                written.retain(|(path, inode)| !remove_own(path, *inode));
            }
            let written: Vec<&Path> = written.iter().map(|(path, _)| *path).collect();
            return Err(match error.kind() {
                io::ErrorKind::AlreadyExists => exists_error(path),
                _ => write_error(path, error, &written),
            });
        }
        written.push((path, inode));
    }
    for (path, _) in written {
        sync_folder_of(path).map_err(|error| {
            OpsError::failed(format!(
                "{} was written, but its folder cannot be synced",
                path.display()
            ))
            .with_source(error)
            .with_hint("a power cut could lose it: look at the disk")
        })?;
    }
    Ok(())
}

/// Removes the file at `path` if it is still the one with `inode`; returns whether it did.
fn remove_own(path: &Path, inode: u64) -> bool {
    let is_own = fs::symlink_metadata(path).is_ok_and(|found| found.ino() == inode);
    is_own && fs::remove_file(path).is_ok()
}

/// The error of a `path` that cannot be written, after the files `written` were replaced.
fn write_error(path: &Path, error: io::Error, written: &[&Path]) -> OpsError {
    let shown = path.display();
    let failed = |message: String| OpsError::failed(message).with_source(error);
    if written.is_empty() {
        return failed(format!("{shown} cannot be written"))
            .with_hint("give another path; nothing was changed");
    }
    let names: Vec<String> = written.iter().map(|p| p.display().to_string()).collect();
    failed(format!(
        "{shown} cannot be written and is as it was; {} was written",
        names.join(", ")
    ))
    .with_hint("the two belong together: give another path, where both can be written")
}

/// Checks that there is nothing at `path`, which a write would overwrite.
///
/// # Errors
/// Something is there.
pub fn require_free(path: &Path) -> Result<()> {
    match path.symlink_metadata() {
        Ok(_) => Err(match fs::metadata(path) {
            Ok(target) if !target.is_file() => not_a_file_error(path, target.file_type()),
            _ => exists_error(path),
        }),
        Err(_) => Ok(()),
    }
}

fn exists_error(path: &Path) -> OpsError {
    OpsError::failed(format!("{} exists already", path.display()))
        .with_hint("--force overwrites it; another path keeps both")
}

/// Checks `path`, and creates an empty temporary file beside it.
fn stage(path: &Path, options: WriteOptions<'_>) -> Result<TempFile> {
    let shown = path.display();
    if is_database_file(path, options.database) {
        return Err(OpsError::failed(format!(
            "{shown} is a database, or belongs to one, and is never replaced"
        ))
        .with_hint("give another path; `bridgelog backup PATH` copies the database"));
    }
    let before = fs::symlink_metadata(path).ok();
    if let Ok(target) = fs::metadata(path)
        && !target.is_file()
    {
        return Err(not_a_file_error(path, target.file_type()));
    }
    if before.is_some() && !options.force {
        return Err(exists_error(path));
    }
    if let Some(before) = &before
        && !before.is_symlink()
        && before.permissions().readonly()
    {
        return Err(OpsError::failed(format!("{shown} is read-only"))
            .with_hint("give another path, or `chmod u+w` it"));
    }
    let failed = |e: io::Error| write_error(path, e, &[]);
    let file = TempFile::beside(path).map_err(failed)?;
    if let Some(before) = before.filter(fs::Metadata::is_file) {
        let mode = before.permissions().mode() & 0o7777;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(mode))
            .map_err(failed)?;
    }
    Ok(file)
}

/// The error of a `path` that is no regular file, or a link to one.
fn not_a_file_error(path: &Path, found: fs::FileType) -> OpsError {
    let shown = path.display();
    if found.is_dir() {
        return OpsError::failed(format!("{shown} is a folder")).with_hint(format!(
            "give a file in it: {}",
            path.join("NAME").display()
        ));
    }
    let what = if found.is_fifo() {
        "a pipe"
    } else if found.is_socket() {
        "a socket"
    } else {
        "a device"
    };
    OpsError::failed(format!("{shown} is {what}, not a file"))
        .with_hint("give a file; `--output -` is standard output, which can be sent anywhere")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        path::PathBuf,
        sync::{Arc, Barrier},
        thread,
    };

    fn options(force: bool) -> WriteOptions<'static> {
        WriteOptions {
            force,
            database: Path::new("/nowhere/log.db"),
        }
    }

    #[test]
    fn existing_file_is_kept_unless_forced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.md");
        write(&path, b"one", options(false)).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(write(&path, b"two", options(false)).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"one");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        write(&path, b"two", options(true)).unwrap();
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
        write(&link, b"new", options(true)).unwrap();
        assert_eq!(fs::read_to_string(&real).unwrap(), "kept");
        assert_eq!(fs::read_to_string(&link).unwrap(), "new");
        assert!(write(folder.path(), b"x", options(true)).is_err());
    }

    #[test]
    fn of_concurrent_writers_one_creates_the_pair_of_files() {
        for _ in 0..50 {
            let folder = tempfile::tempdir().unwrap();
            let paths = ["a.svg", "a.md"].map(|name| folder.path().join(name));
            let barrier = Arc::new(Barrier::new(4));
            let writers: Vec<_> = (0..4_u8)
                .map(|n| {
                    let (paths, barrier) = (paths.clone(), Arc::clone(&barrier));
                    thread::spawn(move || {
                        barrier.wait();
                        let files = [(paths[0].as_path(), &[n][..]), (&paths[1], &[n])];
                        write_all(&files, options(false)).is_ok().then_some(n)
                    })
                })
                .collect();
            let won: Vec<u8> = writers
                .into_iter()
                .filter_map(|writer| writer.join().unwrap())
                .collect();
            assert_eq!(won.len(), 1, "{won:?}");
            for path in paths {
                assert_eq!(fs::read(path).unwrap(), won);
            }
        }
    }

    /// Stages a pair of files, lets `interfere` change the folder, and renames them.
    fn write_pair(options: WriteOptions<'_>, interfere: impl Fn(&Path)) -> (PathBuf, OpsError) {
        let folder = tempfile::tempdir().unwrap().keep();
        let [image, document] = ["a.svg", "a.md"].map(|name| folder.join(name));
        if options.force {
            fs::write(&image, "before").unwrap();
        }
        let staged = vec![
            (image.as_path(), stage(&image, options).unwrap()),
            (document.as_path(), stage(&document, options).unwrap()),
        ];
        interfere(&document);
        let error = put_all_in_place(staged, options).unwrap_err();
        (folder, error)
    }

    #[test]
    fn outcome_of_two_files_is_reported() {
        let (folder, error) =
            write_pair(options(true), |document| fs::create_dir(document).unwrap());
        assert!(
            error
                .message
                .contains("a.md cannot be written and is as it was; "),
            "{error}"
        );
        assert!(error.message.ends_with("a.svg was written"), "{error}");
        assert!(!error.hints[0].contains("nothing was changed"), "{error:?}");
        assert_eq!(fs::read(folder.join("a.svg")).unwrap(), b"");
        fs::remove_dir_all(folder).unwrap();

        let (folder, error) = write_pair(options(false), |document| {
            fs::write(document, "theirs").unwrap();
        });
        assert!(error.message.ends_with("a.md exists already"), "{error}");
        assert!(!folder.join("a.svg").exists());
        assert_eq!(fs::read(folder.join("a.md")).unwrap(), b"theirs");
        fs::remove_dir_all(folder).unwrap();
    }
}
