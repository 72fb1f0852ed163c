//! Finds incidents by words of their first entries, in the full-text index.

use super::{
    error::StoreError,
    read::{Reader, sql_limit},
    row::{optional_uuid, read_seq},
};
use crate::domain::alike::{TokenKind, is_unspaced, kind_of, stems_in_group};
use uuid::Uuid;

/// An entry that has a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryOrigin {
    /// The incident that it was written to; `None` if it was written to none.
    pub incident: Option<Uuid>,
    /// Its position in the chain of that incident, from 1.
    pub seq: u64,
}

impl Reader<'_> {
    /// Returns the numbers of the newest entries that have `token`, a token of an
    /// [`Opening`](crate::domain::alike::Opening), at most `limit`, the newest first. Versions that are
    /// not shown any more are among them. None for a change of states, which is not in the index.
    pub fn entries_with_token(&self, token: &str, limit: usize) -> Result<Vec<i64>, StoreError> {
        let Some(query) = query_of(token) else {
            return Ok(Vec::new());
        };
        self.query_all(
            "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2",
            &[&query, &sql_limit(limit)],
            |row| row.get(0),
        )
    }

    /// Returns where entry number `no` was written.
    pub fn entry_origin(&self, no: i64) -> Result<Option<EntryOrigin>, StoreError> {
        self.query_first(
            "SELECT incident,seq FROM entry WHERE no=?1",
            &[&no],
            |row| {
                Ok(EntryOrigin {
                    incident: optional_uuid(row, 0)?,
                    seq: read_seq(row, 1)?,
                })
            },
        )
    }

    /// Returns the number of the newest entry; 0 if there is none.
    pub fn newest_entry(&self) -> Result<i64, StoreError> {
        let newest: Option<Option<i64>> =
            self.query_first("SELECT max(no) FROM entry", &[], |row| row.get(0))?;
        Ok(newest.flatten().unwrap_or(0))
    }

    /// Returns the number of incidents, without withdrawn and merged ones.
    pub fn incident_count(&self) -> Result<u64, StoreError> {
        let count = self.query_first(
            "SELECT count(*) FROM incident WHERE standing>1",
            &[],
            |row| read_seq(row, 0),
        )?;
        Ok(count.unwrap_or(0))
    }
}

/// The letters of the longest prefixes that the index has (`prefix` in [`super::schema`]): for a longer one FTS5
/// merges all that have it before it returns the first.
const INDEXED_PREFIX: usize = 8;

/// Returns the query for the words that begin as `stem` does. Of a long stem the first letters are looked for:
/// what is found is compared as a whole later.
fn prefix_query(stem: &str) -> String {
    let letters: String = stem.chars().take(INDEXED_PREFIX).collect();
    quoted(&letters) + "*"
}

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

/// Returns the query for a token in FTS5's syntax; `None` for a change of states.
fn query_of(token: &str) -> Option<String> {
    match kind_of(token) {
        TokenKind::States => None,
        TokenKind::Service | TokenKind::Tag => {
            let name = token.get(1..)?;
            name.chars()
                .any(char::is_alphanumeric)
                .then(|| quoted(name))
        }
        TokenKind::Group => {
            let stems: Vec<String> = stems_in_group(token).map(prefix_query).collect();
            (!stems.is_empty()).then(|| stems.join(" OR "))
        }
        // The index may have each character as a word, or the whole run.
        TokenKind::Word if token.chars().all(is_unspaced) => {
            let spaced: Vec<String> = token.chars().map(String::from).collect();
            Some(format!(
                "{}* OR {}",
                quoted(token),
                quoted(&spaced.join(" "))
            ))
        }
        TokenKind::Word => Some(prefix_query(token)),
    }
}
