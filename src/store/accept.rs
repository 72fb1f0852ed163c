//! Entries of other stores, taken in as they are.

use super::{
    Store,
    append::{PreparedEntry, insert_entry},
    error::{ErrorContext, StoreError},
    page_cache::BULK_THRESHOLD,
    projection::write_summaries,
    redaction::{destroy_bodies, is_destroyed},
    tx::{WriteTx, entry_by_id},
};
use crate::domain::{entry::Entry, time::to_micros, value::Value};
use rusqlite::Connection;
use uuid::Uuid;

/// From how many incidents on whose rows changed they are written before the end of a stream, so that its
/// memory does not grow with its length. Events that may declare an incident count as well.
const MAX_PENDING: usize = 10_000;

impl Store {
    /// Adds `entries` of other stores, all of them or none; those that are here already are skipped.
    /// Returns how many were new. Their order does not matter. If two entries have one place in a
    /// chain, both are kept. A redaction destroys the bodies it names also if they arrive after it.
    ///
    /// # Errors
    /// [`StoreError::EntryMismatch`] if an entry has the id of one here and other bytes;
    /// [`StoreError::InvalidEntry`] if it cannot be an entry; else as [`Store::append`].
    pub fn accept(&mut self, entries: &[Entry]) -> Result<usize, StoreError> {
        self.accept_stream(entries.iter().cloned().map(Ok), |error| error)
    }

    /// Like [`Store::accept`], for a stream of entries, of which there may be many. Its first error
    /// takes all of them back. `locate` makes of an error one that says at which entry it arose.
    ///
    /// # Errors
    /// Those of `entries`, and those of [`Store::accept`].
    pub fn accept_stream<E: From<StoreError>>(
        &mut self,
        entries: impl Iterator<Item = Result<Entry, E>>,
        locate: impl Fn(StoreError) -> E,
    ) -> Result<usize, E> {
        self.write(|tx| {
            let (at_least, _) = entries.size_hint();
            tx.reserve_cache(at_least);
            let mut new = 0;
            for (number, entry) in entries.enumerate() {
                if number == BULK_THRESHOLD {
                    tx.reserve_cache(number);
                }
                let entry = entry?;
                let id = entry.header().id;
                let accepted = tx.track_io_error(accept_one(tx, entry));
                match accepted.map_err(&locate)? {
                    Arrival::Known => {}
                    Arrival::New(_) => new += 1,
                    Arrival::Altered => {
                        return Err(locate(StoreError::EntryMismatch(id)));
                    }
                }
                if tx.pending_counts.borrow().len() >= MAX_PENDING {
                    let written = write_summaries(tx).with_path(tx.store_path);
                    tx.track_io_error(written).map_err(&locate)?;
                }
            }
            Ok(new)
        })
    }

    /// Adds `entries` of a hub in one transaction, and says of each what became of it. One that cannot be
    /// accepted does not keep the others back.
    ///
    /// # Errors
    /// Those of [`Store::append`].
    pub fn accept_each(
        &mut self,
        entries: &[Entry],
    ) -> Result<Vec<Result<Arrival, StoreError>>, StoreError> {
        self.write(|tx| {
            tx.reserve_cache(entries.len());
            let mut arrivals = Vec::with_capacity(entries.len());
            for entry in entries {
                arrivals.push(match tx.track_io_error(accept_one(tx, entry.clone())) {
                    Ok(Arrival::New(new)) => {
                        let is_fork = shares_place(tx.conn, entry).with_path(tx.store_path)?;
                        Ok(Arrival::New(NewEntry { is_fork, ..new }))
                    }
                    Ok(arrival) => Ok(arrival),
                    Err(error @ StoreError::InvalidEntry { .. }) => Err(error),
                    Err(error) => return Err(error),
                });
            }
            Ok(arrivals)
        })
    }
}

/// What became of an entry that came from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It was here already.
    Known,
    New(NewEntry),
    /// Another entry with its id is here, with other bytes.
    Altered,
}

/// What is known of an entry that was new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewEntry {
    /// Another entry here has its place in the chain. Found by [`Store::accept_each`] alone.
    pub is_fork: bool,
    /// It came with a body that was destroyed here before.
    pub was_destroyed: bool,
    /// Its value is of a type that this version does not know.
    pub is_unknown: bool,
}

/// Adds `entry`.
fn accept_one(tx: &WriteTx<'_>, entry: Entry) -> Result<Arrival, StoreError> {
    let header = entry.header();
    let invalid = |why: String| StoreError::InvalidEntry { id: header.id, why };
    if let Some(there) = entry_by_id(tx.conn, header.id).with_path(tx.store_path)? {
        // A body that is missing on one side was redacted; the equal headers vouch for the rest.
        let same = there.header_bytes() == entry.header_bytes()
            && (there.body_bytes().is_none()
                || entry.body_bytes().is_none()
                || there.body_bytes() == entry.body_bytes());
        return Ok(if same {
            Arrival::Known
        } else {
            Arrival::Altered
        });
    }
    entry.check_body().map_err(|e| invalid(e.to_string()))?;
    if i64::try_from(header.seq).map_or(true, |seq| seq < 1) {
        return Err(invalid(format!("{} is not a place in a chain", header.seq)));
    }
    if to_micros(header.recorded) != header.recorded {
        return Err(invalid("its time is finer than a microsecond".into()));
    }
    let destroys = entry.destroys();
    let gone =
        entry.body_bytes().is_some() && is_destroyed(tx.conn, &entry).with_path(tx.store_path)?;
    let entry = if gone {
        Entry::from_stored(entry.header_bytes().to_owned(), None)
            .map_err(|e| invalid(e.to_string()))?
    } else {
        entry
    };
    let value = Value::from_body(entry.body_bytes());
    let prepared = PreparedEntry::new(entry, &value);
    insert_entry(tx, &prepared, &value, false).with_path(tx.store_path)?;
    destroy_bodies(tx, &destroys)?;
    Ok(Arrival::New(NewEntry {
        was_destroyed: gone,
        is_unknown: matches!(value, Value::Unknown(_)),
        ..NewEntry::default()
    }))
}

/// True if another entry has the place of `entry` in its chain.
fn shares_place(conn: &Connection, entry: &Entry) -> rusqlite::Result<bool> {
    let header = entry.header();
    conn.prepare_cached(
        "SELECT 1 FROM entry WHERE incident IS ?1 AND origin=?2 AND seq=?3 AND id<>?4",
    )?
    .exists((
        header.incident.map(Uuid::into_bytes),
        header.origin.as_bytes(),
        header.seq.cast_signed(),
        header.id.as_bytes(),
    ))
}
