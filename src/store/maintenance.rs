//! Keeping the write-ahead log short, and wiping what was destroyed.
//!
//! Each process that opens the file rebuilds its index of the log from the log, and pays for its
//! length. SQLite's own ways of keeping it short, a checkpoint at the end of each process or every
//! thousand pages, cost three syncs per logged line, or let it grow without bound. So the log is
//! written back and cut where a commit has left it longer than [`MAX_WAL_BYTES`].

use super::{
    Store,
    error::{ErrorContext, StoreError},
    file::{FileId, wal_path},
};
use rusqlite::Connection;
use std::time::Duration;

/// How long the write-ahead log may be, in bytes.
const MAX_WAL_BYTES: u64 = 256 * 1024;
/// From how many entries on a write gets more memory.
pub(super) const BULK_THRESHOLD: usize = 1000;
/// The memory for pages while many entries are written, and else (SQLite's own default), in KiB.
/// Handles fall all over their index: with too little, the same pages go into the log again and again.
const BULK_CACHE_KIB: i64 = 32 * 1024;
const DEFAULT_CACHE_KIB: i64 = 2000;

impl Store {
    /// Cuts the log where it has become long. Nothing is told: the commit before it stands.
    pub(super) fn truncate_wal(&self) {
        let length = FileId::from_path_with_len(&wal_path(&self.canonical_path))
            .map_or(0, |(_, length)| length);
        if length > MAX_WAL_BYTES && self.conn.busy_timeout(Duration::ZERO).is_ok() {
            checkpoint(&self.conn);
            let _ = self.conn.busy_timeout(self.options.busy_timeout);
        }
    }

    /// Writes the whole file anew, so that no old bytes are left in it nor in the log.
    ///
    /// Pages that were split or freed keep what stood on them; only a fresh copy surely does not.
    pub(super) fn vacuum(&self) -> Result<(), StoreError> {
        let done = match self.conn.execute_batch("VACUUM").with_path(&self.path) {
            Ok(()) if checkpoint(&self.conn) => return Ok(()),
            Ok(()) => StoreError::Locked {
                path: self.path.clone(),
                waited: self.options.busy_timeout,
            },
            Err(error) => error,
        };
        Err(StoreError::VacuumFailed {
            path: self.path.clone(),
            source: done.into(),
        })
    }
}

/// Gives `conn` more memory for pages, or as much as usual. It works without, only slower.
pub(super) fn set_bulk_cache(conn: &Connection, more: bool) {
    let kib = if more {
        BULK_CACHE_KIB
    } else {
        DEFAULT_CACHE_KIB
    };
    let _ = conn.pragma_update(None, "cache_size", -kib);
}

/// Writes the log back into the file and cuts it to nothing; true where that was done. Where others
/// are reading it stays, and whoever writes next tries again: nothing hangs on it but time.
pub(super) fn checkpoint(conn: &Connection) -> bool {
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
        row.get::<_, i64>(0)
    })
    .is_ok_and(|busy| busy == 0)
}
