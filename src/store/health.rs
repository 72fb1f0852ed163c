//! Reads a store without ever writing to it, and what there is to say about its file and its disk.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    file::{refuse_sidecar_name, wal_path},
    options::OpenOptions,
};
use std::{
    fs,
    io::{self, Read as _},
    path::Path,
};

/// Most problems that [`Store::health`] lists.
const MAX_PROBLEMS: u32 = 10;

/// The state of a database file.
#[derive(Clone, Debug)]
pub struct Health {
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of the write-ahead log beside it; 0 if there is none.
    pub wal_bytes: u64,
    /// True if the file is in WAL mode.
    pub wal_mode: bool,
    /// Entries in the journal.
    pub entries: u64,
    /// What SQLite's quick check found; empty if the file is sound.
    pub problems: Vec<String>,
}

impl Store {
    /// Opens the store at `path` to read it. It is neither created nor upgraded, and nothing is written
    /// beside it.
    ///
    /// # Errors
    /// Those of [`Store::open`].
    pub fn open_to_read(path: &Path, options: &OpenOptions) -> Result<Self, StoreError> {
        let real = fs::canonicalize(path).with_path(path)?;
        refuse_sidecar_name(&real, path)?;
        Self::open_read_only(real, path, options)
    }

    /// Checks the structure of the file, and measures it. Reads all of it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn health(&self) -> Result<Health, StoreError> {
        let path = &self.path;
        let mut problems = Vec::new();
        let check = format!("PRAGMA quick_check({MAX_PROBLEMS})");
        let mut statement = self.conn.prepare(&check).with_path(path)?;
        let mut rows = statement.query([]).with_path(path)?;
        while let Some(row) = rows.next().with_path(path)? {
            let problem: String = row.get(0).with_path(path)?;
            if problem != "ok" {
                problems.push(problem);
            }
        }
        let len = |path: &Path| fs::metadata(path).map_or(0, |found| found.len());
        Ok(Health {
            bytes: len(&self.canonical_path),
            wal_bytes: len(&wal_path(path)),
            wal_mode: is_wal(&self.canonical_path).with_path(path)?,
            entries: self.read().entry_count()?,
            problems,
        })
    }
}

/// Reads from the header of a database file whether it is in WAL mode: a connection that only reads does not say
/// it. Source: <https://www.sqlite.org/fileformat.html#file_format_version_numbers>.
fn is_wal(path: &Path) -> io::Result<bool> {
    let mut header = [0; 20];
    fs::File::open(path)?.read_exact(&mut header)?;
    Ok(header[18..] == [2, 2])
}

/// Returns the version of the SQLite that is built in.
#[must_use]
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// Returns the free bytes of the disk that `path` is on, for this user; `None` if that cannot be determined.
#[must_use]
pub fn free_bytes(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}
