//! Full-text search while typing: all words must match, the last one as a prefix; newest first.
//!
//! Hits are neither ranked nor counted: both take up to a second in a store of a million events, and
//! for an incident the newest hits are the useful ones.

use super::{
    error::{ErrorContext, StoreError},
    merged::merged_incidents,
    read::{Reader, sql_limit},
    row::{entry_from_row, optional_uuid, subject_from_columns},
};
use crate::domain::{entry::Entry, subject::Subject, value::Value};
use rusqlite::ToSql;
use uuid::Uuid;

/// How many words of a query are used; the rest is ignored. FTS5 has a limit of its own.
const MAX_QUERY_WORDS: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    /// Also finds superseded and retracted versions.
    pub include_inactive: bool,
    /// Only what this incident shows; `None` for all incidents and unfiled entries.
    pub incident: Option<Uuid>,
    pub limit: usize,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self {
            include_inactive: false,
            incident: None,
            limit: 50,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    pub subject: Subject,
    /// The incident that shows the subject now.
    pub incident: Option<Uuid>,
    /// The handle of the subject; empty if it has none.
    pub handle: String,
    /// The version that matched.
    pub entry: Entry,
    /// The value of that version.
    pub value: Value,
    /// True if that version is shown; false if it was superseded, retracted or undone.
    pub is_current: bool,
}

impl Reader<'_> {
    /// Returns the versions that contain all words of `query`, the last of them as a word or a prefix,
    /// newest first. A word may have any characters; `db-17` matches `db` followed by `17`. Empty if
    /// `query` has no letter or digit.
    pub fn search(
        &self,
        query: &str,
        options: &SearchOptions,
    ) -> Result<Vec<SearchHit>, StoreError> {
        let Some(fts_query) = to_fts_query(query) else {
            return Ok(Vec::new());
        };
        self.in_read_tx(|| self.search_fts(&fts_query, options))
    }

    fn search_fts(
        &self,
        fts_query: &str,
        options: &SearchOptions,
    ) -> Result<Vec<SearchHit>, StoreError> {
        let limit = sql_limit(options.limit);
        let incident = options.incident;
        let incident_bytes = incident.map(Uuid::into_bytes);
        let mut sql = String::from(
            "SELECT s.sort,s.id,s.name,s.incident,s.letters,s.shown=e.no AND s.flags&10=8,e.header,e.body FROM search JOIN entry e ON e.no=search.rowid JOIN subject s ON s.no=coalesce(e.about,e.no) WHERE search MATCH ?1",
        );
        let mut params: Vec<&dyn ToSql> = vec![&fts_query, &limit];
        // `flags&10=8`: visible (8) and not retracted (2).
        if !options.include_inactive {
            sql.push_str(" AND s.shown=e.no AND s.flags&10=8");
        }
        let (low, high);
        if let Some(incident) = incident {
            (low, high) = self.range_of(incident)?;
            sql.push_str(" AND search.rowid BETWEEN ?4 AND ?5 AND s.incident=?3");
            params.extend::<[&dyn ToSql; 3]>([&incident_bytes, &low, &high]);
        }
        sql.push_str(" ORDER BY search.rowid DESC LIMIT ?2");
        let hits = self.query_all(&sql, &params, |row| {
            let name = row.get_ref(2)?.as_str()?;
            let id = optional_uuid(row, 1)?;
            let prefix_len = usize::try_from(row.get::<_, i64>(4)?).unwrap_or_default();
            let handle = id.and(name.get(..prefix_len)).unwrap_or_default();
            let entry = entry_from_row(row, 6)?;
            Ok(SearchHit {
                subject: subject_from_columns(row.get(0)?, id, name),
                incident: optional_uuid(row, 3)?,
                handle: handle.to_owned(),
                value: Value::from_body(entry.body_bytes()),
                entry,
                is_current: row.get(5)?,
            })
        })?;
        let mut kept = Vec::with_capacity(hits.len());
        for mut hit in hits {
            hit.is_current &= self.is_shown_version(&hit)?;
            if hit.is_current || options.include_inactive {
                kept.push(hit);
            }
        }
        Ok(kept)
    }

    /// False if `hit` is a version of a field, section or service that another incident's version
    /// replaces, after a merge of the two.
    fn is_shown_version(&self, hit: &SearchHit) -> Result<bool, StoreError> {
        let (None, Some(incident)) = (hit.subject.id(), hit.incident) else {
            return Ok(true);
        };
        let state = self.subject_state(&hit.subject, Some(incident))?;
        Ok(state.is_some_and(|(state, _)| state.shown == hit.entry.header().id))
    }

    /// Returns the `no` of the first and of the last entry of `incident` and of those that were merged
    /// into it.
    fn range_of(&self, incident: Uuid) -> Result<(i64, i64), StoreError> {
        let mut incidents = merged_incidents(self.conn, incident).with_path(self.path)?;
        incidents.push(incident);
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        for id in incidents {
            let range = self.query_first(
                "SELECT low,high FROM incident WHERE id=?1",
                &[id.as_bytes()],
                |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
            )?;
            if let Some((first, last)) = range {
                (low, high) = (low.min(first), high.max(last));
            }
        }
        Ok((low, high))
    }
}

/// Converts `query` to FTS5 syntax, each word quoted, so that no character in it is an operator. `None`
/// if no word has a letter or a digit.
fn to_fts_query(query: &str) -> Option<String> {
    let words: Vec<String> = query
        .split(|c: char| c.is_whitespace() || c == '\0')
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MAX_QUERY_WORDS)
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect();
    (!words.is_empty()).then(|| words.join(" ") + "*")
}

#[cfg(test)]
mod tests {
    use super::to_fts_query;

    #[test]
    fn search_query_quotes_fts_operators() {
        assert_eq!(
            to_fts_query("db-17 OR lag").as_deref(),
            Some("\"db-17\" \"OR\" \"lag\"*")
        );
        assert_eq!(
            to_fts_query("say \"hi"),
            Some("\"say\" \"\"\"hi\"*".to_owned())
        );
        assert_eq!(to_fts_query(" -- * "), None);
    }
}
