//! A complete copy in one file, while others write.
//!
//! Copying the file by hand loses what is still in the log beside it, without a word.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    file::wal_path,
    schema::{self, SchemaStatus},
};
use rusqlite::{Connection, OpenFlags, backup::Backup};
use std::{fs, os::unix::fs::OpenOptionsExt, path::Path};

impl Store {
    /// Writes a copy of the whole store to `to`, readable by its owner alone, and checks it. It holds
    /// all that was acknowledged before the call. Where it fails nothing is left at `to`.
    ///
    /// Opened, the copy begins a new [`Store::origin`].
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] where something is at `to` already: it is never overwritten;
    /// [`StoreError::BadBackup`] where the copy is not good; else what the file or the disk gave.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        copy_database(&self.conn, &self.path, to)
    }
}

/// Copies the database that `conn` has open to `to`, as [`Store::backup`] does. `path` is its file.
pub(super) fn copy_database(conn: &Connection, path: &Path, to: &Path) -> Result<(), StoreError> {
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .with_path(to)?;
    let copied = copy_and_check(conn, path, to);
    if copied.is_err() {
        for left in [to.to_owned(), wal_path(to)] {
            // The error of the copy matters more.
            let _ = fs::remove_file(left);
        }
    }
    copied
}

fn copy_and_check(conn: &Connection, path: &Path, to: &Path) -> Result<(), StoreError> {
    let expected: i64 = count(conn).with_path(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(to, flags).with_path(to)?;
    // All pages in one step: one moment of the store, and writers are not kept waiting.
    Backup::new(conn, &mut copy)
        .and_then(|backup| backup.step(-1))
        .with_path(to)?;
    let bad = |why: String| {
        Err(StoreError::BadBackup {
            path: to.to_owned(),
            why,
        })
    };
    if schema::check(&copy, to)? == SchemaStatus::Empty {
        return bad("it is empty".into());
    }
    let found = count(&copy).with_path(to)?;
    if found < expected {
        return bad(format!("it holds {found} of {expected} entries"));
    }
    let checked: String = copy
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .with_path(to)?;
    if checked != "ok" {
        return bad(checked);
    }
    copy.close().map_err(|(_, error)| error).with_path(to)?;
    // So that its name outlives a power cut as well.
    match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::File::open(folder),
        _ => fs::File::open("."),
    }
    .and_then(|folder| folder.sync_all())
    .with_path(to)
}

fn count(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))
}
