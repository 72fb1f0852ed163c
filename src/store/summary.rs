//! The summary row of an incident, for lists and headers. It is computed from the milestones, fields
//! and services alone, so that its cost does not grow with the other events of the incident.

use super::{
    merged::{MERGED, ends_circle, merge_path, unite},
    renames::has_renames,
    row::{
        MILESTONE, RETRACTED, SUBJECT_COLUMN_COUNT, SUBJECT_COLUMNS, SUBJECT_FROM, optional_uuid,
        subject_from_row,
    },
    subjects::{SubjectKey, SubjectProjection, find_subject_row, load_versions},
    tx::WriteTx,
};
use crate::domain::{
    entry::Entry,
    event::Event,
    handle,
    incident::{Incident, Record, SubjectWithHandle},
    states::CurrentStates,
    subject::Subject,
    value::Value,
    words::{Severity, State, Word},
};
use chrono::DateTime;
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

/// Value of `incident.standing`: the declaration was undone or retracted.
pub(super) const STATUS_WITHDRAWN: i64 = 0;
/// Value of `incident.standing`: merged into another incident.
pub(super) const STATUS_MERGED: i64 = 1;
/// Value of `incident.standing`: resolved, or its declaration has not arrived or cannot be read.
pub(super) const STATUS_CLOSED: i64 = 2;
/// Value of `incident.standing`: declared and not resolved.
pub(super) const STATUS_OPEN: i64 = 3;

/// SQL condition for the milestones of incident `?1`.
pub(super) const WHERE_MILESTONE: &str = "s.incident=?1 AND s.flags&1";
/// SQL condition for the fields, services and people of incident `?1`.
pub(super) const WHERE_FIELD_OR_SERVICE: &str =
    "s.incident=?1 AND s.at IS NULL AND s.sort IN(4,6,7)";

/// Parses column `incident.services`; `None` if this version did not write it.
pub(super) fn states_from_json(json: &str) -> Option<CurrentStates> {
    serde_json::from_str(json).ok()
}

fn states_to_json(states: &CurrentStates) -> String {
    serde_json::to_string(states).unwrap_or_default()
}

/// The states of the services of `incident` after all its events.
fn current_states(incident: &Incident) -> CurrentStates {
    let mut states = CurrentStates::before_events(incident);
    for record in incident.active_events() {
        states.apply(record);
    }
    states
}

/// The columns of a row of table `incident` that are computed, not counted. Times are in µs since the
/// epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SummaryColumns {
    pub number: Option<u32>,
    pub title: String,
    pub zone: String,
    pub severity: Option<Word<Severity>>,
    pub state: Option<State>,
    pub commander: Option<String>,
    /// The [`CurrentStates`], as JSON.
    pub services: String,
    pub declared: Option<i64>,
    pub resolved: Option<i64>,
    pub merged_into: Option<Uuid>,
    /// Column `standing`: [`STATUS_OPEN`] or one of the other three.
    pub status: i64,
}

/// Writes the pending counts to the rows of their incidents, and recomputes the rows that need it.
/// Returns the incidents that are new here, or that were merged or separated: other rows depend on it
/// which incident shows what is in them.
pub(super) fn flush_summaries(tx: &WriteTx<'_>) -> Result<Vec<Uuid>> {
    let mut changed = Vec::new();
    for (id, counts) in tx.pending_counts.take() {
        let conn = tx.conn;
        let (exists, inserted) = if counts.entries > 0 {
            let columns = (
                id.as_bytes(),
                counts.events,
                counts.entries,
                counts.newest,
                counts.high,
            );
            let updated = conn
                .prepare_cached("UPDATE incident SET events=events+?2,entries=entries+?3,newest=max(newest,?4),high=?5 WHERE id=?1")?
                .execute(columns)?;
            if updated == 0 {
                conn.prepare_cached("INSERT INTO incident(id,title,zone,services,standing,events,entries,newest,low,high)VALUES(?1,'','','[]',2,?2,?3,?4,?6,?5)")?
                    .execute((id.as_bytes(), counts.events, counts.entries, counts.newest, counts.high, counts.low))?;
            }
            (true, updated == 0)
        } else {
            // Most ids without a new entry are those of events that declare no incident.
            let exists = conn.prepare_cached(MERGED)?.exists([id.as_bytes()])?;
            if exists && counts.events != 0 {
                conn.prepare_cached("UPDATE incident SET events=events+?2 WHERE id=?1")?
                    .execute((id.as_bytes(), counts.events))?;
            }
            (exists, false)
        };
        if exists && (counts.needs_recompute || inserted) {
            let before: (Option<Uuid>, bool) = conn
                .prepare_cached("SELECT merged,standing=1 FROM incident WHERE id=?1")?
                .query_row([id.as_bytes()], |row| {
                    Ok((optional_uuid(row, 0)?, row.get(1)?))
                })?;
            let summary = compute_summary(conn, id)?;
            write_summary(conn, id, &summary)?;
            if summary.merged_into != before.0 {
                // This may close or open a circle of merges, whose first incident is not merged.
                for end in [before.0, summary.merged_into].into_iter().flatten() {
                    for other in merge_path(conn, end)? {
                        tx.mark_for_recompute(other);
                    }
                }
            }
            let after = (summary.merged_into, summary.status == STATUS_MERGED);
            if inserted || after != before {
                changed.push(id);
            }
        }
    }
    Ok(changed)
}

/// Fast path: updates the summary row of the incident for `entry`, the first of its subject, without reading
/// the other milestones. This works if it is a milestone that is later than all others, or one that changes no
/// column. Returns false in all other cases: then the caller decides with `mark_summary_dirty` whether the row must be recomputed.
pub(super) fn try_incremental_update(
    tx: &WriteTx<'_>,
    entry: &Entry,
    projection: &SubjectProjection,
) -> Result<bool> {
    let header = entry.header();
    let (Some(id), Some(at), Subject::Event(event_id)) =
        (projection.incident, projection.at, &header.subject)
    else {
        return Ok(false);
    };
    let is_milestone = projection.flags & MILESTONE != 0 && projection.flags & RETRACTED == 0;
    if !is_milestone
        || *event_id == id
        || tx
            .pending_counts
            .borrow()
            .get(&id)
            .is_some_and(|counts| counts.needs_recompute)
    {
        return Ok(false);
    }
    let Value::Event(event) = Value::from_body(entry.body_bytes()) else {
        return Ok(false);
    };
    if event.kind.is_lifecycle() {
        return Ok(false);
    }
    // This may be the event that declares another incident, which was merged into this one.
    tx.pending_counts
        .borrow_mut()
        .entry(*event_id)
        .or_default()
        .needs_recompute = true;
    let has_state = event.bears_state();
    if !has_state && event.severity.is_none() && event.commander.is_none() {
        return Ok(true);
    }
    if has_later_milestone(tx.conn, id, at, *event_id)? {
        return Ok(false);
    }
    if has_renames(tx.conn, id)? {
        return Ok(false);
    }
    let services: Option<String> = tx
        .conn
        .prepare_cached("SELECT services FROM incident WHERE id=?1")?
        .query_row([id.as_bytes()], |row| row.get(0))
        .optional()?;
    let Some(mut services) = services.as_deref().and_then(states_from_json) else {
        return Ok(false);
    };
    let record = Record {
        elsewhere: header.incident.filter(|incident| *incident != id),
        ..Record::from_header(*event_id, String::new(), header, *event)
    };
    if !services.accepts(&record) {
        return Ok(false);
    }
    services.apply(&record);
    let event = record.value;
    tx.conn
        .prepare_cached(
            "UPDATE incident SET state=?2,services=?3,severity=coalesce(?4,severity),commander=coalesce(?5,commander)WHERE id=?1",
        )?
        .execute(rusqlite::params![
            id.as_bytes(),
            services.worst().map(State::as_str),
            states_to_json(&services),
            event.severity.as_ref().map(ToString::to_string),
            event.commander,
        ])?;
    Ok(true)
}

/// True if a milestone of `incident` other than event `except` occurred at `at`, in µs, or later.
pub(super) fn has_later_milestone(
    conn: &Connection,
    incident: Uuid,
    at: i64,
    except: Uuid,
) -> Result<bool> {
    conn.prepare_cached(
        "SELECT 1 FROM subject INDEXED BY subject_time WHERE incident=?1 AND at>=?2 AND flags&1 AND id<>?3",
    )?
    .exists((incident.as_bytes(), at, except.as_bytes()))
}

fn write_summary(conn: &Connection, id: Uuid, summary: &SummaryColumns) -> Result<()> {
    conn.prepare_cached(
        "UPDATE incident SET number=?2,title=?3,zone=?4,severity=?5,state=?6,commander=?7,services=?8,declared=?9,resolved=?10,merged=?11,standing=?12 WHERE id=?1",
    )?
    .execute(rusqlite::params![
        id.as_bytes(),
        summary.number,
        summary.title,
        summary.zone,
        summary.severity.as_ref().map(ToString::to_string),
        summary.state.map(State::as_str),
        summary.commander,
        summary.services,
        summary.declared,
        summary.resolved,
        summary.merged_into.map(Uuid::into_bytes),
        summary.status,
    ])?;
    Ok(())
}

/// Computes the summary row of incident `id` from its milestones, fields and services.
pub(super) fn compute_summary(conn: &Connection, id: Uuid) -> Result<SummaryColumns> {
    let mut subjects: Vec<SubjectWithHandle> = Vec::new();
    for condition in [WHERE_MILESTONE, WHERE_FIELD_OR_SERVICE] {
        let sql = format!("SELECT {SUBJECT_COLUMNS} {SUBJECT_FROM} WHERE {condition}");
        let mut statement = conn.prepare_cached(&sql)?;
        for row in statement.query_map([id.as_bytes()], subject_from_row)? {
            subjects.push(row?.0);
        }
    }
    let subjects = unite(conn, id, subjects)?;
    let incident = Incident::assemble(id, String::new(), subjects, vec![], DateTime::default());
    let (declaration, status, merged_into) = find_declaration(conn, id)?;
    let resolved = incident
        .resolution()
        .map(|record| record.value.at_utc().timestamp_micros());
    let zone = match (incident.fields.get("zone"), &declaration) {
        (Some(zone), _) => zone.clone(),
        (None, Some(event)) if !event.zone.is_empty() => event.zone.clone(),
        _ => "UTC".to_owned(),
    };
    let services = current_states(&incident);
    Ok(SummaryColumns {
        number: declaration.as_ref().and_then(|event| event.number),
        title: declaration
            .as_ref()
            .map(|event| event.text.clone())
            .unwrap_or_default(),
        zone,
        severity: incident.severity(),
        state: services.worst(),
        commander: incident.commander().map(str::to_owned),
        services: states_to_json(&services),
        declared: declaration.map(|event| event.at_utc().timestamp_micros()),
        resolved,
        merged_into,
        status: if status == STATUS_OPEN && resolved.is_some() {
            STATUS_CLOSED
        } else {
            status
        },
    })
}

/// Returns the event that declared incident `id`, the status that follows from it alone (a `resolve` is
/// not considered), and the incident it was merged into. If the event was undone or moved away, its
/// newest readable version is returned, so that the row still has a title.
///
/// A merge stands beside a version of the declaration that was written without knowing of it: what else was in
/// the incident has moved.
fn find_declaration(conn: &Connection, id: Uuid) -> Result<(Option<Event>, i64, Option<Uuid>)> {
    let subject = Subject::Event(id);
    // The incident that its shown version names decides, not the one that shows it: that follows.
    let sql =
        format!("SELECT {SUBJECT_COLUMNS},e.incident {SUBJECT_FROM} WHERE s.name=?1 AND s.sort=1");
    let row = conn
        .prepare_cached(&sql)?
        .query_row([handle::from_id(id)], |row| {
            let ((current, _), others) = subject_from_row(row)?;
            let incident = optional_uuid(row, SUBJECT_COLUMN_COUNT)?;
            Ok((current.value, incident, others))
        })
        .optional()?;
    let Some((value, incident, others)) = row else {
        return Ok((None, STATUS_CLOSED, None));
    };
    let mut merged_into = moved_to(&value, incident).filter(|other| *other != id);
    let mut merges = conn.prepare_cached("SELECT incident,body FROM entry WHERE no=?1")?;
    for no in others {
        if merged_into.is_none() {
            merged_into = merges
                .query_row([no], |row| {
                    let value = Value::from_body(row.get_ref(1)?.as_str_or_null()?);
                    Ok(moved_to(&value, optional_uuid(row, 0)?))
                })?
                .filter(|other| *other != id);
        }
    }
    let status = match (&value, merged_into) {
        (_, Some(into)) if !ends_circle(conn, id, into)? => STATUS_MERGED,
        (Value::Event(event), _) if event.retracted.is_none() && incident.is_some() => STATUS_OPEN,
        // What is moved back arrives in another entry.
        (Value::Unreadable(_) | Value::Unknown(_) | Value::Moved(Some(_)), _) => STATUS_CLOSED,
        _ => STATUS_WITHDRAWN,
    };
    if let Value::Event(event) = value {
        return Ok((Some(*event), status, merged_into));
    }
    let Some(row) = find_subject_row(conn, &SubjectKey::new(&subject, None))? else {
        return Ok((None, status, merged_into));
    };
    let (entries, _) = load_versions(conn, &row)?;
    let newest = entries
        .iter()
        .filter_map(|entry| {
            let value = Value::from_body(entry.body_bytes());
            let order = (
                entry.header().recorded,
                entry.header().origin,
                entry.header().seq,
            );
            Some((order, value.event()?.clone()))
        })
        .max_by_key(|(order, _)| *order);
    Ok((newest.map(|(_, event)| event), status, merged_into))
}

/// The incident in which a declaration with this `value`, an entry of `incident`, is or goes to.
fn moved_to(value: &Value, incident: Option<Uuid>) -> Option<Uuid> {
    match value {
        Value::Event(_) => incident,
        Value::Moved(to) => *to,
        _ => None,
    }
}
