//! What closes a request counts in the incident of both: where the two are in different ones, that is said.

use super::{
    Result, Session,
    resolve::{Target, short_ref},
    search::{find_event, linked_events},
};
use crate::{
    domain::{event::Event, incident::Record, subject::Subject, words::Kind},
    store::IncidentRow,
};
use uuid::Uuid;

/// Returns the open requests that `event`, which is in `incident`, would close if they were in it too, each with its
/// incident.
fn links_elsewhere(
    session: &Session,
    event: &Event,
    incident: Option<Uuid>,
) -> Result<Vec<(String, Option<IncidentRow>)>> {
    let mut found = Vec::new();
    for link in event.links.iter().filter(|_| event.closes) {
        let state = session.read().subject_state(&Subject::Event(*link), None)?;
        let Some((state, handle)) = state.filter(|(state, _)| state.incident != incident) else {
            continue;
        };
        let request = find_event(session, *link)?.filter(is_request);
        if let Some(request) = request
            && closing_event(session, &request, state.incident)?.is_none()
        {
            let row = state.incident.map(|id| session.read().incident_row(id));
            found.push((handle, row.transpose()?.flatten()));
        }
    }
    Ok(found)
}

fn is_request(event: &Record<Event>) -> bool {
    event.value.kind == Kind::Ask && event.is_active()
}

/// Returns the event of `incident` that closes `request`.
fn closing_event(
    session: &Session,
    request: &Record<Event>,
    incident: Option<Uuid>,
) -> Result<Option<Record<Event>>> {
    let linked = linked_events(session, request, incident)?;
    let closing = linked
        .into_iter()
        .find(|(event, links_here)| *links_here && event.is_active() && event.value.closes);
    Ok(closing.map(|(event, _)| event))
}

fn place(row: Option<&IncidentRow>) -> String {
    row.map_or_else(
        || "in no incident".to_owned(),
        |row| format!("in incident {}", short_ref(row)),
    )
}

/// Says of each request that `event`, just logged in `incident`, links to as done and does not close.
///
/// # Errors
/// Those of the store.
pub(super) fn not_closed(
    session: &Session,
    event: &Event,
    incident: Option<Uuid>,
) -> Result<Vec<String>> {
    let links = links_elsewhere(session, event, incident)?.into_iter();
    Ok(links
        .map(|(handle, row)| {
            format!(
                "^{handle} is {} and stays open there: `bridgelog task done {handle}` closes it",
                place(row.as_ref())
            )
        })
        .collect())
}

/// Says which requests are open again after `targets` were moved out of `left` into `into`.
///
/// # Errors
/// Those of the store.
pub(super) fn opened_by_move(
    session: &Session,
    targets: &[Target],
    left: &[IncidentRow],
    into: &IncidentRow,
) -> Result<Vec<String>> {
    let mut notices = Vec::new();
    for target in targets {
        let (Some(id), Some(event)) = (target.subject.id(), target.current.value.event()) else {
            continue;
        };
        for (handle, row) in links_elsewhere(session, event, Some(into.id))? {
            notices.push(format!(
                "{} closed ^{handle}, which is {} and open again: `bridgelog move {handle} {}` moves it too",
                target.handle,
                place(row.as_ref()),
                short_ref(into)
            ));
        }
        let Some(moved) = find_event(session, id)?.filter(is_request) else {
            continue;
        };
        if closing_event(session, &moved, Some(into.id))?.is_some() {
            continue;
        }
        let from = left
            .iter()
            .find(|row| Some(row.id) == target.current.incident);
        if let Some(closing) = closing_event(session, &moved, from.map(|row| row.id))? {
            notices.push(format!(
                "{} is open again: {}, which closed it, is {}; `bridgelog move {} {}` moves that too",
                target.handle,
                closing.handle,
                place(from),
                closing.handle,
                short_ref(into)
            ));
        }
    }
    Ok(notices)
}
