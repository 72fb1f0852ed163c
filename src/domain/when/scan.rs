//! What a WHEN is made of, letter by letter: a day, a reading of the clock, a distance from now.

use super::{
    Now, WhenError, ago, clock, day,
    place::{self, Place},
};
use chrono::{NaiveDate, NaiveTime, Weekday};
use std::ops::Range;

/// The day of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// Not said.
    Bare,
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
pub(super) struct Part<'t> {
    pub moment: Moment,
    pub place: Option<Place<'t>>,
    pub approximate: bool,
    pub range: Range<usize>,
}

/// A place in a text; a copy of it is a way back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scan<'t> {
    pub text: &'t str,
    pub at: usize,
}

impl<'t> Scan<'t> {
    pub fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    pub fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    /// Skips spaces and TABs; true where there were some.
    pub fn spaces(&mut self) -> bool {
        let trimmed = self.rest().trim_start_matches([' ', '\t']);
        let next = self.text.len() - trimmed.len();
        std::mem::replace(&mut self.at, next) < next
    }

    /// Takes characters while they are `wanted`.
    pub fn run(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Takes a whole run of digits where it has as many as `count` says.
    pub fn digits(&mut self, count: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let back = self.at;
        let run = self.run(|c| c.is_ascii_digit());
        match run.parse() {
            Ok(number) if count.contains(&run.len()) => Some(number),
            _ => {
                self.at = back;
                None
            }
        }
    }

    pub fn word(&mut self) -> &'t str {
        self.run(|c| c.is_ascii_alphabetic())
    }
}

/// Where a WHEN that ends at byte `at` ends together with a `:` or `,` behind it; `None` where it
/// does not end there, because the word goes on.
pub(super) fn boundary(text: &str, at: usize) -> Option<usize> {
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
pub(super) fn part<'t>(
    text: &'t str,
    start: usize,
    now: &Now<'_>,
    strict: bool,
) -> Result<Option<(Part<'t>, usize)>, WhenError> {
    let mut scan = Scan::new(text, start);
    let mut approximate = scan.eat('~');
    let (moment, rfc) = if let Some(seconds) = ago::scan(&mut scan) {
        (Moment::Ago(seconds), false)
    } else {
        let begun = scan.at;
        let (day, glued) = match day::scan(&mut scan)? {
            Some((day, was_rfc)) => (day, was_rfc),
            None => (Day::Bare, false),
        };
        let rfc = glued && matches!(scan.peek(), Some('T' | 't')) && {
            scan.at += 1;
            true
        };
        if day != Day::Bare && !rfc {
            let comma = scan.eat(',');
            if !scan.spaces() && !comma {
                return Ok(None);
            }
        }
        let Some((time, seconds, about)) = clock::scan(&mut scan, begun)? else {
            return Ok(None);
        };
        approximate |= about;
        let rfc = if rfc {
            true
        } else if glued && seconds {
            // `2012-08-16 10:06:00-04:00` is how databases write it, and could be a span too.
            place::database_offset(&scan, start, time)?
        } else {
            false
        };
        (Moment::Clock { day, time, seconds }, rfc)
    };
    let place = place::scan(&mut scan, now, rfc, strict)?;
    approximate |= scan.eat('~');
    let part = Part {
        moment,
        place,
        approximate,
        range: start..scan.at,
    };
    Ok(Some((part, scan.at)))
}
