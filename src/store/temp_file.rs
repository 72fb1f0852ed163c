//! Temporary files beside the file that they become, so that a file is written whole or not at all.
//!
//! Each is locked while its process lives. One that nobody holds is left from a process that was
//! killed, and is removed when the next is created in its folder.

use rustix::fs::{FlockOperation, Mode, OFlags, flock};
use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

const PREFIX: &str = ".bridgelog-";
/// The number of random characters after [`PREFIX`].
const RANDOM_LEN: usize = 6;
/// How often creation is tried, should another process remove the file before it is locked.
const MAX_ATTEMPTS: usize = 100;

/// A temporary file with mode 0600. Dropped, it is removed.
#[derive(Debug)]
pub struct TempFile {
    file: NamedTempFile,
}

impl TempFile {
    /// Creates an empty file in the folder of `path`, and removes those that killed processes of this
    /// user left there.
    ///
    /// # Errors
    /// The folder is missing or cannot be written.
    pub fn beside(path: &Path) -> io::Result<Self> {
        let folder = parent_folder(path);
        remove_leftovers(folder);
        for _ in 0..MAX_ATTEMPTS {
            let file = tempfile::Builder::new()
                .prefix(PREFIX)
                .rand_bytes(RANDOM_LEN)
                .tempfile_in(folder)?;
            // Another process may have taken it for a leftover before it was locked.
            let locked = flock(file.as_file(), FlockOperation::NonBlockingLockExclusive);
            let unsupported = matches!(locked, Err(e) if e != rustix::io::Errno::WOULDBLOCK);
            if unsupported || (locked.is_ok() && file.as_file().metadata()?.nlink() > 0) {
                return Ok(Self { file });
            }
        }
        Err(io::Error::other("no temporary file could be kept there"))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    #[must_use]
    pub fn as_file(&self) -> &File {
        self.file.as_file()
    }

    pub fn as_file_mut(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Renames the file to `path`, where nothing may exist, not even a link that leads nowhere.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] if something does; else an error of the disk.
    pub fn persist_new(self, path: &Path) -> io::Result<()> {
        self.file
            .persist_noclobber(path)
            .map(drop)
            .map_err(|error| error.error)
    }

    /// Renames the file to `path`; replaces what exists there.
    ///
    /// # Errors
    /// An error of the disk; what was at `path` is unchanged.
    pub fn persist_over(self, path: &Path) -> io::Result<()> {
        self.file
            .persist(path)
            .map(drop)
            .map_err(|error| error.error)
    }
}

#[must_use]
pub fn parent_folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Syncs the folder of `path`: without it a power cut could lose a new name.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    File::open(parent_folder(path))?.sync_all()
}

/// Removes the temporary files in `folder` that belong to this user and that no process holds.
/// Errors are ignored: they are only in the way.
fn remove_leftovers(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if let Some(main) = name.to_str().and_then(temporary_name) {
            remove_leftover(&entry.path(), &folder.join(main));
        }
    }
}

/// Returns the name of the temporary file that a file of this `name` is, or that SQLite keeps it for.
fn temporary_name(name: &str) -> Option<&str> {
    let end = PREFIX.len() + RANDOM_LEN;
    let random = name.strip_prefix(PREFIX)?.get(..RANDOM_LEN)?;
    let known = ["", "-wal", "-shm", "-journal"].contains(&&name[end..]);
    (known && random.bytes().all(|b| b.is_ascii_alphanumeric())).then(|| &name[..end])
}

/// Removes `path` if it is ours and nobody holds `main`, the temporary file that it belongs to.
fn remove_leftover(path: &Path, main: &Path) {
    let own = rustix::process::geteuid().as_raw();
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_file() && found.uid() == own) {
        return;
    }
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    match rustix::fs::open(main, flags, Mode::empty()) {
        // It is held until after the removal: a process that has just created it tries again.
        Ok(held) if flock(&held, FlockOperation::NonBlockingLockExclusive).is_ok() => {
            let _ = fs::remove_file(path);
        }
        Err(rustix::io::Errno::NOENT) => {
            let _ = fs::remove_file(path);
        }
        _ => {}
    }
}

/// Returns `path` with `suffix` behind its last character.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_are_removed_and_files_in_use_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let removed = [".bridgelog-Ab3dE6", ".bridgelog-Ab3dE6-journal"];
        let kept = [
            ".bridgelog-notes.md",
            ".bridgelog-Ab3dE6.md",
            ".bridgelog-Ab-dE6",
            ".bridgelog-ä3dE6",
            "bridgelog-Ab3dE6",
        ];
        for name in removed.iter().chain(&kept) {
            fs::write(path(name), "x").unwrap();
        }
        fs::create_dir(path(".bridgelog-folder")).unwrap();
        std::os::unix::fs::symlink("nowhere", path(".bridgelog-link00")).unwrap();
        let in_use = TempFile::beside(&path("one")).unwrap();
        let beside_it = with_suffix(in_use.path(), "-journal");
        fs::write(&beside_it, "x").unwrap();
        let second = TempFile::beside(&path("two")).unwrap();
        for name in removed {
            assert!(!path(name).exists(), "{name}");
        }
        for name in kept {
            assert!(path(name).exists(), "{name}");
        }
        assert!(path(".bridgelog-folder").is_dir() && path(".bridgelog-link00").is_symlink());
        assert!(in_use.path().exists() && beside_it.exists());
        assert!(second.path().exists());
    }

    #[test]
    fn persist_new_replaces_neither_file_nor_dangling_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "kept").unwrap();
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        for path in [&file, &link] {
            let error = TempFile::beside(path).unwrap().persist_new(path);
            assert_eq!(error.unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), "kept");
        assert!(link.is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
