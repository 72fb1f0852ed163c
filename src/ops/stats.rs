//! The incidents of a period side by side, each with its own figures.

use super::{Book, Result};
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
pub const SHOWN: [(&str, &str); 6] = [
    ("time_to_detect", "detect"),
    ("time_to_mitigate", "mitigate"),
    ("time_to_restore", "restore"),
    ("outage", "down"),
    ("impact", "impact"),
    ("longest_update_gap", "update gap"),
];

/// An incident with its figures.
#[derive(Clone, Debug)]
pub struct Row {
    /// The incident.
    pub incident: IncidentRow,
    /// Its figures; those of one service, where one was asked for.
    pub figures: Vec<Metric>,
    /// The handles of its follow-ups that are open.
    pub open: Vec<String>,
    /// Of these, those that are overdue.
    pub overdue: Vec<String>,
    /// Those that were declined.
    pub declined: Vec<String>,
    /// How many are done.
    pub done: usize,
}

/// The incidents declared since `since` (all where missing) that `service`, where it is given, was
/// part of; the oldest first. What lasts counts to now.
///
/// # Errors
/// What the store says.
pub fn stats(book: &Book, since: Option<UtcTime>, service: Option<&str>) -> Result<Vec<Row>> {
    let now = book.now();
    let mut rows = book.read().incidents()?;
    rows.retain(|row| {
        row.merged_into.is_none()
            && row
                .declared
                .is_some_and(|at| since.is_none_or(|since| at >= since))
            && service.is_none_or(|name| row.services.iter().any(|s| s == name))
    });
    rows.reverse();
    rows.into_iter()
        .map(|row| of(book, row, service, now))
        .collect()
}

fn of(book: &Book, row: IncidentRow, service: Option<&str>, now: UtcTime) -> Result<Row> {
    let incident = book.incident(&row)?;
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
    Ok(Row {
        open: handles(&|t| t.is_open()),
        overdue: handles(&|t| t.is_overdue(now)),
        declined: handles(&|t| t.state == TaskState::Declined),
        done: handles(&|t| t.state == TaskState::Done).len(),
        figures: of_service.unwrap_or(metrics.overall),
        incident: row,
    })
}
