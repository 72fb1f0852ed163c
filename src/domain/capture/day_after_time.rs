//! Finds a day that stands after the time of a line, where it is not read: `04:05 yesterday db fails`.

use super::{context::Context, error::CaptureError};
use crate::domain::when;

/// Words that are a day by themselves.
const DAYS: [&str; 10] = [
    "yesterday",
    "today",
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// The most words of a day: `16 Aug 2012`.
const MAX_WORDS: usize = 3;

/// Returns the words at the beginning of `rest` that are a day, if `time` is a time of day without one.
pub(super) fn day_after_time<'a>(
    time: &str,
    rest: &'a str,
    context: &Context<'_>,
) -> Option<&'a str> {
    let times = context.time_context();
    let time = time.split_whitespace().next_back()?;
    when::bare_time_of_day(time, &times)?;
    let ends = rest
        .split_whitespace()
        .take(MAX_WORDS)
        .map(|word| word.as_ptr() as usize - rest.as_ptr() as usize + word.len());
    let ends: Vec<usize> = ends.collect();
    ends.into_iter().rev().find_map(|end| {
        let day = rest[..end].trim_end_matches([',', ':']);
        let is_named = DAYS.iter().any(|known| day.eq_ignore_ascii_case(known));
        let has_number = day.contains(|c: char| c.is_ascii_digit());
        ((is_named || has_number) && when::parse(&format!("{day} {time}"), &times).is_ok())
            .then_some(day)
    })
}

/// Refuses `day`, which stands `at` this byte, after `time`.
pub(super) fn refusal(time: &str, day: &str, at: usize) -> CaptureError {
    let time = time.trim();
    CaptureError::new(
        format!("`{day}` stands after the time, where no day is read"),
        format!(
            "write `{day} {time}`; where it is text, put a backslash before it: `{time} \\{day}`"
        ),
        at..at + day.len(),
    )
}
