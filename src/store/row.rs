//! Between a table's row and the domain's shapes.

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

/// Bits of `subject.flags`. The story of an incident turns on it.
pub(super) const MILESTONE: i64 = 1;
/// Taken out of the record, with a reason.
pub(super) const RETRACTED: i64 = 2;
/// Shown is another version than the first.
pub(super) const AMENDED: i64 = 4;
/// There is something to show.
pub(super) const VISIBLE: i64 = 8;

/// `subject.sort`.
pub(super) fn subject_type_code(subject: &Subject) -> i64 {
    match subject {
        Subject::Event(_) => 1,
        Subject::Task(_) => 2,
        Subject::Message(_) => 3,
        Subject::Field(_) => 4,
        Subject::Section(_) => 5,
        Subject::Service(_) => 6,
        Subject::Other(_) => 0,
    }
}

/// `subject.name`: under which a subject is found.
pub(super) fn subject_name(subject: &Subject, incident: Option<Uuid>) -> String {
    subject
        .id()
        .map_or_else(|| subject.key(incident), handle::from_id)
}

/// A subject from `sort`, `id` and `name`.
pub(super) fn subject_from_columns(sort: i64, id: Option<Uuid>, name: &str) -> Subject {
    match (sort, id) {
        (1, Some(id)) => Subject::Event(id),
        (2, Some(id)) => Subject::Task(id),
        (3, Some(id)) => Subject::Message(id),
        // The key is the incident, or `-`, then a slash, then the subject.
        _ => match name.split_once('/') {
            Some((_, text)) => text
                .parse()
                .unwrap_or_else(|_| Subject::Other(text.to_owned())),
            None => Subject::Other(name.to_owned()),
        },
    }
}

/// An id, or none, from column `at`.
pub(super) fn optional_uuid(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Uuid>> {
    Ok(row.get::<_, Option<[u8; 16]>>(at)?.map(Uuid::from_bytes))
}

/// A sequence number from column `at`.
pub(super) fn read_seq(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    Ok(row.get::<_, i64>(at)?.cast_unsigned())
}

/// An entry from the columns `header`, `body`, beginning at `at`.
pub(super) fn entry_from_row(row: &Row<'_>, at: usize) -> rusqlite::Result<Entry> {
    Entry::from_stored(row.get(at)?, row.get(at + 1)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, error.into())
    })
}

/// What [`subject_from_row`] reads, of `subject s` joined with its first entry `f` and the shown one `e`.
pub(super) const SUBJECT_COLUMNS: &str = "s.sort,s.id,s.name,s.incident,f.recorded,f.author,f.origin,f.seq,e.id,s.others,s.flags,s.letters,e.body";
/// Which of its columns has the stored bytes.
pub(super) const BODY_COLUMN: usize = 12;
/// Where [`SUBJECT_COLUMNS`] is read from.
pub(super) const SUBJECT_FROM: &str =
    "FROM subject s JOIN entry f ON f.no=s.first JOIN entry e ON e.no=s.shown";

/// A subject as it stands, with its handle. Conflicting versions come as places in the journal, for
/// the caller to look up; nearly always there are none.
pub(super) fn subject_from_row(row: &Row<'_>) -> rusqlite::Result<(SubjectWithHandle, Vec<i64>)> {
    let name = row.get_ref(2)?.as_str()?;
    let letters = usize::try_from(row.get::<_, i64>(11)?).unwrap_or_default();
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
        shown: Uuid::from_bytes(row.get(8)?),
        conflicts: Vec::new(),
        amended: row.get::<_, i64>(10)? & AMENDED != 0,
        value: Value::from_body(body),
    };
    let handle = name.get(..letters).unwrap_or(name);
    let handle = if id.is_some() { handle } else { "" };
    Ok((
        (current, handle.to_owned()),
        others.map_or(Vec::new(), parse_rowids),
    ))
}

/// Places in the journal, from the JSON that holds them.
pub(super) fn parse_rowids(json: &str) -> Vec<i64> {
    json.trim_matches(['[', ']'])
        .split(',')
        .filter_map(|place| place.parse().ok())
        .collect()
}

/// The JSON that holds places in the journal.
pub(super) fn rowids_to_json(places: &[i64]) -> String {
    let places: Vec<String> = places.iter().map(ToString::to_string).collect();
    format!("[{}]", places.join(","))
}
