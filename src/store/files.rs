//! Queries for the files that are attached to events. Their content is read one file at a time.

use super::{
    error::StoreError,
    read::Reader,
    row::{FILE_DESTROYED, FILE_TYPE, optional_uuid},
};
use crate::domain::{hash::Hash, incident::SubjectWithHandle, subject::Subject};
use std::collections::BTreeSet;
use uuid::Uuid;

impl Reader<'_> {
    /// Returns the files of `incident`, or the unfiled ones, whose content was destroyed. Reads no content.
    pub fn destroyed_files(&self, incident: Option<Uuid>) -> Result<BTreeSet<Hash>, StoreError> {
        let names = self.query_all(
            &format!(
                "SELECT name FROM subject WHERE incident IS ?1 AND at IS NULL AND sort={FILE_TYPE} AND flags&{FILE_DESTROYED}"
            ),
            &[&incident.map(Uuid::into_bytes)],
            |row| row.get::<_, String>(0),
        )?;
        Ok(names.iter().filter_map(|name| hash_in_name(name)).collect())
    }

    /// Returns the files of the whole store whose hash begins with `prefix`, hexadecimal digits, each with
    /// the incident that it is in.
    pub fn files_beginning(&self, prefix: &str) -> Result<Vec<(Hash, Option<Uuid>)>, StoreError> {
        let rows = self.query_all(
            &format!("SELECT name,incident FROM subject WHERE sort={FILE_TYPE} ORDER BY no"),
            &[],
            |row| Ok((row.get::<_, String>(0)?, optional_uuid(row, 1)?)),
        )?;
        let files = rows.into_iter().filter_map(|(name, incident)| {
            let hash = hash_in_name(&name)?;
            let begins = hash.to_string().starts_with(prefix);
            begins.then_some((hash, incident))
        });
        Ok(files.collect())
    }

    /// Returns the events of the whole store of which the current version has the file `hash`. Those that were
    /// undone have none.
    pub fn events_with_file(&self, hash: Hash) -> Result<Vec<SubjectWithHandle>, StoreError> {
        let digits = hash.to_string();
        let mut events = self.in_read_tx(|| {
            self.subjects_matching("s.sort=1 AND s.at IS NOT NULL", &[], |body| {
                body.contains(&digits)
            })
        })?;
        events.retain(|(current, _)| {
            let event = current.value.event();
            event.is_some_and(|event| event.files.iter().any(|file| file.sha256 == hash))
        });
        Ok(events)
    }
}

/// The hash in the name of a file's row: the key of its subject.
fn hash_in_name(name: &str) -> Option<Hash> {
    let (_, subject) = name.split_once('/')?;
    match subject.parse() {
        Ok(Subject::File(hash)) => Some(hash),
        _ => None,
    }
}
