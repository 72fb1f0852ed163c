//! Dates and times as people and chat windows write them: `10:06 AM`, `Yesterday at 10:06`, `20/11/2026 10:06`.

use super::{row::SourceTime, time::parse_time};
use crate::domain::{
    time::OffsetTime,
    when::{self, MONTHS},
};
use chrono::{Datelike as _, NaiveDate, NaiveTime, Weekday};

/// A time with as much of its day as is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub day: Day,
    pub time: NaiveTime,
    /// True if `am` or `pm` stood there.
    pub has_meridiem: bool,
    /// Set if an offset or `Z` stood there.
    pub exact: Option<OffsetTime>,
}

/// A day as far as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    Unnamed,
    /// 0 for `Today`, -1 for `Yesterday`.
    Relative(i64),
    Weekday(Weekday),
    Date(NaiveDate),
    /// `November 20th`.
    WithoutYear {
        month: u32,
        day: u32,
    },
    /// `20/11/2026`: two numbers, of which either may be the day, and perhaps a year.
    Slashes {
        first: u32,
        second: u32,
        year: Option<i32>,
    },
}

/// Which of two numbers is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// A leap year that no incident is of: days without a year are kept in it, because it has every day.
pub(super) const NO_YEAR: i32 = 4;
/// Words between a day and a time: `20/11/2026 à 10:06`, `20.11.2026 klo 10.06`.
const BEFORE_TIMES: [&str; 6] = ["at", "à", "klo", "kl.", "um", "alle"];
/// How many words a stamp has at most: `Friday, 20 November 2026 at 10:06 AM`.
const MAX_WORDS: usize = 7;

impl Day {
    /// Returns the day after it; the same if that has no name of its kind.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Relative(days) if days < 0 => Self::Relative(days + 1),
            Self::Weekday(weekday) => Self::Weekday(weekday.succ()),
            Self::Date(date) => Self::Date(date.succ_opt().unwrap_or(date)),
            Self::WithoutYear { month, day } => {
                let date = NaiveDate::from_ymd_opt(NO_YEAR, month, day);
                let next = date.and_then(|date| date.succ_opt());
                next.map_or(self, |next| Self::WithoutYear {
                    month: next.month(),
                    day: next.day(),
                })
            }
            Self::Unnamed | Self::Relative(_) | Self::Slashes { .. } => self,
        }
    }

    /// Returns the order that this day shows by itself.
    pub(super) fn order(self) -> Option<DateOrder> {
        match self {
            Self::Slashes { first, second, .. } if first > 12 && second <= 12 => {
                Some(DateOrder::DayFirst)
            }
            Self::Slashes { first, second, .. } if second > 12 && first <= 12 => {
                Some(DateOrder::MonthFirst)
            }
            _ => None,
        }
    }

    /// Returns the day with its two numbers read in `order`; `None` if there is no such day.
    pub(super) fn in_order(self, order: DateOrder) -> Option<Self> {
        let Self::Slashes {
            first,
            second,
            year,
        } = self
        else {
            return Some(self);
        };
        let (day, month) = match order {
            DateOrder::DayFirst => (first, second),
            DateOrder::MonthFirst => (second, first),
        };
        match year {
            Some(year) => NaiveDate::from_ymd_opt(year, month, day).map(Self::Date),
            None => NaiveDate::from_ymd_opt(NO_YEAR, month, day)
                .map(|_| Self::WithoutYear { month, day }),
        }
    }

    /// True for two different days, if nothing says which number is the day.
    pub(super) fn is_ambiguous(self) -> bool {
        match self {
            Self::Slashes { first, second, .. } => first != second && first <= 12 && second <= 12,
            _ => false,
        }
    }
}

/// Parses `text` as a time of day with or without a day before it, and nothing else.
pub(super) fn parse_stamp(text: &str) -> Option<Stamp> {
    let words = split_words(text)?;
    parse_words(&words).or_else(|| {
        // `23:12, 24/11/2026`
        let (date, clock) = words.split_last()?;
        let is_numeric = date.contains(['/', '.']) && clock.first()?.contains(':');
        let mut turned = vec![date.clone()];
        turned.extend_from_slice(clock);
        parse_words(&turned).filter(|stamp| is_numeric && stamp.day != Day::Unnamed)
    })
}

/// Parses the longest stamp that `text` begins with; returns what follows it too.
pub(super) fn parse_leading_stamp(text: &str) -> Option<(Stamp, &str)> {
    let first = text.chars().next()?;
    if !first.is_alphanumeric() {
        return None;
    }
    let mut ends: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| c.is_whitespace())
        .map(|(at, _)| at)
        .take(MAX_WORDS + 1)
        .collect();
    ends.push(text.len());
    ends.sort_unstable();
    ends.into_iter().rev().find_map(|end| {
        let stamp = parse_stamp(&text[..end])?;
        Some((stamp, &text[end..]))
    })
}

/// Parses a day and nothing else: `Friday, November 20th`, `Today`, `2026-11-20`, `20/11/2026`.
pub(super) fn parse_day(text: &str) -> Option<Day> {
    let words = split_words(text)?;
    match words.as_slice() {
        [] => None,
        words => parse_day_words(words),
    }
}

/// Splits into lower-case words without commas; `None` if there are too many.
fn split_words(text: &str) -> Option<Vec<String>> {
    if text.len() > 80 {
        return None;
    }
    let mut words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .filter(|word| !BEFORE_TIMES.contains(&word.as_str()))
        .collect();
    // In Spanish the two letters stand apart: `1:50 p. m.`
    if let [.., half, last] = words.as_mut_slice()
        && matches!(half.as_str(), "a." | "p.")
        && last == "m."
    {
        half.push_str("m.");
        words.pop();
    }
    (words.len() <= MAX_WORDS).then_some(words)
}

fn parse_words(words: &[String]) -> Option<Stamp> {
    if let [word] = words
        && word.contains('t')
        && word.len() >= 16
        && let Some(at) = parse_time(&word.to_uppercase())
    {
        let (local, exact) = match at {
            SourceTime::Exact(at) => (at.naive_local(), Some(at)),
            SourceTime::Local(local) => (local, None),
            _ => return None,
        };
        return Some(Stamp {
            day: Day::Date(local.date()),
            time: local.time(),
            has_meridiem: false,
            exact,
        });
    }
    let (last, before) = words.split_last()?;
    let meridiem = match last.as_str() {
        "am" | "a.m." => Some(false),
        "pm" | "p.m." => Some(true),
        _ => None,
    };
    let (clock, days) = match meridiem {
        Some(_) => before.split_last()?,
        None => (last, before),
    };
    let (clock, meridiem) = match (clock.strip_suffix("am"), clock.strip_suffix("pm")) {
        (Some(clock), _) if meridiem.is_none() => (clock, Some(false)),
        (_, Some(clock)) if meridiem.is_none() => (clock, Some(true)),
        _ => (clock.as_str(), meridiem),
    };
    let time = parse_clock(clock, meridiem).or_else(|| {
        // `10.06` alone may be anything.
        let is_after_day = !days.is_empty() && !clock.contains(':');
        parse_clock(&clock.replace('.', ":"), meridiem).filter(|_| is_after_day)
    })?;
    let day = match days {
        [] => Day::Unnamed,
        days => parse_day_words(days).or_else(|| foreign_day(days))?,
    };
    Some(Stamp {
        day,
        time,
        has_meridiem: meridiem.is_some(),
        exact: None,
    })
}

/// Parses `10:06`, `10:06:12` or `10:06:12.500`; `afternoon` for twelve hours.
fn parse_clock(text: &str, afternoon: Option<bool>) -> Option<NaiveTime> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let parts: Vec<&str> = clock.split(':').collect();
    let two_digits = |part: &&str| part.len() == 2 && is_digits(part);
    let hour = *parts.first()?;
    let is_clock = (2..=3).contains(&parts.len())
        && (1..=2).contains(&hour.len())
        && is_digits(hour)
        && parts[1..].iter().all(two_digits);
    if !is_clock || fraction.len() > 9 || !is_digits(fraction) {
        return None;
    }
    let mut hour: u32 = hour.parse().ok()?;
    if let Some(afternoon) = afternoon {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    let second = parts.get(2).map_or(Some(0), |part| part.parse().ok())?;
    let nanos = match fraction {
        "" => 0,
        fraction => format!("{fraction:0<9}").parse().ok()?,
    };
    NaiveTime::from_hms_nano_opt(hour, parts[1].parse().ok()?, second, nanos)
}

/// `Today`, `Yesterday` and the days of the week as clients in other languages write them before a time. Alone on a
/// line they may be a message.
fn foreign_day(words: &[String]) -> Option<Day> {
    const TODAY: [&str; 6] = ["heute", "aujourd'hui", "hoy", "hoje", "oggi", "vandaag"];
    const YESTERDAY: [&str; 6] = ["gestern", "hier", "ayer", "ontem", "ieri", "gisteren"];
    match words {
        [word] if TODAY.contains(&word.as_str()) => Some(Day::Relative(0)),
        [word] if YESTERDAY.contains(&word.as_str()) => Some(Day::Relative(-1)),
        [word] => when::foreign_weekday(word).map(Day::Weekday),
        _ => None,
    }
}

fn parse_day_words(words: &[String]) -> Option<Day> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["today"] => Some(Day::Relative(0)),
        ["yesterday"] => Some(Day::Relative(-1)),
        [word] if weekday(word).is_some() => weekday(word).map(Day::Weekday),
        [date] => parse_numeric_date(date),
        [word, rest @ ..] if weekday(word).is_some() => match rest {
            [date] => parse_numeric_date(date),
            rest => parse_named_month(rest),
        },
        rest => parse_named_month(rest),
    }
}

/// Parses `november 20th`, `20 nov 2026`, `nov 20 2026`.
fn parse_named_month(words: &[&str]) -> Option<Day> {
    let (first, second, year) = match words {
        [first, second] => (first, second, None),
        [first, second, year] if year.len() == 4 => (first, second, Some(year)),
        _ => return None,
    };
    let (month, day) = match (month(first), month(second)) {
        (Some(month), None) => (month, second),
        (None, Some(month)) => (month, first),
        _ => return None,
    };
    let day = day.trim_end_matches('.');
    let ordinal = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|suffix| day.strip_suffix(suffix));
    let day: u32 = number(ordinal.unwrap_or(day), 1..=2)?;
    match year {
        Some(year) => {
            let year = i32::try_from(number(year, 4..=4)?).ok()?;
            NaiveDate::from_ymd_opt(year, month, day).map(Day::Date)
        }
        None => {
            NaiveDate::from_ymd_opt(NO_YEAR, month, day).map(|_| Day::WithoutYear { month, day })
        }
    }
}

/// Parses `2026-11-20`, `2026/11/20`, `20.11.2026`, `20/11/2026`, `11/20/26`, `20/11`, `20-11-2026`, `20/Nov/26`.
fn parse_numeric_date(text: &str) -> Option<Day> {
    let separator = text.chars().find(|c| !c.is_ascii_digit())?;
    if !"-/.".contains(separator) {
        return None;
    }
    let parts: Vec<&str> = text.trim_end_matches('.').split(separator).collect();
    let year = |part: &str| {
        let year = i32::try_from(number(part, 2..=4)?).ok()?;
        match part.len() {
            2 => Some(2000 + year),
            4 => Some(year),
            _ => None,
        }
    };
    match parts.as_slice() {
        [y, m, d] if y.len() == 4 && separator != '.' => {
            NaiveDate::from_ymd_opt(year(y)?, number(m, 1..=2)?, number(d, 1..=2)?).map(Day::Date)
        }
        // The form with dots has the day first wherever it is used.
        [d, m, y] if separator == '.' => {
            NaiveDate::from_ymd_opt(year(y)?, number(m, 1..=2)?, number(d, 1..=2)?).map(Day::Date)
        }
        // `20.11.` in German.
        [d, m] if separator == '.' && text.ends_with('.') => {
            let (month, day) = (number(m, 1..=2)?, number(d, 1..=2)?);
            NaiveDate::from_ymd_opt(NO_YEAR, month, day).map(|_| Day::WithoutYear { month, day })
        }
        // Jira writes the month with letters, unless its settings say otherwise.
        [d, name, y] if month(name).is_some() => {
            NaiveDate::from_ymd_opt(year(y)?, month(name)?, number(d, 1..=2)?).map(Day::Date)
        }
        [first, second, rest @ ..]
            if separator == '/' && rest.len() <= 1 || separator == '-' && rest.len() == 1 =>
        {
            let first = number(first, 1..=2)?;
            let second = number(second, 1..=2)?;
            let year = match rest {
                [part] => Some(year(part)?),
                _ => None,
            };
            let is_date = (1..=31).contains(&first)
                && (1..=31).contains(&second)
                && (first <= 12 || second <= 12);
            is_date.then_some(Day::Slashes {
                first,
                second,
                year,
            })
        }
        _ => None,
    }
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    (digits.contains(&text.len()) && is_digits(text))
        .then(|| text.parse().ok())
        .flatten()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Returns the month of a name or of its first three or four letters.
pub(super) fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_lowercase();
    if word.len() < 3 {
        return None;
    }
    let is_short = word.len() <= 4;
    let at = MONTHS
        .iter()
        .position(|name| *name == word || (is_short && name.starts_with(&word)))?;
    u32::try_from(at + 1).ok()
}

fn weekday(word: &str) -> Option<Weekday> {
    // `parse` takes the short and the full names, nothing between.
    word.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn shown(text: &str) -> Option<String> {
        parse_stamp(text).map(|stamp| format!("{:?} {}", stamp.day, stamp.time))
    }

    #[rstest]
    #[case("10:06", "Unnamed 10:06:00")]
    #[case("10:06\u{202f}PM", "Unnamed 22:06:00")]
    #[case("12:05 a.m.", "Unnamed 00:05:00")]
    #[case("12:05pm", "Unnamed 12:05:00")]
    #[case("10:06:12", "Unnamed 10:06:12")]
    #[case("Today at 10:06 AM", "Relative(0) 10:06:00")]
    #[case("Yesterday 23:50", "Relative(-1) 23:50:00")]
    #[case("Friday 3:21 PM", "Weekday(Fri) 15:21:00")]
    #[case("2026-11-20 10:06:12", "Date(2026-11-20) 10:06:12")]
    #[case("2026-11-20T10:06:12Z", "Date(2026-11-20) 10:06:12")]
    #[case("20.11.2026, 10:06", "Date(2026-11-20) 10:06:00")]
    #[case("Friday, November 20, 2026 10:06 AM", "Date(2026-11-20) 10:06:00")]
    #[case(
        "20-11-2026 10:06",
        "Slashes { first: 20, second: 11, year: Some(2026) } 10:06:00"
    )]
    #[case("20/Nov/26 1:50 PM", "Date(2026-11-20) 13:50:00")]
    #[case("20-Nov-2026 13:50:10", "Date(2026-11-20) 13:50:10")]
    #[case(
        "20/11/2026 à 13:50",
        "Slashes { first: 20, second: 11, year: Some(2026) } 13:50:00"
    )]
    #[case("20.11.2026 klo 13.50.10", "Date(2026-11-20) 13:50:10")]
    #[case(
        "20/11/26, 1:50\u{a0}p.\u{a0}m.",
        "Slashes { first: 20, second: 11, year: Some(2026) } 13:50:00"
    )]
    #[case("Gestern 10:06", "Relative(-1) 10:06:00")]
    #[case("Montag 10:06", "Weekday(Mon) 10:06:00")]
    #[case("martes 10:06", "Weekday(Tue) 10:06:00")]
    #[case("20.11. 10:06", "WithoutYear { month: 11, day: 20 } 10:06:00")]
    #[case("Nov 20th at 10:06", "WithoutYear { month: 11, day: 20 } 10:06:00")]
    #[case(
        "20/11/26 10:06",
        "Slashes { first: 20, second: 11, year: Some(2026) } 10:06:00"
    )]
    #[case(
        "11/20 10:06 AM",
        "Slashes { first: 11, second: 20, year: None } 10:06:00"
    )]
    fn stamps_are_read(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(shown(text).as_deref(), Some(expected));
    }

    #[rstest]
    #[case("")]
    #[case("25:00")]
    #[case("10:6")]
    #[case("13:06 PM")]
    #[case("10:06 we saw it")]
    #[case("restarted at 10:06")]
    #[case("2026-11-20")]
    #[case("10.06")]
    #[case("20.11.2026 1.2.3")]
    #[case("20-11 10:06")]
    #[case("ratio 3:10:20:1")]
    fn what_is_no_stamp_is_not_read(#[case] text: &str) {
        assert_eq!(shown(text), None);
    }

    #[test]
    fn leading_stamp_is_the_longest() {
        let (stamp, rest) = parse_leading_stamp("2026-11-20 10:06 AM <ann> hi").unwrap();
        assert!(stamp.has_meridiem);
        assert_eq!(rest, " <ann> hi");
    }

    #[test]
    fn two_numbers_decide_their_order_if_one_is_no_month() {
        assert_eq!(
            parse_day("20/11/2026").unwrap().order(),
            Some(DateOrder::DayFirst)
        );
        assert_eq!(
            parse_day("11/20/2026").unwrap().order(),
            Some(DateOrder::MonthFirst)
        );
        assert!(parse_day("03/04/2026").unwrap().is_ambiguous());
        assert!(!parse_day("04/04/2026").unwrap().is_ambiguous());
    }
}
