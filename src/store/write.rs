//! The write transaction of a store: begun, checked against the file, committed and cleaned up after.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    file::{FileId, wal_path},
    maintenance::set_bulk_cache,
    open::StoreRow,
    rebuild::rebuild_read_models,
    schema::{self, READ_MODEL_VERSION, SCHEMA_VERSION},
    summary::flush_summaries,
    tx::WriteTx,
};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::cell::{Cell, RefCell};
use uuid::Uuid;

impl Store {
    /// Runs `work` in a write transaction and commits it. After an I/O error the connection is opened
    /// anew before the next write.
    ///
    /// # Errors
    /// Those of `work`; [`StoreError::NewerReadModels`] if a newer program upgraded the file;
    /// [`StoreError::Replaced`] if the file at the path is no longer the one that is open; else an
    /// error of the file or the disk. Nothing was committed, except with
    /// [`StoreError::VacuumFailed`].
    pub(super) fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.read_only {
            return Err(StoreError::ReadOnly(self.path.clone()).into());
        }
        self.reopen_if_needed()?;
        self.wal_id = self.verify_file_identity()?;
        let waited = self.options.busy_timeout;
        let path = self.path.clone();
        let with_wait = |error: StoreError| match error {
            StoreError::Locked { path, .. } => StoreError::Locked { path, waited },
            other => other,
        };
        let begun = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)
            .with_path(&path)
            .map_err(with_wait);
        let transaction = match begun {
            Ok(transaction) => transaction,
            Err(error) => {
                self.needs_reopen = error.is_io();
                return Err(error.into());
            }
        };
        let mut tx = WriteTx {
            origin: self.origin,
            conn: &transaction,
            store_path: &self.path,
            pending_counts: RefCell::default(),
            needs_vacuum: Cell::new(false),
            bulk_cache: Cell::new(false),
            io_failed: Cell::new(false),
        };
        let result = self
            .prepare_tx(&mut tx)
            .map_err(E::from)
            .and_then(|()| work(&tx))
            .and_then(|value| {
                flush_summaries(&tx).with_path(&path)?;
                Ok(value)
            });
        if tx.bulk_cache.get() {
            set_bulk_cache(&transaction, false);
        }
        let (origin, needs_vacuum, io_failed) =
            (tx.origin, tx.needs_vacuum.get(), tx.io_failed.get());
        let value = match result {
            Ok(value) => value,
            Err(error) => {
                drop(transaction);
                self.needs_reopen = io_failed;
                return Err(error);
            }
        };
        // Checked before the commit, so that nothing is written to a file that is no longer at the
        // path, and after it, so that nothing written there is acknowledged.
        let committed = self
            .verify_file_identity()
            .and_then(|_| transaction.commit().with_path(&path).map_err(with_wait))
            .and_then(|()| self.verify_file_identity());
        match committed {
            Ok(wal) => self.wal_id = wal,
            Err(error) => {
                self.needs_reopen = error.is_io();
                return Err(error.into());
            }
        }
        self.origin = origin;
        if needs_vacuum {
            self.vacuum()?;
        } else {
            self.truncate_wal();
        }
        Ok(value)
    }

    /// Sets the origin to write as, and rebuilds the read models if an earlier version of the program
    /// wrote them last. A newer program may have upgraded the file since it was opened: then nothing
    /// is written.
    fn prepare_tx(&self, tx: &mut WriteTx<'_>) -> Result<(), StoreError> {
        let path = &self.path;
        let version = schema::stored_version(tx.conn).with_path(path)?;
        if version != SCHEMA_VERSION {
            return Err(StoreError::NewerFormat {
                path: path.clone(),
                found: version,
                known: SCHEMA_VERSION,
            });
        }
        let row = StoreRow::load(tx.conn).with_path(path)?;
        if row.model > READ_MODEL_VERSION {
            return Err(StoreError::NewerReadModels(path.clone()));
        }
        tx.origin = claim_origin(tx.conn, &row, self.origin, self.file_id).with_path(path)?;
        if row.model < READ_MODEL_VERSION {
            rebuild_read_models(tx, self.options.on_upgrade).with_path(path)?;
        }
        Ok(())
    }

    /// Checks that the file at the path, and its write-ahead log, are those that are open. Returns the
    /// identity of the log, if there is one.
    fn verify_file_identity(&self) -> Result<Option<FileId>, StoreError> {
        let replaced = || StoreError::Replaced(self.path.clone());
        if FileId::from_path(&self.canonical_path).map_err(|_| replaced())? != self.file_id {
            return Err(replaced());
        }
        let wal = FileId::from_path(&wal_path(&self.canonical_path)).ok();
        match (self.wal_id, wal) {
            (Some(known), found) if found != Some(known) => Err(replaced()),
            _ => Ok(wal),
        }
    }
}

/// Returns the origin to write as: the stored one if the file is where it was, else `new`, which is
/// stored with the new place. A copied or restored file thus begins a new origin.
fn claim_origin(
    conn: &Connection,
    row: &StoreRow,
    new: Uuid,
    file: FileId,
) -> rusqlite::Result<Uuid> {
    if row.file == file.to_columns() {
        return Ok(row.origin);
    }
    let (device, inode) = file.to_columns();
    conn.execute(
        "UPDATE store SET origin=?1,device=?2,inode=?3",
        (new.as_bytes(), device, inode),
    )?;
    Ok(new)
}
