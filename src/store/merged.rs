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

/// Returns what an incident was merged into.
pub(super) const MERGED: &str = "SELECT merged FROM incident WHERE id=?1";

/// Returns the incident that shows what is in `incident`: itself, or the one that it was merged into.
/// An incident of which no entry is here yet shows nothing, and a circle of merges, which two machines
/// can make while apart, leaves everything where it is.
pub(super) fn shown_in(conn: &Connection, incident: Option<Uuid>) -> Result<Option<Uuid>> {
    let Some(own) = incident else {
        return Ok(None);
    };
    let mut statement = conn.prepare_cached(MERGED)?;
    let mut merged = |id: Uuid| {
        statement
            .query_row([id.as_bytes()], |row| optional_uuid(row, 0))
            .optional()
    };
    let mut passed = Vec::new();
    let mut last = own;
    let mut next = merged(own)?.flatten();
    while let Some(into) = next {
        passed.push(last);
        if passed.contains(&into) {
            return Ok(incident);
        }
        let Some(after) = merged(into)? else {
            break;
        };
        (last, next) = (into, after);
    }
    Ok(Some(last))
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
        // A circle of merges does not lead to `incident` and has no end.
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
