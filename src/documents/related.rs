//! What a document reports besides the incident's own records: similar earlier incidents, faults that
//! protections absorbed, and the content of attached files.

use super::evidence::EvidenceFile;
use crate::domain::time::UtcTime;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelatedContext {
    /// Absorbed faults of the months before the incident, oldest first, which were over before its impact,
    /// without those whose protection was defeated.
    pub absorbed: Vec<AbsorbedFault>,
    /// The period that `absorbed` covers: up to the first event of the incident.
    pub absorbed_period: Option<(UtcTime, UtcTime)>,
    /// Earlier incidents with a service or a tag in common, newest first.
    pub similar: Vec<SimilarIncident>,
    /// The files of the incident's events; one that is missing here is only named.
    pub files: Vec<EvidenceFile>,
}

/// A fault that a protection caught. Internal: letters may give only the count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsorbedFault {
    /// The handle of the `absorbed` event.
    pub handle: String,
    /// The incident's number or handle; `None` if the event is unfiled.
    pub incident: Option<String>,
    pub at: UtcTime,
    /// The first tag of the event, else its first service; empty if it has neither.
    pub protection: String,
    /// The event's text.
    pub text: String,
    /// How long the service was at risk.
    pub at_risk_seconds: i64,
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
