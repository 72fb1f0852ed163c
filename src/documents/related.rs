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
    /// True if a service was at risk.
    pub was_at_risk: bool,
    /// How long it was; `None` if none was, or if it is not known.
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
    /// True if no decision is recorded.
    pub has_no_decision: bool,
    /// The decision, or action, that came before it got better; without that, the first decision.
    pub step: Option<Step>,
    /// What made the service that was hit first better, and no worse again.
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
    /// The service, where the incident has several.
    pub service: Option<String>,
    /// Seconds after the step; without one, after the impact began.
    pub seconds: i64,
    pub approximate: bool,
}

impl SeenIncident {
    /// Returns what came of it, as a part of a sentence: `restore 25 min after`, or `web: restore 25 min after`.
    #[must_use]
    pub fn outcome(&self) -> Option<String> {
        let better = self.improvement.as_ref()?;
        let service = better.service.as_ref();
        let of = service.map_or_else(String::new, |service| format!("{service}: "));
        let length = format_shown_minutes(better.seconds / 60, better.approximate);
        let since = match self.step {
            Some(_) => "after",
            None => "after the impact began",
        };
        Some(format!("{of}{} {length} {since}", better.kind))
    }

    /// Returns what was decided and what came of it on one line, `decision: fail over; restore 25 min after`.
    /// `None` if there is nothing to say.
    #[must_use]
    pub fn what_helped(&self) -> Option<String> {
        let step = match &self.step {
            Some(step) => Some(format!("{}: {}", step.kind, step.text)),
            None => self
                .has_no_decision
                .then(|| "no decision recorded".to_owned()),
        };
        let parts: Vec<String> = step.into_iter().chain(self.outcome()).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
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
