//! Backup: a complete copy in one file, taken while other processes write.
//!
//! A plain file copy silently loses the commits that are still in the write-ahead log.

use super::{
    Store, VerifyFinding, VerifyReport,
    connection::copy_to,
    error::{ErrorContext, StoreError},
    file::is_database_file,
    schema::{self, SchemaStatus},
    temp_file::{TempFile, sync_folder_of},
    verify::verify_connection,
};
use rusqlite::Connection;
use std::path::Path;

impl Store {
    /// Writes a copy of the whole store to `to` with mode 0600, and verifies it as [`Store::verify`]
    /// does. The copy has every entry that was acknowledged before the call. It has no write-ahead log:
    /// it can be opened where nothing can be written.
    ///
    /// The copy of a store whose entries or read models are not as they were written is kept; the
    /// report says what is wrong with it. If the call fails, it leaves no file at `to`.
    ///
    /// When opened, the copy gets a new [`Store::origin`], because it is another file.
    ///
    /// # Errors
    /// [`StoreError::AlreadyExists`] if a file exists at `to`: it is never overwritten;
    /// [`StoreError::BadBackup`] if the structure of the copy is damaged; else an error of the file or
    /// the disk.
    pub fn backup(&self, to: &Path) -> Result<VerifyReport, StoreError> {
        if to.symlink_metadata().is_err() && is_database_file(to, &self.path) {
            return Err(StoreError::LogBookFile(to.to_owned()));
        }
        copy_database(&self.conn, &self.path, to, |copy| {
            let report = verify_connection(copy, to)?;
            let damage = report.findings.iter().find_map(|finding| match finding {
                VerifyFinding::File(what) => Some(what.clone()),
                _ => None,
            });
            match damage {
                Some(why) => Err(StoreError::BadBackup {
                    path: to.to_owned(),
                    why,
                }),
                None => Ok(report),
            }
        })
    }
}

/// Copies the database that `conn` has open to a new file at `to`, and lets `check` decide whether it
/// stays there. `path` is the file of `conn`.
pub(super) fn copy_database<T>(
    conn: &Connection,
    path: &Path,
    to: &Path,
    check: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if to.symlink_metadata().is_ok() {
        return Err(StoreError::AlreadyExists(to.to_owned()));
    }
    let file = TempFile::beside(to).with_path(to)?;
    let checked = copy_and_check(conn, path, file.path(), to, check)?;
    file.as_file().sync_all().with_path(to)?;
    file.persist_new(to).with_path(to)?;
    sync_folder_of(to).with_path(to)?;
    Ok(checked)
}

/// Copies into the empty file at `temporary`, which becomes `to`.
fn copy_and_check<T>(
    conn: &Connection,
    path: &Path,
    temporary: &Path,
    to: &Path,
    check: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let expected: i64 = count_entries(conn).with_path(path)?;
    let copy = copy_to(conn, temporary, to)?;
    let bad = |why: String| {
        Err(StoreError::BadBackup {
            path: to.to_owned(),
            why,
        })
    };
    // In WAL mode it could not be read where its folder cannot be written.
    let mode = copy
        .pragma_update_and_check(None, "journal_mode", "DELETE", |row| {
            row.get::<_, String>(0)
        })
        .with_path(to)?;
    if mode != "delete" {
        return bad(format!("its journal mode is {mode}"));
    }
    if schema::check(&copy, to)? == SchemaStatus::Empty {
        return bad("it is empty".into());
    }
    let copied = count_entries(&copy).with_path(to)?;
    if copied < expected {
        return bad(format!("it holds {copied} of {expected} entries"));
    }
    let checked = check(&copy)?;
    copy.close().map_err(|(_, error)| error).with_path(to)?;
    Ok(checked)
}

fn count_entries(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))
}
