//! Reads a store without ever writing to it, and what there is to say about its file and its disk.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    file::{refuse_sidecar_name, wal_path},
    options::OpenOptions,
};
use std::{fs, path::Path};

/// Most problems that [`Store::health`] lists.
const MAX_PROBLEMS: u32 = 10;

/// The state of a database file.
#[derive(Clone, Debug)]
pub struct Health {
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of the write-ahead log beside it; 0 if there is none.
    pub wal_bytes: u64,
    /// The journal mode that stands in the file: `wal` is right.
    pub journal_mode: String,
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
            journal_mode: self
                .conn
                .pragma_query_value(None, "journal_mode", |row| row.get(0))
                .with_path(path)?,
            entries: self.read().entry_count()?,
            problems,
        })
    }
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
