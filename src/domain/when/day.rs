//! The day of a reading: a date, a day of the year or of the week, yesterday.

use super::{cursor::Cursor, types::WhenError};
use chrono::{NaiveDate, Weekday};
use std::ops::Range;

/// The day of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// Not said.
    Unspecified,
    Today,
    Yesterday,
    Weekday(Weekday),
    /// A month (1 to 12) and a day of some year.
    Yearly(u32, u32),
    Date(NaiveDate),
}

const MONTHS: [&str; 12] = [
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

fn month(word: &str) -> Option<u32> {
    let word = word.to_ascii_lowercase();
    let at = MONTHS
        .iter()
        .position(|m| *m == word || m[..3] == word || (word == "sept" && *m == "september"))?;
    u32::try_from(at + 1).ok()
}

fn weekday(word: &str) -> Option<Weekday> {
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

/// A day, and whether it is written year first.
pub(super) fn parse_day(scan: &mut Cursor<'_>) -> Result<Option<(Day, bool)>, WhenError> {
    let back = *scan;
    let found = match scan.peek() {
        Some(c) if c.is_ascii_digit() => match year_first(scan)? {
            Some(date) => Some((Day::Date(date), true)),
            None => day_first(scan)?.map(|day| (day, false)),
        },
        Some(_) => parse_named_day(scan)?.map(|day| (day, false)),
        None => None,
    };
    if found.is_none() {
        *scan = back;
    }
    Ok(found)
}

fn year_first(scan: &mut Cursor<'_>) -> Result<Option<NaiveDate>, WhenError> {
    let back = *scan;
    let read = |scan: &mut Cursor<'_>| {
        let year = scan.take_digits(4..=4)?;
        let mark = scan.peek().filter(|c| matches!(c, '-' | '/'))?;
        scan.position += 1;
        let month = scan.take_digits(1..=2)?;
        scan.eat(mark).then_some(())?;
        Some((year, month, scan.take_digits(1..=2)?))
    };
    let Some((year, month, day)) = read(scan) else {
        *scan = back;
        return Ok(None);
    };
    valid_date(year, month, day, back.position..scan.position).map(Some)
}

fn valid_date(
    year: u32,
    month: u32,
    day: u32,
    range: Range<usize>,
) -> Result<NaiveDate, WhenError> {
    let date = i32::try_from(year)
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
    date.ok_or_else(|| {
        WhenError::new(
            format!("there is no day {year:04}-{month:02}-{day:02}"),
            "write a date as year-month-day, such as 2012-08-16",
            range,
        )
    })
}

/// `16 Aug`, `16 August 2012`.
fn day_first(scan: &mut Cursor<'_>) -> Result<Option<Day>, WhenError> {
    let start = scan.position;
    let Some(day) = scan.take_digits(1..=2) else {
        return Ok(None);
    };
    skip_ordinal(scan);
    if !scan.skip_spaces() {
        return Ok(None);
    }
    let Some(month) = month(scan.take_word()) else {
        return Ok(None);
    };
    scan.eat('.');
    parse_month_day(scan, month, day, start).map(Some)
}

/// `Aug 16`, `August 16th, 2012`, `Thu`, `yesterday`, `today`.
fn parse_named_day(scan: &mut Cursor<'_>) -> Result<Option<Day>, WhenError> {
    let start = scan.position;
    let word = scan.take_word();
    if word.eq_ignore_ascii_case("yesterday") {
        return Ok(Some(Day::Yesterday));
    }
    if word.eq_ignore_ascii_case("today") {
        return Ok(Some(Day::Today));
    }
    if let Some(weekday) = weekday(word) {
        scan.eat('.');
        return Ok(Some(Day::Weekday(weekday)));
    }
    let Some(month) = month(word) else {
        return Ok(None);
    };
    scan.eat('.');
    if !scan.skip_spaces() {
        return Ok(None);
    }
    let Some(day) = scan.take_digits(1..=2) else {
        return Ok(None);
    };
    // `May 12:30` is a reading of the clock after the word May.
    if scan.peek() == Some(':') {
        return Ok(None);
    }
    skip_ordinal(scan);
    parse_month_day(scan, month, day, start).map(Some)
}

fn skip_ordinal(scan: &mut Cursor<'_>) {
    let back = *scan;
    if !matches!(scan.take_word(), "st" | "nd" | "rd" | "th") {
        *scan = back;
    }
}

/// A month and a day, with the year where one follows.
fn parse_month_day(
    scan: &mut Cursor<'_>,
    month: u32,
    day: u32,
    start: usize,
) -> Result<Day, WhenError> {
    let end = scan.position;
    let back = *scan;
    scan.eat(',');
    if scan.skip_spaces()
        && let Some(year) = scan.take_digits(4..=4)
    {
        return valid_date(year, month, day, start..scan.position).map(Day::Date);
    }
    *scan = back;
    // 2000 was a leap year: what it does not have, no year has.
    valid_date(2000, month, day, start..end)
        .map(|_| Day::Yearly(month, day))
        .map_err(|mut error| {
            let name = MONTHS.get(month as usize - 1).unwrap_or(&"that month");
            error.message = format!("{name} has no day {day}");
            error
        })
}
