//! A day that a prompt asks for.

use crate::{
    domain::when::{self, TimeContext},
    tui::model::Model,
};
use chrono::NaiveDate;

/// Reads what a day line reads: `20 Nov`, `yesterday`, `Fri`, `2026-11-20`. A day without a year is the one nearest
/// to the end of an incident that is resolved, else the latest that is not ahead.
///
/// # Errors
/// It is no day, or may be of two years: says so, and how to write one.
pub(super) fn typed_day(model: &Model, text: &str) -> Result<NaiveDate, String> {
    let resolved = model.summary.as_ref().and_then(|s| s.row.resolved);
    let end = resolved.map(|at| model.zone.to_local(at).date_naive());
    let latest = TimeContext::new(model.now, &model.zone);
    let near_end = TimeContext { day: end, ..latest };
    let day = match when::parse_date_line(text, &near_end) {
        // The only such day that has passed; the one after the end is still to come.
        Some(Err(error)) => match when::parse_date_line(text, &latest) {
            Some(Ok(day)) if Some(day) <= end => Some(Ok(day)),
            _ => Some(Err(error)),
        },
        day => day,
    };
    match day {
        Some(Ok(day)) => Ok(day),
        Some(Err(error)) => Err(format!("{}; {}", error.message, error.hint)),
        None => Err("write a day as 20 Nov, yesterday or 2026-11-20".to_owned()),
    }
}
