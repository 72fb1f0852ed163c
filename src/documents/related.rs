//! What a document says of other incidents: earlier ones like it, and outages that did not happen.

use crate::domain::time::UtcTime;

/// What surrounds an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelatedContext {
    /// Faults that protections caught in the months before, oldest first; those that were overcome
    /// are none.
    pub absorbed: Vec<AbsorbedFault>,
    /// Since when `held` counts.
    pub absorbed_since: Option<UtcTime>,
    /// Earlier incidents with a service or a tag in common, the newest first.
    pub similar: Vec<SimilarIncident>,
}

/// A fault that a protection caught. Internal but for its being counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsorbedFault {
    /// The handle of its event.
    pub handle: String,
    /// The incident it is in, as it is spoken of; none where it is unfiled.
    pub incident: Option<String>,
    /// True where that is the document's own.
    pub in_this_incident: bool,
    /// When it happened.
    pub at: UtcTime,
    /// What caught it.
    pub protection: String,
    /// What happened.
    pub text: String,
    /// How long its service was at risk for, in seconds.
    pub at_risk_seconds: i64,
    /// True while it is at risk.
    pub ongoing: bool,
}

/// An earlier incident with something in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimilarIncident {
    /// How it is spoken of: its number, else its handle.
    pub short_ref: String,
    /// Its title.
    pub title: String,
    /// When it was declared.
    pub declared: UtcTime,
    /// The services in common.
    pub shared_services: Vec<String>,
    /// The tags in common.
    pub shared_tags: Vec<String>,
    /// Its follow-ups that are open.
    pub open_actions: Vec<OpenAction>,
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
