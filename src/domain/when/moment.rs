//! Parses one moment: day, time of day and zone, or a duration before now.

use super::{
    cursor::Cursor,
    day::{self, Day},
    duration, time_of_day,
    types::{TimeContext, WhenError},
    zone_suffix::{self, ParsedZone},
};
use chrono::NaiveTime;
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
) -> Result<Option<(ParsedTime<'t>, usize)>, WhenError> {
    let mut cursor = Cursor::new(text, start);
    let mut approximate = cursor.eat('~');
    let (moment, rfc) = if let Some(seconds) = duration::parse_ago(&mut cursor) {
        (Moment::Ago(seconds), false)
    } else {
        let day_start = cursor.position;
        let (day, year_first) = match day::parse_day(&mut cursor)? {
            Some((day, was_year_first)) => (day, was_year_first),
            None => (Day::Unspecified, false),
        };
        let rfc = year_first && matches!(cursor.peek(), Some('T' | 't')) && {
            cursor.position += 1;
            true
        };
        if day != Day::Unspecified && !rfc {
            let comma = cursor.eat(',');
            if !cursor.skip_spaces() && !comma {
                return Ok(None);
            }
        }
        let Some((time, seconds, time_is_approximate)) =
            time_of_day::parse_time_of_day(&mut cursor, day_start)?
        else {
            return Ok(None);
        };
        approximate |= time_is_approximate;
        let rfc = if rfc {
            true
        } else if year_first && seconds {
            // Databases write `2012-08-16 10:06:00-04:00`, which could also be a span.
            zone_suffix::is_attached_offset(&cursor, start, time)?
        } else {
            false
        };
        (Moment::Clock { day, time, seconds }, rfc)
    };
    let zone = zone_suffix::parse_zone_suffix(&mut cursor, context, rfc, strict)?;
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
