//! Searches all incidents: words by the full-text index, filters by looking at the entries; newest first.
//!
//! Hits are neither ranked nor counted: both take up to a second in a store of a million events, and
//! for an incident the newest hits are the useful ones.

use super::{
    error::{ErrorContext, StoreError},
    merged::merged_incidents,
    read::Reader,
    row::{entry_from_row, optional_uuid, subject_from_columns},
    search_filter::{RawRow, SearchFilter},
    search_options::SearchOptions,
};
use crate::domain::{
    entry::Entry,
    search::{Query, Word, index_text},
    subject::Subject,
    value::Value,
};
use rusqlite::{Row, ToSql};
use uuid::Uuid;

/// How many words of a query are used; the rest is ignored. FTS5 has a limit of its own.
const MAX_QUERY_WORDS: usize = 32;
/// The position of `header` and `body` among the columns of a search.
const ENTRY_COLUMN: usize = 8;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchAnswer {
    /// Newest first.
    pub hits: Vec<SearchHit>,
    /// True if older entries were not looked at, because of `max_scanned`.
    pub is_partial: bool,
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
    /// Returns the versions that contain all words of `text`, the last of them as a word or a prefix,
    /// newest first. A word may have any characters; `db-17` matches `db` followed by `17`. Empty if
    /// `text` has no letter or digit.
    pub fn search(
        &self,
        text: &str,
        options: &SearchOptions,
    ) -> Result<Vec<SearchHit>, StoreError> {
        Ok(self.search_query(&Query::of_words(text), options)?.hits)
    }

    /// Returns the versions that `query` finds, newest first. Its times and incidents are not read here:
    /// they are in `options`. Nothing is found by a query that asks for nothing.
    pub fn search_query(
        &self,
        query: &Query,
        options: &SearchOptions,
    ) -> Result<SearchAnswer, StoreError> {
        if query.is_empty() {
            return Ok(SearchAnswer::default());
        }
        self.in_read_tx(|| self.scan(query, options))
    }

    fn scan(&self, query: &Query, options: &SearchOptions) -> Result<SearchAnswer, StoreError> {
        let services = self.with_earlier_names(&query.services.any)?;
        let fts_query = to_fts_query(query, &services.unwrap_or_default());
        let author = match query.authors.is_empty() {
            true => "e.author",
            false => "(SELECT author FROM entry WHERE no=s.first)",
        };
        let from = match fts_query {
            Some(_) => "search CROSS JOIN entry e ON e.no=search.rowid",
            None => "entry e",
        };
        let no = if fts_query.is_some() {
            "search.rowid"
        } else {
            "e.no"
        };
        // `flags&10=8`: visible (8) and not retracted (2).
        let mut sql = format!(
            "SELECT s.sort,s.id,s.name,s.incident,s.letters,s.shown=e.no AND s.flags&10=8,coalesce(s.at,e.recorded),{author},e.header,e.body FROM {from} CROSS JOIN subject s ON s.no=coalesce(e.about,e.no) WHERE e.body NOT NULL"
        );
        let mut params: Vec<&dyn ToSql> = Vec::new();
        if let Some(fts_query) = &fts_query {
            sql.push_str(" AND search MATCH ?");
            params.push(fts_query);
        }
        let (range, incident_bytes);
        if let Some(incident) = options.incident {
            range = self.range_of(incident)?;
            incident_bytes = incident.into_bytes();
            sql.push_str(&format!(" AND {no} BETWEEN ? AND ? AND s.incident=?"));
            params.extend::<[&dyn ToSql; 3]>([&range.0, &range.1, &incident_bytes]);
        }
        sql.push_str(&format!(" ORDER BY {no} DESC"));
        let mut filter = SearchFilter::new(*self, query, options, fts_query.is_none());
        let mut answer = SearchAnswer::default();
        let mut statement = self.conn.prepare_cached(&sql).with_path(self.path)?;
        let mut rows = statement.query(params.as_slice()).with_path(self.path)?;
        let mut scanned = 0;
        while answer.hits.len() < options.limit
            && let Some(row) = rows.next().with_path(self.path)?
        {
            scanned += 1;
            if scanned > options.max_scanned {
                answer.is_partial = true;
                break;
            }
            let is_current: bool = row.get(5).with_path(self.path)?;
            if !is_current && !options.include_inactive {
                continue;
            }
            if !filter.may_pass(&raw_row(row).with_path(self.path)?)? {
                continue;
            }
            let mut hit = hit_from_row(row, is_current).with_path(self.path)?;
            if !filter.passes(hit.incident, &hit.value)? {
                continue;
            }
            hit.is_current &= self.is_shown_version(&hit)?;
            if hit.is_current || options.include_inactive {
                answer.hits.push(hit);
            }
        }
        Ok(answer)
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

fn raw_row<'r>(row: &'r Row<'_>) -> rusqlite::Result<RawRow<'r>> {
    Ok(RawRow {
        incident: optional_uuid(row, 3)?,
        at: row.get(6)?,
        author: row.get_ref(7)?.as_str()?,
        body: row.get_ref(ENTRY_COLUMN + 1)?.as_str()?,
    })
}

fn hit_from_row(row: &Row<'_>, is_current: bool) -> rusqlite::Result<SearchHit> {
    let name = row.get_ref(2)?.as_str()?;
    let id = optional_uuid(row, 1)?;
    let prefix_len = usize::try_from(row.get::<_, i64>(4)?).unwrap_or_default();
    let handle = id.and(name.get(..prefix_len)).unwrap_or_default();
    let entry = entry_from_row(row, ENTRY_COLUMN)?;
    Ok(SearchHit {
        subject: subject_from_columns(row.get(0)?, id, name),
        incident: optional_uuid(row, 3)?,
        handle: handle.to_owned(),
        value: Value::from_body(entry.body_bytes()),
        entry,
        is_current,
    })
}

/// Converts the words of `query` to FTS5 syntax, each as a phrase in quotes, so that no character in it is
/// an operator. Tags and services are in the index as well: what has none of those asked for, and none of
/// `services`, need not be looked at. `None` if all entries have to be looked at.
fn to_fts_query(query: &Query, services: &[String]) -> Option<String> {
    let phrase = |word: &Word| {
        let text = index_text(&word.text)
            .replace('"', "\"\"")
            .replace('\0', " ");
        let star = if word.finds_longer_words() { "*" } else { "" };
        format!("\"{text}\"{star}")
    };
    let words = query.words.iter().take(MAX_QUERY_WORDS);
    let mut required: Vec<String> = words.map(phrase).collect();
    for names in [query.tags.any.as_slice(), services] {
        let names = names.iter().map(|name| Word {
            text: name.clone(),
            is_prefix: false,
        });
        let names: Vec<Word> = names.collect();
        if (1..=MAX_QUERY_WORDS).contains(&names.len()) && names.iter().all(Word::is_searchable) {
            let names: Vec<String> = names.iter().map(phrase).collect();
            required.push(format!("({})", names.join(" OR ")));
        }
    }
    if required.is_empty() {
        return None;
    }
    let mut fts_query = format!("({})", required.join(" AND "));
    for word in query.without.iter().take(MAX_QUERY_WORDS) {
        fts_query.push_str(&format!(" NOT {}", phrase(word)));
    }
    Some(fts_query)
}

#[cfg(test)]
mod tests {
    use super::to_fts_query;
    use crate::domain::search::Query;

    #[test]
    fn search_query_quotes_fts_operators() {
        let fts = |text: &str| {
            let query = Query::parse(text).unwrap();
            to_fts_query(&query, &query.services.any)
        };
        for (typed, expected) in [
            ("db-17 OR lag", "(\"db-17\" AND \"OR\" AND \"lag\"*)"),
            ("say\"hi", "(\"say\"\"hi\"*)"),
            ("la* -\"disk full\"", "(\"la\"*) NOT \"disk full\""),
            ("障害 サーバ", "(\"障 害\" AND \"サ ー バ\")"),
            ("障害db", "(\"障 害 db\"*)"),
            ("tag:a,b x", "(\"x\"* AND (\"a\" OR \"b\"))"),
            ("service:Web-1", "((\"web-1\"))"),
        ] {
            assert_eq!(fts(typed).as_deref(), Some(expected), "{typed}");
        }
        for typed in [" -- * ", "kind:fault", "-lag"] {
            assert_eq!(fts(typed), None, "{typed}");
        }
    }
}
