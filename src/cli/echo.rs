//! What was logged is said back as it was understood.

use super::{Result, json, out::Out, view};
use crate::{
    domain::zone::Zone,
    ops::{Book, log::Logged},
};

/// Says what was logged, and what was understood of it.
pub(super) fn echo(book: &Book, logged: &Logged, json: bool, out: &Out) -> Result {
    if json {
        out.json(&json::EventJson::new(
            &logged.event,
            &json::Handles::of(book),
        ))?;
    } else {
        let zone = match &logged.incident {
            Some(row) => Zone::find(&row.zone)?,
            None => book.new_zone(None)?,
        };
        let place = match &logged.incident {
            Some(row) => format!("logged in {}", view::reference(row)),
            None => "logged unfiled".to_owned(),
        };
        view::echo(out, &place, &logged.event, &zone);
    }
    if logged.incident.is_none() && !json {
        out.notice("no incident is open: the event is unfiled; `bridgelog declare 'TITLE' --adopt all` takes it in");
    }
    for notice in &logged.notices {
        out.notice(notice);
    }
    Ok(())
}
