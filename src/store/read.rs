//! [`Reader`]: how queries are run, and the queries for one subject.

use super::{
    error::{ErrorContext, StoreError},
    merged::{merged_incidents, united_state, united_versions},
    row::{
        BODY_COLUMN, SUBJECT_COLUMNS, SUBJECT_FROM, entry_from_row, subject_from_row, subject_name,
        subject_type_code,
    },
};
use crate::domain::{
    entry::{Entry, heads},
    handle,
    incident::{SubjectState, SubjectWithHandle},
    subject::Subject,
};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, Transaction, TransactionBehavior};
use std::path::Path;
use uuid::Uuid;

/// Runs queries on a [`Store`](super::Store). Each query reads one snapshot.
///
/// Every query fails with a [`StoreError`] if the file cannot be read or is damaged; only other errors
/// have an `# Errors` section.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    pub(super) conn: &'a Connection,
    pub(super) path: &'a Path,
    pub(super) origin: Uuid,
}

impl<'a> Reader<'a> {
    pub(super) fn new(conn: &'a Connection, path: &'a Path, origin: Uuid) -> Self {
        Self { conn, path, origin }
    }

    /// Returns the origin of the entries that the store itself writes.
    #[must_use]
    pub fn origin(&self) -> Uuid {
        self.origin
    }

    /// Runs the queries in `work` on one snapshot of the store, whatever other processes commit
    /// meanwhile. This is also cheaper than one snapshot for each query. Calls can be nested.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn with_snapshot<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction = if self.conn.is_autocommit() {
            Some(
                Transaction::new_unchecked(self.conn, TransactionBehavior::Deferred)
                    .with_path(self.path)?,
            )
        } else {
            None
        };
        let result = work();
        drop(transaction);
        result
    }

    /// [`Reader::with_snapshot`] with the error type of this module, so that callers need not name it.
    pub(super) fn in_read_tx<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.with_snapshot(work)
    }

    /// Returns all rows of `sql`, each converted by `read`.
    pub(super) fn query_all<T>(
        &self,
        sql: &str,
        params: &[&dyn ToSql],
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let run = || {
            self.conn
                .prepare_cached(sql)?
                .query_map(params, read)?
                .collect()
        };
        let rows: rusqlite::Result<Vec<T>> = run();
        rows.with_path(self.path)
    }

    /// Returns the first row of `sql`, converted by `read`; `None` if there is none.
    pub(super) fn query_first<T>(
        &self,
        sql: &str,
        params: &[&dyn ToSql],
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut statement| statement.query_row(params, read).optional())
            .with_path(self.path)
    }

    /// Returns the current state of the subjects that match `condition`, SQL on `subject s`, its first
    /// entry `f` and its shown entry `e`; it may end with `ORDER BY` and `LIMIT`.
    pub(super) fn subjects(
        &self,
        condition: &str,
        params: &[&dyn ToSql],
    ) -> Result<Vec<SubjectWithHandle>, StoreError> {
        self.subjects_matching(condition, params, |_| true)
    }

    /// Like [`Reader::subjects`], but skips the rows whose stored body fails the cheap test
    /// `body_matches`, so that they are not decoded.
    pub(super) fn subjects_matching(
        &self,
        condition: &str,
        params: &[&dyn ToSql],
        body_matches: impl Fn(&str) -> bool,
    ) -> Result<Vec<SubjectWithHandle>, StoreError> {
        let sql = format!("SELECT {SUBJECT_COLUMNS} {SUBJECT_FROM} WHERE {condition}");
        let run = || -> rusqlite::Result<Vec<_>> {
            self.conn
                .prepare_cached(&sql)?
                .query_map(params, |row| {
                    let body = row.get_ref(BODY_COLUMN)?.as_str_or_null()?;
                    let matches = body_matches(body.unwrap_or_default());
                    matches.then(|| subject_from_row(row)).transpose()
                })?
                // Skipped rows must not take memory.
                .filter_map(Result::transpose)
                .collect()
        };
        run()
            .with_path(self.path)?
            .into_iter()
            .map(|((mut current, handle), others)| {
                if !others.is_empty() {
                    self.add_other_heads(&mut current, &others)?;
                }
                Ok((current, handle))
            })
            .collect()
    }

    /// Adds to `current` the other versions of it that no entry replaces, whose numbers are `others`.
    fn add_other_heads(
        &self,
        current: &mut SubjectState,
        others: &[i64],
    ) -> Result<(), StoreError> {
        let Some(shown) = self.entry(current.shown)? else {
            return Ok(());
        };
        for no in others {
            let other =
                self.query_first("SELECT header,body FROM entry WHERE no=?1", &[no], |row| {
                    entry_from_row(row, 0)
                })?;
            if let Some(other) = other {
                current.add_head(&shown, &other);
            }
        }
        Ok(())
    }

    /// Returns the handle for `id`: the shortest prefix that is unique in this store, at least
    /// [`handle::MIN_SHOWN_LEN`] letters.
    pub fn handle_of(&self, id: Uuid) -> Result<String, StoreError> {
        let mut handle = handle::from_id(id);
        let lengths: Vec<i64> = self.query_all(
            "SELECT letters FROM subject WHERE name=?1",
            &[&handle],
            |row| row.get(0),
        )?;
        let prefix_len = (lengths.into_iter().max())
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(handle::MIN_SHOWN_LEN);
        handle.truncate(prefix_len);
        Ok(handle)
    }

    /// True if an entry names `subject`. Of a field, a section or a service that counts for `incident` alone.
    pub fn knows_subject(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<bool, StoreError> {
        let key = (subject_name(subject, incident), subject_type_code(subject));
        let run = || {
            self.conn
                .prepare_cached("SELECT 1 FROM subject WHERE name=?1 AND sort=?2")?
                .exists(key)
        };
        run().with_path(self.path)
    }

    /// Returns the current state of `subject` with its handle (empty if it has none); `None` if no entry
    /// names it. `incident` matters for a field, a section or a service only, which counts what was
    /// written to an incident merged into this one.
    pub fn subject_state(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<Option<(SubjectState, String)>, StoreError> {
        self.in_read_tx(|| {
            if let (None, Some(id)) = (subject.id(), incident)
                && !merged_incidents(self.conn, id)
                    .with_path(self.path)?
                    .is_empty()
            {
                let state = united_state(self.conn, subject, id).with_path(self.path)?;
                return Ok(state.map(|state| (state, String::new())));
            }
            let name = subject_name(subject, incident);
            let subjects = self.subjects(
                "s.name=?1 AND s.sort=?2",
                &[&name, &subject_type_code(subject)],
            )?;
            Ok(subjects.into_iter().next())
        })
    }

    /// Returns the incidents that were merged into `incident`, directly or by way of others.
    pub fn merged_incidents(&self, incident: Uuid) -> Result<Vec<Uuid>, StoreError> {
        self.in_read_tx(|| merged_incidents(self.conn, incident).with_path(self.path))
    }

    /// Returns the ids of the versions of `subject` that no other version replaces, the shown one first.
    /// A change to the subject replaces these. Empty if no entry names it.
    pub fn subject_heads(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<Vec<Uuid>, StoreError> {
        let versions = self.subject_versions(subject, incident)?;
        Ok(heads(&versions)
            .into_iter()
            .map(|index| versions[index].header().id)
            .collect())
    }

    /// Returns all versions of `subject`, in the order in which they came to this store; those that were
    /// written to an incident merged into this one come last.
    pub fn subject_versions(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<Vec<Entry>, StoreError> {
        self.in_read_tx(|| united_versions(self.conn, subject, incident).with_path(self.path))
    }
}

/// Converts a limit for SQL: one that does not fit becomes `i64::MAX`.
pub(super) fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
