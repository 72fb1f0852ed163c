//! All that is known of one event: its versions, the events linked to it, the states after it.

use super::{
    OpsError, Result, Session, amend::in_order_of_writing, incident_history::LARGE_INCIDENT_EVENTS,
    restore::value_before_undo, search::linked_events,
};
use crate::domain::{
    entry::Entry, event::Event, incident::Record, states::CurrentStates, subject::Subject,
    time::UtcTime, value::Value, words::State,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One event with all that is known of it.
#[derive(Clone, Debug)]
pub struct EventDetail {
    /// The current version; of an event that was undone, what it said before.
    pub event: Record<Event>,
    /// All its versions, each after those that it replaces.
    pub versions: Vec<Entry>,
    /// The versions that conflict with the one shown.
    pub conflicts: Vec<Uuid>,
    /// The events that it links to (with `false`), and those that link to it (with `true`).
    pub links: Vec<(Record<Event>, bool)>,
    /// The states just after it, those of its services first named. Empty for an event of a large
    /// incident, whose states take long to compute, and for one that does not count.
    pub states: Vec<StateAfter>,
}

/// The state of a service just after an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateAfter {
    /// Empty for the state of an incident without services.
    pub service: String,
    pub state: State,
    /// When the service entered the state.
    pub since: UtcTime,
    /// True if that time is approximate.
    pub is_about: bool,
    /// When the event occurred.
    pub until: UtcTime,
}

/// Loads an event, also one that was undone or retracted.
///
/// # Errors
/// There is no such event, or what it said is not in this store.
pub fn load_event_detail(session: &Session, id: Uuid) -> Result<EventDetail> {
    let read = session.read();
    read.with_snapshot(|| {
        let subject = Subject::Event(id);
        let gone = || OpsError::failed("the event is no longer there");
        let (current, handle) = read.subject_state(&subject, None)?.ok_or_else(gone)?;
        let value = match &current.value {
            Value::Gone => value_before_undo(&read, &current)?,
            value => Some(value.clone()),
        };
        let Some(Value::Event(event)) = value else {
            return Err(gone());
        };
        let mut event = Record::new(&current, handle, *event).ok_or_else(gone)?;
        let renames = read.renames(current.incident)?;
        renames.apply(&mut event.value, event.recorded);
        renames.rename_person(Some(&mut event.author));
        let counts = current.value.is_visible() && event.is_active();
        let versions = read.subject_versions(&subject, current.incident)?;
        Ok(EventDetail {
            versions: in_order_of_writing(versions),
            links: linked_events(session, &event, current.incident)?,
            states: match current.incident {
                Some(incident) if counts => states_after(session, incident, &event)?,
                _ => vec![],
            },
            conflicts: current.conflicts,
            event,
        })
    })
}

/// Returns the states just after `event`: of its services, else of those that are not ok.
fn states_after(
    session: &Session,
    incident: Uuid,
    event: &Record<Event>,
) -> Result<Vec<StateAfter>> {
    let read = session.read();
    let row = read.incident_row(incident)?;
    if row.is_none_or(|row| row.event_count > LARGE_INCIDENT_EVENTS) {
        return Ok(vec![]);
    }
    let Some(incident) = read.incident_milestones(incident)? else {
        return Ok(vec![]);
    };
    let mut states = CurrentStates::before_events(&incident);
    let mut since: BTreeMap<String, (UtcTime, bool)> = BTreeMap::new();
    let upto = incident
        .active_events()
        .take_while(|record| record.sort_key() <= event.sort_key());
    for record in upto {
        for change in states.apply(record) {
            let began = (record.value.at_utc(), record.value.approximate);
            if change.before != Some(change.state) {
                since.insert(change.service, began);
            }
        }
    }
    let named = &event.value.services;
    let is_shown = |name: &str, state| match named.is_empty() {
        true => state != State::Ok,
        false => named.iter().any(|service| service == name),
    };
    let after = states.iter().filter_map(|(name, state)| {
        let state = state?;
        let (since, is_about) = *since.get(name)?;
        is_shown(name, state).then(|| StateAfter {
            service: name.to_owned(),
            state,
            since,
            is_about,
            until: event.value.at_utc(),
        })
    });
    Ok(after.collect())
}
