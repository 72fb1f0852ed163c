//! Searches events by words, and follows links between events.

use super::{OpsError, Result, Session};
use crate::{
    domain::{event::Event, incident::Record, subject::Subject},
    store::{IncidentRow, SearchOptions},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Newest events scanned for links to an event.
const MAX_SCANNED_FOR_LINKS: usize = 20_000;

/// A search result.
#[derive(Clone, Debug)]
pub struct FoundEvent {
    pub event: Record<Event>,
    /// `None` if the event is unfiled.
    pub incident: Option<IncidentRow>,
}

/// Loads the current version of an event.
///
/// # Errors
/// It does not exist or was undone.
pub fn load_event(session: &Session, id: Uuid) -> Result<Record<Event>> {
    find_event(session, id)?.ok_or_else(|| {
        OpsError::failed("the event is no longer there").with_hint("it was undone meanwhile")
    })
}

/// Loads the current version of an event; `None` if it does not exist or was undone.
pub(super) fn find_event(session: &Session, id: Uuid) -> Result<Option<Record<Event>>> {
    let found = session.read().subject_state(&Subject::Event(id), None)?;
    Ok(session
        .read()
        .event_records(found.into_iter().collect())?
        .pop())
}

/// Returns the events that `event` links to (with `false`) and those of `incident` that link to it
/// (with `true`), in timeline order.
pub fn linked_events(
    session: &Session,
    of: &Record<Event>,
    incident: Option<Uuid>,
) -> Result<Vec<(Record<Event>, bool)>> {
    let mut found: Vec<(Record<Event>, bool)> = Vec::new();
    for id in &of.value.links {
        // An event that was undone is left out.
        found.extend(find_event(session, *id)?.map(|event| (event, false)));
    }
    if let Some(incident) = incident {
        let id = of.id.to_string();
        session.read().for_newest_events_containing(
            incident,
            MAX_SCANNED_FOR_LINKS,
            &[id.as_str()],
            |events| {
                let linking = events
                    .into_iter()
                    .filter(|e| e.value.links.contains(&of.id));
                found.extend(linking.map(|event| (event, true)));
            },
        )?;
    }
    found.sort_by_key(|(event, _)| event.sort_key());
    Ok(found)
}

/// Returns at most `limit` active events with all words of `query`, newest first; of one incident
/// if given.
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
        let Some((current, handle)) = read.subject_state(&hit.subject, hit.incident)? else {
            continue;
        };
        let incident = current.incident;
        let Some(event) = read.event_records(vec![(current, handle)])?.pop() else {
            continue;
        };
        let row = match incident {
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
        found.push(FoundEvent {
            event,
            incident: row,
        });
    }
    Ok(found)
}
