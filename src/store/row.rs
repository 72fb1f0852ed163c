//! Conversions between table rows and domain types.

use crate::domain::{
    entry::Entry,
    handle,
    incident::{SubjectState, SubjectWithHandle},
    subject::Subject,
    time::from_micros,
    value::Value,
};
use rusqlite::Row;
use uuid::Uuid;

/// Bit of `subject.flags`: an event that the summary of an incident depends on, see
/// [`Event::is_milestone`](crate::domain::event::Event::is_milestone).
pub(super) const MILESTONE: i64 = 1;
/// Bit of `subject.flags`: retracted with a reason.
pub(super) const RETRACTED: i64 = 2;
/// Bit of `subject.flags`: the shown version is not what was first recorded.
pub(super) const AMENDED: i64 = 4;
/// Bit of `subject.flags`: neither undone nor moved away, see [`Value::is_visible`].
pub(super) const VISIBLE: i64 = 8;
/// Bit of `subject.flags`: the correction changed what happened or when, see [`SubjectState::restated`].
pub(super) const RESTATED: i64 = 16;
/// Bit of `subject.flags`: a service or a person whose name was renamed or removed.
pub(super) const RENAMED: i64 = 32;
/// Bit of `subject.flags`: the field that says that the incident is a drill.
pub(super) const DRILL: i64 = 64;

/// Bit of `subject.flags`: the field that says that the incident is private.
pub(super) const PRIVATE: i64 = 256;
/// Bit of `subject.flags`: the field that says that the incident is shared. With [`PRIVATE`]: the field said that
/// it is private, which was undone.
pub(super) const SHARED: i64 = 512;
/// Bit of `subject.flags`: a file whose content was destroyed.
pub(super) const FILE_DESTROYED: i64 = 128;
/// The value of column `subject.sort` for a file.
pub(super) const FILE_TYPE: i64 = 9;
/// SQL that is true of an entry with the content of a file: its body may be some MiB long, and has no place
/// among others that are read together. A quotation mark inside a string has a backslash before it, so
/// nothing else in a header reads so.
pub(super) const IS_FILE: &str = "instr(header,'\"subject\":\"file/')";

/// Returns the value of column `subject.sort`. The numbers are on disk: they never change.
pub(super) fn subject_type_code(subject: &Subject) -> i64 {
    match subject {
        Subject::Event(_) => 1,
        Subject::Task(_) => 2,
        Subject::Message(_) => 3,
        Subject::Field(_) => 4,
        Subject::Section(_) => 5,
        Subject::Service(_) => 6,
        Subject::Person(_) => 7,
        Subject::Import(_) => 8,
        Subject::File(_) => FILE_TYPE,
        Subject::Other(_) => 0,
    }
}

/// Returns the value of column `subject.name`: the full handle of a subject with an id, else its key in
/// `incident`.
pub(super) fn subject_name(subject: &Subject, incident: Option<Uuid>) -> String {
    subject
        .id()
        .map_or_else(|| subject.key(incident), handle::from_id)
}

/// Builds a subject from the columns `sort`, `id` and `name`.
pub(super) fn subject_from_columns(type_code: i64, id: Option<Uuid>, name: &str) -> Subject {
    match (type_code, id) {
        (1, Some(id)) => Subject::Event(id),
        (2, Some(id)) => Subject::Task(id),
        (3, Some(id)) => Subject::Message(id),
        (8, Some(id)) => Subject::Import(id),
        // The key is the incident's id or `-`, a slash, and the subject.
        _ => match name.split_once('/') {
            Some((_, text)) => text
                .parse()
                .unwrap_or_else(|_| Subject::Other(text.to_owned())),
            None => Subject::Other(name.to_owned()),
        },
    }
}

pub(super) fn optional_uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Uuid>> {
    Ok(row
        .get::<_, Option<[u8; 16]>>(column)?
        .map(Uuid::from_bytes))
}

/// Reads a sequence number or a count: SQLite has signed integers only, so the same 64 bits are used.
pub(super) fn read_seq(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(column)?.cast_unsigned())
}

/// Reads an entry from the columns `header` and `body`, the first of which is number `column`.
pub(super) fn entry_from_row(row: &Row<'_>, column: usize) -> rusqlite::Result<Entry> {
    Entry::from_stored(row.get(column)?, row.get(column + 1)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, error.into())
    })
}

/// The columns that [`subject_from_row`] reads, from [`SUBJECT_FROM`].
pub(super) const SUBJECT_COLUMNS: &str = "s.sort,s.id,s.name,s.incident,f.recorded,f.author,f.origin,f.seq,e.id,s.others,s.flags,s.letters,f.incident,e.body";
/// The position of `e.body` in [`SUBJECT_COLUMNS`].
pub(super) const BODY_COLUMN: usize = 13;
/// How many [`SUBJECT_COLUMNS`] there are.
pub(super) const SUBJECT_COLUMN_COUNT: usize = 14;
/// Joins `subject s` with its first entry `f` and its shown entry `e`.
pub(super) const SUBJECT_FROM: &str =
    "FROM subject s JOIN entry f ON f.no=s.first JOIN entry e ON e.no=s.shown";

/// Reads the current state of a subject with its handle (empty if it has none), and the rowids of the
/// other current versions. The caller reads these, which is rarely needed.
pub(super) fn subject_from_row(row: &Row<'_>) -> rusqlite::Result<(SubjectWithHandle, Vec<i64>)> {
    let name = row.get_ref(2)?.as_str()?;
    let prefix_len = usize::try_from(row.get::<_, i64>(11)?).unwrap_or_default();
    let id = optional_uuid(row, 1)?;
    let body = row.get_ref(BODY_COLUMN)?.as_str_or_null()?;
    let others = row.get_ref(9)?.as_str_or_null()?;
    let current = SubjectState {
        subject: subject_from_columns(row.get(0)?, id, name),
        incident: optional_uuid(row, 3)?,
        recorded: from_micros(row.get(4)?),
        author: row.get(5)?,
        origin: Uuid::from_bytes(row.get(6)?),
        seq: read_seq(row, 7)?,
        recorded_in: optional_uuid(row, 12)?,
        recorded_in_others: Vec::new(),
        shown: Uuid::from_bytes(row.get(8)?),
        conflicts: Vec::new(),
        agreeing: Vec::new(),
        amended: row.get::<_, i64>(10)? & AMENDED != 0,
        restated: row.get::<_, i64>(10)? & RESTATED != 0,
        value: Value::from_body(body),
    };
    let handle = name.get(..prefix_len).unwrap_or(name);
    let handle = if id.is_some() { handle } else { "" };
    Ok((
        (current, handle.to_owned()),
        others.map_or(Vec::new(), parse_rowids),
    ))
}

/// Parses what [`rowids_to_json`] returns.
pub(super) fn parse_rowids(json: &str) -> Vec<i64> {
    json.trim_matches(['[', ']'])
        .split(',')
        .filter_map(|rowid| rowid.parse().ok())
        .collect()
}

/// Returns the rowids of entries as a JSON array without spaces.
pub(super) fn rowids_to_json(rowids: &[i64]) -> String {
    let rowids: Vec<String> = rowids.iter().map(ToString::to_string).collect();
    format!("[{}]", rowids.join(","))
}
