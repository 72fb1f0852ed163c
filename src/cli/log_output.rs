//! The confirmation of a logged event, with what was parsed from the line.

use super::{error::Result, json, out::Out, view};
use crate::ops::{Session, log::LoggedEvent};

/// What is said of a dry run.
pub(super) const NOTHING_WRITTEN: &str =
    "dry run: this is how it would be logged; nothing was written";

pub(super) fn print_logged(
    session: &Session,
    logged: &LoggedEvent,
    json: bool,
    out: &Out,
) -> Result {
    if json {
        out.print_json(&json::EventJson::with_state(
            &logged.event,
            logged.shown_state.clone(),
            &json::handles(session),
        ))?;
    } else {
        print_logged_line(session, logged, out)?;
        if logged.incident.is_none() {
            out.print_note(UNFILED_NOTE);
        }
    }
    print_notices(logged, out);
    Ok(())
}

/// Prints the event and its incident.
pub(super) fn print_logged_line(session: &Session, logged: &LoggedEvent, out: &Out) -> Result {
    let zone = session.zone_of(logged.incident.as_ref())?;
    let place = match &logged.incident {
        Some(row) => format!("logged in {}", view::short_ref(row)),
        None => "logged unfiled".to_owned(),
    };
    view::print_event(
        out,
        &place,
        &logged.event,
        logged.shown_state.as_ref(),
        &zone,
    );
    Ok(())
}

pub(super) const UNFILED_NOTE: &str = "no incident is open: the event is unfiled; `bridgelog declare 'TITLE' --adopt all` takes it in";

pub(super) fn print_notices(logged: &LoggedEvent, out: &Out) {
    for notice in &logged.notices {
        out.print_note(notice);
    }
}
