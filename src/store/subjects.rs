//! The rows of table `subject`: one for each subject, computed from all its versions.

use super::private::PrivateSpans;
use super::row::{
    AMENDED, DRILL, FILE_DESTROYED, MILESTONE, PRIVATE, RENAMED, RESTATED, RETRACTED, SHARED,
    VISIBLE, entry_from_row, optional_uuid, parse_rowids, rowids_to_json, subject_name,
    subject_type_code,
};
use crate::domain::{
    entry::{Entry, Header},
    event::Event,
    incident::{current_state, is_drill, is_private, is_shared},
    subject::Subject,
    value::Value,
};
use rusqlite::{Connection, OptionalExtension, Result, Row};
use uuid::Uuid;

/// The columns of a row of table `subject` that are derived from the versions of the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SubjectProjection {
    /// The incident that shows the subject; from [`SubjectProjection::from_versions`], the one that the
    /// shown version names.
    pub incident: Option<Uuid>,
    /// The `no` of the version that was recorded first.
    pub first: i64,
    /// The `no` of the version that is shown.
    pub shown: i64,
    /// The `no` of each other version that no entry replaces, as JSON; `None` without one.
    pub others: Option<String>,
    /// The `no` of all versions in the order of their arrival, as JSON; `None` if there is only one.
    pub versions: Option<String>,
    /// When the event occurred, in µs since the epoch; `None` if the subject is no event.
    pub at: Option<i64>,
    /// Bits: see [`MILESTONE`] and the constants after it.
    pub flags: i64,
}

impl SubjectProjection {
    /// Reads the columns `incident,first,shown,others,versions,at,flags`, the first of which is number
    /// `column`.
    pub fn from_row(row: &Row<'_>, column: usize) -> Result<Self> {
        Ok(Self {
            incident: optional_uuid(row, column)?,
            first: row.get(column + 1)?,
            shown: row.get(column + 2)?,
            others: row.get(column + 3)?,
            versions: row.get(column + 4)?,
            at: row.get(column + 5)?,
            flags: row.get(column + 6)?,
        })
    }

    /// Computes the row from `versions` and their `nos`, which are in the same order. `None` if there
    /// are no versions.
    pub fn from_versions(versions: &[Entry], nos: &[i64]) -> Option<Self> {
        let current = current_state(versions)?;
        let no = |id: Uuid| {
            let index = versions.iter().position(|v| v.header().id == id)?;
            nos.get(index).copied()
        };
        let first = versions.iter().position(|v| {
            let h = v.header();
            (h.recorded, h.origin, h.seq) == (current.recorded, current.origin, current.seq)
                && h.author == current.author
        });
        let others: Vec<i64> = current.other_heads().filter_map(no).collect();
        let mut flags = value_flags(&current.subject, &current.value);
        for (bit, is_set) in [(AMENDED, current.amended), (RESTATED, current.restated)] {
            flags |= if is_set { bit } else { 0 };
        }
        if current.value == Value::Gone
            && current.subject == Subject::Field("private".to_owned())
            && !PrivateSpans::of(versions, nos).is_empty()
        {
            flags |= PRIVATE | SHARED;
        }
        Some(Self {
            incident: current.incident,
            first: first.and_then(|index| nos.get(index).copied())?,
            shown: no(current.shown)?,
            others: (!others.is_empty()).then(|| rowids_to_json(&others)),
            versions: (nos.len() > 1).then(|| rowids_to_json(nos)),
            at: event_time(&current.value),
            flags,
        })
    }

    /// The row of a subject of which entry number `no`, with this `header` and `value`, is the only
    /// version: what [`Self::from_versions`] gives, without decoding the entry again.
    pub fn of_first(header: &Header, value: &Value, no: i64) -> Self {
        Self {
            incident: header.incident,
            first: no,
            shown: no,
            others: None,
            versions: None,
            at: event_time(value),
            flags: value_flags(&header.subject, value),
        }
    }

    /// Returns true if the subject is an event that counts for its incident.
    pub fn is_counted(&self) -> bool {
        self.at.is_some() && self.flags & RETRACTED == 0
    }
}

/// When the event occurred, in µs since the epoch; `None` if it is no event.
fn event_time(value: &Value) -> Option<i64> {
    value.event().map(|e| e.at_utc().timestamp_micros())
}

/// The flags that follow from the shown version alone.
fn value_flags(subject: &Subject, value: &Value) -> i64 {
    let mut flags = 0;
    for (bit, is_set) in [
        (MILESTONE, value.event().is_some_and(Event::is_milestone)),
        (RETRACTED, is_retracted(value)),
        (VISIBLE, value.is_visible()),
        (RENAMED, is_renamed(value)),
        (DRILL, says(subject, value, "drill", is_drill)),
        (PRIVATE, says(subject, value, "private", is_private)),
        (SHARED, says(subject, value, "private", is_shared)),
        (FILE_DESTROYED, is_destroyed_file(subject, value)),
    ] {
        flags |= if is_set { bit } else { 0 };
    }
    flags
}

fn is_retracted(value: &Value) -> bool {
    match value {
        Value::Event(event) => event.retracted.is_some(),
        Value::Task(task) => task.retracted.is_some(),
        _ => false,
    }
}

fn is_renamed(value: &Value) -> bool {
    match value {
        Value::Service(service) => service.name_change.change().is_some(),
        Value::Person(person) => person.name_change.change().is_some(),
        _ => false,
    }
}

fn is_destroyed_file(subject: &Subject, value: &Value) -> bool {
    match (subject, value) {
        (Subject::File(_), Value::File(file)) => file.redacted.is_some(),
        (Subject::File(_), _) => true,
        _ => false,
    }
}

/// True if the subject is the field `name` with a text that `means` it.
fn says(subject: &Subject, value: &Value, name: &str, means: fn(&str) -> bool) -> bool {
    match (subject, value) {
        (Subject::Field(field), Value::Field(text)) => field == name && means(&text.text),
        _ => false,
    }
}

/// A row of table `subject`.
pub(super) struct SubjectRow {
    pub rowid: i64,
    pub projection: SubjectProjection,
}

/// The unique key of a row of table `subject`. Making one costs a hash.
pub(super) struct SubjectKey {
    pub name: String,
    pub type_code: i64,
}

impl SubjectKey {
    /// Returns the key of `subject`. A field, a section or a service is a subject of its own in each
    /// `incident`.
    pub fn new(subject: &Subject, incident: Option<Uuid>) -> Self {
        Self {
            name: subject_name(subject, incident),
            type_code: subject_type_code(subject),
        }
    }
}

pub(super) fn find_subject_row(conn: &Connection, key: &SubjectKey) -> Result<Option<SubjectRow>> {
    conn.prepare_cached(
        "SELECT no,incident,first,shown,others,versions,at,flags FROM subject WHERE name=?1 AND sort=?2",
    )?
    .query_row((&key.name, key.type_code), |row| {
        Ok(SubjectRow {
            rowid: row.get(0)?,
            projection: SubjectProjection::from_row(row, 1)?,
        })
    })
    .optional()
}

/// The names in table `subject` that stand before and after a name in alphabetical order, or the name itself
/// if it is there.
pub(super) struct Neighbours([Option<String>; 2]);

impl Neighbours {
    pub fn find(conn: &Connection, name: &str) -> Result<Self> {
        conn.prepare_cached(
            "SELECT(SELECT max(name)FROM subject WHERE name<=?1),(SELECT min(name)FROM subject WHERE name>=?1)",
        )?
        .query_row([name], |row| Ok(Self([row.get(0)?, row.get(1)?])))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(Option::as_deref)
    }
}

/// Returns all versions of a subject and their numbers, in the order of their arrival.
pub(super) fn load_versions(conn: &Connection, row: &SubjectRow) -> Result<(Vec<Entry>, Vec<i64>)> {
    let nos = row
        .projection
        .versions
        .as_deref()
        .map_or_else(|| vec![row.rowid], parse_rowids);
    let mut statement = conn.prepare_cached("SELECT header,body FROM entry WHERE no=?1")?;
    let entries = nos
        .iter()
        .map(|no| statement.query_row([no], |row| entry_from_row(row, 0)))
        .collect::<Result<_>>()?;
    Ok((entries, nos))
}
