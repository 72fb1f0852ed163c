//! Own entries in: each gets its place in its chain, in one transaction with its read models.

use super::{
    Store,
    error::{About, StoreError},
    file::FileId,
    open::stored_origin,
    project::{Key, kept, project},
    read::Reader,
    row::entry as entry_of,
    summary::{self, Tally},
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
    /// others write all the time; [`StoreError::NotScrubbed`] where all of it was appended, and only
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
        work: impl FnOnce(&Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.reopen_if_doubtful()?;
        self.wal = self.still_there()?;
        let waited = self.options.busy_timeout;
        let path = self.path.clone();
        let told = |error: StoreError| match error {
            StoreError::Locked { path, .. } => StoreError::Locked { path, waited },
            other => other,
        };
        let begun = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)
            .about(&path)
            .map_err(told);
        let tx = match begun {
            Ok(tx) => tx,
            Err(error) => {
                self.doubtful = error.is_io();
                return Err(error.into());
            }
        };
        let writing = Writing {
            origin: take_origin(&tx, self.origin, self.file).about(&path)?,
            conn: &tx,
            store_path: &self.path,
            tallies: RefCell::default(),
            destroyed: Cell::new(false),
            roomy: Cell::new(false),
            failed: Cell::new(false),
        };
        let done = work(&writing).and_then(|done| {
            summary::flush(&writing).about(&path)?;
            Ok(done)
        });
        if writing.roomy.get() {
            super::tidy::make_room(&tx, false);
        }
        let (origin, destroyed) = (writing.origin, writing.destroyed.get());
        let done = match done {
            Ok(done) => done,
            Err(error) => {
                let failed = writing.failed.get();
                drop(tx);
                self.doubtful = failed;
                return Err(error);
            }
        };
        // Before the commit, so that nothing goes into a file that nobody will find, and after it,
        // so that nothing that went there is acknowledged.
        let committed = self
            .still_there()
            .and_then(|_| tx.commit().about(&path).map_err(told))
            .and_then(|()| self.still_there());
        match committed {
            Ok(wal) => self.wal = wal,
            Err(error) => {
                self.doubtful = error.is_io();
                return Err(error.into());
            }
        }
        self.origin = origin;
        if destroyed {
            self.scrub()?;
        } else {
            self.shorten();
        }
        Ok(done)
    }

    /// Sees that the file at the path is the one that is open, and its log as well, which it gives.
    fn still_there(&self) -> Result<Option<FileId>, StoreError> {
        let replaced = || StoreError::Replaced(self.path.clone());
        if FileId::of(&self.real).map_err(|_| replaced())? != self.file {
            return Err(replaced());
        }
        let wal = FileId::of(&super::file::wal_of(&self.real)).ok();
        match (self.wal, wal) {
            (Some(known), found) if found != Some(known) => Err(replaced()),
            _ => Ok(wal),
        }
    }
}

/// A write transaction under way.
pub(super) struct Writing<'a> {
    pub conn: &'a Connection,
    pub origin: Uuid,
    pub store_path: &'a std::path::Path,
    /// What it brings each incident; written at the end.
    pub tallies: RefCell<BTreeMap<Uuid, Tally>>,
    /// Set where a redaction is among what is written: its traces are to be wiped after.
    pub destroyed: Cell<bool>,
    /// Set where it was given more memory.
    pub roomy: Cell<bool>,
    /// Set where the disk failed: the connection is opened anew before it is used again.
    pub failed: Cell<bool>,
}

impl Writing<'_> {
    /// Takes more memory for `count` entries, where they are many.
    pub fn expect(&self, count: usize) {
        if count >= super::tidy::MANY {
            super::tidy::make_room(self.conn, true);
            self.roomy.set(true);
        }
    }

    /// Takes note of a failed disk.
    pub fn note<T>(&self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &done {
            self.failed.set(self.failed.get() || error.is_io());
        }
        done
    }
}

/// The origin to write as: the store's, where the file is still where it was; else a new one begins.
fn take_origin(conn: &Connection, ours: Uuid, file: FileId) -> rusqlite::Result<Uuid> {
    let (stored, there) = stored_origin(conn)?;
    if there == file.stored() {
        return Ok(stored);
    }
    let (device, inode) = file.stored();
    conn.execute(
        "UPDATE store SET origin=?1,device=?2,inode=?3",
        (ours.as_bytes(), device, inode),
    )?;
    Ok(ours)
}

fn append_all(tx: &Writing<'_>, changes: &[Change]) -> Result<Vec<Entry>, StoreError> {
    tx.expect(changes.len());
    let mut heads = HashMap::new();
    let entries = changes
        .iter()
        .map(|change| append_one(tx, change, &mut heads));
    tx.note(entries.collect())
}

fn append_one(
    tx: &Writing<'_>,
    change: &Change,
    heads: &mut HashMap<Option<Uuid>, ChainHead>,
) -> Result<Entry, StoreError> {
    if let Some(there) = by_id(tx.conn, change.id).about(tx.store_path)? {
        return if same(&there, change)? {
            // The first time may have got no further than this.
            if !change.body.destroys.is_empty() {
                tx.destroyed.set(true);
            }
            Ok(there)
        } else {
            Err(StoreError::IdTaken(change.id))
        };
    }
    let head = match heads.entry(change.incident) {
        Occupied(known) => known.into_mut(),
        Vacant(unknown) => {
            unknown.insert(head(tx.conn, tx.origin, change.incident).about(tx.store_path)?)
        }
    };
    let entry = Entry::from_change(change, *head)?;
    // What bears the id of its own first entry cannot have been named by any other before.
    let fresh = entry.header().subject.id() == Some(change.id);
    put(tx, &entry, &change.body.value, fresh).about(tx.store_path)?;
    *head = entry.head();
    super::accept::destroy(tx, &super::rebuild::destroys(&entry))?;
    Ok(entry)
}

/// True where `there` is what `change` would have become.
fn same(there: &Entry, change: &Change) -> Result<bool, StoreError> {
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
pub(super) fn by_id(conn: &Connection, id: Uuid) -> rusqlite::Result<Option<Entry>> {
    conn.prepare_cached("SELECT header,body FROM entry WHERE id=?1")?
        .query_row([id.as_bytes()], |row| entry_of(row, 0))
        .optional()
}

/// Where the chain of `origin` in `incident` goes on.
fn head(conn: &Connection, origin: Uuid, incident: Option<Uuid>) -> rusqlite::Result<ChainHead> {
    let last = conn
        .prepare_cached(
            "SELECT seq,header FROM entry WHERE incident IS ?1 AND origin=?2 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row((incident.map(Uuid::into_bytes), origin.as_bytes()), |row| {
            Ok(ChainHead {
                origin,
                seq: super::row::seq(row, 0)?,
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
pub(super) fn put(
    tx: &Writing<'_>,
    entry: &Entry,
    value: &Value,
    fresh: bool,
) -> rusqlite::Result<()> {
    let header = entry.header();
    let key = Key::of(&header.subject, header.incident);
    let subject = if fresh { None } else { kept(tx.conn, &key)? };
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
        subject.as_ref().map(|kept| kept.no),
        entry.header_bytes(),
        entry.body_bytes(),
    ])?;
    let no = tx.conn.last_insert_rowid();
    super::search::index(tx.conn, no, value)?;
    project(tx, no, entry, &key, subject.as_ref())
}
