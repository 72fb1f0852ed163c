//! Questions: incidents, subjects, and the journal itself.

use super::{
    append::by_id,
    error::{About, StoreError},
    project::{self, Key},
    row::{PIECE, PIECE_FROM, entry as entry_of, name_of, piece, sort_of, uuid},
    summary,
};
use crate::domain::{
    entry::{Entry, Head},
    handle,
    hash::Hash,
    incident::{Current, Incident, Piece},
    subject::{Subject, standing},
    time::{Instant, from_micros},
    words::{Severity, State},
};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, Transaction, TransactionBehavior};
use std::path::Path;
use uuid::Uuid;

/// How many of a chain's newest entries are looked through for an author's own.
const LOOKED_THROUGH: i64 = 10_000;

/// Asks a [`Store`](super::Store). Each question is answered from one moment.
///
/// All of them fail alike, where the file cannot be read or is damaged: `# Errors` of a method says
/// only what there is beside that.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    pub(super) conn: &'a Connection,
    pub(super) path: &'a Path,
    origin: Uuid,
}

/// An incident as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its id, which is also that of the event that declared it.
    pub id: Uuid,
    /// Its handle.
    pub handle: String,
    /// Its number; none where its declaration has not arrived yet.
    pub number: Option<u32>,
    /// Its title; empty where its declaration has not arrived yet.
    pub title: String,
    /// The zone in which its times are read and shown.
    pub zone: String,
    /// The severity that holds now.
    pub severity: Option<Severity>,
    /// Who commands now.
    pub commander: Option<String>,
    /// The names of its services.
    pub services: Vec<String>,
    /// When it was declared; none where its declaration has not arrived yet.
    pub declared: Option<Instant>,
    /// When it was resolved; none while it is open.
    pub resolved: Option<Instant>,
    /// The worst state of its services; none until something gives one.
    pub state: Option<State>,
    /// The incident that it was merged into.
    pub merged_into: Option<Uuid>,
    /// True where it can be written to without being named: declared, and neither resolved nor merged.
    pub open: bool,
    /// How many events it has, retracted ones not counted.
    pub events: u64,
    /// How many entries its chains have.
    pub entries: u64,
    /// When its newest entry was recorded.
    pub newest: Instant,
}

const INCIDENT: &str = "SELECT i.id,i.number,i.title,i.zone,i.severity,i.state,i.declared,i.resolved,i.merged,i.standing,i.events,i.entries,i.newest,i.commander,i.services FROM incident i";

impl<'a> Reader<'a> {
    pub(super) fn new(conn: &'a Connection, path: &'a Path, origin: Uuid) -> Self {
        Self { conn, path, origin }
    }

    /// Whose entries the store writes.
    #[must_use]
    pub fn origin(&self) -> Uuid {
        self.origin
    }

    /// Runs `work` on one moment of the store, whatever others commit meanwhile.
    pub(super) fn steady<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let held = if self.conn.is_autocommit() {
            Some(
                Transaction::new_unchecked(self.conn, TransactionBehavior::Deferred)
                    .about(self.path)?,
            )
        } else {
            None
        };
        let done = work();
        drop(held);
        done
    }

    /// All rows of a question.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: &[&dyn ToSql],
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let ask = || {
            self.conn
                .prepare_cached(sql)?
                .query_map(params, read)?
                .collect()
        };
        let rows: rusqlite::Result<Vec<T>> = ask();
        rows.about(self.path)
    }

    /// The first row of a question.
    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: &[&dyn ToSql],
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(params, read).optional())
            .about(self.path)
    }

    /// Subjects as they stand, where `condition` holds for `subject s`.
    pub(super) fn pieces(
        &self,
        condition: &str,
        params: &[&dyn ToSql],
    ) -> Result<Vec<Piece>, StoreError> {
        let sql = format!("SELECT {PIECE} {PIECE_FROM} WHERE {condition}");
        let found = self.all(&sql, params, piece)?;
        found
            .into_iter()
            .map(|((mut current, handle), others)| {
                for no in others {
                    let id = self.one("SELECT id FROM entry WHERE no=?1", &[&no], |row| {
                        uuid(row, 0)
                    })?;
                    current.conflicts.extend(id.flatten());
                }
                Ok((current, handle))
            })
            .collect()
    }

    /// Incident `id` with all that stands in it; `None` where the store has no entry of it.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn incident(&self, id: Uuid) -> Result<Option<Incident>, StoreError> {
        self.steady(|| {
            let newest = self.one(
                "SELECT newest FROM incident WHERE id=?1",
                &[id.as_bytes()],
                |row| row.get(0),
            )?;
            let Some(newest) = newest else {
                return Ok(None);
            };
            let mut pieces = self.pieces("s.incident=?1", &[id.as_bytes()])?;
            // Services named outside any incident lend their public names.
            pieces.extend(self.pieces("s.incident IS NULL AND s.at IS NULL AND s.sort=6", &[])?);
            let heads = self.heads_in(Some(id))?;
            let handle = self.handle_of(id)?;
            Ok(Some(Incident::assemble(
                id,
                handle,
                pieces,
                heads,
                from_micros(newest),
            )))
        })
    }

    /// All incidents, the newest first; those whose declaration was taken back are left out.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        self.incident_rows(
            "WHERE i.standing>0 ORDER BY i.declared DESC,i.newest DESC,i.id",
            &[],
        )
    }

    /// The incidents that are open, the newest first.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn open_incidents(&self) -> Result<Vec<IncidentRow>, StoreError> {
        self.incident_rows("WHERE i.standing=3 ORDER BY i.declared DESC,i.id", &[])
    }

    /// The incident declared last, open or not; those merged into another are passed over.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn latest_incident(&self) -> Result<Option<IncidentRow>, StoreError> {
        let mut found = Vec::new();
        for standing in [summary::OVER, summary::OPEN] {
            found.extend(self.incident_rows(
                "WHERE i.standing=?1 ORDER BY i.declared DESC,i.id LIMIT 1",
                &[&standing],
            )?);
        }
        Ok(found.into_iter().max_by_key(|row| row.declared))
    }

    /// The incidents with number `number`: more than one where two machines both gave it while apart.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn by_number(&self, number: u32) -> Result<Vec<IncidentRow>, StoreError> {
        self.incident_rows(
            "WHERE i.number=?1 AND i.standing>0 ORDER BY i.declared,i.id",
            &[&number],
        )
    }

    /// The row of incident `id`.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn incident_row(&self, id: Uuid) -> Result<Option<IncidentRow>, StoreError> {
        Ok(self.incident_rows("WHERE i.id=?1", &[id.as_bytes()])?.pop())
    }

    /// The number for the next incident: one more than the greatest in use here.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn next_number(&self) -> Result<u32, StoreError> {
        let greatest: Option<Option<u32>> =
            self.one("SELECT max(number) FROM incident", &[], |row| row.get(0))?;
        Ok(greatest.flatten().unwrap_or(0).saturating_add(1))
    }

    fn incident_rows(
        &self,
        rest: &str,
        params: &[&dyn ToSql],
    ) -> Result<Vec<IncidentRow>, StoreError> {
        self.steady(|| {
            let mut rows = self.all(&format!("{INCIDENT} {rest}"), params, incident_row)?;
            for row in &mut rows {
                row.handle = self.handle_of(row.id)?;
            }
            Ok(rows)
        })
    }

    /// The handle of what bears `id`, long enough to tell it from all others here.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn handle_of(&self, id: Uuid) -> Result<String, StoreError> {
        let mut whole = handle::of(id);
        let letters: Option<Option<i64>> = self.one(
            "SELECT max(letters) FROM subject WHERE name=?1",
            &[&whole],
            |row| row.get(0),
        )?;
        let letters = letters
            .flatten()
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(handle::SHOWN);
        whole.truncate(letters);
        Ok(whole)
    }

    /// `subject` as it stands, with its handle (empty where it has none). Of a field, a section or a
    /// service: in `incident`.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn current(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<Option<(Current, String)>, StoreError> {
        self.steady(|| {
            let name = name_of(subject, incident);
            let found = self.pieces("s.name=?1 AND s.sort=?2", &[&name, &sort_of(subject)])?;
            Ok(found.into_iter().next())
        })
    }

    /// The versions of `subject` that no other replaces, the one shown first: what a change of it is
    /// to replace. Empty where there is none yet.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn heads_of(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<Vec<Uuid>, StoreError> {
        let versions = self.versions(subject, incident)?;
        Ok(standing(&versions)
            .into_iter()
            .map(|at| versions[at].header().id)
            .collect())
    }

    /// All versions of `subject`, in the order in which they came to this store.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn versions(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<Vec<Entry>, StoreError> {
        self.steady(|| {
            let found = project::kept(self.conn, &Key::of(subject, incident)).about(self.path)?;
            match found {
                Some(kept) => Ok(project::versions(self.conn, &kept).about(self.path)?.0),
                None => Ok(Vec::new()),
            }
        })
    }

    /// The entry with `id`.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn entry(&self, id: Uuid) -> Result<Option<Entry>, StoreError> {
        by_id(self.conn, id).about(self.path)
    }

    /// At most `limit` entries that this store wrote in the chain of `incident` (none: the unfiled
    /// ones), the newest first, before sequence number `before`. For undo.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn chain_backwards(
        &self,
        incident: Option<Uuid>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let before = before.map_or(i64::MAX, |seq| i64::try_from(seq).unwrap_or(i64::MAX));
        self.all(
            "SELECT header,body FROM entry WHERE incident IS ?1 AND origin=?2 AND seq<?3 ORDER BY seq DESC LIMIT ?4",
            &[&incident.map(Uuid::into_bytes), self.origin.as_bytes(), &before, &bound(limit)],
            |row| entry_of(row, 0),
        )
    }

    /// The newest entry that this store wrote for `author`, in whatever incident; looked for among
    /// the newest ten thousand.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn newest_own(&self, author: &str) -> Result<Option<Entry>, StoreError> {
        self.one(
            "SELECT header,body FROM entry WHERE no>(SELECT max(no) FROM entry)-?3 AND origin=?1 AND author=?2 ORDER BY no DESC LIMIT 1",
            &[self.origin.as_bytes(), &author, &LOOKED_THROUGH],
            |row| entry_of(row, 0),
        )
    }

    /// At most `limit` entries in the order in which they came to this store, after place `after` (0:
    /// from the first on), each with its place. For an export, and for other machines.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn journal(&self, after: i64, limit: usize) -> Result<Vec<(i64, Entry)>, StoreError> {
        self.all(
            "SELECT no,header,body FROM entry WHERE no>?1 ORDER BY no LIMIT ?2",
            &[&after, &bound(limit)],
            |row| Ok((row.get(0)?, entry_of(row, 1)?)),
        )
    }

    /// At most `limit` entries of the chain of `origin` in `incident`, oldest first, after sequence
    /// number `after`.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn chain(
        &self,
        origin: Uuid,
        incident: Option<Uuid>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        self.all(
            "SELECT header,body FROM entry WHERE incident IS ?1 AND origin=?2 AND seq>?3 ORDER BY seq,no LIMIT ?4",
            &[&incident.map(Uuid::into_bytes), origin.as_bytes(), &after, &bound(limit)],
            |row| entry_of(row, 0),
        )
    }

    /// When the first event of `incident` occurred.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn begun(&self, incident: Uuid) -> Result<Option<Instant>, StoreError> {
        let at: Option<Option<i64>> = self.one(
            "SELECT min(at) FROM subject WHERE incident=?1",
            &[incident.as_bytes()],
            |row| row.get(0),
        )?;
        Ok(at.flatten().map(from_micros))
    }

    /// All that stands in `incident`, each with its handle.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn standing_in(&self, incident: Uuid) -> Result<Vec<Piece>, StoreError> {
        let mut pieces = self.steady(|| self.pieces("s.incident=?1", &[incident.as_bytes()]))?;
        pieces.retain(|(current, _)| current.value.is_there());
        Ok(pieces)
    }

    /// How many entries the journal has.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn entry_count(&self) -> Result<u64, StoreError> {
        Ok(self
            .one("SELECT max(no) FROM entry", &[], |row| {
                row.get::<_, Option<i64>>(0)
            })?
            .flatten()
            .map_or(0, i64::cast_unsigned))
    }

    /// Where each chain of `incident` (none: of unfiled entries) stands, by origin.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn heads(&self, incident: Option<Uuid>) -> Result<Vec<Head>, StoreError> {
        self.steady(|| self.heads_in(incident))
    }

    fn heads_in(&self, incident: Option<Uuid>) -> Result<Vec<Head>, StoreError> {
        let incident = incident.map(Uuid::into_bytes);
        let mut heads = Vec::new();
        let mut after: Vec<u8> = Vec::new();
        // From origin to origin, one look at the index for each.
        while let Some(head) = self.one(
            "SELECT origin,seq,header FROM entry WHERE incident IS ?1 AND origin=(SELECT min(origin) FROM entry WHERE incident IS ?1 AND origin>?2) ORDER BY seq DESC LIMIT 1",
            &[&incident, &after],
            |row| {
                Ok(Head {
                    origin: Uuid::from_bytes(row.get(0)?),
                    seq: super::row::seq(row, 1)?,
                    hash: Some(Hash::of(row.get_ref(2)?.as_bytes()?)),
                })
            },
        )? {
            after = head.origin.into_bytes().to_vec();
            heads.push(head);
        }
        Ok(heads)
    }
}

/// A limit as SQLite takes it.
pub(super) fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn incident_row(row: &Row<'_>) -> rusqlite::Result<IncidentRow> {
    let state: Option<String> = row.get(5)?;
    let time = |at: usize| -> rusqlite::Result<Option<Instant>> {
        Ok(row.get::<_, Option<i64>>(at)?.map(from_micros))
    };
    Ok(IncidentRow {
        id: Uuid::from_bytes(row.get(0)?),
        handle: String::new(),
        number: row.get(1)?,
        title: row.get(2)?,
        zone: row.get(3)?,
        severity: row.get::<_, Option<u8>>(4)?.and_then(Severity::new),
        state: state.and_then(|word| word.parse().ok()),
        declared: time(6)?,
        resolved: time(7)?,
        merged_into: uuid(row, 8)?,
        open: row.get::<_, i64>(9)? == summary::OPEN,
        events: super::row::seq(row, 10)?,
        entries: super::row::seq(row, 11)?,
        newest: from_micros(row.get(12)?),
        commander: row.get(13)?,
        services: serde_json::from_str(row.get_ref(14)?.as_str()?).unwrap_or_default(),
    })
}
