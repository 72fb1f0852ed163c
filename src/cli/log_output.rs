//! The confirmation of a logged event, with what was parsed from the line.

use super::{error::Result, json, out::Out, view};
use crate::ops::{Session, log::LoggedEvent};

pub(super) fn print_logged(
    session: &Session,
    logged: &LoggedEvent,
    json: bool,
    out: &Out,
) -> Result {
    if json {
        out.print_json(&json::EventJson::new(
            &logged.event,
            &json::HandleLookup::for_session(session),
        ))?;
    } else {
        let zone = session.zone_of(logged.incident.as_ref())?;
        let place = match &logged.incident {
            Some(row) => format!("logged in {}", view::short_ref(row)),
            None => "logged unfiled".to_owned(),
        };
        view::print_event(out, &place, &logged.event, &zone);
    }
    if logged.incident.is_none() && !json {
        out.print_note("no incident is open: the event is unfiled; `bridgelog declare 'TITLE' --adopt all` takes it in");
    }
    for notice in &logged.notices {
        out.print_note(notice);
    }
    Ok(())
}
