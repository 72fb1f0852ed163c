//! A line that is a date and nothing else: it sets the day of the lines after it.

use super::{
    cursor::Cursor,
    day::{Day, parse_day},
    resolve::resolve_date,
    types::{TimeContext, WhenError},
};
use chrono::NaiveDate;

/// The day that a line sets which is a date and nothing else: `2012-08-16`, `Aug 16`, `16 Aug 2012`,
/// `Thu`, `yesterday`, `today`; a day without a year is the latest that is not in the future. `None`
/// where the line is something else.
///
/// # Errors
/// Inside `Some`, where the line looks like a date and is none that can be meant: `2026-13-01`,
/// `16/08/2012`, `tomorrow`.
#[must_use]
pub fn parse_date_line(text: &str, now: &TimeContext<'_>) -> Option<Result<NaiveDate, WhenError>> {
    let text = text.trim();
    let text = text.strip_suffix(':').unwrap_or(text);
    let wrong = |message: String| {
        let hint = "write a date as year-month-day, such as 2012-08-16";
        Some(Err(WhenError::new(message, hint, 0..text.len())))
    };
    let mut scan = Cursor::new(text, 0);
    match parse_day(&mut scan) {
        Ok(Some((day, _))) if scan.position == text.len() => match resolve_date(&day, now) {
            Some(date) => Some(Ok(date)),
            None => wrong(format!("`{text}` is not a day that can be meant")),
        },
        Err(error) if error.range.end == text.len() => Some(Err(error)),
        _ if looks_like_other_date(text) => {
            wrong(format!("`{text}` is not a date that is understood here"))
        }
        _ => None,
    }
}

/// `16/08/2012`, `16/08`, `2012-8`, `10000-01-01`, `tomorrow`, `last Thu`.
fn looks_like_other_date(text: &str) -> bool {
    for mark in ['/', '-', '.'] {
        let numbers: Vec<&str> = text.split(mark).collect();
        let all = numbers
            .iter()
            .all(|n| (1..=6).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
        let year = numbers.iter().any(|n| n.len() >= 4);
        let few = |n: &&str| n.parse().is_ok_and(|n: u32| (1..=31).contains(&n));
        let date = match numbers.len() {
            3 => mark != '.' || year,
            2 => mark == '/' && numbers.iter().all(few),
            _ => false,
        };
        if all && date {
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
            .find_map(|before| lower.strip_prefix(before))
            .is_some_and(|word| word.bytes().all(|b| b.is_ascii_alphabetic()) && weekday(word))
}
