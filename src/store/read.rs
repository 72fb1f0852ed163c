//! How questions are asked, and those about one subject.

use super::{
    error::{ErrorContext, StoreError},
    projection::{self, SubjectKey},
    row::{
        BODY_COLUMN, SUBJECT_COLUMNS, SUBJECT_FROM, optional_uuid, subject_from_row, subject_name,
        subject_type_code,
    },
};
use crate::domain::{
    entry::Entry,
    handle,
    incident::{SubjectState, SubjectWithHandle},
    subject::{Subject, heads},
};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, Transaction, TransactionBehavior};
use std::path::Path;
use uuid::Uuid;

/// Asks a [`Store`](super::Store). Each question is answered from one moment.
///
/// All of them fail alike, where the file cannot be read or is damaged: `# Errors` of a method says
/// only what there is beside that.
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

    /// Whose entries the store writes.
    #[must_use]
    pub fn origin(&self) -> Uuid {
        self.origin
    }

    /// Runs `work`, several questions, on one moment of the store, whatever others commit meanwhile. It
    /// also costs less than each of them on a moment of its own.
    ///
    /// # Errors
    /// Those of `work`; see [`Reader`].
    pub fn with_snapshot<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let held = if self.conn.is_autocommit() {
            Some(
                Transaction::new_unchecked(self.conn, TransactionBehavior::Deferred)
                    .with_path(self.path)?,
            )
        } else {
            None
        };
        let done = work();
        drop(held);
        done
    }

    /// The same for questions of the store's own.
    pub(super) fn in_read_tx<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.with_snapshot(work)
    }

    /// All rows of a question.
    pub(super) fn query_all<T>(
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
        rows.with_path(self.path)
    }

    /// The first row of a question.
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

    /// Subjects as they stand, where `condition` holds for `subject s`.
    pub(super) fn subjects(
        &self,
        condition: &str,
        params: &[&dyn ToSql],
    ) -> Result<Vec<SubjectWithHandle>, StoreError> {
        self.subjects_matching(condition, params, |_| true)
    }

    /// The same, but for those whose stored bytes `holds` does not take.
    pub(super) fn subjects_matching(
        &self,
        condition: &str,
        params: &[&dyn ToSql],
        holds: impl Fn(&str) -> bool,
    ) -> Result<Vec<SubjectWithHandle>, StoreError> {
        let sql = format!("SELECT {SUBJECT_COLUMNS} {SUBJECT_FROM} WHERE {condition}");
        let ask = || -> rusqlite::Result<Vec<_>> {
            self.conn
                .prepare_cached(&sql)?
                .query_map(params, |row| {
                    let body = row.get_ref(BODY_COLUMN)?.as_str_or_null()?;
                    let taken = holds(body.unwrap_or_default());
                    taken.then(|| subject_from_row(row)).transpose()
                })?
                // Those that are not taken take no room.
                .filter_map(Result::transpose)
                .collect()
        };
        ask()
            .with_path(self.path)?
            .into_iter()
            .map(|((mut current, handle), others)| {
                for no in others {
                    let id =
                        self.query_first("SELECT id FROM entry WHERE no=?1", &[&no], |row| {
                            optional_uuid(row, 0)
                        })?;
                    current.conflicts.extend(id.flatten());
                }
                Ok((current, handle))
            })
            .collect()
    }

    /// The handle of what bears `id`, long enough to tell it from all others here.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn handle_of(&self, id: Uuid) -> Result<String, StoreError> {
        let mut whole = handle::from_id(id);
        let letters: Option<Option<i64>> = self.query_first(
            "SELECT max(letters) FROM subject WHERE name=?1",
            &[&whole],
            |row| row.get(0),
        )?;
        let letters = letters
            .flatten()
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(handle::MIN_SHOWN_LEN);
        whole.truncate(letters);
        Ok(whole)
    }

    /// `subject` as it stands, with its handle (empty where it has none). Of a field, a section or a
    /// service: in `incident`.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn subject_state(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<Option<(SubjectState, String)>, StoreError> {
        self.in_read_tx(|| {
            let name = subject_name(subject, incident);
            let found = self.subjects(
                "s.name=?1 AND s.sort=?2",
                &[&name, &subject_type_code(subject)],
            )?;
            Ok(found.into_iter().next())
        })
    }

    /// The versions of `subject` that no other replaces, the one shown first: what a change of it is
    /// to replace. Empty where there is none yet.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn subject_heads(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<Vec<Uuid>, StoreError> {
        let versions = self.subject_versions(subject, incident)?;
        Ok(heads(&versions)
            .into_iter()
            .map(|at| versions[at].header().id)
            .collect())
    }

    /// All versions of `subject`, in the order in which they came to this store.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn subject_versions(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<Vec<Entry>, StoreError> {
        self.in_read_tx(|| {
            let found =
                projection::find_subject_row(self.conn, &SubjectKey::new(subject, incident))
                    .with_path(self.path)?;
            match found {
                Some(kept) => Ok(projection::load_versions(self.conn, &kept)
                    .with_path(self.path)?
                    .0),
                None => Ok(Vec::new()),
            }
        })
    }
}

/// A limit as SQLite takes it.
pub(super) fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
