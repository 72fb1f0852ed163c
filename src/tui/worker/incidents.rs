//! Incidents as the other files of the worker need them.

use crate::{
    domain::incident::Incident,
    ops::{IncidentRow, Result, Session},
    tui::msg::IncidentListItem,
};
use uuid::Uuid;

/// Converts a row of the store to an item of the incident list.
pub(super) fn list_item(row: IncidentRow) -> IncidentListItem {
    let marks = row.marks();
    IncidentListItem {
        handle: row.handle,
        number: row.number,
        title: format!("{marks}{}", row.title),
        severity: row.severity,
        open: row.is_open,
        state: row.state,
        declared: row.declared,
        resolved: row.resolved,
        events: row.event_count,
        zone: row.zone,
    }
}

/// Loads incident `id` with all its events, and its row.
pub(super) fn load_incident(session: &Session, id: Uuid) -> Result<(IncidentRow, Incident)> {
    let handle = session.read().handle_of(id)?;
    let row = session.resolve_for_read(Some(&handle))?;
    let incident = session.load_incident(&row)?;
    Ok((row, incident))
}
