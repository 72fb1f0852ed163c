//! What the jobs that write to the store have in common.

use super::{
    Worker,
    wording::{clock_time, event_label, excerpt},
};
use crate::{
    domain::{time::parse_utc, value::Value, zone::Zone},
    ops::{IncidentRow, Result, log},
    tui::msg::{ClearInput, NextStep, Reply},
};
use uuid::Uuid;

pub(super) fn done(message: impl Into<String>, next: NextStep) -> Reply {
    Reply::Done {
        message: message.into(),
        next,
        // `Worker::run` adds it.
        job: None,
    }
}

/// Everything shown is loaded again.
pub(super) fn refresh(message: impl Into<String>) -> Reply {
    done(message, NextStep::Refresh)
}

impl Worker {
    /// Returns the handle of the incident shown.
    pub(super) fn shown_handle(&self) -> Result<Option<String>> {
        let read = self.session.read();
        Ok(self
            .shown_incident
            .map(|id| read.handle_of(id))
            .transpose()?)
    }

    /// Names the event in words, with its text.
    pub(super) fn label(&self, value: &Value, row: Option<&IncidentRow>) -> String {
        let zone = self.zone_for(row);
        match value {
            Value::Event(event) => event_label(event, &zone, self.session.now()),
            Value::Task(task) => format!("task \"{}\"", excerpt(&task.text)),
            Value::Message(message) => format!("m{}", message.number),
            _ => String::new(),
        }
    }

    /// The zone of an incident, else the one shown.
    pub(super) fn zone_for(&self, row: Option<&IncidentRow>) -> Zone {
        row.map_or_else(|| self.zone.clone(), |row| Zone::find_or_utc(&row.zone))
    }

    pub(super) fn row_of(&self, incident: Option<Uuid>) -> Result<Option<IncidentRow>> {
        Ok(match incident {
            Some(id) => self.session.read().incident_row(id)?,
            None => None,
        })
    }

    /// Formats the stored value of a field; `not set` if it is empty.
    pub(super) fn field_value(&self, value: &str) -> String {
        match parse_utc(value) {
            Some(at) => clock_time(at, &self.zone, self.session.now()),
            None if value.is_empty() => "not set".to_owned(),
            None => value.to_owned(),
        }
    }
}

pub(super) fn events_written(logged: &log::LoggedEvent, clear: ClearInput) -> NextStep {
    NextStep::EventsWritten {
        ids: vec![logged.event.id],
        clear,
    }
}
