//! The command that gives a service the state that nobody gave: one for letters, the postmortem and lint.

use super::time_format::TimeFormatter;
use crate::domain::{
    event::Event,
    incident::{Incident, Record},
    states::{NAMELESS, StateSpan},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Writes the commands that give services of one incident a state.
pub(super) struct StateCommands<'a> {
    times: TimeFormatter,
    services: Vec<String>,
    /// The events that can begin a span, by id.
    events: HashMap<Uuid, &'a Record<Event>>,
}

impl<'a> StateCommands<'a> {
    pub(super) fn new(incident: &'a Incident) -> Self {
        let bearing = incident.active_events().filter(|e| e.value.bears_state());
        Self {
            times: TimeFormatter::new(incident.zone()),
            services: incident.service_names(),
            events: bearing.map(|record| (record.id, record)).collect(),
        }
    }

    /// Returns the command, without the flag that names the incident, that gives `service` a state from `unknown` on:
    /// one of its spans whose state is not known. It changes the state of no other service. `STATE` stands for the
    /// state, and `SERVICE` for the service where the record does not say which of several it is.
    #[must_use]
    pub(super) fn command(&self, service: &str, unknown: &StateSpan) -> String {
        let begun_by = self.events.get(&unknown.started_by);
        let begun_by = begun_by.filter(|record| is_of(record, service, &self.services));
        if let Some(record) = begun_by {
            let which = match service == NAMELESS && !self.services.is_empty() {
                true => "@SERVICE ",
                false => "",
            };
            return format!("bridgelog amend {} '{which}!STATE'", record.handle);
        }
        let about = if unknown.approximate { "~" } else { "" };
        let when = self.times.date_time_with_zone(unknown.from);
        let named = match service {
            NAMELESS => String::new(),
            name => format!(" @{name}"),
        };
        format!("bridgelog log '{about}{when} note: TEXT{named} !STATE'")
    }

    /// Returns [`Self::command`] for a letter, which names no service: `SERVICE` stands for it.
    #[must_use]
    pub(super) fn command_in_letter(&self, service: &str, unknown: &StateSpan) -> String {
        let command = self.command(service, unknown);
        match service {
            NAMELESS => command,
            name => command.replace(&format!(" @{name} !STATE"), " @SERVICE !STATE"),
        }
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
