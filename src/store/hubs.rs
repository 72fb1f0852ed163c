//! What a store remembers of the hubs where it meets other machines, and what a sync reads of the journal.
//!
//! It is remembered beside the journal, since a cursor moves in the transaction of the entries that it passes. It
//! is no truth: a sync without it compares everything again.

use super::{
    Store,
    error::{ErrorContext, StoreError},
    private::{PrivacyMarks, PrivateSpans},
    read::Reader,
    row::{PRIVATE, SHARED, entry_from_row, optional_uuid, read_seq},
    schema::StoreRow,
    subjects::{SubjectKey, find_subject_row, load_versions},
};
use crate::domain::{entry::Entry, subject::Subject};
use rusqlite::Connection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is remembered of one hub.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HubRow {
    /// The number of the last entry of which all up to it are at the hub.
    pub sent: i64,
    /// JSON.
    pub notes: String,
    /// Of each source its name, a position and a mark.
    pub cursors: Vec<(String, u64, String)>,
}

impl Store {
    /// Remembers `row` of the hub with `key`, in place of what was remembered.
    ///
    /// # Errors
    /// Those of [`Store::append`].
    pub fn remember_hub(&mut self, key: &str, row: &HubRow) -> Result<(), StoreError> {
        self.write(|tx| save(tx.conn, key, row).with_path(tx.store_path))
    }

    /// Returns the origin to write as, which is a new one if the file was copied or restored. Takes the write lock
    /// in that case alone.
    ///
    /// # Errors
    /// Those of [`Store::append`].
    pub fn claim_origin(&mut self) -> Result<Uuid, StoreError> {
        let row = StoreRow::load(&self.conn).with_path(&self.path)?;
        if row.file == self.file_id.to_columns() {
            self.origin = row.origin;
        } else {
            // Each write transaction claims it.
            self.write(|_| Ok::<_, StoreError>(()))?;
        }
        Ok(self.origin)
    }

    /// Begins a new origin: what is written from now on is another chain.
    ///
    /// # Errors
    /// Those of [`Store::append`].
    pub fn begin_new_origin(&mut self, origin: Uuid) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.conn
                .execute("UPDATE store SET origin=?1", [origin.as_bytes()])
                .with_path(tx.store_path)?;
            Ok::<_, StoreError>(())
        })?;
        self.origin = origin;
        Ok(())
    }
}

fn save(conn: &Connection, key: &str, row: &HubRow) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO hub(key,sent,notes)VALUES(?1,?2,?3)")?
        .execute((key, row.sent, &row.notes))?;
    conn.prepare_cached("DELETE FROM hub_cursor WHERE hub=?1")?
        .execute([key])?;
    let mut insert =
        conn.prepare_cached("INSERT INTO hub_cursor(hub,source,position,mark)VALUES(?1,?2,?3,?4)")?;
    for (source, position, mark) in &row.cursors {
        insert.execute((key, source, position.cast_signed(), mark))?;
    }
    Ok(())
}

impl Reader<'_> {
    /// Returns what is remembered of the hub with `key`; `None` if nothing is.
    pub fn hub(&self, key: &str) -> Result<Option<HubRow>, StoreError> {
        self.in_read_tx(|| {
            let row =
                self.query_first("SELECT sent,notes FROM hub WHERE key=?1", &[&key], |row| {
                    Ok(HubRow {
                        sent: row.get(0)?,
                        notes: row.get(1)?,
                        cursors: Vec::new(),
                    })
                })?;
            let Some(row) = row else {
                return Ok(None);
            };
            let cursors = self.query_all(
                "SELECT source,position,mark FROM hub_cursor WHERE hub=?1",
                &[&key],
                |row| {
                    let position: i64 = row.get(1)?;
                    Ok((row.get(0)?, position.cast_unsigned(), row.get(2)?))
                },
            )?;
            Ok(Some(HubRow { cursors, ..row }))
        })
    }

    /// Returns the keys and notes of all hubs that are remembered.
    pub fn hubs(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.query_all("SELECT key,notes FROM hub ORDER BY key", &[], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// Returns which incidents are marked private or shared.
    pub fn privacy_marks(&self) -> Result<PrivacyMarks, StoreError> {
        let rows = self.query_all(
            "SELECT name,flags&768 FROM subject WHERE flags&768",
            &[],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)),
        )?;
        let mut marks = PrivacyMarks::default();
        for (name, flags) in rows {
            // The name is the incident's id, a slash and the field.
            let Some(id) = name.split('/').next().and_then(|id| id.parse().ok()) else {
                continue;
            };
            match flags {
                PRIVATE => _ = marks.private.insert(id),
                SHARED => _ = marks.shared.insert(id),
                _ => match self.private_spans(id)? {
                    Some(spans) => _ = marks.formerly.insert(id, spans),
                    None => _ = marks.private.insert(id),
                },
            }
        }
        Ok(marks)
    }

    /// Returns what was written to `incident` while it was private, which was undone; `None` if it was declared
    /// private: then that is all of it.
    pub(super) fn private_spans(&self, incident: Uuid) -> Result<Option<PrivateSpans>, StoreError> {
        let field = Subject::Field("private".to_owned());
        let key = SubjectKey::new(&field, Some(incident));
        let Some(row) = find_subject_row(self.conn, &key).with_path(self.path)? else {
            return Ok(Some(PrivateSpans::default()));
        };
        let (versions, nos) = load_versions(self.conn, &row).with_path(self.path)?;
        let spans = PrivateSpans::of(&versions, &nos);
        for act in &spans.acts {
            let first = self.entry(*act)?;
            if first.is_some_and(|first| first.header().subject == Subject::Event(incident)) {
                return Ok(None);
            }
        }
        Ok(Some(spans))
    }

    /// Returns the incident that shows the subject of entry number `no`; `None` if it is in none.
    pub fn shown_incident_of(&self, no: i64) -> Result<Option<Uuid>, StoreError> {
        let incident = self.query_first(
            "SELECT s.incident FROM entry c JOIN subject s ON s.no=coalesce(c.about,c.no) WHERE c.no=?1",
            &[&no],
            |row| optional_uuid(row, 0),
        )?;
        Ok(incident.flatten())
    }

    /// Returns the ids of all incidents of which an entry is here.
    pub fn incident_ids(&self) -> Result<BTreeSet<Uuid>, StoreError> {
        let ids = self.query_all("SELECT id FROM incident", &[], |row| {
            Ok(Uuid::from_bytes(row.get(0)?))
        })?;
        Ok(ids.into_iter().collect())
    }

    /// Returns how many entries after number `no` there are, by incident.
    pub fn count_after(&self, no: i64) -> Result<Vec<(Option<Uuid>, u64)>, StoreError> {
        self.query_all(
            "SELECT incident,count(*) FROM entry WHERE no>?1 GROUP BY incident",
            &[&no],
            |row| Ok((optional_uuid(row, 0)?, read_seq(row, 1)?)),
        )
    }

    /// Returns the number of the first entry in the chains of `incident`, or of the unassigned ones.
    pub fn first_number_in(&self, incident: Option<Uuid>) -> Result<Option<i64>, StoreError> {
        let first = self.query_first(
            "SELECT min(no) FROM entry WHERE incident IS ?1",
            &[&incident.map(Uuid::into_bytes)],
            |row| row.get(0),
        )?;
        Ok(first.flatten())
    }

    /// Returns the number of the first entry about anything that `incident` shows, or that is unassigned.
    pub fn first_number_shown_in(&self, incident: Option<Uuid>) -> Result<Option<i64>, StoreError> {
        let first = self.query_first(
            "SELECT min(no) FROM subject WHERE incident IS ?1",
            &[&incident.map(Uuid::into_bytes)],
            |row| row.get(0),
        )?;
        Ok(first.flatten())
    }

    /// Returns all entries that destroy the bodies of others.
    pub fn redactions(&self) -> Result<Vec<Entry>, StoreError> {
        let mut entries = self.query_all(
            "SELECT header,body FROM entry WHERE body LIKE '%\"destroys\":%' ORDER BY no",
            &[],
            |row| entry_from_row(row, 0),
        )?;
        entries.retain(|entry| !entry.destroys().is_empty());
        Ok(entries)
    }
}
