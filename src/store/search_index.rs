//! What goes into the full-text index.

use crate::domain::{entry::Entry, search::index_text, value::Value};
use rusqlite::{Connection, functions::FunctionFlags};
use std::borrow::Cow;

/// Returns the text that is indexed for an entry: its [`searchable_text`], with the characters of scripts
/// without spaces apart.
pub(super) fn indexed_text(value: &Value) -> String {
    let text = searchable_text(value);
    match index_text(&text) {
        Cow::Owned(apart) => apart,
        Cow::Borrowed(_) => text,
    }
}

/// Returns the text that is searched in an entry: all text in it that a person wrote, one part a line.
pub(super) fn searchable_text(value: &Value) -> String {
    let mut parts: Vec<&str> = Vec::new();
    match value {
        Value::Event(event) => {
            parts.push(&event.text);
            for part in [
                &event.customer,
                &event.rationale,
                &event.rejected,
                &event.commander,
            ] {
                parts.extend(part.as_deref());
            }
            for names in [&event.tags, &event.services, &event.people] {
                parts.extend(names.iter().map(String::as_str));
            }
            parts.extend(event.files.iter().map(|file| file.name.as_str()));
            parts.extend(event.urls.iter().map(String::as_str));
        }
        Value::Task(task) => {
            parts.push(&task.text);
            for part in [&task.customer, &task.owner, &task.ticket, &task.reason] {
                parts.extend(part.as_deref());
            }
        }
        Value::Field(text) | Value::Section(text) => parts.push(&text.text),
        Value::Service(service) => parts.extend(service.public_name.as_deref()),
        Value::Message(message) => parts.extend([message.subject.as_str(), &message.text]),
        Value::Person(_)
        | Value::Import(_)
        | Value::File(_)
        | Value::Moved(_)
        | Value::Gone
        | Value::Unknown(_)
        | Value::Unreadable(_) => {}
    }
    parts.join("\n")
}

/// Adds entry number `no` with `text`, its [`indexed_text`], to the search index.
pub(super) fn index(conn: &Connection, no: i64, text: &str) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO search(rowid,text)VALUES(?1,?2)")?
        .execute((no, text))?;
    Ok(())
}

/// Removes entry number `no` from the search index. FTS5 needs the indexed text for that, so `entry`
/// must still have its body.
pub(super) fn unindex_entry(conn: &Connection, no: i64, entry: &Entry) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT INTO search(search,rowid,text)VALUES('delete',?1,?2)")?
        .execute((no, indexed_text(&Value::from_body(entry.body_bytes()))))?;
    Ok(())
}

/// Runs `work`, inside a transaction, while the view `entry_text` exists: FTS5 rebuilds the index from
/// it and compares the index with it.
///
/// The view is not kept in the file, because every process would pay for reading its definition.
pub(super) fn with_entry_text_view(
    conn: &Connection,
    work: impl FnOnce() -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("entry_text", 1, flags, |context| {
        Ok(context
            .get_raw(0)
            .as_str_or_null()?
            .map(|body| indexed_text(&Value::from_body(Some(body)))))
    })?;
    conn.execute_batch(
        "CREATE VIEW entry_text(rowid,text)AS SELECT no,entry_text(body)FROM entry",
    )?;
    let result = work();
    conn.execute_batch("DROP VIEW entry_text")?;
    conn.remove_function("entry_text", 1)?;
    result
}
