//! Parses one moment: day, time of day and zone, or a duration before now.

use super::{
    cursor::{Cursor, end_of_when},
    day::{self, Day},
    duration, time_of_day,
    types::TimeContext,
    zone_suffix::{self, ParsedZone},
};
use crate::domain::parse_error::ParseError;
use chrono::{Datelike as _, NaiveTime};
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A time of day; `seconds` tells whether seconds were typed.
    Clock {
        day: Day,
        time: NaiveTime,
        seconds: bool,
    },
    /// This many seconds before now.
    Ago(i64),
}

/// A moment as typed, not yet resolved.
#[derive(Clone, Debug)]
pub(super) struct ParsedTime<'t> {
    pub moment: Moment,
    pub zone: Option<ParsedZone<'t>>,
    pub approximate: bool,
    pub typed: &'t str,
    pub range: Range<usize>,
}

/// Parses one moment at byte `start`, with its zone; also returns where it ends. With `strict`, all
/// of the text has to be a time, and more spellings of a zone are accepted.
pub(super) fn parse_time<'t>(
    text: &'t str,
    start: usize,
    context: &TimeContext<'_>,
    strict: bool,
) -> Result<Option<(ParsedTime<'t>, usize)>, ParseError> {
    let mut cursor = Cursor::new(text, start);
    let said_approximate = skip_approximate_word(&mut cursor);
    let mut approximate = cursor.eat('~') || said_approximate;
    let (mut moment, rfc) = if let Some(seconds) = duration::parse_ago(&mut cursor) {
        (Moment::Ago(seconds), false)
    } else if let Some((date, time, seconds)) = time_of_day::parse_basic_iso(&mut cursor)? {
        let day = Day::Date(date);
        (Moment::Clock { day, time, seconds }, true)
    } else {
        let day_start = cursor.position;
        let (day, year_first) = match day::parse_day(&mut cursor)? {
            Some((day, was_year_first)) => (day, was_year_first),
            None => (Day::Unspecified, false),
        };
        let rfc = year_first && matches!(cursor.peek(), Some('T' | 't' | '_')) && {
            cursor.position += 1;
            true
        };
        if day != Day::Unspecified && !rfc {
            let separated = cursor.eat(',') || cursor.eat(':');
            if !cursor.skip_spaces() && !separated {
                return Ok(None);
            }
            skip_word_at(&mut cursor);
        }
        let time_start = cursor.position;
        let Some((time, seconds, time_is_approximate)) =
            time_of_day::parse_time_of_day(&mut cursor, day_start)?
        else {
            return Ok(None);
        };
        // `about 10 pm` is more often a text.
        if said_approximate && !text[time_start..cursor.position].contains(':') {
            return Ok(None);
        }
        approximate |= time_is_approximate;
        // Databases write `2012-08-16 10:06:00-04:00`, which could also be a span.
        let rfc = rfc || zone_suffix::is_attached_offset(&cursor, start, time, seconds)?;
        (Moment::Clock { day, time, seconds }, rfc)
    };
    let zone = zone_suffix::parse_zone_suffix(&mut cursor, context, rfc, strict)?;
    parse_year_after_time(&mut cursor, &mut moment, start)?;
    approximate |= cursor.eat('~');
    let parsed = ParsedTime {
        moment,
        zone,
        approximate,
        typed: &text[start..cursor.position],
        range: start..cursor.position,
    };
    Ok(Some((parsed, cursor.position)))
}

/// Skips a word that makes the time after it approximate; returns whether there was one.
fn skip_approximate_word(cursor: &mut Cursor<'_>) -> bool {
    const WORDS: [&str; 6] = ["about", "around", "approx", "approximately", "circa", "ca"];
    let saved = *cursor;
    let word = cursor.take_word();
    let is_listed = WORDS.iter().any(|listed| listed.eq_ignore_ascii_case(word));
    cursor.eat('.');
    let found = is_listed && cursor.skip_spaces();
    if !found {
        *cursor = saved;
    }
    found
}

/// Skips the `at` between a day and a time.
fn skip_word_at(cursor: &mut Cursor<'_>) {
    let saved = *cursor;
    if !(cursor.take_word().eq_ignore_ascii_case("at") && cursor.skip_spaces()) {
        *cursor = saved;
    }
}

/// Parses the year that the command `date` writes last: `Wed Nov 25 23:50:10 CET 2026`.
///
/// # Errors
/// If that day does not exist, or is another weekday.
fn parse_year_after_time(
    cursor: &mut Cursor<'_>,
    moment: &mut Moment,
    start: usize,
) -> Result<(), ParseError> {
    let saved = *cursor;
    let Moment::Clock { day, .. } = moment else {
        return Ok(());
    };
    let Day::Yearly(month, number, Some(weekday)) = *day else {
        return Ok(());
    };
    let year = cursor
        .skip_spaces()
        .then(|| cursor.take_digits(4..=4))
        .flatten();
    let Some(year) = year.filter(|_| end_of_when(cursor.text, cursor.position).is_some()) else {
        *cursor = saved;
        return Ok(());
    };
    let range = start..cursor.position;
    let date = day::valid_date(year, month, number, range.clone())?;
    if date.weekday() != weekday {
        return Err(day::wrong_weekday_error(date, weekday, range));
    }
    *day = Day::Date(date);
    Ok(())
}
