//! Parses a time of day: `10:06`, `10:06:30.5`, `10:06 p.m.`, `10 am`.

use super::{
    cursor::Cursor,
    day_part::{DayPart, parse_day_part, skip_hour_word},
    types::read_doubt,
};
use crate::domain::parse_error::ParseError;
use chrono::{NaiveDate, NaiveTime, Timelike as _};

/// A time of day as typed.
pub(super) struct TimeOfDay {
    pub time: NaiveTime,
    /// True if seconds were typed.
    pub seconds: bool,
    /// True if a `~` marked it.
    pub approximate: bool,
    /// True for `pm`, false for `am`; `None` if neither was typed.
    pub afternoon: Option<bool>,
    /// What to say where words behind it may be a part of it or the text.
    pub doubt: Option<String>,
}

/// Parses a time of day. `start` is where the error range begins.
///
/// # Errors
/// If no clock shows that time, or it may be of two days (`12:00 midnight`).
pub(super) fn parse_time_of_day(
    cursor: &mut Cursor<'_>,
    start: usize,
) -> Result<Option<TimeOfDay>, ParseError> {
    let saved = *cursor;
    if let Some(time) = parse_military_time(cursor, start)? {
        return Ok(Some(TimeOfDay {
            time,
            seconds: false,
            approximate: false,
            afternoon: None,
            doubt: None,
        }));
    }
    let clock_start = cursor.position;
    let Some(hour) = cursor.take_digits(1..=2) else {
        return Ok(None);
    };
    let (mut minute, mut second, mut nanos, mut has_seconds) = (0, 0, 0, false);
    let has_minutes = cursor.eat(':');
    if has_minutes {
        let Some(m) = cursor.take_digits(2..=2) else {
            *cursor = saved;
            return Ok(None);
        };
        minute = m;
        let before_seconds = *cursor;
        if cursor.eat(':') {
            if let Some(s) = cursor.take_digits(2..=2) {
                (second, has_seconds) = (s, true);
                nanos = fraction(cursor);
            } else {
                *cursor = before_seconds;
            }
        }
    }
    let mut approximate = cursor.eat('~');
    let afternoon = meridiem(cursor);
    approximate |= cursor.eat('~');
    let is_twelve = (hour, minute, second) == (12, 0, 0) && afternoon.is_none();
    let is_noon = is_twelve && skip_noon(cursor, start)?;
    if !has_minutes && afternoon.is_none() && !is_noon {
        *cursor = saved;
        return Ok(None);
    }
    // The word continues: an IP or MAC address, a part of a name.
    let mut following = cursor.rest().chars();
    let word_continues = match following.next() {
        Some(':') => following
            .next()
            .is_some_and(|c| c.is_alphanumeric() || c == ':'),
        Some('Z' | 'z') => following.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric(),
        None => false,
    };
    if word_continues {
        *cursor = saved;
        return Ok(None);
    }
    let mut day_part = DayPart::default();
    if has_minutes && afternoon.is_none() && !is_noon {
        day_part = match skip_hour_word(cursor) {
            doubt @ Some(_) => DayPart { hour: None, doubt },
            None => parse_day_part(cursor, clock_start, hour),
        };
    } else if hour == 12 && is_word_before_noun(cursor) {
        day_part.doubt = Some(read_doubt("am", "before noon"));
    }
    let range = start..cursor.position;
    let shown = &cursor.text[range.clone()];
    let error = |hint: &str| {
        Err(ParseError::new(
            format!("no clock shows `{shown}`"),
            hint,
            range.clone(),
        ))
    };
    let hour = match (day_part.hour, afternoon) {
        (Some(hour), _) => hour,
        (None, None) => hour,
        (None, Some(_)) if !(1..=12).contains(&hour) => {
            return error("with am or pm the hour is 1 to 12; without, 0 to 23");
        }
        (None, Some(afternoon)) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    let afternoon = afternoon.or(day_part.hour.map(|hour| hour >= 12));
    match NaiveTime::from_hms_nano_opt(hour, minute, second, nanos) {
        Some(time) => Ok(Some(TimeOfDay {
            time,
            seconds: has_seconds,
            approximate,
            afternoon: afternoon.or(is_noon.then_some(true)),
            doubt: day_part.doubt,
        })),
        None => error(CLOCK_HINT),
    }
}

/// True behind ` am` and before a word with a capital, where it may be the `am` of another language: `12:30 am Telefon`.
fn is_word_before_noun(cursor: &Cursor<'_>) -> bool {
    let next = cursor.rest().strip_prefix(' ').unwrap_or_default();
    cursor.text[..cursor.position].ends_with(" am") && next.starts_with(char::is_uppercase)
}

/// What the numbers of a time of day may be.
const CLOCK_HINT: &str = "hours go from 0 to 23, minutes and seconds from 0 to 59; to begin the text with it, put a backslash before it";

/// Parses the four digits of `1350Z`, before the `Z`.
///
/// # Errors
/// If no clock shows that time.
fn parse_military_time(
    cursor: &mut Cursor<'_>,
    start: usize,
) -> Result<Option<NaiveTime>, ParseError> {
    let saved = *cursor;
    let digits = cursor.take_digits(4..=4);
    let mut following = cursor.rest().chars();
    let is_utc =
        following.next() == Some('Z') && !following.next().is_some_and(char::is_alphanumeric);
    let Some(digits) = digits.filter(|_| is_utc) else {
        *cursor = saved;
        return Ok(None);
    };
    match NaiveTime::from_hms_opt(digits / 100, digits % 100, 0) {
        Some(time) => Ok(Some(time)),
        None => Err(ParseError::new(
            format!("no clock shows `{digits:04}`"),
            CLOCK_HINT,
            start..cursor.position,
        )),
    }
}

/// Parses the date and time of `20261125T235010` or `20261125T2350`, without the zone after it; also
/// returns whether seconds were typed.
///
/// # Errors
/// If there is no such day, or no clock shows that time. Source: ISO 8601, basic format.
pub(super) fn parse_basic_iso(
    cursor: &mut Cursor<'_>,
) -> Result<Option<(NaiveDate, NaiveTime, bool)>, ParseError> {
    let saved = *cursor;
    let mut read = || {
        let date = cursor.take_digits(8..=8)?;
        cursor.eat('T').then_some(())?;
        let digits = cursor.take_while(|c| c.is_ascii_digit());
        let (time, has_seconds) = match digits.len() {
            4 => (digits.parse::<u32>().ok()? * 100, false),
            6 => (digits.parse().ok()?, true),
            _ => return None,
        };
        let nanos = if has_seconds { fraction(cursor) } else { 0 };
        let continues = |c: char| c.is_alphanumeric() && c != 'Z';
        (!cursor.peek().is_some_and(continues)).then_some((date, time, nanos, has_seconds))
    };
    let Some((date, time, nanos, has_seconds)) = read() else {
        *cursor = saved;
        return Ok(None);
    };
    let year = i32::try_from(date / 10_000).unwrap_or_default();
    let date = NaiveDate::from_ymd_opt(year, date / 100 % 100, date % 100);
    let time = NaiveTime::from_hms_nano_opt(time / 10_000, time / 100 % 100, time % 100, nanos);
    match (date, time) {
        (Some(date), Some(time)) => Ok(Some((date, time, has_seconds))),
        _ => Err(ParseError::new(
            "there is no such day or time of day",
            "write year, month, day, T, hours, minutes, seconds, as in 20120816T100600Z",
            saved.position..cursor.position,
        )),
    }
}

/// Parses a fraction of a second; returns nanoseconds, cut to whole microseconds.
fn fraction(cursor: &mut Cursor<'_>) -> u32 {
    let saved = *cursor;
    if !(cursor.eat('.') || cursor.eat(',')) {
        return 0;
    }
    let digits = cursor.take_while(|c| c.is_ascii_digit());
    if digits.is_empty() {
        *cursor = saved;
        return 0;
    }
    let micros = digits.bytes().chain(std::iter::repeat(b'0')).take(6);
    micros.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')) * 1000
}

/// Skips the `noon` of `12:00 noon`; returns whether it was there.
///
/// # Errors
/// If it is midnight, which may be that of either day.
fn skip_noon(cursor: &mut Cursor<'_>, start: usize) -> Result<bool, ParseError> {
    let saved = *cursor;
    cursor.skip_spaces();
    let word = cursor.take_word().to_ascii_lowercase();
    if word == "midnight" {
        let range = start..cursor.position;
        return Err(ParseError::new(
            format!("`{}` may be of two days", &cursor.text[range.clone()]),
            "write `00:00` with the day that begins then, such as `today 00:00`; where it is text, put a backslash before it",
            range,
        ));
    }
    if word != "noon" {
        *cursor = saved;
    }
    Ok(word == "noon")
}

/// Parses `am`, `p.m.`, `p. m.`; true for the afternoon.
pub(super) fn meridiem(cursor: &mut Cursor<'_>) -> Option<bool> {
    let saved = *cursor;
    cursor.skip_spaces();
    let afternoon = match cursor.take_word().to_ascii_lowercase().as_str() {
        "am" => Some(false),
        "pm" => Some(true),
        letter @ ("a" | "p") => {
            let separated = cursor.eat('.') | cursor.skip_spaces();
            let has_m = cursor.take_word().eq_ignore_ascii_case("m");
            cursor.eat('.');
            (separated && has_m).then_some(letter == "p")
        }
        _ => None,
    };
    let at_word_end = cursor.peek().is_none_or(|c| !c.is_alphanumeric());
    if afternoon.is_none() || !at_word_end {
        *cursor = saved;
        return None;
    }
    afternoon
}

/// The time that a clock of twelve hours shows as `time`, before or after noon.
pub(super) fn in_half(time: NaiveTime, afternoon: bool) -> NaiveTime {
    let hour = time.hour() % 12 + if afternoon { 12 } else { 0 };
    time.with_hour(hour).unwrap_or(time)
}
