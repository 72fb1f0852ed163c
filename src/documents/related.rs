//! What a document reports besides the incident's own records: earlier incidents that began alike or have a
//! service in common, faults that protections absorbed, and the content of attached files.

use super::evidence::EvidenceFile;
use crate::domain::time::{UtcTime, format_shown_minutes};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct RelatedContext {
    /// Absorbed faults of the months before the incident, oldest first, which were over before its impact,
    /// without those whose protection was defeated.
    pub absorbed: Vec<AbsorbedFault>,
    /// The period that `absorbed` covers: up to the first event of the incident.
    pub absorbed_period: Option<(UtcTime, UtcTime)>,
    /// Earlier incidents that began alike, the most alike first.
    pub seen_before: Vec<SeenIncident>,
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
    /// How long the service was at risk; `None` if none was.
    pub at_risk_seconds: Option<i64>,
}

/// An earlier incident that began alike.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenIncident {
    /// The incident's number, or its handle if it has none.
    pub short_ref: String,
    pub handle: String,
    pub title: String,
    pub declared: UtcTime,
    /// How alike, from 0 to 1.
    pub score: f64,
    /// Words, services (`@`) and tags (`#`) of both beginnings, the most telling first.
    pub in_common: Vec<String>,
    /// The decision, or action, that came before it got better; without that, the first decision.
    pub step: Option<Step>,
    /// What made it better first.
    pub improvement: Option<Improvement>,
    /// The follow-ups that are neither done nor declined.
    pub open_actions: Vec<OpenAction>,
}

/// What was decided or done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub handle: String,
    /// `decision` or `action`.
    pub kind: String,
    pub text: String,
}

/// What made it better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Improvement {
    pub handle: String,
    /// `mitigate` or `restore`.
    pub kind: String,
    /// Seconds after the step; without one, after the first event.
    pub seconds: i64,
    pub approximate: bool,
}

impl SeenIncident {
    /// Returns what came of it, as part of a sentence: `restore 25 min after`.
    #[must_use]
    pub fn outcome(&self) -> String {
        let Some(improvement) = &self.improvement else {
            return "no improvement recorded".to_owned();
        };
        let length = format_shown_minutes(improvement.seconds / 60, improvement.approximate);
        let since = match self.step {
            Some(_) => "after",
            None => "after the first line",
        };
        format!("{} {length} {since}", improvement.kind)
    }
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
