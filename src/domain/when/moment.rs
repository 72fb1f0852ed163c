//! What a WHEN is made of, letter by letter: a day, a reading of the clock, a distance from now.

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
    /// A reading of the clock; `seconds` where they were typed.
    Clock {
        day: Day,
        time: NaiveTime,
        seconds: bool,
    },
    /// So many seconds before now.
    Ago(i64),
}

/// One moment as typed.
#[derive(Clone, Debug)]
pub(super) struct ParsedTime<'t> {
    pub moment: Moment,
    pub zone: Option<ParsedZone<'t>>,
    pub approximate: bool,
    /// As it was typed.
    pub typed: &'t str,
    pub range: Range<usize>,
}

/// One moment from byte `start` on, with its zone, and where it ends.
pub(super) fn parse_time<'t>(
    text: &'t str,
    start: usize,
    now: &TimeContext<'_>,
    strict: bool,
) -> Result<Option<(ParsedTime<'t>, usize)>, WhenError> {
    let mut scan = Cursor::new(text, start);
    let mut approximate = scan.eat('~');
    let (moment, rfc) = if let Some(seconds) = duration::parse_ago(&mut scan) {
        (Moment::Ago(seconds), false)
    } else {
        let begun = scan.position;
        let (day, glued) = match day::parse_day(&mut scan)? {
            Some((day, was_rfc)) => (day, was_rfc),
            None => (Day::Unspecified, false),
        };
        let rfc = glued && matches!(scan.peek(), Some('T' | 't')) && {
            scan.position += 1;
            true
        };
        if day != Day::Unspecified && !rfc {
            let comma = scan.eat(',');
            if !scan.skip_spaces() && !comma {
                return Ok(None);
            }
        }
        let Some((time, seconds, about)) = time_of_day::parse_time_of_day(&mut scan, begun)? else {
            return Ok(None);
        };
        approximate |= about;
        let rfc = if rfc {
            true
        } else if glued && seconds {
            // `2012-08-16 10:06:00-04:00` is how databases write it, and could be a span too.
            zone_suffix::is_attached_offset(&scan, start, time)?
        } else {
            false
        };
        (Moment::Clock { day, time, seconds }, rfc)
    };
    let place = zone_suffix::parse_zone_suffix(&mut scan, now, rfc, strict)?;
    approximate |= scan.eat('~');
    let part = ParsedTime {
        moment,
        zone: place,
        approximate,
        typed: &text[start..scan.position],
        range: start..scan.position,
    };
    Ok(Some((part, scan.position)))
}
