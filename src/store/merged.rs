//! Merged incidents: what is in one is shown in the one that it was merged into, also what arrives
//! after the merge or before it.
//!
//! The journal keeps the incident that an entry names. A row of table `subject` names the one that
//! shows it: [`shown_in`]. A field, a section or a service of several incidents that became one has a
//! row for each of them, and their versions count as versions of one subject: [`unite`].

use super::{
    row::{optional_uuid, subject_type_code},
    subjects::{SubjectKey, SubjectProjection, find_subject_row, load_versions},
};
use crate::domain::{
    entry::Entry,
    incident::{SubjectState, SubjectWithHandle, current_state},
    subject::Subject,
};
use rusqlite::{Connection, OptionalExtension, Result};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Returns what an incident was merged into. The first incident of a circle of merges, which machines can
/// make while apart, counts as merged into none.
pub(super) const MERGED: &str = "SELECT iif(standing=1,merged,NULL)FROM incident WHERE id=?1";
/// Returns the incident that the declaration of an incident was moved to, also where that makes a circle.
const DECLARED_IN: &str = "SELECT merged FROM incident WHERE id=?1";

/// Reads the incident that `sql`, [`MERGED`] or [`DECLARED_IN`], has for incident `id`; `None` if there is
/// none, `Some(None)` if it has no other.
fn other_incident(conn: &Connection, sql: &str, id: Uuid) -> Result<Option<Option<Uuid>>> {
    conn.prepare_cached(sql)?
        .query_row([id.as_bytes()], |row| optional_uuid(row, 0))
        .optional()
}

/// Returns the incident that shows what is in `incident`: itself, or the one that it was merged into.
/// An incident of which no entry is here yet shows nothing.
pub(super) fn shown_in(conn: &Connection, incident: Option<Uuid>) -> Result<Option<Uuid>> {
    let Some(own) = incident else {
        return Ok(None);
    };
    let mut passed = Vec::new();
    let mut last = own;
    let mut next = other_incident(conn, MERGED, own)?.flatten();
    while let Some(into) = next {
        passed.push(last);
        // A circle that has just come about: its first incident is written again later in the transaction.
        if passed.contains(&into) {
            return Ok(incident);
        }
        let Some(after) = other_incident(conn, MERGED, into)? else {
            break;
        };
        (last, next) = (into, after);
    }
    Ok(Some(last))
}

/// Returns `first` and the incidents that declarations were moved to from there, one after the other, each
/// once.
pub(super) fn merge_path(conn: &Connection, first: Uuid) -> Result<Vec<Uuid>> {
    let mut path = Vec::new();
    let mut next = Some(first);
    while let Some(id) = next.filter(|id| !path.contains(id)) {
        path.push(id);
        next = other_incident(conn, DECLARED_IN, id)?.flatten();
    }
    Ok(path)
}

/// True if merges lead in a circle from `incident`, whose declaration is in `into`, back to it, and it is the
/// one of the circle that shows them all: the one with the smallest id.
pub(super) fn ends_circle(conn: &Connection, incident: Uuid, into: Uuid) -> Result<bool> {
    let mut smallest = incident;
    for id in merge_path(conn, into)? {
        if id == incident {
            return Ok(smallest == incident);
        }
        smallest = smallest.min(id);
    }
    Ok(false)
}

impl SubjectProjection {
    /// Follows the merges of its incident.
    pub fn shown_in(self, conn: &Connection) -> Result<Self> {
        Ok(Self {
            incident: shown_in(conn, self.incident)?,
            ..self
        })
    }
}

/// Returns the incidents that were merged into `incident`, directly or by way of others, without
/// itself.
pub(super) fn merged_incidents(conn: &Connection, incident: Uuid) -> Result<Vec<Uuid>> {
    let mut found = vec![incident];
    let mut next = 0;
    // Those that were merged are in an index: `standing=1`.
    let mut statement =
        conn.prepare_cached("SELECT id FROM incident WHERE standing=1 AND merged=?1 ORDER BY id")?;
    while let Some(into) = found.get(next) {
        let ids: Vec<Uuid> = statement
            .query_map([into.as_bytes()], |row| Ok(Uuid::from_bytes(row.get(0)?)))?
            .collect::<Result<_>>()?;
        found.extend(ids.into_iter().filter(|id| *id != incident));
        next += 1;
        // A circle that has just come about does not lead to `incident` and has no end.
        let mut seen = std::collections::BTreeSet::new();
        found.retain(|id| seen.insert(*id));
    }
    Ok(found.split_off(1))
}

/// Returns the versions of `subject` in `incident`. Those of a field, a section or a service in the
/// incidents that were merged into it are among them.
pub(super) fn united_versions(
    conn: &Connection,
    subject: &Subject,
    incident: Option<Uuid>,
) -> Result<Vec<Entry>> {
    let mut incidents = vec![incident];
    if let (None, Some(id)) = (subject.id(), incident) {
        let home = shown_in(conn, incident)?;
        for other in merged_incidents(conn, id)? {
            if shown_in(conn, Some(other))? == home {
                incidents.push(Some(other));
            }
        }
    }
    let mut versions = Vec::new();
    for incident in incidents {
        if let Some(row) = find_subject_row(conn, &SubjectKey::new(subject, incident))? {
            versions.extend(load_versions(conn, &row)?.0);
        }
    }
    Ok(versions)
}

/// Returns the state of a field, section or service of `incident` from all versions of it there and in
/// the incidents that were merged into it. `None` if there are none.
pub(super) fn united_state(
    conn: &Connection,
    subject: &Subject,
    incident: Uuid,
) -> Result<Option<SubjectState>> {
    let versions = united_versions(conn, subject, Some(incident))?;
    Ok(current_state(&versions).map(|state| SubjectState {
        incident: Some(incident),
        ..state
    }))
}

/// Leaves of the rows in `subjects` one for each field, section and service of `incident`, where the
/// incidents that were merged into it have some of the same name.
pub(super) fn unite(
    conn: &Connection,
    incident: Uuid,
    subjects: Vec<SubjectWithHandle>,
) -> Result<Vec<SubjectWithHandle>> {
    let mut names: BTreeMap<(i64, String), usize> = BTreeMap::new();
    let key = |current: &SubjectState| {
        let shared = current.subject.id().is_none() && current.incident == Some(incident);
        shared.then(|| {
            (
                subject_type_code(&current.subject),
                current.subject.to_string(),
            )
        })
    };
    for key in subjects.iter().filter_map(|(current, _)| key(current)) {
        *names.entry(key).or_default() += 1;
    }
    let mut united = Vec::with_capacity(subjects.len());
    for (current, handle) in subjects {
        let rows = key(&current).and_then(|key| names.get_mut(&key));
        match rows {
            Some(0) => {}
            Some(rows) if *rows > 1 => {
                *rows = 0;
                united.extend(
                    united_state(conn, &current.subject, incident)?
                        .map(|state| (state, String::new())),
                );
            }
            _ => united.push((current, handle)),
        }
    }
    Ok(united)
}
