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
    let context = TimeContext {
        day: resolved.map(|at| model.zone.to_local(at).date_naive()),
        ..TimeContext::new(model.now, &model.zone)
    };
    match when::parse_date_line(text, &context) {
        Some(Ok(day)) => Ok(day),
        Some(Err(error)) => Err(format!("{}; {}", error.message, error.hint)),
        None => Err("write a day as 20 Nov, yesterday or 2026-11-20".to_owned()),
    }
}
