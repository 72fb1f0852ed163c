//! Events by their words.

use super::{OpsError, Result, Session};
use crate::{
    domain::{event::Event, incident::Record, subject::Subject, value::Value},
    store::{IncidentRow, SearchOptions},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Among how many of the newest events those that link to one are looked for.
const MAX_SCANNED_FOR_LINKS: usize = 20_000;

/// An event that has the words.
#[derive(Clone, Debug)]
pub struct FoundEvent {
    /// The event, as it stands.
    pub event: Record<Event>,
    /// The incident it is in.
    pub incident: Option<IncidentRow>,
}

/// The event `id`, as it stands.
///
/// # Errors
/// Where there is none such; what the store says.
pub fn load_event(session: &Session, id: Uuid) -> Result<Record<Event>> {
    let found = session.read().subject_state(&Subject::Event(id), None)?;
    found
        .and_then(|(mut current, handle)| {
            match std::mem::replace(&mut current.value, Value::Gone) {
                Value::Event(event) => Record::new(&current, handle, *event),
                _ => None,
            }
        })
        .ok_or_else(|| OpsError::failed("the event is gone").with_hint("it was undone meanwhile"))
}

/// The events that `event`, which is in `incident`, links to; and with true those that link to it.
/// In timeline order.
///
/// # Errors
/// What the store says.
pub fn linked_events(
    session: &Session,
    of: &Record<Event>,
    incident: Option<Uuid>,
) -> Result<Vec<(Record<Event>, bool)>> {
    let mut found: Vec<(Record<Event>, bool)> = Vec::new();
    for id in &of.value.links {
        // What was undone since is no longer there.
        found.extend(load_event(session, *id).ok().map(|event| (event, false)));
    }
    if let Some(incident) = incident {
        let id = of.id.to_string();
        let naming = session.read().newest_events_containing(
            incident,
            MAX_SCANNED_FOR_LINKS,
            &[id.as_str()],
        )?;
        let back = naming
            .into_iter()
            .filter(|e| e.value.links.contains(&of.id));
        found.extend(back.map(|event| (event, true)));
    }
    found.sort_by_key(|(event, _)| event.sort_key());
    Ok(found)
}

/// At most `limit` events that stand and have all words of `query`, the newest first; of `incident`
/// alone, where it is given.
///
/// # Errors
/// What the store says.
pub fn search_events(
    session: &Session,
    query: &str,
    incident: Option<Uuid>,
    limit: usize,
) -> Result<Vec<FoundEvent>> {
    let read = session.read();
    let hits = read.search(
        query,
        &SearchOptions {
            include_inactive: false,
            incident,
            limit,
        },
    )?;
    let mut rows: HashMap<Uuid, Option<IncidentRow>> = HashMap::new();
    let mut found = Vec::new();
    for hit in hits {
        let Some((mut current, handle)) = read.subject_state(&hit.subject, hit.incident)? else {
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
