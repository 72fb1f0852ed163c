//! The incidents of a period side by side, each with its own figures.

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

/// The figures that a table shows, with their heads.
pub const TABLE_METRICS: [(&str, &str); 6] = [
    ("time_to_detect", "detect"),
    ("time_to_mitigate", "mitigate"),
    ("time_to_restore", "restore"),
    ("outage", "down"),
    ("impact", "impact"),
    ("longest_update_gap", "update gap"),
];

/// An incident with its figures.
#[derive(Clone, Debug)]
pub struct IncidentStats {
    /// The incident.
    pub incident: IncidentRow,
    /// Its figures; those of one service, where one was asked for.
    pub figures: Vec<Metric>,
    /// The handles of its follow-ups that are open.
    pub open_follow_ups: Vec<String>,
    /// Of these, those that are overdue.
    pub overdue_follow_ups: Vec<String>,
    /// Those that were declined.
    pub declined_follow_ups: Vec<String>,
    /// How many are done.
    pub done_count: usize,
}

/// The incidents declared since `since` (all where missing) that `service`, where it is given, was
/// part of; the oldest first. What lasts counts to now.
///
/// # Errors
/// What the store says.
pub fn stats(
    session: &Session,
    since: Option<UtcTime>,
    service: Option<&str>,
) -> Result<Vec<IncidentStats>> {
    let now = session.now();
    let mut rows = session.read().incidents()?;
    rows.retain(|row| {
        row.merged_into.is_none()
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
    let handles = |pick: &dyn Fn(&crate::domain::task::Task) -> bool| -> Vec<String> {
        let standing = incident
            .tasks
            .iter()
            .filter(|t| t.value.retracted.is_none());
        standing
            .filter(|t| pick(&t.value))
            .map(|t| t.handle.clone())
            .collect()
    };
    Ok(IncidentStats {
        open_follow_ups: handles(&|t| t.is_open()),
        overdue_follow_ups: handles(&|t| t.is_overdue(now)),
        declined_follow_ups: handles(&|t| t.state == TaskState::Declined),
        done_count: handles(&|t| t.state == TaskState::Done).len(),
        figures: of_service.unwrap_or(metrics.overall),
        incident: row,
    })
}
