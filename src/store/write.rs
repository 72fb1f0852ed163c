//! The write transaction of a store: begun, checked against the file, committed and cleaned up after.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    file::{FileId, wal_path},
    page_cache::set_bulk_cache,
    projection::write_summaries,
    rebuild::rebuild_read_models,
    schema::{self, READ_MODEL_VERSION, SCHEMA_VERSION, StoreRow},
    tx::{OpenTransaction, WriteTx},
};
use rusqlite::{Connection, ffi};
use uuid::Uuid;

impl Store {
    /// Runs `work` in one write transaction: no other process can write between its reads and the
    /// commit, and all its appends are committed or none. It holds the write lock, so it should read
    /// little, and never wait for anything.
    ///
    /// # Errors
    /// Those of `work`, [`Store::begin_transaction`] and [`Store::end_transaction`].
    pub fn transact<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin_transaction()?;
        let result = work(self);
        self.end_transaction(result)
    }

    /// Takes the write lock. Until [`Store::end_transaction`], queries see what is appended, and
    /// nothing that is appended is durable. For callers that cannot pass a closure to
    /// [`Store::transact`].
    ///
    /// # Errors
    /// [`StoreError::Locked`] if other processes write all the time; [`StoreError::NewerReadModels`] if
    /// a newer program upgraded the file; [`StoreError::Replaced`] if the file at the path is no longer
    /// the one that is open; else an error of the file or the disk.
    pub fn begin_transaction(&mut self) -> Result<(), StoreError> {
        if self.read_only {
            return Err(StoreError::ReadOnly(self.path.clone()));
        }
        self.reopen_if_needed()?;
        self.wal_id = self.verify_file_identity()?;
        if let Err(error) = self.execute("BEGIN IMMEDIATE") {
            self.needs_reopen = error.is_io();
            return Err(error);
        }
        self.transaction = Some(OpenTransaction {
            origin_before: self.origin,
            needs_vacuum: false,
            bulk_cache: false,
            io_failed: false,
            write_failed: false,
        });
        match self.prepare_transaction() {
            Ok(()) => Ok(()),
            Err(error) => self.end_transaction(Err(error)),
        }
    }

    /// Commits the transaction if `result` is a value, else rolls it back. Returns `result`.
    ///
    /// # Errors
    /// `result`; [`StoreError::Replaced`] as above; else an error of the file or the disk. Nothing was
    /// committed, except with [`StoreError::VacuumFailed`]. After an I/O error the connection is opened
    /// again before the next write.
    pub fn end_transaction<T, E: From<StoreError>>(
        &mut self,
        result: Result<T, E>,
    ) -> Result<T, E> {
        let Some(ended) = self.transaction.take() else {
            return result;
        };
        let result = self.commit_or_roll_back(&ended, result);
        if ended.bulk_cache {
            set_bulk_cache(&self.conn, false);
        }
        let value = result?;
        if ended.needs_vacuum {
            self.vacuum()?;
        } else {
            self.truncate_wal();
        }
        Ok(value)
    }

    /// Commits the transaction `ended` if `result` is a value, else rolls it back.
    fn commit_or_roll_back<T, E: From<StoreError>>(
        &mut self,
        ended: &OpenTransaction,
        result: Result<T, E>,
    ) -> Result<T, E> {
        let result = match result {
            Ok(_) if ended.write_failed => Err(self.unusable_transaction().into()),
            result => result,
        };
        let value = match result {
            Ok(value) => value,
            Err(error) => {
                self.roll_back(ended);
                self.needs_reopen |= ended.io_failed;
                return Err(error);
            }
        };
        // Checked before the commit, so that nothing is written to a file that is no longer at the
        // path, and after it, so that nothing written there is acknowledged.
        let committed = self
            .verify_file_identity()
            .and_then(|_| self.execute("COMMIT"))
            .and_then(|()| self.verify_file_identity());
        match committed {
            Ok(wal) => self.wal_id = wal,
            Err(error) => {
                self.roll_back(ended);
                self.needs_reopen |= error.is_io();
                return Err(error.into());
            }
        }
        Ok(value)
    }

    /// True between [`Store::begin_transaction`] and [`Store::end_transaction`].
    #[must_use]
    pub fn in_transaction(&self) -> bool {
        self.transaction.is_some()
    }

    /// Runs `work` in the open transaction, or in one of its own that is committed at once.
    ///
    /// # Errors
    /// Those of `work`, and those of [`Store::transact`].
    pub(super) fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.in_transaction() {
            self.write_in_transaction(work)
        } else {
            self.transact(|store| store.write_in_transaction(work))
        }
    }

    /// Runs `work` in the open transaction and brings the summaries of the incidents up to date.
    fn write_in_transaction<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // SQLite ends a transaction by itself after some errors; what is written then would be
        // committed at once, and alone.
        let usable = self.transaction.as_ref().is_some_and(|t| !t.write_failed);
        if !usable || self.conn.is_autocommit() {
            return Err(self.unusable_transaction().into());
        }
        let tx = WriteTx::new(&self.conn, self.origin, &self.path);
        tx.bulk_cache
            .set(self.transaction.as_ref().is_some_and(|t| t.bulk_cache));
        let result = work(&tx).and_then(|value| {
            write_summaries(&tx).with_path(&self.path)?;
            Ok(value)
        });
        let (needs_vacuum, io_failed) = (tx.needs_vacuum.get(), tx.io_failed.get());
        let bulk_cache = tx.bulk_cache.get();
        if let Some(open) = &mut self.transaction {
            open.needs_vacuum |= needs_vacuum;
            open.bulk_cache |= bulk_cache;
            open.io_failed |= io_failed;
            open.write_failed |= result.is_err();
        }
        result
    }

    fn execute(&self, sql: &str) -> Result<(), StoreError> {
        let done = self.conn.execute_batch(sql).with_path(&self.path);
        done.map_err(|error| match error {
            StoreError::Locked { path, .. } => StoreError::Locked {
                path,
                waited: self.options.busy_timeout,
            },
            other => other,
        })
    }

    fn roll_back(&mut self, ended: &OpenTransaction) {
        self.origin = ended.origin_before;
        // A connection that cannot even roll back is opened again, which ends the transaction.
        self.needs_reopen = !self.conn.is_autocommit() && self.execute("ROLLBACK").is_err();
    }

    fn unusable_transaction(&self) -> StoreError {
        StoreError::Sqlite {
            path: self.path.clone(),
            source: rusqlite::Error::SqliteFailure(
                ffi::Error::new(ffi::SQLITE_ABORT),
                Some("an earlier write of the same transaction failed; nothing was logged".into()),
            ),
        }
    }

    /// Sets the origin to write as, and rebuilds the read models if an earlier version of the program
    /// wrote them last. A newer program may have upgraded the file since it was opened: then nothing
    /// is written.
    fn prepare_transaction(&mut self) -> Result<(), StoreError> {
        let path = &self.path;
        let version = schema::stored_version(&self.conn).with_path(path)?;
        if version > SCHEMA_VERSION {
            return Err(StoreError::NewerFormat {
                path: path.clone(),
                found: version,
                known: SCHEMA_VERSION,
            });
        }
        let row = StoreRow::load(&self.conn).with_path(path)?;
        if row.model > READ_MODEL_VERSION {
            return Err(StoreError::NewerReadModels(path.clone()));
        }
        self.origin = claim_origin(&self.conn, &row, self.origin, self.file_id).with_path(path)?;
        if row.model < READ_MODEL_VERSION {
            let (path, on_upgrade) = (path.clone(), self.options.on_upgrade);
            self.write_in_transaction(|tx| {
                rebuild_read_models(tx, false, on_upgrade).with_path(&path)
            })?;
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
