//! Tells times of twelve hours that say AM or PM from those that do not.

use super::{
    moment::{Moment, parse_time},
    normalize::Normalized,
    parse::parse_leading,
    types::TimeContext,
};
use chrono::Timelike as _;

/// How a time of day says in which half of the day it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HalfDay {
    Am,
    Pm,
    /// It does not, and its hour is 1 to 12.
    Unsaid,
}

/// True if the time of day with which `text` begins may as well be meant twelve hours later: `1:10`, but not `01:10`,
/// `1:10 AM` or a span.
#[must_use]
pub fn is_of_either_half(text: &str, context: &TimeContext<'_>) -> bool {
    !text.starts_with('0') && half_day(text, context) == Some(HalfDay::Unsaid)
}

/// Returns how the time with which `text` begins says in which half of the day it is; `None` without such a time of
/// day, for one of 24 hours, and for a span.
#[must_use]
pub fn half_day(text: &str, context: &TimeContext<'_>) -> Option<HalfDay> {
    let (when, _) = parse_leading(text, context)?.ok()?;
    let normalized = Normalized::leading(text);
    let start = normalized.text.len() - normalized.text.trim_start().len();
    let (parsed, _) = parse_time(&normalized.text, start, context, false).ok()??;
    let Moment::Clock { time, .. } = parsed.moment else {
        return None;
    };
    match parsed.afternoon {
        Some(true) => Some(HalfDay::Pm),
        Some(false) => Some(HalfDay::Am),
        // The `PM` of a span may be that of its end.
        None if when.end.is_some() => None,
        None => (1..=12).contains(&time.hour()).then_some(HalfDay::Unsaid),
    }
}
