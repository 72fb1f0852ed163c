//! A line as read, before it is logged: alone, or as a row of a paste.

use super::new_incident::NewIncident;
use crate::{
    domain::{event::Event, words::State, zone::Zone},
    ops::line_effect::LineEffect,
};

/// Why a job failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub message: String,
    pub hint: Option<String>,
    /// True if the same job may succeed later, such as when the store was busy.
    pub retryable: bool,
}

impl Failure {
    /// Returns message and hint on one line.
    #[must_use]
    pub fn message_with_hint(&self) -> String {
        match &self.hint {
            Some(hint) => format!("{} · {hint}", self.message),
            None => self.message.clone(),
        }
    }
}

#[derive(Clone, Debug)]
pub struct ParsedLine {
    /// The event that logging it would create.
    pub event: Event,
    pub zone: Zone,
    /// Advice on what may have been meant otherwise.
    pub notices: Vec<String>,
    /// Why the line is asked about before it is logged: its time is ahead of now, or more than twelve hours
    /// before the incident began.
    pub question: Option<String>,
    /// What follows from it in the incident it goes to; `None` where that is not known.
    pub effect: Option<LineEffect>,
    /// What it would declare while no incident is open; `None` if that was not asked.
    pub declares: Option<NewIncident>,
}

/// A row of a paste as read.
#[derive(Clone, Debug)]
pub enum ReadRow {
    /// Only a date, which applies to the rows after it.
    Day,
    /// Part of a printed table or document, without an event.
    Frame,
    Event(Box<PastedEvent>),
    Refused(Failure),
}

/// The event of a row of a paste.
#[derive(Clone, Debug)]
pub struct PastedEvent {
    pub line: ParsedLine,
    /// The state that it starts, if the rows taken are logged.
    pub started: Option<State>,
    /// False if the row has no time of its own, so that it is logged as of now.
    pub has_time: bool,
    /// True if the row begins with `# ` and is no date.
    pub is_comment: bool,
    /// True if an event with the same time and text is logged already.
    pub is_logged_already: bool,
}

impl PastedEvent {
    /// The state that it gives, else the one that it starts.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        let given = self.line.event.shown_state();
        given.map_or(self.started, |state| {
            Some(state.known().unwrap_or(State::Unknown))
        })
    }
}
