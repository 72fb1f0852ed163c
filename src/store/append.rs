//! Entries of this store: each gets the next place in its chain, in one transaction with its read
//! models.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    page_cache::BULK_THRESHOLD,
    projection::{SubjectPlace, update_read_models},
    redaction::destroy_bodies,
    row::read_seq,
    search_index::{self, indexed_text},
    subjects::{Neighbours, SubjectKey, find_subject_row},
    tx::{WriteTx, entry_by_id},
};
use crate::domain::{
    entry::{ChainHead, Entry},
    hash::Hash,
    time::to_micros,
    value::{BodyError, Change, Value},
};
use rusqlite::{Connection, OptionalExtension};
use std::{
    collections::{
        HashMap,
        hash_map::Entry::{Occupied, Vacant},
    },
    sync::mpsc::sync_channel,
    thread,
};
use uuid::Uuid;

/// How many entries of a bulk write one thread passes to the other at once.
const BULK_CHUNK: usize = 50;

impl Store {
    /// Appends `changes`, all of them or none. Returns their entries in the same order; they are on
    /// the disk when this returns.
    ///
    /// A change whose id is there already with the same content gives the entry that is there, so
    /// that a retry of a write that seemed to fail is logged once.
    ///
    /// Within [`Store::transact`] they are on the disk only after its commit.
    ///
    /// # Errors
    /// [`StoreError::IdTaken`] if an id is there with other content; [`StoreError::Locked`] if other
    /// processes write all the time; [`StoreError::VacuumFailed`] if everything was appended and
    /// only old bytes of a redacted text may be left; else an error of the file or the disk.
    pub fn append(&mut self, changes: &[Change]) -> Result<Vec<Entry>, StoreError> {
        self.write(|tx| append_all(tx, changes))
    }
}

fn append_all(tx: &WriteTx<'_>, changes: &[Change]) -> Result<Vec<Entry>, StoreError> {
    tx.reserve_cache(changes.len());
    let mut heads = HashMap::new();
    let appended = if changes.len() >= BULK_THRESHOLD && are_all_new(tx, changes)? {
        for change in changes {
            known_head(tx, &mut heads, change.incident)?;
        }
        append_bulk(tx, changes, heads)
    } else {
        let entries = changes
            .iter()
            .map(|change| append_one(tx, change, &mut heads));
        entries.collect()
    };
    tx.track_io_error(appended)
}

/// The ends of the chains of this store, by incident.
type Heads = HashMap<Option<Uuid>, ChainHead>;

/// Returns the end of the chain in `incident`, which is read once.
fn known_head<'h>(
    tx: &WriteTx<'_>,
    heads: &'h mut Heads,
    incident: Option<Uuid>,
) -> Result<&'h mut ChainHead, StoreError> {
    Ok(match heads.entry(incident) {
        Occupied(known) => known.into_mut(),
        Vacant(unknown) => {
            unknown.insert(chain_head(tx.conn, tx.origin, incident).with_path(tx.store_path)?)
        }
    })
}

/// True if no entry has the id of one of `changes`, and no two of them have the same.
fn are_all_new(tx: &WriteTx<'_>, changes: &[Change]) -> Result<bool, StoreError> {
    let mut ids: Vec<Uuid> = changes.iter().map(|change| change.id).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        return Ok(false);
    }
    let is_there = |id: &Uuid| {
        tx.conn
            .prepare_cached("SELECT 1 FROM entry WHERE id=?1")?
            .exists([id.as_bytes()])
    };
    for id in &ids {
        if is_there(id).with_path(tx.store_path)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Appends `changes` with new ids. Their entries are made on a thread of their own: to encode them, to check
/// that they are read back as they are meant and to hash them takes nearly as long as to insert them.
fn append_bulk(
    tx: &WriteTx<'_>,
    changes: &[Change],
    mut heads: Heads,
) -> Result<Vec<Entry>, StoreError> {
    let (sender, chunks) = sync_channel::<Result<Vec<PreparedEntry>, BodyError>>(2);
    let origin = tx.origin;
    let make = move || {
        for chunk in changes.chunks(BULK_CHUNK) {
            let prepared: Result<Vec<_>, _> = chunk
                .iter()
                .map(|change| {
                    let head = heads.entry(change.incident).or_insert(ChainHead {
                        origin,
                        seq: 0,
                        hash: None,
                    });
                    let entry = Entry::from_change(change, *head)?;
                    *head = entry.head();
                    Ok(PreparedEntry::new(entry, &change.body.value))
                })
                .collect();
            // A failed send means that an earlier entry could not be inserted.
            if sender.send(prepared).is_err() {
                return;
            }
        }
    };
    // The receiver moves in: it is gone when the insertion ends early, and the thread then ends too.
    thread::scope(move |scope| {
        scope.spawn(make);
        let mut entries = Vec::with_capacity(changes.len());
        for chunk in changes.chunks(BULK_CHUNK) {
            let Ok(prepared) = chunks.recv() else { break };
            for (change, prepared) in chunk.iter().zip(prepared?) {
                insert_change(tx, change, &prepared)?;
                entries.push(prepared.entry);
            }
        }
        Ok(entries)
    })
}

fn append_one(tx: &WriteTx<'_>, change: &Change, heads: &mut Heads) -> Result<Entry, StoreError> {
    if let Some(there) = entry_by_id(tx.conn, change.id).with_path(tx.store_path)? {
        return if is_same_change(&there, change)? {
            // The first attempt may have been stopped before it wiped the destroyed text.
            if !change.body.destroys.is_empty() {
                tx.needs_vacuum.set(true);
            }
            Ok(there)
        } else {
            Err(StoreError::IdTaken(change.id))
        };
    }
    let head = known_head(tx, heads, change.incident)?;
    let entry = Entry::from_change(change, *head)?;
    *head = entry.head();
    let prepared = PreparedEntry::new(entry, &change.body.value);
    insert_change(tx, change, &prepared)?;
    Ok(prepared.entry)
}

/// Inserts the entry that was made of `change`.
fn insert_change(
    tx: &WriteTx<'_>,
    change: &Change,
    prepared: &PreparedEntry,
) -> Result<(), StoreError> {
    // A subject with the id of its first entry cannot have been named by an earlier one.
    let is_new_subject = change.subject.id() == Some(change.id);
    insert_entry(tx, prepared, &change.body.value, is_new_subject).with_path(tx.store_path)?;
    destroy_bodies(tx, &prepared.entry.destroys())
}

/// Returns true if `there` is the entry that `change` would become.
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

/// Returns the last entry of the chain of `origin` in `incident`, as its next entry refers to it.
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
                seq: read_seq(row, 0)?,
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

/// An entry with what its rows are made of.
pub(super) struct PreparedEntry {
    pub entry: Entry,
    key: SubjectKey,
    /// The text for the search index.
    text: String,
}

impl PreparedEntry {
    /// `value` is that of `entry`.
    pub fn new(entry: Entry, value: &Value) -> Self {
        let header = entry.header();
        Self {
            key: SubjectKey::new(&header.subject, header.incident),
            text: indexed_text(value),
            entry,
        }
    }
}

/// Inserts an entry, whose value is `value`, at the end of the journal and updates the read models.
/// `is_new_subject` saves a look-up if no earlier entry can have named its subject.
pub(super) fn insert_entry(
    tx: &WriteTx<'_>,
    prepared: &PreparedEntry,
    value: &Value,
    is_new_subject: bool,
) -> rusqlite::Result<()> {
    let PreparedEntry { entry, key, text } = prepared;
    let header = entry.header();
    let neighbours = match header.subject.id() {
        Some(_) => Some(Neighbours::find(tx.conn, &key.name)?),
        None => None,
    };
    let is_new = |neighbours: &Neighbours| neighbours.names().all(|name| name != key.name);
    let subject = if is_new_subject || neighbours.as_ref().is_some_and(is_new) {
        None
    } else {
        find_subject_row(tx.conn, key)?
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
        subject.as_ref().map(|row| row.rowid),
        entry.header_bytes(),
        entry.body_bytes(),
    ])?;
    let no = tx.conn.last_insert_rowid();
    search_index::index(tx.conn, no, text)?;
    let place = match &subject {
        Some(row) => SubjectPlace::Row(row),
        None => SubjectPlace::New(neighbours.as_ref()),
    };
    update_read_models(tx, no, entry, value, key, place)
}
