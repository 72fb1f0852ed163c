//! The figures of an incident: how long it hurt, how long everything took.
//!
//! Each figure carries its formula and the two events it was taken from, or why it cannot be given.
//! Source of names and formulas: DESIGN, Metrics. Impact start is the first moment in `degraded` or
//! `down`; what was retracted counts for nothing.

use super::{incident::Incident, states::States, time::UtcTime};
use serde_json::{Value, json};

mod calculator;
mod json;
mod metric_value;

use calculator::MetricCalculator;

/// One end of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricPoint {
    /// The handle of the event (or of the sent message).
    pub event: String,
    /// When it was.
    pub at: UtcTime,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name in JSON: `time_to_detect`.
    pub name: &'static str,
    /// Its value in whole seconds, cut; `None` where it cannot be given. Negative where what it waits
    /// for came before the impact.
    pub seconds: Option<i64>,
    /// How it is counted, in words.
    pub formula: &'static str,
    /// Where it begins. Of a total: where its first span begins.
    pub from: Option<MetricPoint>,
    /// Where it ends; `None` while it lasts. Of a total: where its last span ends.
    pub to: Option<MetricPoint>,
    /// True where one of its ends is only about right.
    pub approximate: bool,
    /// True where it is still counting: its value is that at the moment asked for.
    pub ongoing: bool,
    /// Why it cannot be given; or, of one that is given, what is odd about it.
    pub reason: Option<String>,
    /// The stretches of time it is the total of, oldest first; the last may still last.
    pub spans: Vec<(UtcTime, Option<UtcTime>)>,
}

/// All figures, of the incident and of each of its named services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// The incident's, in the order of [`FORMULAS`].
    pub overall: Vec<Metric>,
    /// Each service's, by name. An event counts for a service where it names it, or names none.
    pub services: Vec<(String, Vec<Metric>)>,
    incident: Value,
    zone: String,
}

/// Every figure's name and formula, in the order in which they are shown.
pub const FORMULAS: [(&str, &str); 16] = [
    (
        "exposure",
        "time in at-risk before impact start (all of it where there was no impact)",
    ),
    (
        "time_to_detect",
        "first detect at or after impact start − impact start",
    ),
    (
        "time_to_detect_risk",
        "first detect − first fault or absorbed, where that was before impact start",
    ),
    (
        "time_to_acknowledge",
        "first ack at or after the detection − that detection",
    ),
    ("time_to_declare", "declared − impact start"),
    ("time_to_cause", "last standing cause − impact start"),
    (
        "time_to_mitigate",
        "end of the last down span − impact start",
    ),
    (
        "time_to_restore",
        "end of the last span of impact − impact start",
    ),
    ("time_to_redundancy", "last return to ok − impact start"),
    ("time_to_resolve", "last resolve − declared"),
    (
        "time_to_first_update",
        "first comms to customers at or after impact start − impact start",
    ),
    (
        "longest_update_gap",
        "longest stretch of impact without comms to customers (with none, all of it)",
    ),
    ("at_risk", "total time in at-risk"),
    ("degraded", "total time in degraded"),
    ("outage", "total time in down"),
    ("impact", "total time in degraded or down"),
];

impl Metrics {
    /// Every figure of `incident`, whose states are `states`. What is still lasting counts to
    /// `until`: now on screen, [`Incident::last_recorded_at`] in documents.
    #[must_use]
    pub fn compute(incident: &Incident, states: &States, until: UtcTime) -> Self {
        let source =
            |spans, service| MetricCalculator::new(incident, spans, service, states.unknown, until);
        Self {
            overall: source(&states.overall, None).compute_all(),
            services: states
                .services
                .iter()
                .filter(|(name, _)| !name.is_empty())
                .map(|(name, spans)| (name.clone(), source(spans, Some(name)).compute_all()))
                .collect(),
            incident: incident
                .number()
                .map_or_else(|| json!(incident.handle), |number| json!(number)),
            zone: incident.zone().to_owned(),
        }
    }

    /// The incident's figure called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Metric> {
        self.overall.iter().find(|figure| figure.name == name)
    }
}

#[cfg(test)]
mod tests;
