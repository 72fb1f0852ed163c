//! What a document reports about other incidents: similar earlier ones, and faults that protections
//! absorbed.

use crate::domain::time::UtcTime;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelatedContext {
    /// Absorbed faults of the months before, oldest first, without those whose protection was defeated
    /// later.
    pub absorbed: Vec<AbsorbedFault>,
    /// The start of the period that `absorbed` covers.
    pub absorbed_since: Option<UtcTime>,
    /// Earlier incidents with a service or a tag in common, newest first.
    pub similar: Vec<SimilarIncident>,
}

/// A fault that a protection caught. Internal: letters may give only the count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsorbedFault {
    /// The handle of the `absorbed` event.
    pub handle: String,
    /// The incident's number or handle; `None` if the event is unfiled.
    pub incident: Option<String>,
    /// True if the event belongs to the incident of the document.
    pub in_this_incident: bool,
    pub at: UtcTime,
    /// The first tag of the event, else its first service; empty if it has neither.
    pub protection: String,
    /// The event's text.
    pub text: String,
    /// How long the service was at risk.
    pub at_risk_seconds: i64,
    /// True if the service is still at risk.
    pub ongoing: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimilarIncident {
    /// The incident's number, or its handle if it has none.
    pub short_ref: String,
    pub title: String,
    pub declared: UtcTime,
    pub shared_services: Vec<String>,
    pub shared_tags: Vec<String>,
    /// The follow-ups that are neither done nor declined.
    pub open_actions: Vec<OpenAction>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAction {
    pub handle: String,
    pub text: String,
    pub owner: Option<String>,
    pub due: Option<UtcTime>,
    pub overdue: bool,
}
