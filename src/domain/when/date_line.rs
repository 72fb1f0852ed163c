//! Parses a line that is a date and nothing else: it sets the day of the lines after it.

use super::{
    cursor::Cursor,
    day::{Day, parse_day},
    day_choice::{DayError, resolve_date},
    moment::parse_time,
    normalize::Normalized,
    other_day::is_other_day,
    types::{DayLine, TimeContext},
};
use crate::domain::parse_error::ParseError;
use chrono::{Datelike as _, NaiveDate, Weekday};

/// Parses a line that consists of a date: `2012-08-16`, `Aug 16`, `16 Aug 2012`, `Thu`,
/// `yesterday`, `today`, also as a heading, in brackets or emphasised, with its weekday before or
/// after it. A day without a year is the one nearest to the day line before, else to the events of an
/// incident in the past, else the latest one that is not in the future. `None` if the line is something
/// else.
///
/// # Errors
/// `Some(Err)` if the line looks like a date but is not a valid one: `2026-13-01`, `16/08/2012`,
/// `tomorrow`; or if it says no year and may be of two.
#[must_use]
pub fn parse_date_line(
    text: &str,
    context: &TimeContext<'_>,
) -> Option<Result<NaiveDate, ParseError>> {
    parse_day_line(text, context).map(|parsed| parsed.map(|line| line.date))
}

/// Like [`parse_date_line`]; also says which day was assumed where the line leaves it open.
#[must_use]
pub fn parse_day_line(
    text: &str,
    context: &TimeContext<'_>,
) -> Option<Result<DayLine, ParseError>> {
    let normalized = Normalized::new(text);
    let text = undecorated(&normalized.text);
    let error = |message: String| {
        let hint = "write a date as year-month-day, such as 2012-08-16";
        Some(Err(ParseError::new(message, hint, 0..text.len())))
    };
    let mut cursor = Cursor::new(text, 0);
    let parsed = parse_day(&mut cursor);
    let weekday = match &parsed {
        Ok(Some(_)) => trailing_weekday(&text[cursor.position..]),
        _ => None,
    };
    match parsed {
        // Hungarian dates end with a dot: `2026.11.25.`
        Ok(Some((day, _))) if matches!(&text[cursor.position..], "" | ".") || weekday.is_some() => {
            let day = match (day, weekday) {
                (Day::Yearly(month, day, None), weekday) => Day::Yearly(month, day, weekday),
                (day, _) => day,
            };
            let what = format!("`{text}`");
            let line = resolve_date(day, context).and_then(|line| {
                let is_right = weekday.is_none_or(|weekday| weekday == line.date.weekday());
                let wrong = DayError::WrongWeekday(line.date);
                if is_right { Ok(line) } else { Err(wrong) }
            });
            Some(line.map_err(|error| error.into_parse_error(&what, 0..text.len())))
        }
        Err(error) if error.range.end == text.len() => Some(Err(error)),
        _ if looks_like_other_date(text) || is_other_day(text) && !is_time(text, context) => {
            error(format!("`{text}` is not a date that can be read here"))
        }
        _ => None,
    }
}

/// Returns a line without what headings, rules, lists and emphasis put around its text: `## Thu`,
/// `--- 2012-08-16 ---`, `[2012-08-16]`, `**16 Aug:**`.
fn undecorated(text: &str) -> &str {
    let decoration = |c: char| c.is_whitespace() || "#=*_[]()<>{}`|~:·•—–-".contains(c);
    let text = text.trim_matches(decoration);
    if let Some((word, date)) = text.split_once(':')
        && word.eq_ignore_ascii_case("date")
    {
        return date.trim_matches(decoration);
    }
    // `On 25 Nov:`; a weekday alone may be the next one.
    match text.split_once(' ') {
        Some((word, date)) if word.eq_ignore_ascii_case("on") && date.contains(' ') => {
            date.trim_matches(decoration)
        }
        _ => text,
    }
}

/// Parses the weekday behind a date: `2012-08-16 (Thursday)`, `16 Aug, Thu`.
fn trailing_weekday(rest: &str) -> Option<Weekday> {
    let word = rest.trim_start_matches(|c: char| c.is_whitespace() || ",(".contains(c));
    let word = word.trim_end_matches([')', '.']);
    match parse_day(&mut Cursor::new(word, 0)) {
        Ok(Some((Day::Weekday(weekday), _)))
            if word.len() < rest.len() && word.bytes().all(|b| b.is_ascii_alphabetic()) =>
        {
            Some(weekday)
        }
        _ => None,
    }
}

/// True if `text` begins with a day and its time of day, such as `Thu 12 noon`.
fn is_time(text: &str, context: &TimeContext<'_>) -> bool {
    matches!(parse_time(text, 0, context, true), Ok(Some(_)))
}

/// `16/08/2012`, `16/08`, `2012-8`, `10000-01-01`, `tomorrow`, `last Thu`.
fn looks_like_other_date(text: &str) -> bool {
    for separator in ['/', '-', '.'] {
        let numbers: Vec<&str> = text.split(separator).collect();
        let all_numeric = numbers
            .iter()
            .all(|n| (1..=6).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
        let all_numeric = all_numeric || is_dotted_day(&numbers, separator);
        let has_year = numbers.iter().any(|n| n.len() >= 4);
        let is_day_or_month = |n: &&str| n.parse().is_ok_and(|n: u32| (1..=31).contains(&n));
        let has_date_form = match numbers.len() {
            3 => separator != '.' || has_year || numbers[2].is_empty(),
            2 => separator == '/' && numbers.iter().all(is_day_or_month),
            _ => false,
        };
        if all_numeric && has_date_form {
            return true;
        }
    }
    let weekday = |word: &str| {
        matches!(
            parse_day(&mut Cursor::new(word, 0)),
            Ok(Some((Day::Weekday(_), _)))
        )
    };
    // `Friday 20th`
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [day, number] = words.as_slice()
        && weekday(day)
        && number.starts_with(|c: char| c.is_ascii_digit())
        && !number.contains(':')
    {
        return true;
    }
    let lower = text.to_ascii_lowercase();
    lower == "tomorrow"
        || ["last ", "next ", "on ", "this "]
            .iter()
            .find_map(|prefix| lower.strip_prefix(prefix))
            .is_some_and(|word| word.bytes().all(|b| b.is_ascii_alphabetic()) && weekday(word))
}

/// `20.11.`, split at its dots.
fn is_dotted_day(numbers: &[&str], separator: char) -> bool {
    let is_number = |n: &str| matches!(n.len(), 1 | 2) && n.bytes().all(|b| b.is_ascii_digit());
    separator == '.' && matches!(numbers, [day, month, ""] if is_number(day) && is_number(month))
}
