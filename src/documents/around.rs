//! What a document says of other incidents: earlier ones like it, and outages that did not happen.

use crate::domain::time::UtcTime;

/// What surrounds an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// Faults that protections caught in the months before, oldest first; those that were overcome
    /// are none.
    pub held: Vec<Held>,
    /// Since when `held` counts.
    pub since: Option<UtcTime>,
    /// Earlier incidents with a service or a tag in common, the newest first.
    pub similar: Vec<Similar>,
}

/// A fault that a protection caught. Internal but for its being counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The handle of its event.
    pub handle: String,
    /// The incident it is in, as it is spoken of; none where it is unfiled.
    pub incident: Option<String>,
    /// True where that is the document's own.
    pub own: bool,
    /// When it happened.
    pub at: UtcTime,
    /// What caught it.
    pub protection: String,
    /// What happened.
    pub text: String,
    /// How long its service was at risk for, in seconds.
    pub seconds: i64,
    /// True while it is at risk.
    pub lasts: bool,
}

/// An earlier incident with something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Similar {
    /// How it is spoken of: its number, else its handle.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// When it was declared.
    pub declared: UtcTime,
    /// The services in common.
    pub services: Vec<String>,
    /// The tags in common.
    pub tags: Vec<String>,
    /// Its follow-ups that are open.
    pub open: Vec<OpenAction>,
}

/// A follow-up that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAction {
    /// Its handle.
    pub handle: String,
    /// What is to be done.
    pub text: String,
    /// Who is to do it.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<UtcTime>,
    /// True where it is overdue.
    pub overdue: bool,
}
