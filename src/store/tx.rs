//! A write transaction, and what it gathers until its end.

use super::{
    error::StoreError,
    merged::shown_in,
    page_cache::{BULK_THRESHOLD, set_bulk_cache},
    row::entry_from_row,
};
use crate::domain::entry::Entry;
use rusqlite::{Connection, OptionalExtension};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    path::Path,
};
use uuid::Uuid;

/// A write transaction that is open on the connection of a store.
#[derive(Debug)]
pub(super) struct OpenTransaction {
    /// The origin before the transaction; a rollback brings it back.
    pub origin_before: Uuid,
    /// Set by a redaction: the file is vacuumed after the commit.
    pub needs_vacuum: bool,
    /// Set if the page cache was enlarged. It stays so until the end: made smaller after each of many
    /// writes, it would write pages to the log that the next one changes again.
    pub bulk_cache: bool,
    /// Set after an I/O error: the connection is opened again before it is used again.
    pub io_failed: bool,
    /// Set when a write in the transaction failed: it may be there in part, so the transaction is
    /// never committed.
    pub write_failed: bool,
}

/// A write transaction under way.
pub(super) struct WriteTx<'a> {
    pub conn: &'a Connection,
    pub origin: Uuid,
    pub store_path: &'a Path,
    /// Changes of the incidents' counts, by incident; written at the end.
    pub pending_counts: RefCell<BTreeMap<Uuid, PendingCounts>>,
    /// The incident that was last asked for, and the one that shows it.
    pub last_shown: Cell<Option<(Option<Uuid>, Option<Uuid>)>>,
    /// Set by a redaction: the file is vacuumed after the commit.
    pub needs_vacuum: Cell<bool>,
    /// Set if the page cache was enlarged.
    pub bulk_cache: Cell<bool>,
    /// Set after an I/O error: the connection is opened again before it is used again.
    pub io_failed: Cell<bool>,
}

impl<'a> WriteTx<'a> {
    /// A write to the store at `store_path`, inside a transaction of `conn`.
    pub fn new(conn: &'a Connection, origin: Uuid, store_path: &'a Path) -> Self {
        Self {
            conn,
            origin,
            store_path,
            pending_counts: RefCell::default(),
            last_shown: Cell::new(None),
            needs_vacuum: Cell::new(false),
            bulk_cache: Cell::new(false),
            io_failed: Cell::new(false),
        }
    }

    /// Enlarges the page cache for a write of `count` entries, if they are many.
    pub fn reserve_cache(&self, count: usize) {
        if count >= BULK_THRESHOLD && !self.bulk_cache.get() {
            set_bulk_cache(self.conn, true);
            self.bulk_cache.set(true);
        }
    }

    /// Returns [`shown_in`] of `incident`, which most entries of a write have in common.
    pub fn shown_in(&self, incident: Option<Uuid>) -> rusqlite::Result<Option<Uuid>> {
        match self.last_shown.get() {
            Some((last, shown)) if last == incident => Ok(shown),
            _ => {
                let shown = shown_in(self.conn, incident)?;
                self.last_shown.set(Some((incident, shown)));
                Ok(shown)
            }
        }
    }

    /// Has the row of `incident` computed again at the end of the transaction.
    pub fn mark_for_recompute(&self, incident: Uuid) {
        let mut counts = self.pending_counts.borrow_mut();
        counts.entry(incident).or_default().needs_recompute = true;
    }

    /// Forgets which incident shows which, after rows of incidents changed.
    pub fn forget_shown(&self) {
        self.last_shown.set(None);
    }

    /// Passes `result` on, and notes an I/O error.
    pub fn track_io_error<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result {
            self.io_failed.set(self.io_failed.get() || error.is_io());
        }
        result
    }
}

/// What a write transaction changes about the row of an incident. Collected during the transaction and
/// written once at its end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct PendingCounts {
    /// True if a milestone, field or service changed, so that the whole row must be recomputed.
    pub needs_recompute: bool,
    /// Number of events added; negative if events were removed.
    pub events: i64,
    /// Number of entries added.
    pub entries: i64,
    /// When the newest of these entries was recorded, in µs since the epoch.
    pub newest: i64,
    /// The `no` of the first of these entries.
    pub low: i64,
    /// The `no` of the last of these entries.
    pub high: i64,
}

impl PendingCounts {
    /// Adds an entry: number `no` of the journal, recorded at `recorded` µs since the epoch. Entries are
    /// added in ascending order of `no`.
    pub fn add(&mut self, no: i64, recorded: i64) {
        if self.entries == 0 {
            (self.newest, self.low) = (recorded, no);
        }
        self.entries += 1;
        self.newest = self.newest.max(recorded);
        self.high = no;
    }
}

pub(super) fn entry_by_id(conn: &Connection, id: Uuid) -> rusqlite::Result<Option<Entry>> {
    conn.prepare_cached("SELECT header,body FROM entry WHERE id=?1")?
        .query_row([id.as_bytes()], |row| entry_from_row(row, 0))
        .optional()
}
