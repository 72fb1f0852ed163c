//! What a WHEN is made of, letter by letter: a day, a reading of the clock, a distance from now.

use super::{
    Now, WhenError,
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
    let (moment, rfc) = if let Some(seconds) = ago(&mut scan) {
        (Moment::Ago(seconds), false)
    } else {
        let begun = scan.at;
        let (day, glued) = match day(&mut scan)? {
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
        let Some((time, seconds, about)) = clock(&mut scan, begun)? else {
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

/// `-12m`, `-1h30m`, `12m ago`, `2 hours 5 minutes ago`: how many seconds.
fn ago(scan: &mut Scan<'_>) -> Option<i64> {
    let back = *scan;
    let minus = scan.eat('-');
    let mut seconds = None;
    if let Some(first) = amount(scan, !minus) {
        let mut total = first;
        loop {
            let behind = *scan;
            if !minus {
                scan.spaces();
            }
            let Some(more) = amount(scan, !minus) else {
                *scan = behind;
                break;
            };
            total = total.saturating_add(more);
        }
        let behind = *scan;
        let said = scan.spaces() && scan.word().eq_ignore_ascii_case("ago");
        if !said {
            *scan = behind;
        }
        let ends = scan.peek().is_none_or(|c| !c.is_alphanumeric());
        seconds = ((minus || said) && ends).then_some(total);
    }
    if seconds.is_none() {
        *scan = back;
    }
    seconds
}

/// `12m`, or `12 minutes` where a space may stand between: how many seconds.
fn amount(scan: &mut Scan<'_>, spaced: bool) -> Option<i64> {
    let back = *scan;
    let digits = scan.run(|c| c.is_ascii_digit());
    if spaced {
        scan.spaces();
    }
    let unit = match scan.word().to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 604_800,
        _ => 0,
    };
    if digits.is_empty() || unit == 0 {
        *scan = back;
        return None;
    }
    // Too many digits are too long ago, which is said later.
    Some(digits.parse().unwrap_or(i64::MAX).saturating_mul(unit))
}

/// A time box such as `5m`, `2h`, `1h30m`, all of `text`: how many seconds.
pub(crate) fn time_box(text: &str) -> Option<i64> {
    let mut scan = Scan::new(text, 0);
    let mut total: i64 = 0;
    while scan.at < text.len() {
        total = total.saturating_add(amount(&mut scan, false)?);
    }
    (total > 0).then_some(total)
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
pub(super) fn day(scan: &mut Scan<'_>) -> Result<Option<(Day, bool)>, WhenError> {
    let back = *scan;
    let found = match scan.peek() {
        Some(c) if c.is_ascii_digit() => match year_first(scan)? {
            Some(date) => Some((Day::Date(date), true)),
            None => day_first(scan)?.map(|day| (day, false)),
        },
        Some(_) => named(scan)?.map(|day| (day, false)),
        None => None,
    };
    if found.is_none() {
        *scan = back;
    }
    Ok(found)
}

fn year_first(scan: &mut Scan<'_>) -> Result<Option<NaiveDate>, WhenError> {
    let back = *scan;
    let read = |scan: &mut Scan<'_>| {
        let year = scan.digits(4..=4)?;
        let mark = scan.peek().filter(|c| matches!(c, '-' | '/'))?;
        scan.at += 1;
        let month = scan.digits(1..=2)?;
        scan.eat(mark).then_some(())?;
        Some((year, month, scan.digits(1..=2)?))
    };
    let Some((year, month, day)) = read(scan) else {
        *scan = back;
        return Ok(None);
    };
    date_of(year, month, day, back.at..scan.at).map(Some)
}

fn date_of(year: u32, month: u32, day: u32, range: Range<usize>) -> Result<NaiveDate, WhenError> {
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
fn day_first(scan: &mut Scan<'_>) -> Result<Option<Day>, WhenError> {
    let start = scan.at;
    let Some(day) = scan.digits(1..=2) else {
        return Ok(None);
    };
    ordinal(scan);
    if !scan.spaces() {
        return Ok(None);
    }
    let Some(month) = month(scan.word()) else {
        return Ok(None);
    };
    scan.eat('.');
    yearly(scan, month, day, start).map(Some)
}

/// `Aug 16`, `August 16th, 2012`, `Thu`, `yesterday`, `today`.
fn named(scan: &mut Scan<'_>) -> Result<Option<Day>, WhenError> {
    let start = scan.at;
    let word = scan.word();
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
    if !scan.spaces() {
        return Ok(None);
    }
    let Some(day) = scan.digits(1..=2) else {
        return Ok(None);
    };
    // `May 12:30` is a reading of the clock after the word May.
    if scan.peek() == Some(':') {
        return Ok(None);
    }
    ordinal(scan);
    yearly(scan, month, day, start).map(Some)
}

fn ordinal(scan: &mut Scan<'_>) {
    let back = *scan;
    if !matches!(scan.word(), "st" | "nd" | "rd" | "th") {
        *scan = back;
    }
}

/// A month and a day, with the year where one follows.
fn yearly(scan: &mut Scan<'_>, month: u32, day: u32, start: usize) -> Result<Day, WhenError> {
    let end = scan.at;
    let back = *scan;
    scan.eat(',');
    if scan.spaces()
        && let Some(year) = scan.digits(4..=4)
    {
        return date_of(year, month, day, start..scan.at).map(Day::Date);
    }
    *scan = back;
    // 2000 was a leap year: what it does not have, no year has.
    date_of(2000, month, day, start..end)
        .map(|_| Day::Yearly(month, day))
        .map_err(|mut error| {
            let name = MONTHS.get(month as usize - 1).unwrap_or(&"that month");
            error.message = format!("{name} has no day {day}");
            error
        })
}

/// A reading of the clock: the time, whether seconds were typed, whether `~` stood behind it.
fn clock(scan: &mut Scan<'_>, start: usize) -> Result<Option<(NaiveTime, bool, bool)>, WhenError> {
    let back = *scan;
    let Some(hour) = scan.digits(1..=2) else {
        return Ok(None);
    };
    let (mut minute, mut second, mut nanos, mut seconds) = (0, 0, 0, false);
    let whole = scan.eat(':');
    if whole {
        let Some(m) = scan.digits(2..=2) else {
            *scan = back;
            return Ok(None);
        };
        minute = m;
        let behind = *scan;
        if scan.eat(':') {
            if let Some(s) = scan.digits(2..=2) {
                (second, seconds) = (s, true);
                nanos = fraction(scan);
            } else {
                *scan = behind;
            }
        }
    }
    let mut about = scan.eat('~');
    let half = meridiem(scan);
    about |= scan.eat('~');
    if !whole && half.is_none() {
        *scan = back;
        return Ok(None);
    }
    // More of the same word: an address, a part of a name.
    let mut behind = scan.rest().chars();
    let goes_on = match behind.next() {
        Some(':') => behind
            .next()
            .is_some_and(|c| c.is_alphanumeric() || c == ':'),
        Some('Z' | 'z') => behind.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric(),
        None => false,
    };
    if goes_on {
        *scan = back;
        return Ok(None);
    }
    let range = start..scan.at;
    let shown = &scan.text[range.clone()];
    let wrong = |hint: &str| {
        Err(WhenError::new(
            format!("no clock shows `{shown}`"),
            hint,
            range.clone(),
        ))
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => {
            return wrong("with am or pm the hour is 1 to 12; without, 0 to 23");
        }
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    match NaiveTime::from_hms_nano_opt(hour, minute, second, nanos) {
        Some(time) => Ok(Some((time, seconds, about))),
        None => wrong(
            "hours go from 0 to 23, minutes and seconds from 0 to 59; to begin the text with it, put a backslash before it",
        ),
    }
}

/// The fraction of a second, cut to whole microseconds, in nanoseconds.
fn fraction(scan: &mut Scan<'_>) -> u32 {
    let back = *scan;
    if !(scan.eat('.') || scan.eat(',')) {
        return 0;
    }
    let digits = scan.run(|c| c.is_ascii_digit());
    if digits.is_empty() {
        *scan = back;
        return 0;
    }
    let micros = digits.bytes().chain(std::iter::repeat(b'0')).take(6);
    micros.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')) * 1000
}

/// `am`, `p.m.`: true in the afternoon.
fn meridiem(scan: &mut Scan<'_>) -> Option<bool> {
    let back = *scan;
    scan.spaces();
    let letter = scan.peek()?.to_ascii_lowercase();
    let rest = scan.rest().get(1..).unwrap_or_default();
    let lower = rest
        .get(..3)
        .or(rest.get(..2))
        .or(rest.get(..1))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let length = [".", ""]
        .iter()
        .find_map(|dot| {
            let form = format!("{dot}m{dot}");
            lower.starts_with(&form).then_some(form.len())
        })
        .or_else(|| lower.starts_with(".m").then_some(2));
    if let (true, Some(length)) = (matches!(letter, 'a' | 'p'), length) {
        scan.at += 1 + length;
        if scan.peek().is_none_or(|c| !c.is_alphanumeric()) {
            return Some(letter == 'p');
        }
    }
    *scan = back;
    None
}
