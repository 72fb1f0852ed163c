//! Search as you type: each word as it is, the last one also as a beginning, the newest first.
//!
//! Neither ranked nor counted: both cost up to a second in a store of a million events, and for what
//! happened in an incident the newest is what is looked for.

use super::{
    error::StoreError,
    read::{Reader, sql_limit},
    row::{entry_from_row as entry_of, optional_uuid, subject_from_columns},
};
use crate::domain::{entry::Entry, subject::Subject, value::Value};
use rusqlite::{Connection, ToSql};
use uuid::Uuid;

/// How many words of a query count; FTS5 has a limit of its own.
const MAX_QUERY_WORDS: usize = 32;

/// What is searched, and how much is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    /// Also what was superseded or retracted.
    pub include_inactive: bool,
    /// Only in this incident.
    pub incident: Option<Uuid>,
    /// At most so many.
    pub limit: usize,
}

impl Default for SearchOptions {
    /// What stands, everywhere, 50.
    fn default() -> Self {
        Self {
            include_inactive: false,
            incident: None,
            limit: 50,
        }
    }
}

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    /// What it was found in.
    pub subject: Subject,
    /// The incident in which it was said.
    pub incident: Option<Uuid>,
    /// The handle of the subject; empty where it has none.
    pub handle: String,
    /// The version that has the words.
    pub entry: Entry,
    /// What that version says.
    pub value: Value,
    /// True where it is what stands; false where it was superseded or retracted.
    pub is_current: bool,
}

impl Reader<'_> {
    /// What has all the words of `query`, the last of them also as the beginning of a longer one. A
    /// word may hold any signs; `db-17` finds those two parts one after the other. Nothing for a query
    /// without a letter or a digit.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn search(
        &self,
        query: &str,
        options: &SearchOptions,
    ) -> Result<Vec<SearchHit>, StoreError> {
        let Some(words) = fts_query(query) else {
            return Ok(Vec::new());
        };
        self.in_read_tx(|| self.search_fts(&words, options))
    }

    fn search_fts(
        &self,
        words: &str,
        options: &SearchOptions,
    ) -> Result<Vec<SearchHit>, StoreError> {
        let limit = sql_limit(options.limit);
        let incident = options.incident.map(Uuid::into_bytes);
        let mut sql = String::from(
            "SELECT s.sort,s.id,s.name,e.incident,s.letters,s.shown=e.no AND s.flags&10=8,e.header,e.body FROM search JOIN entry e ON e.no=search.rowid JOIN subject s ON s.no=coalesce(e.about,e.no) WHERE search MATCH ?1",
        );
        let mut params: Vec<&dyn ToSql> = vec![&words, &limit];
        // There is something to show (8), and it is not retracted (2).
        if !options.include_inactive {
            sql.push_str(" AND s.shown=e.no AND s.flags&10=8");
        }
        let (low, high);
        if let Some(incident) = &incident {
            let between = self.query_first(
                "SELECT low,high FROM incident WHERE id=?1",
                &[incident],
                |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
            )?;
            let Some(between) = between else {
                return Ok(Vec::new());
            };
            (low, high) = between;
            sql.push_str(" AND search.rowid BETWEEN ?4 AND ?5 AND e.incident=?3");
            params.extend::<[&dyn ToSql; 3]>([incident, &low, &high]);
        }
        sql.push_str(" ORDER BY search.rowid DESC LIMIT ?2");
        self.query_all(&sql, &params, |row| {
            let name = row.get_ref(2)?.as_str()?;
            let id = optional_uuid(row, 1)?;
            let letters = usize::try_from(row.get::<_, i64>(4)?).unwrap_or_default();
            let handle = id.and(name.get(..letters)).unwrap_or_default();
            let entry = entry_of(row, 6)?;
            Ok(SearchHit {
                subject: subject_from_columns(row.get(0)?, id, name),
                incident: optional_uuid(row, 3)?,
                handle: handle.to_owned(),
                value: Value::from_body(entry.body_bytes()),
                entry,
                is_current: row.get(5)?,
            })
        })
    }
}

/// The words under which an entry is found: all text that people wrote in it.
pub(super) fn searchable_text(value: &Value) -> String {
    let mut words: Vec<&str> = Vec::new();
    match value {
        Value::Event(event) => {
            words.push(&event.text);
            for part in [
                &event.customer,
                &event.rationale,
                &event.rejected,
                &event.commander,
            ] {
                words.extend(part.as_deref());
            }
            for names in [&event.tags, &event.services, &event.people] {
                words.extend(names.iter().map(String::as_str));
            }
        }
        Value::Task(task) => {
            words.push(&task.text);
            for part in [&task.customer, &task.owner, &task.ticket, &task.reason] {
                words.extend(part.as_deref());
            }
        }
        Value::Field(text) | Value::Section(text) => words.push(&text.text),
        Value::Service(service) => words.extend(service.public_name.as_deref()),
        Value::Message(message) => words.extend([message.subject.as_str(), &message.text]),
        Value::Moved(_) | Value::Gone | Value::Unknown(_) | Value::Unreadable(_) => {}
    }
    words.join("\n")
}

/// Puts the words of entry number `no`, which says `value`, into the index.
pub(super) fn index(conn: &Connection, no: i64, value: &Value) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO search(rowid,text)VALUES(?1,?2)")?
        .execute((no, searchable_text(value)))?;
    Ok(())
}

/// Takes the words of entry number `no` out of the index, while it still has its body.
pub(super) fn unindex_entry(conn: &Connection, no: i64, entry: &Entry) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO search(search,rowid,text)VALUES('delete',?1,?2)")?
        .execute((no, searchable_text(&Value::from_body(entry.body_bytes()))))?;
    Ok(())
}

/// The query in the language of FTS5: each word quoted, so that no sign in it is an operator.
fn fts_query(query: &str) -> Option<String> {
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
    use super::fts_query;

    #[test]
    fn search_query_quotes_fts_operators() {
        assert_eq!(
            fts_query("db-17 OR lag").as_deref(),
            Some("\"db-17\" \"OR\" \"lag\"*")
        );
        assert_eq!(
            fts_query("say \"hi"),
            Some("\"say\" \"\"\"hi\"*".to_owned())
        );
        assert_eq!(fts_query(" -- * "), None);
    }
}
