//! Backup: a complete copy in one file, taken while other processes write.
//!
//! A plain file copy silently loses the commits that are still in the write-ahead log.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    file::wal_path,
    schema::{self, SchemaStatus},
};
use rusqlite::{Connection, OpenFlags, backup::Backup};
use std::{fs, os::unix::fs::OpenOptionsExt, path::Path};

impl Store {
    /// Writes a copy of the whole store to `to` with mode 0600, checks it and syncs its folder. The
    /// copy has every entry that was acknowledged before the call. If the call fails, it leaves no
    /// file at `to`.
    ///
    /// When opened, the copy gets a new [`Store::origin`], because it is another file.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] if a file exists at `to`: it is never overwritten;
    /// [`StoreError::BadBackup`] if the copy fails its check; else an error of the file or the disk.
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
    let result = copy_and_check(conn, path, to);
    if result.is_err() {
        for leftover in [to.to_owned(), wal_path(to)] {
            // The error of the copy matters more than one of the clean-up.
            let _ = fs::remove_file(leftover);
        }
    }
    result
}

fn copy_and_check(conn: &Connection, path: &Path, to: &Path) -> Result<(), StoreError> {
    let expected: i64 = count_entries(conn).with_path(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copy = Connection::open_with_flags(to, flags).with_path(to)?;
    // All pages in one step: the copy is one snapshot, and writers do not wait.
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
    let copied = count_entries(&copy).with_path(to)?;
    if copied < expected {
        return bad(format!("it holds {copied} of {expected} entries"));
    }
    let check_result: String = copy
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .with_path(to)?;
    if check_result != "ok" {
        return bad(check_result);
    }
    copy.close().map_err(|(_, error)| error).with_path(to)?;
    // The file's name is in its folder: without this sync a power cut could lose it.
    match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => fs::File::open(folder),
        _ => fs::File::open("."),
    }
    .and_then(|folder| folder.sync_all())
    .with_path(to)
}

fn count_entries(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))
}
