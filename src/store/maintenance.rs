//! Maintenance of the database file: truncating the write-ahead log, and wiping redacted text.
//!
//! SQLite writes the log back and deletes it when the last connection to the file is closed, so that a
//! plain copy of the file is whole then. Meanwhile each process that opens the file rebuilds the index of
//! the log, which takes time in proportion to its length: a commit that left it longer than
//! [`MAX_WAL_BYTES`] truncates it.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    file::{FileId, wal_path},
    temp_file::parent_folder,
};
use rusqlite::Connection;
use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
};
use std::{
    fs::File,
    path::Path,
    time::{Duration, Instant},
};

const MAX_WAL_BYTES: u64 = 256 * 1024;

/// How long closing waits for other processes that close the file.
const CLOSE_PATIENCE: Duration = Duration::from_secs(1);

impl Drop for Store {
    /// Only one process closes the file at a time. Two that close it at once would each see the other,
    /// and neither would write the log back.
    fn drop(&mut self) {
        if !self.read_only {
            self.close_lock = lock_folder(parent_folder(&self.canonical_path));
        }
    }
}

/// Locks `folder` until the returned file is dropped; `None` if that is not possible.
fn lock_folder(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    let begun = Instant::now();
    loop {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Some(file),
            Err(Errno::WOULDBLOCK) if begun.elapsed() < CLOSE_PATIENCE => {
                std::thread::sleep(Duration::from_millis(1));
            }
            Err(_) => return None,
        }
    }
}

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
