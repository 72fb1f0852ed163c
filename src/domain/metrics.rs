//! The figures of an incident: how long it hurt, how long everything took.
//!
//! Each figure carries its formula and the two events it was taken from, or why it cannot be given.
//! Source of names and formulas: DESIGN, Metrics. Impact start is the first moment in `degraded` or
//! `down`; what was retracted counts for nothing.

use super::{incident::Incident, states::States, time::UtcTime};
use serde_json::{Value, json};

mod calculator;
mod json;
mod metric;
mod metric_value;

use calculator::MetricCalculator;
pub use metric::{FORMULAS, Metric, MetricPoint};

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
