//! Entries of this store: each gets the next place in its chain, in one transaction with its read
//! models.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    projection::update_read_models,
    redaction::destroy_bodies,
    row::read_seq,
    search_index,
    subjects::{SubjectKey, find_subject_row},
    tx::{WriteTx, entry_by_id},
};
use crate::domain::{
    entry::{ChainHead, Entry},
    hash::Hash,
    time::to_micros,
    value::{Change, Value},
};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{
    HashMap,
    hash_map::Entry::{Occupied, Vacant},
};
use uuid::Uuid;

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
            // The first attempt may have been stopped before it wiped the destroyed text.
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
    // A subject with the id of its first entry cannot have been named by an earlier one.
    let is_new_subject = entry.header().subject.id() == Some(change.id);
    insert_entry(tx, &entry, &change.body.value, is_new_subject).with_path(tx.store_path)?;
    *head = entry.head();
    destroy_bodies(tx, &entry.destroys())?;
    Ok(entry)
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

/// Inserts `entry`, whose value is `value`, at the end of the journal and updates the read models.
/// `is_new_subject` saves a look-up if no earlier entry can have named its subject.
pub(super) fn insert_entry(
    tx: &WriteTx<'_>,
    entry: &Entry,
    value: &Value,
    is_new_subject: bool,
) -> rusqlite::Result<()> {
    let header = entry.header();
    let key = SubjectKey::new(&header.subject, header.incident);
    let subject = if is_new_subject {
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
        subject.as_ref().map(|row| row.rowid),
        entry.header_bytes(),
        entry.body_bytes(),
    ])?;
    let no = tx.conn.last_insert_rowid();
    search_index::index(tx.conn, no, value)?;
    update_read_models(tx, no, entry, &key, subject.as_ref())
}
