//! What a WHEN is made of, letter by letter: a day, a reading of the clock, a distance from now.

use super::{
    TimeContext, WhenError, day, duration, time_of_day,
    zone_suffix::{self, ParsedZone},
};
use chrono::{NaiveDate, NaiveTime, Weekday};
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

/// A place in a text; a copy of it is a way back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'t> {
    pub text: &'t str,
    pub position: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t str, at: usize) -> Self {
        Self { text, position: at }
    }

    pub fn rest(&self) -> &'t str {
        &self.text[self.position..]
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.position += wanted.len_utf8();
        }
        found
    }

    /// Skips spaces and TABs; true where there were some.
    pub fn skip_spaces(&mut self) -> bool {
        let trimmed = self.rest().trim_start_matches([' ', '\t']);
        let next = self.text.len() - trimmed.len();
        std::mem::replace(&mut self.position, next) < next
    }

    /// Takes characters while they are `wanted`.
    pub fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    /// Takes a whole run of digits where it has as many as `count` says.
    pub fn take_digits(&mut self, count: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let back = self.position;
        let run = self.take_while(|c| c.is_ascii_digit());
        match run.parse() {
            Ok(number) if count.contains(&run.len()) => Some(number),
            _ => {
                self.position = back;
                None
            }
        }
    }

    pub fn take_word(&mut self) -> &'t str {
        self.take_while(|c| c.is_ascii_alphabetic())
    }
}

/// Where a WHEN that ends at byte `at` ends together with a `:` or `,` behind it; `None` where it
/// does not end there, because the word goes on.
pub(super) fn end_of_when(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest.starts_with("...") {
        return Some(at);
    }
    let past = rest.trim_start_matches([':', ',', '.', ';']);
    let blank = |t: &str| t.chars().next().is_none_or(char::is_whitespace);
    match rest.len() - past.len() {
        length @ (0 | 1) if blank(past) => Some(at + length),
        _ => None,
    }
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
