//! Parses the day of a time: a date, a day of the year or of the week, yesterday, today.

use super::cursor::Cursor;
use crate::domain::parse_error::ParseError;
use chrono::{Datelike as _, NaiveDate, Weekday};
use std::ops::Range;

/// A day as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    Unspecified,
    Today,
    Yesterday,
    Weekday(Weekday),
    /// Month (1 to 12) and day, without the year; the weekday if it was typed as well.
    Yearly(u32, u32, Option<Weekday>),
    Date(NaiveDate),
}

/// The names of the months, in lower case.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

pub(super) fn month(word: &str) -> Option<u32> {
    let word = word.to_ascii_lowercase();
    let at = MONTHS
        .iter()
        .position(|m| *m == word || m[..3] == word || (word == "sept" && *m == "september"))?;
    u32::try_from(at + 1).ok()
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    Some(match word.to_ascii_lowercase().as_str() {
        "mon" | "monday" => Weekday::Mon,
        "tue" | "tues" | "tuesday" => Weekday::Tue,
        "wed" | "weds" | "wednesday" => Weekday::Wed,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thu,
        "fri" | "friday" => Weekday::Fri,
        "sat" | "saturday" => Weekday::Sat,
        "sun" | "sunday" => Weekday::Sun,
        _ => return None,
    })
}

/// True for the name of a weekday, in full or short.
pub(crate) fn is_weekday(word: &str) -> bool {
    weekday(word).is_some()
}

/// Parses a day; the flag tells whether it was written year first.
pub(super) fn parse_day(cursor: &mut Cursor<'_>) -> Result<Option<(Day, bool)>, ParseError> {
    let saved = *cursor;
    let found = match cursor.peek() {
        Some(c) if c.is_ascii_digit() => match year_first(cursor)? {
            Some(date) => Some((Day::Date(date), true)),
            None => match year_last(cursor)? {
                Some(date) => Some((Day::Date(date), false)),
                None => day_first(cursor)?.map(|day| (day, false)),
            },
        },
        Some(_) => parse_named_day(cursor)?.map(|day| (day, false)),
        None => None,
    };
    if found.is_none() {
        *cursor = saved;
    }
    Ok(found)
}

fn year_first(cursor: &mut Cursor<'_>) -> Result<Option<NaiveDate>, ParseError> {
    let saved = *cursor;
    let read = |cursor: &mut Cursor<'_>| {
        let year = cursor.take_digits(4..=4)?;
        if cursor.eat('年') || cursor.eat('년') {
            return read_east_asian_day(cursor).map(|(month, day)| (year, month, day));
        }
        let separator = cursor.peek().filter(|c| matches!(c, '-' | '/' | '.'))?;
        cursor.position += 1;
        let month = match cursor.take_digits(1..=2) {
            Some(month) => month,
            None => month(cursor.take_word())?,
        };
        cursor.eat(separator).then_some(())?;
        Some((year, month, cursor.take_digits(1..=2)?))
    };
    let Some((year, month, day)) = read(cursor) else {
        *cursor = saved;
        return Ok(None);
    };
    valid_date(year, month, day, saved.position..cursor.position).map(Some)
}

/// Reads the month and the day of `2026年11月25日`.
fn read_east_asian_day(cursor: &mut Cursor<'_>) -> Option<(u32, u32)> {
    cursor.skip_spaces();
    let month = cursor.take_digits(1..=2)?;
    (cursor.eat('月') || cursor.eat('월')).then_some(())?;
    cursor.skip_spaces();
    let day = cursor.take_digits(1..=2)?;
    (cursor.eat('日') || cursor.eat('일')).then_some((month, day))
}

/// `25.11.2026`, `25/11/2026`, `11/25/2026`. With dots the day is first; else it is the number that
/// can be no month.
///
/// # Errors
/// If both numbers may be the month, or there is no such day.
fn year_last(cursor: &mut Cursor<'_>) -> Result<Option<NaiveDate>, ParseError> {
    let saved = *cursor;
    let read = |cursor: &mut Cursor<'_>| {
        let first = cursor.take_digits(1..=2)?;
        let separator = cursor.peek().filter(|c| matches!(c, '.' | '/' | '-'))?;
        cursor.position += 1;
        let second = cursor.take_digits(1..=2)?;
        cursor.eat(separator).then_some(())?;
        let year = cursor.take_digits(4..=4)?;
        let continues = |c: char| c.is_alphanumeric() || c == separator;
        (!cursor.peek().is_some_and(continues)).then_some((separator, first, second, year))
    };
    let Some((separator, first, second, year)) = read(cursor) else {
        *cursor = saved;
        return Ok(None);
    };
    let range = saved.position..cursor.position;
    let is_month = |number: u32| (1..=12).contains(&number);
    let (month, day) = if separator == '.' || first == second || !is_month(first) {
        (second, first)
    } else if !is_month(second) {
        (first, second)
    } else {
        return Err(ParseError::new(
            format!("`{}` may be of two days", &cursor.text[range.clone()]),
            format!(
                "write `{year:04}-{second:02}-{first:02}` or `{year:04}-{first:02}-{second:02}`; to begin the text with it, put a backslash before it"
            ),
            range,
        ));
    };
    valid_date(year, month, day, range).map(Some)
}

/// Returns the error that `date` is not on the `weekday` that was typed with it.
pub(super) fn wrong_weekday_error(
    date: NaiveDate,
    weekday: Weekday,
    range: Range<usize>,
) -> ParseError {
    ParseError::new(
        format!(
            "{} is a {}, not a {}",
            date.format("%Y-%m-%d"),
            full_name(date.weekday()),
            full_name(weekday)
        ),
        "correct the weekday or the date, or leave the weekday out",
        range,
    )
}

fn full_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

pub(super) fn valid_date(
    year: u32,
    month: u32,
    day: u32,
    range: Range<usize>,
) -> Result<NaiveDate, ParseError> {
    let date = i32::try_from(year)
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    date.ok_or_else(|| {
        ParseError::new(
            format!("there is no day {year:04}-{month:02}-{day:02}"),
            "write a date as year-month-day, such as 2012-08-16",
            range,
        )
    })
}

/// `16 Aug`, `16. August 2012`, `16th of August`, `16/Aug/2012`, `16-Aug-2012`, `8月16日`.
fn day_first(cursor: &mut Cursor<'_>) -> Result<Option<Day>, ParseError> {
    let start = cursor.position;
    let saved = *cursor;
    let Some(day) = cursor.take_digits(1..=2) else {
        return Ok(None);
    };
    if matches!(cursor.peek(), Some('月' | '월')) {
        *cursor = saved;
        return match read_east_asian_day(cursor) {
            Some((month, day)) => parse_month_day(cursor, month, day, start).map(Some),
            None => Ok(None),
        };
    }
    if let Some(separator) = cursor.peek().filter(|c| matches!(c, '/' | '-')) {
        cursor.position += 1;
        let month = month(cursor.take_word()).filter(|_| cursor.eat(separator));
        return match month.zip(cursor.take_digits(4..=4)) {
            Some((month, year)) => {
                valid_date(year, month, day, start..cursor.position).map(|d| Some(Day::Date(d)))
            }
            None => Ok(None),
        };
    }
    skip_ordinal(cursor);
    cursor.eat('.');
    if !cursor.skip_spaces() {
        return Ok(None);
    }
    let before_word = *cursor;
    if !(cursor.take_word().eq_ignore_ascii_case("of") && cursor.skip_spaces()) {
        *cursor = before_word;
    }
    let Some(month) = month(cursor.take_word()) else {
        return Ok(None);
    };
    cursor.eat('.');
    parse_month_day(cursor, month, day, start).map(Some)
}

/// `Aug 16`, `August 16th, 2012`, `Thu`, `yesterday`, `today`.
fn parse_named_day(cursor: &mut Cursor<'_>) -> Result<Option<Day>, ParseError> {
    let start = cursor.position;
    let word = cursor.take_word();
    if word.eq_ignore_ascii_case("yesterday") {
        return Ok(Some(Day::Yesterday));
    }
    if word.eq_ignore_ascii_case("today") {
        return Ok(Some(Day::Today));
    }
    if let Some(weekday) = weekday(word) {
        cursor.eat('.');
        let day = parse_day_of_weekday(cursor, weekday, start)?;
        return Ok(Some(day.unwrap_or(Day::Weekday(weekday))));
    }
    parse_month_first(cursor, word, start)
}

/// Parses the date that follows a weekday, as in `Wed, 25 Nov 2026` and `Wed Nov 25`.
///
/// # Errors
/// If the date is invalid, or that day is another weekday.
fn parse_day_of_weekday(
    cursor: &mut Cursor<'_>,
    weekday: Weekday,
    start: usize,
) -> Result<Option<Day>, ParseError> {
    let saved = *cursor;
    cursor.eat(',');
    if cursor.skip_spaces() {
        let day = if cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
            match year_first(cursor)?.or(year_last(cursor)?) {
                Some(date) => Some(Day::Date(date)),
                None => day_first(cursor)?,
            }
        } else {
            let month_start = cursor.position;
            let word = cursor.take_word();
            parse_month_first(cursor, word, month_start)?
        };
        match day {
            Some(Day::Date(date)) if date.weekday() != weekday => {
                return Err(wrong_weekday_error(date, weekday, start..cursor.position));
            }
            Some(Day::Yearly(month, day, _)) => {
                return Ok(Some(Day::Yearly(month, day, Some(weekday))));
            }
            Some(day) => return Ok(Some(day)),
            None => {}
        }
    }
    *cursor = saved;
    Ok(None)
}

/// Parses what follows `word`, if that is a month: `Aug 16`, `August 16th, 2012`.
fn parse_month_first(
    cursor: &mut Cursor<'_>,
    word: &str,
    start: usize,
) -> Result<Option<Day>, ParseError> {
    let Some(month) = month(word) else {
        return Ok(None);
    };
    cursor.eat('.');
    if !cursor.skip_spaces() {
        return Ok(None);
    }
    let Some(day) = cursor.take_digits(1..=2) else {
        return Ok(None);
    };
    // In `May 12:30` the number is a time of day.
    if cursor.peek() == Some(':') {
        return Ok(None);
    }
    skip_ordinal(cursor);
    parse_month_day(cursor, month, day, start).map(Some)
}

fn skip_ordinal(cursor: &mut Cursor<'_>) {
    let saved = *cursor;
    if !matches!(cursor.take_word(), "st" | "nd" | "rd" | "th") {
        *cursor = saved;
    }
}

/// Parses the year, if one follows.
fn parse_month_day(
    cursor: &mut Cursor<'_>,
    month: u32,
    day: u32,
    start: usize,
) -> Result<Day, ParseError> {
    let end = cursor.position;
    let saved = *cursor;
    cursor.eat(',');
    if cursor.skip_spaces()
        && let Some(year) = cursor.take_digits(4..=4)
        // `Nov 24 1350Z` ends with a time.
        && !cursor.peek().is_some_and(char::is_alphanumeric)
    {
        return valid_date(year, month, day, start..cursor.position).map(Day::Date);
    }
    *cursor = saved;
    // 2000 was a leap year: a day that it does not have exists in no year.
    valid_date(2000, month, day, start..end)
        .map(|_| Day::Yearly(month, day, None))
        .map_err(|mut error| {
            let name = MONTHS.get(month as usize - 1).unwrap_or(&"that month");
            error.message = format!("{name} has no day {day}");
            error
        })
}
