//! How questions are asked, and those about one subject.

use super::{
    error::{About, StoreError},
    project::{self, Key},
    row::{PIECE, PIECE_BODY, PIECE_FROM, name_of, piece, sort_of, uuid},
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
    pub fn at_one_moment<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
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

    /// The same for questions of the store's own.
    pub(super) fn steady<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.at_one_moment(work)
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
    ) -> Result<Vec<SubjectWithHandle>, StoreError> {
        self.pieces_where(condition, params, |_| true)
    }

    /// The same, but for those whose stored bytes `holds` does not take.
    pub(super) fn pieces_where(
        &self,
        condition: &str,
        params: &[&dyn ToSql],
        holds: impl Fn(&str) -> bool,
    ) -> Result<Vec<SubjectWithHandle>, StoreError> {
        let sql = format!("SELECT {PIECE} {PIECE_FROM} WHERE {condition}");
        let ask = || -> rusqlite::Result<Vec<_>> {
            self.conn
                .prepare_cached(&sql)?
                .query_map(params, |row| {
                    let body = row.get_ref(PIECE_BODY)?.as_str_or_null()?;
                    let taken = holds(body.unwrap_or_default());
                    taken.then(|| piece(row)).transpose()
                })?
                // Those that are not taken take no room.
                .filter_map(Result::transpose)
                .collect()
        };
        ask()
            .about(self.path)?
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

    /// The handle of what bears `id`, long enough to tell it from all others here.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn handle_of(&self, id: Uuid) -> Result<String, StoreError> {
        let mut whole = handle::from_id(id);
        let letters: Option<Option<i64>> = self.one(
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
    pub fn current(
        &self,
        subject: &Subject,
        incident: Option<Uuid>,
    ) -> Result<Option<(SubjectState, String)>, StoreError> {
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
        Ok(heads(&versions)
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
}

/// A limit as SQLite takes it.
pub(super) fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
