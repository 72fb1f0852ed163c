//! Metrics of the incidents of a period, one row each.

use super::{Result, Session};
use crate::{
    domain::{
        metrics::{Metric, Metrics},
        states::States,
        task::TaskState,
        time::UtcTime,
    },
    store::IncidentRow,
};
use std::collections::BTreeMap;

/// JSON names of the metrics in the table, with their column headings.
pub const TABLE_METRICS: [(&str, &str); 6] = [
    ("time_to_detect", "detect"),
    ("time_to_mitigate", "mitigate"),
    ("time_to_restore", "restore"),
    ("outage", "down"),
    ("impact", "impact"),
    ("longest_update_gap", "update gap"),
];

/// An incident with its metrics and follow-ups.
#[derive(Clone, Debug)]
pub struct IncidentStats {
    pub incident: IncidentRow,
    /// Overall, or of one service if one was asked for.
    pub figures: Vec<Metric>,
    /// The time in impact of each service, by its name.
    pub impact_by_service: BTreeMap<String, Metric>,
    /// Handles of open follow-ups.
    pub open_follow_ups: Vec<String>,
    /// Handles of the open ones that are overdue.
    pub overdue_follow_ups: Vec<String>,
    /// Handles of declined follow-ups.
    pub declined_follow_ups: Vec<String>,
    /// Number of follow-ups that are done.
    pub done_count: usize,
}

/// Returns the incidents declared since `since` (if given) with `service` (if given), oldest first; drills
/// only with `drills`.
/// What is ongoing is measured up to now.
pub fn stats(
    session: &Session,
    since: Option<UtcTime>,
    service: Option<&str>,
    drills: bool,
) -> Result<Vec<IncidentStats>> {
    let now = session.now();
    let mut rows = session.read().incidents()?;
    rows.retain(|row| {
        row.merged_into.is_none()
            && (drills || !row.is_drill)
            && row
                .declared
                .is_some_and(|at| since.is_none_or(|since| at >= since))
            && service.is_none_or(|name| row.services.iter().any(|s| s == name))
    });
    rows.reverse();
    rows.into_iter()
        .map(|row| incident_stats(session, row, service, now))
        .collect()
}

fn incident_stats(
    session: &Session,
    row: IncidentRow,
    service: Option<&str>,
    now: UtcTime,
) -> Result<IncidentStats> {
    let incident = session.load_incident(&row)?;
    let metrics = Metrics::compute(&incident, &States::from_incident(&incident), now);
    let of_service = service.and_then(|name| {
        let found = metrics.services.iter().find(|(known, _)| known == name);
        found.map(|(_, figures)| figures.clone())
    });
    let impact_by_service = metrics.services.iter().filter_map(|(name, figures)| {
        let impact = figures.iter().find(|figure| figure.name == "impact")?;
        Some((name.clone(), impact.clone()))
    });
    let impact_by_service = impact_by_service.collect();
    let handles = |condition: &dyn Fn(&crate::domain::task::Task) -> bool| -> Vec<String> {
        let tasks = incident
            .tasks
            .iter()
            .filter(|t| t.value.retracted.is_none());
        tasks
            .filter(|t| condition(&t.value))
            .map(|t| t.handle.clone())
            .collect()
    };
    Ok(IncidentStats {
        open_follow_ups: handles(&|t| t.is_open()),
        overdue_follow_ups: handles(&|t| t.is_overdue(now)),
        declined_follow_ups: handles(&|t| t.state == TaskState::Declined),
        done_count: handles(&|t| t.state == TaskState::Done).len(),
        figures: of_service.unwrap_or(metrics.overall),
        impact_by_service,
        incident: row,
    })
}
