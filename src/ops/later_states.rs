//! Says of what is logged before later events that these start other states now.

use super::{Result, incident_history::LARGE_INCIDENT_EVENTS};
use crate::{
    domain::{event::Event, incident::Record, states::States, words::State, zone::Zone},
    store::{IncidentRow, Reader},
};

/// How many events are named.
const MAX_NAMED: usize = 3;

/// Returns which states later events of the incident `before` start that they did not before `logged` was logged;
/// `None` if there is none, and for a large incident.
pub(super) fn later_states_notice(
    read: &Reader<'_>,
    logged: &[&Record<Event>],
    before: &IncidentRow,
) -> Result<Option<String>> {
    if before.event_count > LARGE_INCIDENT_EVENTS {
        return Ok(None);
    }
    let mut has_later = false;
    for event in logged.iter().filter(|event| event.value.bears_state()) {
        has_later |= read.has_later_milestone(before.id, event)?;
    }
    let incident = match has_later {
        true => read.incident_milestones(before.id)?,
        false => None,
    };
    let Some(mut incident) = incident else {
        return Ok(None);
    };
    let is_logged = |event: &Record<Event>| logged.iter().any(|logged| logged.id == event.id);
    let now = States::from_incident(&incident).started_states();
    incident.events.retain(|event| !is_logged(event));
    let until_now = States::from_incident(&incident).started_states();
    let name = |state: Option<&State>| state.map_or("no state", |state| state.label());
    let zone = Zone::find(&before.zone)?;
    let changed: Vec<String> = incident
        .active_events()
        .filter(|event| event.value.shows_state_it_starts())
        .filter(|event| now.get(&event.id) != until_now.get(&event.id))
        .map(|event| {
            let at = zone.to_local(event.value.at_utc());
            format!(
                "{} {} {} {} (was {})",
                event.handle,
                at.format("%H:%M"),
                event.value.kind,
                name(now.get(&event.id)),
                name(until_now.get(&event.id)),
            )
        })
        .collect();
    if changed.is_empty() {
        return Ok(None);
    }
    let more = match changed.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = changed[..changed.len().min(MAX_NAMED)].join(", ");
    Ok(Some(format!(
        "later events start other states with it: {named}{more}"
    )))
}
