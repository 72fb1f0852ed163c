//! The metrics of an incident: duration of impact, time to detect, to restore, ...
//!
//! In: an [`Incident`] and its [`States`]. Out: [`Metrics`]; each metric has its formula and the
//! two events that it was computed from, or the reason why it is missing. `FORMULAS` has the
//! names, which scripts rely on, and the formulas. Impact starts at the first moment in `degraded` or `down`; retracted
//! events do not count.
//!
//! Start reading at `calculator.rs`.

use super::{incident::Incident, states::States, time::UtcTime};
use serde_json::{Value, json};

mod calculator;
mod json;
mod metric;
mod metric_value;

use calculator::MetricCalculator;
pub use calculator::detection;
pub use metric::{FORMULAS, Metric, MetricName, MetricPoint};

/// All metrics of an incident and of each of its named services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metrics {
    /// The metrics of the incident, in the order of [`FORMULAS`].
    pub overall: Vec<Metric>,
    /// The metrics of each service, by name. An event counts for the services that it names, or for
    /// all if it names none.
    pub services: Vec<(String, Vec<Metric>)>,
    /// True if there is more than one service, the nameless one included: then the metrics of a
    /// service differ from those of the incident.
    pub has_several_services: bool,
    incident: Value,
    zone: String,
}

impl Metrics {
    /// Computes the metrics of `incident`. Spans that have not ended are counted up to `until`: now
    /// on screen, [`Incident::last_recorded_at`] in documents.
    #[must_use]
    pub fn compute(incident: &Incident, states: &States, until: UtcTime) -> Self {
        let quiet_since = incident.quiet_since(until);
        let calculator = |spans, service| {
            MetricCalculator::new(incident, states, spans, service, (until, quiet_since))
        };
        Self {
            overall: calculator(&states.overall, None).compute_all(),
            services: states
                .services
                .iter()
                .filter(|(name, _)| !name.is_empty())
                .map(|(name, spans)| (name.clone(), calculator(spans, Some(name)).compute_all()))
                .collect(),
            has_several_services: states.services.len() > 1,
            incident: incident
                .number()
                .map_or_else(|| json!(incident.handle), |number| json!(number)),
            zone: incident.zone().to_owned(),
        }
    }

    /// The incident's metric called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Metric> {
        self.overall.iter().find(|metric| metric.name == name)
    }
}

#[cfg(test)]
mod tests;
