//! Connections that run no code stored in a file, and copies of what one has open.

use super::{
    error::{ErrorContext, StoreError},
    options::OpenOptions,
};
use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
    config::DbConfig,
};
use std::{path::Path, time::Duration};

const STATEMENT_CACHE_SIZE: usize = 64;

/// Opens a connection that runs no code stored in the file.
pub(super) fn connect(
    real: &Path,
    path: &Path,
    options: &OpenOptions,
) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(real, flags).with_path(path)?;
    configure_connection(&conn, path, options)?;
    Ok(conn)
}

/// Sets what keeps code in the file from running, and what a connection costs.
pub(super) fn configure_connection(
    conn: &Connection,
    path: &Path,
    options: &OpenOptions,
) -> Result<(), StoreError> {
    conn.set_prepared_statement_cache_capacity(STATEMENT_CACHE_SIZE);
    conn.busy_timeout(options.busy_timeout).with_path(path)?;
    for (setting, on) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        // Without it SQLite compiles a statement again for each value bound to it.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
    ] {
        if conn.set_db_config(setting, on).with_path(path)? != on {
            return Err(setting_error(path, "a safety setting"));
        }
    }
    let mut mapped = 0;
    conn.file_control::<&str>(None, rusqlite::FileControl::MMapSize(&mut mapped))
        .with_path(path)?;
    conn.execute_batch("PRAGMA cell_size_check=ON;PRAGMA wal_autocheckpoint=0")
        .with_path(path)
}

/// Copies the database that `conn` has open into the empty file at `to`, and returns a connection to
/// the copy. `path` names it in errors.
pub(super) fn copy_to(conn: &Connection, to: &Path, path: &Path) -> Result<Connection, StoreError> {
    let mut copy = connect(to, path, &OpenOptions::default())?;
    // All pages in one step: the copy is one snapshot, and writers do not wait.
    let copied = Backup::new(conn, &mut copy)
        .and_then(|backup| backup.step(-1))
        .with_path(path)?;
    match copied {
        StepResult::Done => Ok(copy),
        _ => Err(StoreError::Locked {
            path: path.to_owned(),
            waited: Duration::ZERO,
        }),
    }
}

pub(super) fn setting_error(path: &Path, what: &str) -> StoreError {
    StoreError::Io {
        path: path.to_owned(),
        source: format!("SQLite would not set {what}").into(),
    }
}
