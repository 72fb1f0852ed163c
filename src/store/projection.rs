//! The projection from entries to the read models. Append, sync and rebuild all call
//! [`update_read_models`]: it recomputes the one subject that the entry names with
//! [`SubjectProjection::from_versions`],
//! and marks the incidents whose summary row changes; those rows are written once each, at the end of
//! the transaction.
//!
//! The number `no` of an entry is its rowid: its position in the order in which entries came to this
//! store. A subject has the number of the first entry that named it.

use super::{
    merged::{merged_incidents, shown_in},
    row::{MILESTONE, optional_uuid, subject_from_columns},
    subjects::{
        Neighbours, SubjectKey, SubjectProjection, SubjectRow, find_subject_row, load_versions,
    },
    summary::{flush_summaries, try_incremental_update},
    tx::WriteTx,
};
use crate::domain::{
    entry::{Entry, Header},
    handle,
    subject::Subject,
    value::Value,
};
use rusqlite::{Connection, Result};
use uuid::Uuid;

/// Where the subject of an entry is in table `subject`.
#[derive(Clone, Copy)]
pub(super) enum SubjectPlace<'a> {
    /// In this row, from before.
    Row(&'a SubjectRow),
    /// Nowhere yet; a subject with a handle comes between these.
    New(Option<&'a Neighbours>),
}

/// Updates the read models for `entry` with `value`, which was just inserted as number `no` of the
/// journal. `place` is that of its subject, under `key`.
pub(super) fn update_read_models(
    tx: &WriteTx<'_>,
    no: i64,
    entry: &Entry,
    value: &Value,
    key: &SubjectKey,
    place: SubjectPlace<'_>,
) -> Result<()> {
    let header = entry.header();
    let row = match place {
        SubjectPlace::Row(row) => Some(row),
        SubjectPlace::New(_) => None,
    };
    let projection = match row {
        None => Some(SubjectProjection::of_first(header, value, no)),
        Some(row) => {
            let (mut entries, mut nos) = load_versions(tx.conn, row)?;
            entries.push(entry.clone());
            nos.push(no);
            SubjectProjection::from_versions(&entries, &nos)
        }
    };
    let Some(projection) = projection else {
        return Ok(());
    };
    let projection = SubjectProjection {
        incident: tx.shown_in(projection.incident)?,
        ..projection
    };
    match place {
        SubjectPlace::New(neighbours) => {
            insert(tx.conn, no, header, key, neighbours, &projection)?;
        }
        SubjectPlace::Row(row) => update(tx.conn, row.rowid, &projection)?,
    }
    let old = row.map(|row| &row.projection);
    update_counts(tx, Some((no, header)), old, &projection);
    let summary_updated = row.is_none() && try_incremental_update(tx, entry, &projection)?;
    if !summary_updated {
        mark_summary_dirty(tx, &header.subject, old, &projection);
    }
    Ok(())
}

/// Recomputes the subject under `key` after the body of one of its versions was destroyed.
pub(super) fn recompute_subject(
    tx: &WriteTx<'_>,
    subject: &Subject,
    key: &SubjectKey,
) -> Result<()> {
    let Some(row) = find_subject_row(tx.conn, key)? else {
        return Ok(());
    };
    let (entries, nos) = load_versions(tx.conn, &row)?;
    let Some(projection) = SubjectProjection::from_versions(&entries, &nos) else {
        return Ok(());
    };
    let projection = projection.shown_in(tx.conn)?;
    update(tx.conn, row.rowid, &projection)?;
    update_counts(tx, None, Some(&row.projection), &projection);
    mark_summary_dirty(tx, subject, Some(&row.projection), &projection);
    Ok(())
}

/// Writes what the transaction changed about the incidents. Where an incident was merged into another,
/// or separated from it, what is in it moves with it.
pub(super) fn write_summaries(tx: &WriteTx<'_>) -> Result<()> {
    loop {
        let changed = flush_summaries(tx)?;
        tx.forget_shown();
        if changed.is_empty() && tx.pending_counts.borrow().is_empty() {
            return Ok(());
        }
        for incident in changed {
            show_where_merged(tx, incident)?;
        }
    }
}

/// Recomputes which incident shows each subject of `incident` and of those that were merged into it.
fn show_where_merged(tx: &WriteTx<'_>, incident: Uuid) -> Result<()> {
    let mut incidents = merged_incidents(tx.conn, incident)?;
    incidents.push(incident);
    for incident in incidents {
        let there = shown_in(tx.conn, Some(incident))?;
        let mut statement = tx.conn.prepare_cached(
            "SELECT DISTINCT s.name,s.sort,s.id FROM entry c JOIN subject s ON s.no=coalesce(c.about,c.no) \
             JOIN entry e ON e.no=s.shown WHERE c.incident=?1 AND e.incident=?1 AND s.incident IS NOT ?2",
        )?;
        let moved = statement
            .query_map((incident.as_bytes(), there.map(Uuid::into_bytes)), |row| {
                let name: String = row.get(0)?;
                let type_code = row.get(1)?;
                let subject = subject_from_columns(type_code, optional_uuid(row, 2)?, &name);
                Ok((subject, SubjectKey { name, type_code }))
            })?
            .collect::<Result<Vec<_>>>()?;
        for (subject, key) in moved {
            recompute_subject(tx, &subject, &key)?;
        }
    }
    Ok(())
}

fn insert(
    conn: &Connection,
    no: i64,
    header: &Header,
    key: &SubjectKey,
    neighbours: Option<&Neighbours>,
    projection: &SubjectProjection,
) -> Result<()> {
    let id = header.subject.id();
    let prefix_len = match neighbours {
        Some(neighbours) => assign_prefix_len(conn, &key.name, neighbours)?,
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
        projection.incident.map(Uuid::into_bytes),
        projection.first,
        projection.shown,
        projection.others,
        projection.versions,
        projection.at,
        projection.flags,
        prefix_len,
    ])?;
    Ok(())
}

fn update(conn: &Connection, rowid: i64, projection: &SubjectProjection) -> Result<()> {
    conn.prepare_cached(
        "UPDATE subject SET incident=?2,first=?3,shown=?4,others=?5,versions=?6,at=?7,flags=?8 WHERE no=?1",
    )?
    .execute(rusqlite::params![
        rowid,
        projection.incident.map(Uuid::into_bytes),
        projection.first,
        projection.shown,
        projection.others,
        projection.versions,
        projection.at,
        projection.flags,
    ])?;
    Ok(())
}

/// Returns the length of the shortest unique prefix of the handle `name`, which is about to be
/// inserted, and lengthens the prefixes of its two `neighbours` if they are no longer unique. Only the
/// neighbours in alphabetical order can share the longest prefix.
fn assign_prefix_len(conn: &Connection, name: &str, neighbours: &Neighbours) -> Result<i64> {
    let mut longest = handle::MIN_SHOWN_LEN;
    for neighbour in neighbours.names() {
        let needed = handle::unique_prefix_len(name, neighbour);
        longest = longest.max(needed);
        if needed > handle::MIN_SHOWN_LEN {
            lengthen_prefix(conn, neighbour, needed)?;
        }
    }
    Ok(i64::try_from(longest).unwrap_or(i64::MAX))
}

/// Makes the displayed prefix of the handle `name` at least `len` letters long.
///
/// Each row is updated by its number: an update that may change several rows opens a savepoint, at which
/// FTS5 writes its whole buffer to the disk, and in a large import this happens thousands of times.
fn lengthen_prefix(conn: &Connection, name: &str, len: usize) -> Result<()> {
    let len = i64::try_from(len).unwrap_or(i64::MAX);
    let numbers: Vec<i64> = conn
        .prepare_cached("SELECT no FROM subject WHERE name=?1 AND letters<?2 AND id IS NOT NULL")?
        .query_map((name, len), |row| row.get(0))?
        .collect::<Result<_>>()?;
    let mut update = conn.prepare_cached("UPDATE subject SET letters=?2 WHERE no=?1")?;
    for no in numbers {
        update.execute((no, len))?;
    }
    Ok(())
}

/// Adds the new `entry`, if there is one, to the pending counts of its incident, and moves the event
/// that its subject is from the count of its old incident to that of its new one.
fn update_counts(
    tx: &WriteTx<'_>,
    entry: Option<(i64, &Header)>,
    old: Option<&SubjectProjection>,
    new: &SubjectProjection,
) {
    let mut counts = tx.pending_counts.borrow_mut();
    let counting_incident =
        |s: Option<&SubjectProjection>| s.filter(|s| s.is_counted()).and_then(|s| s.incident);
    for (incident, delta) in [
        (counting_incident(old), -1),
        (counting_incident(Some(new)), 1),
    ] {
        if let Some(incident) = incident {
            counts.entry(incident).or_default().events += delta;
        }
    }
    if let Some((no, header)) = entry
        && let Some(incident) = header.incident
    {
        let recorded = header.recorded.timestamp_micros();
        counts.entry(incident).or_default().add(no, recorded);
    }
}

/// Marks the incidents whose summary row must be recomputed after `subject` changed from `old` to
/// `new`.
fn mark_summary_dirty(
    tx: &WriteTx<'_>,
    subject: &Subject,
    old: Option<&SubjectProjection>,
    new: &SubjectProjection,
) {
    let mut counts = tx.pending_counts.borrow_mut();
    let mut mark = |incident: Option<Uuid>| {
        if let Some(incident) = incident {
            counts.entry(incident).or_default().needs_recompute = true;
        }
    };
    let always = matches!(subject, Subject::Service(_) | Subject::Person(_)) || is_zone(subject);
    for projection in old.into_iter().chain([new]) {
        if always || projection.flags & MILESTONE != 0 {
            mark(projection.incident);
            // The event that declares an incident may be in another one, after a merge.
            mark(subject.id());
        }
    }
    if old.is_some() {
        mark(subject.id());
    }
}

fn is_zone(subject: &Subject) -> bool {
    matches!(subject, Subject::Field(name) if name == "zone")
}
