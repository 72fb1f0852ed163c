//! Parses a line that is a date and nothing else: it sets the day of the lines after it.

use super::{
    cursor::Cursor,
    day::{Day, parse_day},
    resolve::resolve_date,
    types::{TimeContext, WhenError},
};
use chrono::NaiveDate;

/// Parses a line that consists of a date: `2012-08-16`, `Aug 16`, `16 Aug 2012`, `Thu`,
/// `yesterday`, `today`. A day without a year is the latest one that is not in the future. `None`
/// if the line is something else.
///
/// # Errors
/// `Some(Err)` if the line looks like a date but is not a valid one: `2026-13-01`, `16/08/2012`,
/// `tomorrow`.
#[must_use]
pub fn parse_date_line(
    text: &str,
    context: &TimeContext<'_>,
) -> Option<Result<NaiveDate, WhenError>> {
    let text = text.trim();
    let text = text.strip_suffix(':').unwrap_or(text);
    let error = |message: String| {
        let hint = "write a date as year-month-day, such as 2012-08-16";
        Some(Err(WhenError::new(message, hint, 0..text.len())))
    };
    let mut cursor = Cursor::new(text, 0);
    match parse_day(&mut cursor) {
        Ok(Some((day, _))) if cursor.position == text.len() => match resolve_date(&day, context) {
            Some(has_date_form) => Some(Ok(has_date_form)),
            None => error(format!("`{text}` is not a day that can be meant")),
        },
        Err(error) if error.range.end == text.len() => Some(Err(error)),
        _ if looks_like_other_date(text) => {
            error(format!("`{text}` is not a date that is understood here"))
        }
        _ => None,
    }
}

/// `16/08/2012`, `16/08`, `2012-8`, `10000-01-01`, `tomorrow`, `last Thu`.
fn looks_like_other_date(text: &str) -> bool {
    for separator in ['/', '-', '.'] {
        let numbers: Vec<&str> = text.split(separator).collect();
        let all_numeric = numbers
            .iter()
            .all(|n| (1..=6).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
        let has_year = numbers.iter().any(|n| n.len() >= 4);
        let is_day_or_month = |n: &&str| n.parse().is_ok_and(|n: u32| (1..=31).contains(&n));
        let has_date_form = match numbers.len() {
            3 => separator != '.' || has_year,
            2 => separator == '/' && numbers.iter().all(is_day_or_month),
            _ => false,
        };
        if all_numeric && has_date_form {
            return true;
        }
    }
    let lower = text.to_ascii_lowercase();
    let weekday = |word: &str| {
        matches!(
            parse_day(&mut Cursor::new(word, 0)),
            Ok(Some((Day::Weekday(_), _)))
        )
    };
    lower == "tomorrow"
        || ["last ", "next ", "on ", "this "]
            .iter()
            .find_map(|prefix| lower.strip_prefix(prefix))
            .is_some_and(|word| word.bytes().all(|b| b.is_ascii_alphabetic()) && weekday(word))
}
