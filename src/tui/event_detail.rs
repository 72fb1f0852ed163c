//! All that is known of one event, as the worker loads it.

use crate::{
    domain::{event::Event, incident::Record, time::UtcTime},
    ops::event_detail::StateAfter,
};

/// An event with its versions, its links and the states after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventDetail {
    /// The current version; of an event that was undone, what it said before.
    pub event: Record<Event>,
    /// Oldest first.
    pub versions: Vec<EventVersion>,
    /// The events it links to, and those that link to it.
    pub links: Vec<LinkedEvent>,
    /// The states just after it; empty if they are not known.
    pub states: Vec<StateAfter>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventVersion {
    pub recorded: UtcTime,
    pub author: String,
    /// `log`, `amend`, `undo`.
    pub operation: String,
    /// The event as of this version; `None` if the version was destroyed or is not readable.
    pub event: Option<Event>,
    /// Why the version cannot be read, if it cannot.
    pub unreadable: Option<String>,
    /// True if it conflicts with the version shown: both are current until one is amended.
    pub conflicting: bool,
}

/// An event linked to the one shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedEvent {
    pub handle: String,
    /// True if this event links to the one shown, false for the reverse.
    pub is_backlink: bool,
    pub at: UtcTime,
    pub kind: String,
    /// Its text; with a word before it where it was retracted.
    pub text: String,
}
