//! The database file: its identity (device and inode), its write-ahead log, and the disk it is on.

use super::{
    error::{ErrorContext, StoreError},
    schema::APPLICATION_ID,
    temp_file::{parent_folder, with_suffix},
};
use rusqlite::{Connection, FileControl};
use std::{
    ffi::OsStr,
    fs,
    io::{self, Read},
    os::unix::{ffi::OsStrExt as _, fs::MetadataExt},
    path::{Path, PathBuf},
};

/// What SQLite puts behind the name of a database for the files that it keeps beside it.
const SIDECAR_SUFFIXES: [&str; 3] = ["-wal", "-shm", "-journal"];
/// Links followed before a path counts as leading nowhere.
const MAX_LINKS: usize = 40;

/// The identity of a file. A path can come to name another file; device and inode cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// Returns the identity of the file at `path`.
    pub fn from_path(path: &Path) -> io::Result<Self> {
        let metadata = std::fs::metadata(path)?;
        Ok(Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        })
    }

    /// Returns the identity of the file at `path` and its length in bytes.
    pub fn from_path_with_len(path: &Path) -> io::Result<(Self, u64)> {
        let metadata = std::fs::metadata(path)?;
        let id = Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        };
        Ok((id, metadata.len()))
    }

    /// Returns device and inode as SQLite integers: the same 64 bits, signed.
    pub fn to_columns(self) -> (i64, i64) {
        (self.device.cast_signed(), self.inode.cast_signed())
    }

    /// Returns true if the file that `conn` has open is no longer the one at its path.
    pub fn has_moved(conn: &Connection, path: &Path) -> Result<bool, StoreError> {
        let mut moved = 0;
        conn.file_control::<&str>(None, FileControl::HasMoved(&mut moved))
            .with_path(path)?;
        Ok(moved != 0)
    }
}

/// Returns the path of the write-ahead log of the database at `canonical_path`, which must have no
/// symbolic links: SQLite puts the log beside the real file.
pub(super) fn wal_path(canonical_path: &Path) -> PathBuf {
    with_suffix(canonical_path, "-wal")
}

/// Returns the path of the index of that log.
pub(super) fn shm_path(canonical_path: &Path) -> PathBuf {
    with_suffix(canonical_path, "-shm")
}

/// Returns true if `path` is the database at `database`, a file that SQLite keeps beside it (even if it
/// does not exist now), a link to one of these or another name of one; or if it is another database
/// or such a file of it.
#[must_use]
pub fn is_database_file(path: &Path, database: &Path) -> bool {
    let target = resolve(path);
    let id = FileId::from_path(path).ok();
    let own_files = [database.to_owned(), resolve(database)]
        .into_iter()
        .flat_map(|book| {
            let sidecars = SIDECAR_SUFFIXES.map(|suffix| with_suffix(&book, suffix));
            std::iter::once(book).chain(sidecars)
        });
    for own in own_files {
        let same_file = id.is_some() && FileId::from_path(&own).ok() == id;
        if same_file || resolve(&own) == target {
            return true;
        }
    }
    // The database's own files are never opened here: to close one would release SQLite's locks on it.
    let stem = SIDECAR_SUFFIXES
        .iter()
        .find_map(|suffix| target.to_str()?.strip_suffix(suffix));
    has_database_header(&target) || stem.is_some_and(|stem| has_database_header(Path::new(stem)))
}

/// Refuses a database whose path without links, `real`, is that of a file which SQLite keeps beside
/// another file that exists: SQLite would delete it with all that is logged. `path` names it in errors.
pub(super) fn refuse_sidecar_name(real: &Path, path: &Path) -> Result<(), StoreError> {
    let name = real.as_os_str().as_bytes();
    let owner = SIDECAR_SUFFIXES
        .iter()
        .filter_map(|suffix| name.strip_suffix(suffix.as_bytes()))
        .map(|owner| Path::new(OsStr::from_bytes(owner)))
        .find(|owner| owner.is_file());
    match owner {
        None => Ok(()),
        Some(owner) => Err(StoreError::SidecarName {
            path: path.to_owned(),
            of: owner.to_owned(),
        }),
    }
}

/// Refuses to create a database at `real` (which `path` names in errors) where the write-ahead log or the
/// rollback journal of an earlier one still has content: SQLite would delete it.
pub(super) fn refuse_beside_leftovers(real: &Path, path: &Path) -> Result<(), StoreError> {
    let left = ["-wal", "-journal"]
        .map(|suffix| with_suffix(real, suffix))
        .into_iter()
        .find(|left| fs::metadata(left).is_ok_and(|found| found.len() > 0));
    match left {
        // Otherwise another process created the database just now, and it is the owner.
        Some(left) if !real.exists() => Err(StoreError::LeftBehind {
            path: path.to_owned(),
            left,
        }),
        _ => Ok(()),
    }
}

/// Returns the absolute path that `path` leads to, without links; also if no file exists there.
pub(super) fn resolve(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        if let Ok(found) = fs::canonicalize(&path) {
            return found;
        }
        let folder = fs::canonicalize(parent_folder(&path));
        if let (Ok(folder), Some(name)) = (folder, path.file_name()) {
            path = folder.join(name);
        }
        match fs::read_link(&path) {
            Ok(link) => path = parent_folder(&path).join(link),
            Err(_) => break,
        }
    }
    path
}

/// Returns true if the file begins like a database of ours. Source: the SQLite file format.
fn has_database_header(path: &Path) -> bool {
    const ID_OFFSET: usize = 68;
    let mut header = [0; ID_OFFSET + 4];
    let is_file = fs::metadata(path).is_ok_and(|found| found.is_file());
    let read = is_file
        && fs::File::open(path)
            .and_then(|mut file| file.read_exact(&mut header))
            .is_ok();
    let id = u32::try_from(APPLICATION_ID).unwrap_or_default();
    read && header.starts_with(b"SQLite format 3\0") && header[ID_OFFSET..] == id.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn database_files_are_recognised_by_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("sub")).unwrap();
        // Its content does not matter: a damaged database is recognised as well.
        fs::write(path("log.db"), "x").unwrap();
        fs::write(path("log.db-wal"), "x").unwrap();
        fs::write(path("other.md"), "x").unwrap();
        symlink("log.db", path("book")).unwrap();
        symlink("log.db-wal", path("wal")).unwrap();
        symlink("../log.db-journal", path("sub/dangling")).unwrap();
        symlink("sub/dangling", path("twice")).unwrap();
        symlink("twice-around", path("twice-around")).unwrap();
        symlink("other.md", path("document")).unwrap();
        fs::hard_link(path("log.db"), path("hard")).unwrap();
        fs::hard_link(path("log.db-wal"), path("hard-wal")).unwrap();
        for book in ["log.db", "book", "sub/../log.db"] {
            for own in [
                "log.db",
                "log.db-wal",
                "log.db-shm",
                "log.db-journal",
                "book",
                "wal",
                "sub/dangling",
                "twice",
                "hard",
                "hard-wal",
                "sub/../log.db-shm",
                "book-wal",
            ] {
                let named = own == "book-wal" && book != "book";
                assert_eq!(
                    is_database_file(&path(own), &path(book)),
                    !named,
                    "{own} {book}"
                );
            }
            for foreign in [
                "other.md",
                "document",
                "new.md",
                "twice-around",
                "no/new",
                "a-wal",
            ] {
                assert!(!is_database_file(&path(foreign), &path(book)), "{foreign}");
            }
        }
    }

    #[test]
    fn another_database_is_recognised_by_its_header() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let store =
            super::super::Store::open(&path("other.db"), &super::super::OpenOptions::default());
        drop(store.unwrap());
        let own = path("log.db");
        assert!(is_database_file(&path("other.db"), &own));
        assert!(is_database_file(&path("other.db-wal"), &own));
        rusqlite::Connection::open(path("foreign.db"))
            .and_then(|conn| conn.execute_batch("CREATE TABLE t(x)"))
            .unwrap();
        assert!(!is_database_file(&path("foreign.db"), &own));
    }
}
