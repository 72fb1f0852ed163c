//! Entries of other stores in, and what a redaction destroys.

use super::{
    Store,
    append::{WriteTx, entry_by_id, insert_entry},
    error::{ErrorContext, StoreError},
    maintenance::BULK_THRESHOLD,
    projection::{self, SubjectKey},
    rebuild::destroyed_ids,
    search,
};
use crate::domain::{entry::Entry, time::to_micros, value::Value};
use uuid::Uuid;

impl Store {
    /// Takes in `entries` of other stores, all of them or none; those that are here already are
    /// passed over. Gives how many were new. Their order does not matter, nor where a chain has two
    /// entries at one place: both are kept.
    ///
    /// A redaction destroys the bodies it names also where they come in after it.
    ///
    /// # Errors
    /// [`StoreError::EntryMismatch`] where one has the id of an entry kept here and other bytes;
    /// [`StoreError::InvalidEntry`] where one cannot be an entry; else as [`Store::append`].
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
                let accepted = tx.track_io_error(accept_one(tx, &entry?));
                new += usize::from(accepted.map_err(&locate)?);
            }
            Ok(new)
        })
    }
}

/// True where `entry` was new.
fn accept_one(tx: &WriteTx<'_>, entry: &Entry) -> Result<bool, StoreError> {
    let header = entry.header();
    let refused = |why: String| StoreError::InvalidEntry { id: header.id, why };
    if let Some(there) = entry_by_id(tx.conn, header.id).with_path(tx.store_path)? {
        // A body that is gone on one side was redacted; the header tells that the rest is the same.
        let same = there.header_bytes() == entry.header_bytes()
            && (there.body_bytes().is_none()
                || entry.body_bytes().is_none()
                || there.body_bytes() == entry.body_bytes());
        return if same {
            Ok(false)
        } else {
            Err(StoreError::EntryMismatch(header.id))
        };
    }
    entry.check_body().map_err(|e| refused(e.to_string()))?;
    if i64::try_from(header.seq).map_or(true, |seq| seq < 1) {
        return Err(refused(format!("{} is no place in a chain", header.seq)));
    }
    if to_micros(header.recorded) != header.recorded {
        return Err(refused("its time is finer than a microsecond".into()));
    }
    let destroys = destroyed_ids(entry);
    // What destroys others is itself never destroyed: else it would depend on the order of arrival
    // what is left.
    let gone = destroys.is_empty()
        && entry.body_bytes().is_some()
        && tx
            .conn
            .prepare_cached("SELECT 1 FROM destroyed WHERE id=?1")
            .and_then(|mut statement| statement.exists([header.id.as_bytes()]))
            .with_path(tx.store_path)?;
    if gone {
        let bare = Entry::from_stored(entry.header_bytes().to_owned(), None)
            .map_err(|e| refused(e.to_string()))?;
        insert_entry(tx, &bare, &Value::from_body(None), false).with_path(tx.store_path)?;
    } else {
        insert_entry(tx, entry, &Value::from_body(entry.body_bytes()), false)
            .with_path(tx.store_path)?;
    }
    destroy_bodies(tx, &destroys)?;
    Ok(true)
}

/// Destroys the bodies of the entries `named`, now or when they come in.
pub(super) fn destroy_bodies(tx: &WriteTx<'_>, named: &[Uuid]) -> Result<(), StoreError> {
    let conn = tx.conn;
    for id in named {
        conn.prepare_cached("INSERT INTO destroyed(id)VALUES(?1)ON CONFLICT DO NOTHING")
            .and_then(|mut statement| statement.execute([id.as_bytes()]))
            .with_path(tx.store_path)?;
        let Some(victim) = entry_by_id(conn, *id).with_path(tx.store_path)? else {
            continue;
        };
        if victim.body_bytes().is_none() || !destroyed_ids(&victim).is_empty() {
            continue;
        }
        tx.needs_vacuum.set(true);
        let header = victim.header();
        conn.query_row("SELECT no FROM entry WHERE id=?1", [id.as_bytes()], |row| {
            row.get(0)
        })
        .and_then(|no| search::unindex_entry(conn, no, &victim))
        .and_then(|()| conn.execute("UPDATE entry SET body=NULL WHERE id=?1", [id.as_bytes()]))
        .and_then(|_| {
            projection::recompute_subject(
                tx,
                &header.subject,
                &SubjectKey::new(&header.subject, header.incident),
            )
        })
        .with_path(tx.store_path)?;
    }
    Ok(())
}
