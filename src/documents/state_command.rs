//! The command that gives a service the state that nobody gave: one for letters, the postmortem and lint.

use super::time_format::TimeFormatter;
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    states::{NAMELESS, StateSpan},
};

/// Returns the command, without the flag that names the incident, that gives `service` a state from `unknown` on: one
/// of its spans whose state is not known. It changes the state of no other service. `STATE` stands for the state, and
/// `SERVICE` for the service where the record does not say which of several it is.
#[must_use]
pub(super) fn state_command(incident: &Incident, service: &str, unknown: &StateSpan) -> String {
    let services = incident.service_names();
    let begun_by = incident.event(unknown.started_by);
    let begun_by = begun_by.filter(|record| is_of(record, service, &services));
    if let Some(record) = begun_by {
        let which = match service == NAMELESS && !services.is_empty() {
            true => "@SERVICE ",
            false => "",
        };
        return format!("bridgelog amend {} '{which}!STATE'", record.handle);
    }
    let about = if unknown.approximate { "~" } else { "" };
    let when = TimeFormatter::new(incident.zone()).date_time_with_zone(unknown.from);
    let named = match service {
        NAMELESS => String::new(),
        name => format!(" @{name}"),
    };
    format!("bridgelog log '{about}{when} note: TEXT{named} !STATE'")
}

/// Returns [`state_command`] for a letter, which names no service: `SERVICE` stands for it.
#[must_use]
pub(super) fn state_command_in_letter(
    incident: &Incident,
    service: &str,
    unknown: &StateSpan,
) -> String {
    let command = state_command(incident, service, unknown);
    match service {
        NAMELESS => command,
        name => command.replace(&format!(" @{name} !STATE"), " @SERVICE !STATE"),
    }
}

/// True if a state that is given to the event of `record` is one of `service` alone, of the `services` of the incident.
fn is_of(record: &Record<Event>, service: &str, services: &[String]) -> bool {
    let event = &record.value;
    let is_alone = match event.services.as_slice() {
        [] => service == NAMELESS || services == [service],
        [only] => only == service,
        _ => false,
    };
    is_alone && event.redacted.is_none()
}
