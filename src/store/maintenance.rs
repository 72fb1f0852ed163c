//! Maintenance of the database file: truncating the write-ahead log, and wiping redacted text.
//!
//! Each process that opens the file rebuilds the index of the write-ahead log, which takes time in
//! proportion to the log's length. SQLite's own means, a checkpoint at the end of each process or every
//! thousand pages, cost three syncs per logged line or let the log grow without bound. Therefore the
//! store runs a checkpoint and truncates the log after a commit that left it longer than
//! [`MAX_WAL_BYTES`].

use super::{
    Store,
    error::{ErrorContext, StoreError},
    file::{FileId, wal_path},
};
use rusqlite::Connection;
use std::time::Duration;

const MAX_WAL_BYTES: u64 = 256 * 1024;

impl Store {
    /// Truncates the write-ahead log if it is longer than [`MAX_WAL_BYTES`], without waiting for other
    /// processes. Errors are ignored: the commit before is already durable.
    pub(super) fn truncate_wal(&self) {
        let length = FileId::from_path_with_len(&wal_path(&self.canonical_path))
            .map_or(0, |(_, length)| length);
        if length > MAX_WAL_BYTES && self.conn.busy_timeout(Duration::ZERO).is_ok() {
            checkpoint(&self.conn);
            let _ = self.conn.busy_timeout(self.options.busy_timeout);
        }
    }

    /// Rewrites the whole file, so that neither it nor the log has any deleted bytes.
    ///
    /// SQLite leaves old content on pages that were split or freed; only a full rewrite removes it.
    ///
    /// # Errors
    /// [`StoreError::VacuumFailed`], also if other processes kept the log from being truncated.
    pub(super) fn vacuum(&self) -> Result<(), StoreError> {
        let cause = match self.conn.execute_batch("VACUUM").with_path(&self.path) {
            Ok(()) if checkpoint(&self.conn) => return Ok(()),
            Ok(()) => StoreError::Locked {
                path: self.path.clone(),
                waited: self.options.busy_timeout,
            },
            Err(error) => error,
        };
        Err(StoreError::VacuumFailed {
            path: self.path.clone(),
            source: cause.into(),
        })
    }
}

/// Runs `wal_checkpoint(TRUNCATE)`. Returns false if readers blocked it; the next writer tries again.
/// Only performance depends on it.
pub(super) fn checkpoint(conn: &Connection) -> bool {
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
        row.get::<_, i64>(0)
    })
    .is_ok_and(|busy| busy == 0)
}
