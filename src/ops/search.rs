//! Events by their words.

use super::{Book, Result};
use crate::{
    domain::{event::Event, incident::Record, value::Value},
    store::{IncidentRow, SearchOptions},
};
use std::collections::HashMap;
use uuid::Uuid;

/// An event that has the words.
#[derive(Clone, Debug)]
pub struct FoundEvent {
    /// The event, as it stands.
    pub event: Record<Event>,
    /// The incident it is in.
    pub incident: Option<IncidentRow>,
}

/// At most `limit` events that stand and have all words of `query`, the newest first; of `incident`
/// alone, where it is given.
///
/// # Errors
/// What the store says.
pub fn events(
    book: &Book,
    query: &str,
    incident: Option<Uuid>,
    limit: usize,
) -> Result<Vec<FoundEvent>> {
    let read = book.read();
    let hits = read.search(
        query,
        &SearchOptions {
            all: false,
            incident,
            limit,
        },
    )?;
    let mut rows: HashMap<Uuid, Option<IncidentRow>> = HashMap::new();
    let mut found = Vec::new();
    for hit in hits {
        let Some((mut current, handle)) = read.current(&hit.subject, hit.incident)? else {
            continue;
        };
        let value = std::mem::replace(&mut current.value, Value::Gone);
        let Value::Event(event) = value else {
            continue;
        };
        let row = match current.incident {
            Some(id) => match rows.get(&id) {
                Some(row) => row.clone(),
                None => {
                    let row = read.incident_row(id)?;
                    rows.insert(id, row.clone());
                    row
                }
            },
            None => None,
        };
        found.extend(
            Record::new(&current, handle, *event).map(|event| FoundEvent {
                event,
                incident: row,
            }),
        );
    }
    Ok(found)
}
