//! The names of now in what queries return: see [`Renames`].

use super::{
    error::{ErrorContext, StoreError},
    merged::unite,
    read::Reader,
    row::{RENAMED, SUBJECT_COLUMNS, SUBJECT_FROM, subject_from_row},
    timeline::records,
};
use crate::domain::{
    event::Event,
    incident::{Record, SubjectWithHandle},
    renames::Renames,
    task::Task,
    value::Value,
};
use rusqlite::{Connection, Result};
use std::collections::{HashMap, hash_map::Entry};
use uuid::Uuid;

/// True if a service or a person of `incident` was renamed or removed.
pub(super) fn has_renames(conn: &Connection, incident: Uuid) -> Result<bool> {
    conn.prepare_cached(&format!(
        "SELECT 1 FROM subject WHERE incident=?1 AND at IS NULL AND flags&{RENAMED}"
    ))?
    .exists([incident.as_bytes()])
}

/// Loads the renamed and removed names of `incident`.
fn load(conn: &Connection, incident: Uuid) -> Result<Renames> {
    let mut renames = Renames::default();
    if !has_renames(conn, incident)? {
        return Ok(renames);
    }
    let sql = format!(
        "SELECT {SUBJECT_COLUMNS} {SUBJECT_FROM} WHERE s.incident=?1 AND s.at IS NULL AND s.sort IN(6,7)"
    );
    let subjects = conn
        .prepare_cached(&sql)?
        .query_map([incident.as_bytes()], |row| Ok(subject_from_row(row)?.0))?
        .collect::<Result<Vec<_>>>()?;
    for (current, _) in unite(conn, incident, subjects)? {
        renames.add(&current.subject, &current.value);
    }
    Ok(renames)
}

impl Reader<'_> {
    /// Returns the renamed and removed names of `incident`; none of what is unfiled.
    pub fn renames(&self, incident: Option<Uuid>) -> Result<Renames, StoreError> {
        match incident {
            Some(id) => self.in_read_tx(|| load(self.conn, id).with_path(self.path)),
            None => Ok(Renames::default()),
        }
    }

    /// Returns the events among `subjects` with the names of now, in the same order.
    pub fn event_records(
        &self,
        mut subjects: Vec<SubjectWithHandle>,
    ) -> Result<Vec<Record<Event>>, StoreError> {
        self.rename_in(&mut subjects)?;
        Ok(records(subjects, |value| match value {
            Value::Event(event) => Some(*event),
            _ => None,
        }))
    }

    /// Returns the tasks among `subjects` with the names of now, in the same order.
    pub(super) fn task_records(
        &self,
        mut subjects: Vec<SubjectWithHandle>,
    ) -> Result<Vec<Record<Task>>, StoreError> {
        self.rename_in(&mut subjects)?;
        Ok(records(subjects, |value| match value {
            Value::Task(task) => Some(*task),
            _ => None,
        }))
    }

    /// Gives the events, tasks and authors of `subjects` the names of now.
    fn rename_in(&self, subjects: &mut [SubjectWithHandle]) -> Result<(), StoreError> {
        let mut loaded: HashMap<Uuid, Renames> = HashMap::new();
        for (current, _) in subjects {
            let Some(id) = current.incident else {
                continue;
            };
            let renames = match loaded.entry(id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.renames(Some(id))?),
            };
            if !renames.is_empty() {
                match &mut current.value {
                    Value::Event(event) => renames.apply(event, current.recorded),
                    Value::Task(task) => renames.apply_to_task(task),
                    _ => {}
                }
                renames.rename_person(Some(&mut current.author));
            }
        }
        Ok(())
    }
}
