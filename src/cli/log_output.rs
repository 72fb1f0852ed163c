//! The confirmation of a logged event, with what was parsed from the line; in a dry run, what would be
//! logged.

use super::{error::Result, json, out::Out, view};
use crate::ops::{OpsError, Session, adopt, log::LoggedEvent};
use serde_json::Value;

/// How a logged event is reported.
#[derive(Clone, Copy, Default)]
pub(super) struct ReplyMode {
    pub json: bool,
    /// True if the event is only shown: it is not logged, so it has no handle.
    pub dry_run: bool,
}

impl ReplyMode {
    /// Says that nothing is written, if so.
    pub fn print_dry_run_note(self, out: &Out) {
        if self.dry_run {
            out.print_note("dry run: this is how it would be logged; nothing was written");
        }
    }
}

pub(super) fn print_logged(
    session: &Session,
    logged: &LoggedEvent,
    json: bool,
    out: &Out,
) -> Result {
    let dry_run = false;
    print_reply(session, logged, ReplyMode { json, dry_run }, out)
}

pub(super) fn print_reply(
    session: &Session,
    logged: &LoggedEvent,
    mode: ReplyMode,
    out: &Out,
) -> Result {
    mode.print_dry_run_note(out);
    if mode.json {
        out.print_json(&event_json(session, logged, mode)?)?;
    } else {
        print_logged_line(session, logged, mode, out)?;
        if logged.incident.is_none() {
            out.print_note(unfiled_note(session, logged));
        }
    }
    for notice in &logged.notices {
        out.print_note(notice);
    }
    Ok(())
}

/// Returns the event as JSON. In a dry run what only a logged event has is null, and `logged` is false.
pub(super) fn event_json(
    session: &Session,
    logged: &LoggedEvent,
    mode: ReplyMode,
) -> Result<Value> {
    let handles = json::handles(session);
    let event = json::EventJson::with_state(&logged.event, logged.shown_state.clone(), &handles);
    let mut event = serde_json::to_value(event)
        .map_err(|e| OpsError::failed("the event cannot be written as JSON").with_source(e))?;
    if mode.dry_run {
        for field in ["handle", "id", "recorded_at"] {
            event[field] = Value::Null;
        }
        event["logged"] = false.into();
    }
    Ok(event)
}

/// Prints the event and its incident.
pub(super) fn print_logged_line(
    session: &Session,
    logged: &LoggedEvent,
    mode: ReplyMode,
    out: &Out,
) -> Result {
    let zone = session.zone_of(logged.incident.as_ref())?;
    let verb = if mode.dry_run {
        "would be logged"
    } else {
        "logged"
    };
    let place = match &logged.incident {
        Some(row) => format!("{verb} in {}", view::short_ref(row)),
        None => format!("{verb} unassigned"),
    };
    let mut event = logged.event.clone();
    if mode.dry_run {
        event.handle.clear();
    }
    view::print_event(out, &place, &event, logged.shown_state.as_ref(), &zone);
    Ok(())
}

/// Says where an event is that is in no incident, and how to attach it.
pub(super) fn unfiled_note(session: &Session, logged: &LoggedEvent) -> &'static str {
    if adopt::is_recent(session, &logged.event) {
        "no incident is open: the event is unassigned; `bridgelog declare 'TITLE' --adopt all` attaches it"
    } else {
        "no incident is open: the event is unassigned; `--adopt all` is for those of the last 24 hours: `bridgelog declare 'TITLE' --adopt HANDLE` attaches it"
    }
}
