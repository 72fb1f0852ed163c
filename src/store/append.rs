//! Own entries in: each gets its place in its chain, in one transaction with its read models.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    file::FileId,
    open::StoreRow,
    projection::{SubjectKey, find_subject_row, update_read_models},
    read::Reader,
    rebuild,
    row::entry_from_row as entry_of,
    schema::{self, READ_MODEL_VERSION, SCHEMA_VERSION},
    summary::{self, PendingCounts},
};
use crate::domain::{
    entry::{ChainHead, Entry},
    hash::Hash,
    time::to_micros,
    value::{Change, Value},
};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use std::{
    cell::{Cell, RefCell},
    collections::{
        BTreeMap, HashMap,
        hash_map::Entry::{Occupied, Vacant},
    },
};
use uuid::Uuid;

impl Store {
    /// Appends `changes`, all of them or none. Gives their entries, in the same order; they are on the
    /// disk when this returns.
    ///
    /// A change whose id is already there with the same content gives the entry that is there: so a
    /// retry of something that seemed to fail logs it once.
    ///
    /// # Errors
    /// [`StoreError::IdTaken`] where its id is there with other content; [`StoreError::Locked`] where
    /// others write all the time; [`StoreError::VacuumFailed`] where all of it was appended, and only
    /// the wiping of a destroyed text failed; else what the file or the disk gave.
    pub fn append(&mut self, changes: &[Change]) -> Result<Vec<Entry>, StoreError> {
        self.write(|tx| append_all(tx, changes))
    }

    /// Like [`Store::append`], of changes that `make` makes from what stands at that moment; nobody
    /// else can write between its reading and their being written. It also gives something back.
    ///
    /// `make` runs while others wait: it should ask little.
    ///
    /// # Errors
    /// Those of `make`, and those of [`Store::append`].
    pub fn transact<T, E: From<StoreError>>(
        &mut self,
        make: impl FnOnce(&Reader<'_>) -> Result<(Vec<Change>, T), E>,
    ) -> Result<(Vec<Entry>, T), E> {
        self.write(|tx| {
            let (changes, extra) = make(&Reader::new(tx.conn, tx.store_path, tx.origin))?;
            Ok((append_all(tx, &changes)?, extra))
        })
    }

    /// One write transaction around `work`.
    pub(super) fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.reopen_if_needed()?;
        self.wal_id = self.verify_file_identity()?;
        let waited = self.options.busy_timeout;
        let path = self.path.clone();
        let told = |error: StoreError| match error {
            StoreError::Locked { path, .. } => StoreError::Locked { path, waited },
            other => other,
        };
        let begun = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)
            .with_path(&path)
            .map_err(told);
        let tx = match begun {
            Ok(tx) => tx,
            Err(error) => {
                self.needs_reopen = error.is_io();
                return Err(error.into());
            }
        };
        let mut writing = WriteTx {
            origin: self.origin,
            conn: &tx,
            store_path: &self.path,
            pending_counts: RefCell::default(),
            needs_vacuum: Cell::new(false),
            bulk_cache: Cell::new(false),
            io_failed: Cell::new(false),
        };
        let done = self
            .prepare_tx(&mut writing)
            .map_err(E::from)
            .and_then(|()| {
                let done = work(&writing)?;
                summary::flush_summaries(&writing).with_path(&path)?;
                Ok(done)
            });
        if writing.bulk_cache.get() {
            super::maintenance::set_bulk_cache(&tx, false);
        }
        let (origin, destroyed) = (writing.origin, writing.needs_vacuum.get());
        let done = match done {
            Ok(done) => done,
            Err(error) => {
                let failed = writing.io_failed.get();
                drop(tx);
                self.needs_reopen = failed;
                return Err(error);
            }
        };
        // Before the commit, so that nothing goes into a file that nobody will find, and after it,
        // so that nothing that went there is acknowledged.
        let committed = self
            .verify_file_identity()
            .and_then(|_| tx.commit().with_path(&path).map_err(told))
            .and_then(|()| self.verify_file_identity());
        match committed {
            Ok(wal) => self.wal_id = wal,
            Err(error) => {
                self.needs_reopen = error.is_io();
                return Err(error.into());
            }
        }
        self.origin = origin;
        if destroyed {
            self.vacuum()?;
        } else {
            self.truncate_wal();
        }
        Ok(done)
    }

    /// Sets the origin to write as, and brings the read models up to date if an earlier version of
    /// the program wrote them last.
    ///
    /// A newer program may have upgraded the file since it was opened: then nothing is written.
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
            rebuild::rebuild_read_models(tx, self.options.on_upgrade).with_path(path)?;
        }
        Ok(())
    }

    /// Sees that the file at the path is the one that is open, and its log as well, which it gives.
    fn verify_file_identity(&self) -> Result<Option<FileId>, StoreError> {
        let replaced = || StoreError::Replaced(self.path.clone());
        if FileId::from_path(&self.canonical_path).map_err(|_| replaced())? != self.file_id {
            return Err(replaced());
        }
        let wal = FileId::from_path(&super::file::wal_path(&self.canonical_path)).ok();
        match (self.wal_id, wal) {
            (Some(known), found) if found != Some(known) => Err(replaced()),
            _ => Ok(wal),
        }
    }
}

/// A write transaction under way.
pub(super) struct WriteTx<'a> {
    pub conn: &'a Connection,
    pub origin: Uuid,
    pub store_path: &'a std::path::Path,
    /// What it brings each incident; written at the end.
    pub pending_counts: RefCell<BTreeMap<Uuid, PendingCounts>>,
    /// Set where a redaction is among what is written: its traces are to be wiped after.
    pub needs_vacuum: Cell<bool>,
    /// Set where it was given more memory.
    pub bulk_cache: Cell<bool>,
    /// Set where the disk failed: the connection is opened anew before it is used again.
    pub io_failed: Cell<bool>,
}

impl WriteTx<'_> {
    /// Takes more memory for `count` entries, where they are many.
    pub fn reserve_cache(&self, count: usize) {
        if count >= super::maintenance::BULK_THRESHOLD {
            super::maintenance::set_bulk_cache(self.conn, true);
            self.bulk_cache.set(true);
        }
    }

    /// Takes note of a failed disk.
    pub fn track_io_error<T>(&self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &done {
            self.io_failed.set(self.io_failed.get() || error.is_io());
        }
        done
    }
}

/// The origin to write as: the store's, where the file is still where it was; else a new one begins.
fn claim_origin(
    conn: &Connection,
    row: &StoreRow,
    ours: Uuid,
    file: FileId,
) -> rusqlite::Result<Uuid> {
    if row.file == file.to_columns() {
        return Ok(row.origin);
    }
    let (device, inode) = file.to_columns();
    conn.execute(
        "UPDATE store SET origin=?1,device=?2,inode=?3",
        (ours.as_bytes(), device, inode),
    )?;
    Ok(ours)
}

fn append_all(tx: &WriteTx<'_>, changes: &[Change]) -> Result<Vec<Entry>, StoreError> {
    tx.reserve_cache(changes.len());
    let mut heads = HashMap::new();
    let entries = changes
        .iter()
        .map(|change| append_one(tx, change, &mut heads));
    tx.track_io_error(entries.collect())
}

fn append_one(
    tx: &WriteTx<'_>,
    change: &Change,
    heads: &mut HashMap<Option<Uuid>, ChainHead>,
) -> Result<Entry, StoreError> {
    if let Some(there) = entry_by_id(tx.conn, change.id).with_path(tx.store_path)? {
        return if is_same_change(&there, change)? {
            // The first time may have got no further than this.
            if !change.body.destroys.is_empty() {
                tx.needs_vacuum.set(true);
            }
            Ok(there)
        } else {
            Err(StoreError::IdTaken(change.id))
        };
    }
    let head = match heads.entry(change.incident) {
        Occupied(known) => known.into_mut(),
        Vacant(unknown) => unknown
            .insert(chain_head(tx.conn, tx.origin, change.incident).with_path(tx.store_path)?),
    };
    let entry = Entry::from_change(change, *head)?;
    // What bears the id of its own first entry cannot have been named by any other before.
    let fresh = entry.header().subject.id() == Some(change.id);
    insert_entry(tx, &entry, &change.body.value, fresh).with_path(tx.store_path)?;
    *head = entry.head();
    super::accept::destroy_bodies(tx, &super::rebuild::destroyed_ids(&entry))?;
    Ok(entry)
}

/// True where `there` is what `change` would have become.
fn is_same_change(there: &Entry, change: &Change) -> Result<bool, StoreError> {
    let header = there.header();
    let body = change.body.encode(&change.salt)?;
    Ok(header.incident == change.incident
        && header.subject == change.subject
        && header.replaces == change.replaces
        && header.recorded == to_micros(change.recorded)
        && header.author == change.author
        && header.body == Hash::digest(body.as_bytes()))
}

/// The entry with `id`.
pub(super) fn entry_by_id(conn: &Connection, id: Uuid) -> rusqlite::Result<Option<Entry>> {
    conn.prepare_cached("SELECT header,body FROM entry WHERE id=?1")?
        .query_row([id.as_bytes()], |row| entry_of(row, 0))
        .optional()
}

/// Where the chain of `origin` in `incident` goes on.
fn chain_head(
    conn: &Connection,
    origin: Uuid,
    incident: Option<Uuid>,
) -> rusqlite::Result<ChainHead> {
    let last = conn
        .prepare_cached(
            "SELECT seq,header FROM entry WHERE incident IS ?1 AND origin=?2 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row((incident.map(Uuid::into_bytes), origin.as_bytes()), |row| {
            Ok(ChainHead {
                origin,
                seq: super::row::read_seq(row, 0)?,
                hash: Some(Hash::digest(row.get_ref(1)?.as_bytes()?)),
            })
        })
        .optional()?;
    Ok(last.unwrap_or(ChainHead {
        origin,
        seq: 0,
        hash: None,
    }))
}

/// Puts `entry`, which says `value`, at the end of the journal, and brings the read models up to date.
/// `fresh` where its subject is surely new.
pub(super) fn insert_entry(
    tx: &WriteTx<'_>,
    entry: &Entry,
    value: &Value,
    fresh: bool,
) -> rusqlite::Result<()> {
    let header = entry.header();
    let key = SubjectKey::new(&header.subject, header.incident);
    let subject = if fresh {
        None
    } else {
        find_subject_row(tx.conn, &key)?
    };
    tx.conn.prepare_cached(
        "INSERT INTO entry(id,incident,origin,seq,recorded,author,about,header,body)VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)",
    )?
    .execute(rusqlite::params![
        header.id.as_bytes(),
        header.incident.map(Uuid::into_bytes),
        header.origin.as_bytes(),
        header.seq.cast_signed(),
        header.recorded.timestamp_micros(),
        header.author,
        subject.as_ref().map(|kept| kept.rowid),
        entry.header_bytes(),
        entry.body_bytes(),
    ])?;
    let no = tx.conn.last_insert_rowid();
    super::search::index(tx.conn, no, value)?;
    update_read_models(tx, no, entry, &key, subject.as_ref())
}
