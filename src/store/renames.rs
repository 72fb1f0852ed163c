//! The names of now in what queries return: see [`Renames`].

use super::{
    error::{ErrorContext, StoreError},
    merged::unite,
    read::{Reader, sql_limit},
    row::{RENAMED, SUBJECT_COLUMNS, SUBJECT_FROM, subject_from_row},
    timeline::records,
};
use crate::domain::{
    event::Event,
    incident::{ROLE_FIELDS, Record, SubjectWithHandle},
    renames::Renames,
    subject::Subject,
    task::Task,
    value::{NameChange, Value},
};
use rusqlite::{Connection, Result};
use std::collections::{HashMap, hash_map::Entry};
use uuid::Uuid;

/// True if a service or a person of `incident` was renamed or removed.
pub(super) fn has_renames(conn: &Connection, incident: Uuid) -> Result<bool> {
    conn.prepare_cached(&format!(
        "SELECT 1 FROM subject INDEXED BY subject_renamed WHERE incident=?1 AND flags&{RENAMED}"
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

/// So many renamed names are read to find the earlier names of a service.
const MAX_RENAMED_READ: usize = 256;

impl Reader<'_> {
    /// Returns `services` and every name that some incident has renamed to one of them, all in lower case; `None`
    /// if too much was renamed to say so.
    pub(super) fn with_earlier_names(
        &self,
        services: &[String],
    ) -> Result<Option<Vec<String>>, StoreError> {
        if services.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let renamed = self.subjects(
            &format!("s.no IN(SELECT no FROM subject INDEXED BY subject_renamed WHERE flags&{RENAMED} LIMIT ?1)"),
            &[&sql_limit(MAX_RENAMED_READ)],
        )?;
        if renamed.len() == MAX_RENAMED_READ {
            return Ok(None);
        }
        let pairs: Vec<(String, String)> = renamed
            .iter()
            .filter_map(|(current, _)| match (&current.subject, &current.value) {
                (Subject::Service(name), Value::Service(service)) => {
                    let NameChange::Renamed(to) = service.name_change.change()? else {
                        return None;
                    };
                    Some((name.to_lowercase(), to.to_lowercase()))
                }
                _ => None,
            })
            .collect();
        let mut names = services.to_vec();
        let mut next = 0;
        while let Some(name) = names.get(next).cloned() {
            for (before, _) in pairs.iter().filter(|(_, to)| *to == name) {
                if !names.contains(before) {
                    names.push(before.clone());
                }
            }
            next += 1;
        }
        Ok(Some(names))
    }

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
    pub(super) fn rename_in(&self, subjects: &mut [SubjectWithHandle]) -> Result<(), StoreError> {
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
                    Value::Field(who) if matches!(&current.subject, Subject::Field(name) if ROLE_FIELDS.contains(&name.as_str())) =>
                    {
                        renames.rename_person(Some(&mut who.text));
                    }
                    _ => {}
                }
                renames.rename_person(Some(&mut current.author));
            }
        }
        Ok(())
    }
}
