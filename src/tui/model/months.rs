//! The months of the trends tab.

use super::state::Model;
use crate::{domain::time::UtcTime, tui::msg::TrendLine};
use chrono::{Datelike as _, Months, NaiveDate};

/// How many months are shown at most.
const MAX_MONTHS: usize = 12;

/// The incidents and absorbed faults of one month, in the zone of the screen.
#[derive(Clone, Debug)]
pub struct MonthSummary<'a> {
    /// The first day of the month.
    pub day: NaiveDate,
    /// The incidents declared in the month.
    pub lines: Vec<&'a TrendLine>,
    /// How many faults were absorbed in the month.
    pub absorbed: usize,
}

/// Returns at most `rows` months, newest first, beginning with the current one. Empty months before
/// the first incident or absorbed fault are left out, except the current month.
#[must_use]
pub fn trend_months(model: &Model, rows: usize) -> Vec<MonthSummary<'_>> {
    let Some(trends) = &model.incidents.trends else {
        return Vec::new();
    };
    let month_of = |at: UtcTime| {
        let local = model.zone.to_local(at);
        (local.year(), local.month())
    };
    let (year, month) = month_of(model.now);
    let Some(first) = NaiveDate::from_ymd_opt(year, month, 1) else {
        return Vec::new();
    };
    let mut months: Vec<MonthSummary<'_>> = (0..)
        .map_while(|back| first.checked_sub_months(Months::new(back)))
        .take(rows.min(MAX_MONTHS))
        .map(|day| {
            let in_month = |at: UtcTime| month_of(at) == (day.year(), day.month());
            MonthSummary {
                day,
                lines: trends
                    .lines
                    .iter()
                    .filter(|line| line.incident.declared.is_some_and(in_month))
                    .collect(),
                absorbed: trends.absorbed.iter().filter(|at| in_month(**at)).count(),
            }
        })
        .collect();
    while months.len() > 1
        && months
            .last()
            .is_some_and(|month| month.lines.is_empty() && month.absorbed == 0)
    {
        months.pop();
    }
    months
}
