//! From an entry to the read models. An append, an arrival from elsewhere and a rebuild all come
//! through [`update_read_models`]; it recomputes the one subject that the entry names with
//! [`current_state`], and marks the incidents whose story turns: their rows follow at the end of the
//! transaction, once each.

use super::{
    append::WriteTx,
    row::{
        AMENDED, MILESTONE, RETRACTED, VISIBLE, entry_from_row as entry_of, parse_rowids,
        rowids_to_json, subject_name, subject_type_code,
    },
};
use crate::domain::{
    entry::{Entry, Header},
    event::Event,
    handle,
    incident::current_state,
    subject::Subject,
    value::Value,
};
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

/// What `subject` holds of one subject, but for its number and its letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SubjectProjection {
    pub incident: Option<Uuid>,
    pub first: i64,
    pub shown: i64,
    /// The `no` of versions that conflict with the one shown.
    pub others: Option<String>,
    /// The `no` of all versions, in the order in which they came; none where there is one.
    pub versions: Option<String>,
    pub at: Option<i64>,
    pub flags: i64,
}

impl SubjectProjection {
    /// What `versions`, with their `no`, come to. `None` for no versions.
    pub fn from_versions(versions: &[Entry], nos: &[i64]) -> Option<Self> {
        let current = current_state(versions)?;
        let no = |id: Uuid| {
            let at = versions.iter().position(|v| v.header().id == id)?;
            nos.get(at).copied()
        };
        let first = versions.iter().position(|v| {
            let h = v.header();
            (h.recorded, h.origin, h.seq) == (current.recorded, current.origin, current.seq)
                && h.author == current.author
        });
        let others: Vec<i64> = current.conflicts.iter().filter_map(|id| no(*id)).collect();
        let event = current.value.event();
        let mut flags = 0;
        for (bit, on) in [
            (MILESTONE, event.is_some_and(Event::is_milestone)),
            (RETRACTED, is_retracted(&current.value)),
            (AMENDED, current.amended),
            (VISIBLE, current.value.is_visible()),
        ] {
            flags |= if on { bit } else { 0 };
        }
        Some(Self {
            incident: current.incident,
            first: first.and_then(|at| nos.get(at).copied())?,
            shown: no(current.shown)?,
            others: (!others.is_empty()).then(|| rowids_to_json(&others)),
            versions: (nos.len() > 1).then(|| rowids_to_json(nos)),
            at: event.map(|e| e.at_utc().timestamp_micros()),
            flags,
        })
    }

    /// What of `other` is not as it is here.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        [
            ("its incident", self.incident != other.incident),
            ("its first version", self.first != other.first),
            ("the version shown", self.shown != other.shown),
            ("its conflicts", self.others != other.others),
            ("its versions", self.versions != other.versions),
            ("its time", self.at != other.at),
            ("its flags", self.flags != other.flags),
        ]
        .into_iter()
        .filter_map(|(what, differs)| differs.then_some(what))
        .collect()
    }

    fn is_counted(&self) -> bool {
        self.at.is_some() && self.flags & RETRACTED == 0
    }
}

fn is_retracted(value: &Value) -> bool {
    match value {
        Value::Event(event) => event.retracted.is_some(),
        Value::Task(task) => task.retracted.is_some(),
        _ => false,
    }
}

/// The row of a subject: its number, its letters, and how it stands.
pub(super) struct SubjectRow {
    pub rowid: i64,
    pub projection: SubjectProjection,
}

/// Under which name and sort a subject is kept. Costs a hash.
pub(super) struct SubjectKey {
    pub name: String,
    pub type_code: i64,
}

impl SubjectKey {
    /// That of `subject`, as an entry of `incident` names it.
    pub fn new(subject: &Subject, incident: Option<Uuid>) -> Self {
        Self {
            name: subject_name(subject, incident),
            type_code: subject_type_code(subject),
        }
    }
}

/// The row of the subject under `key`.
pub(super) fn find_subject_row(conn: &Connection, key: &SubjectKey) -> Result<Option<SubjectRow>> {
    conn.prepare_cached(
        "SELECT no,incident,first,shown,others,versions,at,flags FROM subject WHERE name=?1 AND sort=?2",
    )?
    .query_row((&key.name, key.type_code), |row| {
        Ok(SubjectRow {
            rowid: row.get(0)?,
            projection: SubjectProjection {
                incident: super::row::optional_uuid(row, 1)?,
                first: row.get(2)?,
                shown: row.get(3)?,
                others: row.get(4)?,
                versions: row.get(5)?,
                at: row.get(6)?,
                flags: row.get(7)?,
            },
        })
    })
    .optional()
}

/// All versions of a subject, with their places in the journal, in the order in which they came.
pub(super) fn load_versions(
    conn: &Connection,
    kept: &SubjectRow,
) -> Result<(Vec<Entry>, Vec<i64>)> {
    let nos = kept
        .projection
        .versions
        .as_deref()
        .map_or_else(|| vec![kept.rowid], parse_rowids);
    let mut statement = conn.prepare_cached("SELECT header,body FROM entry WHERE no=?1")?;
    let entries = nos
        .iter()
        .map(|no| statement.query_row([no], |row| entry_of(row, 0)))
        .collect::<Result<_>>()?;
    Ok((entries, nos))
}

/// Brings the read models up to date with `entry`, which has just become number `no` of the journal
/// and whose subject, under `key`, stood as `kept` before.
pub(super) fn update_read_models(
    tx: &WriteTx<'_>,
    no: i64,
    entry: &Entry,
    key: &SubjectKey,
    kept: Option<&SubjectRow>,
) -> Result<()> {
    let header = entry.header();
    let standing = match kept {
        None => SubjectProjection::from_versions(std::slice::from_ref(entry), &[no]),
        Some(kept) => {
            let (mut entries, mut nos) = load_versions(tx.conn, kept)?;
            entries.push(entry.clone());
            nos.push(no);
            SubjectProjection::from_versions(&entries, &nos)
        }
    };
    let Some(standing) = standing else {
        return Ok(());
    };
    match kept {
        None => insert(tx.conn, no, header, key, &standing)?,
        Some(kept) => update(tx.conn, kept.rowid, &standing)?,
    }
    let old = kept.map(|kept| &kept.projection);
    update_counts(tx, Some((no, header)), old, &standing);
    let carried =
        kept.is_none() && super::summary::try_incremental_update(tx, no, entry, &standing)?;
    if !carried {
        mark_summary_dirty(tx, &header.subject, old, &standing);
    }
    Ok(())
}

/// Computes anew the subject under `key`, a version of which has changed: its body was destroyed.
pub(super) fn recompute_subject(
    tx: &WriteTx<'_>,
    subject: &Subject,
    key: &SubjectKey,
) -> Result<()> {
    let Some(kept) = find_subject_row(tx.conn, key)? else {
        return Ok(());
    };
    let (entries, nos) = load_versions(tx.conn, &kept)?;
    let Some(standing) = SubjectProjection::from_versions(&entries, &nos) else {
        return Ok(());
    };
    update(tx.conn, kept.rowid, &standing)?;
    update_counts(tx, None, Some(&kept.projection), &standing);
    mark_summary_dirty(tx, subject, Some(&kept.projection), &standing);
    Ok(())
}

fn insert(
    conn: &Connection,
    no: i64,
    header: &Header,
    key: &SubjectKey,
    standing: &SubjectProjection,
) -> Result<()> {
    let id = header.subject.id();
    let letters = match id {
        Some(_) => assign_prefix_len(conn, &key.name)?,
        None => 0,
    };
    conn.prepare_cached(
        "INSERT INTO subject(no,name,sort,id,incident,first,shown,others,versions,at,flags,letters)VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
    )?
    .execute(rusqlite::params![
        no,
        key.name,
        key.type_code,
        id.map(Uuid::into_bytes),
        standing.incident.map(Uuid::into_bytes),
        standing.first,
        standing.shown,
        standing.others,
        standing.versions,
        standing.at,
        standing.flags,
        letters,
    ])?;
    Ok(())
}

fn update(conn: &Connection, no: i64, standing: &SubjectProjection) -> Result<()> {
    conn.prepare_cached(
        "UPDATE subject SET incident=?2,first=?3,shown=?4,others=?5,versions=?6,at=?7,flags=?8 WHERE no=?1",
    )?
    .execute(rusqlite::params![
        no,
        standing.incident.map(Uuid::into_bytes),
        standing.first,
        standing.shown,
        standing.others,
        standing.versions,
        standing.at,
        standing.flags,
    ])?;
    Ok(())
}

/// How many letters tell the handle `name`, about to be inserted, from all others; its neighbours
/// get more where they need them.
fn assign_prefix_len(conn: &Connection, name: &str) -> Result<i64> {
    let (before, after): (Option<String>, Option<String>) = conn
        .prepare_cached(
            "SELECT(SELECT max(name)FROM subject WHERE name<=?1),(SELECT min(name)FROM subject WHERE name>=?1)",
        )?
        .query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut most = handle::MIN_SHOWN_LEN;
    for neighbour in [before, after].into_iter().flatten() {
        let telling = handle::unique_prefix_len(name, &neighbour);
        most = most.max(telling);
        if telling > handle::MIN_SHOWN_LEN {
            let telling = i64::try_from(telling).unwrap_or(i64::MAX);
            conn.prepare_cached(
                "UPDATE subject SET letters=?2 WHERE name=?1 AND letters<?2 AND id IS NOT NULL",
            )?
            .execute((neighbour, telling))?;
        }
    }
    Ok(i64::try_from(most).unwrap_or(i64::MAX))
}

/// Counts the new entry, where there is one, and the event that its subject is, for the incidents
/// that it is and was in.
fn update_counts(
    tx: &WriteTx<'_>,
    entry: Option<(i64, &Header)>,
    old: Option<&SubjectProjection>,
    new: &SubjectProjection,
) {
    let mut tallies = tx.pending_counts.borrow_mut();
    let counted =
        |s: Option<&SubjectProjection>| s.filter(|s| s.is_counted()).and_then(|s| s.incident);
    for (incident, by) in [(counted(old), -1), (counted(Some(new)), 1)] {
        if let Some(incident) = incident {
            tallies.entry(incident).or_default().events += by;
        }
    }
    if let Some((no, header)) = entry
        && let Some(incident) = header.incident
    {
        let recorded = header.recorded.timestamp_micros();
        tallies.entry(incident).or_default().add(no, recorded);
    }
}

/// Marks the incidents whose story turns with what changed about `subject`.
fn mark_summary_dirty(
    tx: &WriteTx<'_>,
    subject: &Subject,
    old: Option<&SubjectProjection>,
    new: &SubjectProjection,
) {
    let mut tallies = tx.pending_counts.borrow_mut();
    let mut turned = |incident: Option<Uuid>| {
        if let Some(incident) = incident {
            tallies.entry(incident).or_default().needs_recompute = true;
        }
    };
    let always = matches!(subject, Subject::Service(_)) || is_zone(subject);
    for standing in old.into_iter().chain([new]) {
        if always || standing.flags & MILESTONE != 0 {
            turned(standing.incident);
            // The event that declares an incident may stand elsewhere.
            turned(subject.id());
        }
    }
    if old.is_some() {
        turned(subject.id());
    }
}

fn is_zone(subject: &Subject) -> bool {
    matches!(subject, Subject::Field(name) if name == "zone")
}
