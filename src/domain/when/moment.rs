//! Parses one moment: day, time of day and zone, or a duration before now.

use super::{
    cursor::{Cursor, end_of_when},
    day::{self, Day},
    duration::{self, Ago},
    time_of_day::{self, TimeOfDay},
    types::{TimeContext, read_doubt},
    zone_suffix::{self, Detail, ParsedZone, ZoneRules},
};
use crate::domain::parse_error::ParseError;
use chrono::{Datelike as _, NaiveTime, TimeDelta, Timelike as _};
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

impl Moment {
    fn detail(self) -> Detail {
        match self {
            Self::Ago(_)
            | Self::Clock {
                day: Day::Unspecified,
                ..
            } => Detail::Time,
            Self::Clock { seconds: false, .. } => Detail::Date,
            Self::Clock { .. } => Detail::DateAndSeconds,
        }
    }
}

/// A moment as typed, not yet resolved.
#[derive(Clone, Debug)]
pub(super) struct ParsedTime<'t> {
    pub moment: Moment,
    pub zone: Option<ParsedZone<'t>>,
    pub approximate: bool,
    /// True for `pm`, false for `am`; `None` if neither was typed.
    pub afternoon: Option<bool>,
    /// What to say where a part may be the zone or year of the time, or the text behind it.
    pub doubt: Option<String>,
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
    let is_marked = cursor.eat('~');
    if is_marked {
        cursor.skip_spaces();
    }
    let mut approximate = is_marked || said_approximate;
    let mut afternoon = None;
    let mut doubt = None;
    let (mut moment, rfc) = if let Some(ago) = duration::parse_ago(&mut cursor) {
        doubt = ago
            .doubtful
            .map(|at| read_doubt(&text[at..cursor.position], "a part of the time"));
        let moment = parse_time_after_days(&mut cursor, ago, context, &mut doubt)?;
        (moment, false)
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
        let Some(clock) = time_of_day::parse_time_of_day(&mut cursor, day_start)? else {
            return Ok(None);
        };
        let TimeOfDay { time, seconds, .. } = clock;
        afternoon = clock.afternoon;
        doubt.clone_from(&clock.doubt);
        // `about 10 pm` is more often a text.
        if said_approximate && !text[time_start..cursor.position].contains(':') {
            return Ok(None);
        }
        approximate |= clock.approximate;
        // Databases write `2012-08-16 10:06:00-04:00`, which could also be a span.
        let rfc = zone_suffix::is_attached_offset(&cursor, start, &clock, rfc)?;
        (Moment::Clock { day, time, seconds }, rfc)
    };
    let rules = ZoneRules {
        context,
        rfc,
        strict,
        detail: moment.detail(),
    };
    let mut zone_doubt = None;
    approximate |= zone_suffix::skip_estimate(&mut cursor, &mut doubt);
    let mut zone = zone_suffix::parse_zone_suffix(&mut cursor, &rules, &mut zone_doubt)?;
    parse_year_after_time(
        &mut cursor,
        &mut moment,
        &mut zone,
        &rules,
        start,
        &mut zone_doubt,
    )?;
    if let (Moment::Clock { time, .. }, Some(_), None) = (&mut moment, &zone, afternoon) {
        afternoon = parse_meridiem_after_zone(&mut cursor, time);
    }
    approximate |= cursor.eat('~');
    approximate |= zone_suffix::skip_estimate(&mut cursor, &mut doubt);
    let parsed = ParsedTime {
        moment,
        zone,
        approximate,
        afternoon,
        doubt: doubt.or(zone_doubt),
        typed: &text[start..cursor.position],
        range: start..cursor.position,
    };
    Ok(Some((parsed, cursor.position)))
}

/// Parses the time of day behind a count of days or weeks, as in `-1d 13:50` and `2 days ago at 13:50`; else the moment
/// is so long ago, and `doubt` is set if a time or minutes follow.
fn parse_time_after_days(
    cursor: &mut Cursor<'_>,
    ago: Ago,
    context: &TimeContext<'_>,
    doubt: &mut Option<String>,
) -> Result<Moment, ParseError> {
    const DAY: i64 = 86_400;
    let saved = *cursor;
    let length = Moment::Ago(ago.seconds);
    cursor.eat(',');
    if !cursor.skip_spaces() {
        *cursor = saved;
        return Ok(length);
    }
    let next = cursor.position;
    skip_word_at(cursor);
    let start = cursor.position;
    let today = || context.zone.to_local(context.now).date_naive();
    if ago.unit >= DAY
        && let Some(clock) = time_of_day::parse_time_of_day(cursor, start)?
        && let Some(days) = TimeDelta::try_days(ago.seconds / DAY)
        && let Some(date) = today().checked_sub_signed(days)
    {
        *doubt = clock.doubt;
        return Ok(Moment::Clock {
            day: Day::Date(date),
            time: clock.time,
            seconds: clock.seconds,
        });
    }
    *cursor = Cursor::new(saved.text, start);
    let minutes = cursor
        .take_digits(2..=2)
        .is_some_and(|minutes| minutes < 60);
    let is_minutes = ago.unit == 3600 && minutes && cursor.peek().is_none_or(char::is_whitespace);
    let end = match parse_time(saved.text, start, context, false) {
        Ok(Some((
            ParsedTime {
                moment: Moment::Clock { .. },
                ..
            },
            end,
        ))) => Some(end),
        _ => is_minutes.then_some(cursor.position),
    };
    let unread = end.map(|end| {
        format!(
            "`{}` after the time was kept as text; a while ago is written `-1h30m`, or with its day `yesterday 13:50`",
            &saved.text[next..end]
        )
    });
    *doubt = unread.or_else(|| doubt.take());
    *cursor = saved;
    Ok(length)
}

/// Parses the am or pm of `1:50 EST PM`, behind the zone, into `time`.
fn parse_meridiem_after_zone(cursor: &mut Cursor<'_>, time: &mut NaiveTime) -> Option<bool> {
    let saved = *cursor;
    let afternoon = time_of_day::meridiem(cursor)
        .filter(|_| (1..=12).contains(&time.hour()))
        .filter(|_| end_of_when(cursor.text, cursor.position).is_some());
    match afternoon {
        Some(afternoon) => *time = time_of_day::in_half(*time, afternoon),
        None => *cursor = saved,
    }
    afternoon
}

/// Skips a word that makes the time after it approximate; returns whether there was one.
fn skip_approximate_word(cursor: &mut Cursor<'_>) -> bool {
    /// Those that are other words without their full stop: the zone `EST`, a name `C`.
    const SHORT_WORDS: [&str; 2] = ["c", "est"];
    let saved = *cursor;
    let word = cursor.take_word();
    let mut listed = zone_suffix::ABOUT_WORDS.iter();
    let is_listed = listed.any(|listed| listed.eq_ignore_ascii_case(word));
    let has_stop = cursor.eat('.');
    let is_short = has_stop && SHORT_WORDS.contains(&word);
    let found = (is_listed || is_short) && cursor.skip_spaces();
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

/// Parses the year that the command `date` writes last, and a zone behind it: `Wed Nov 25 23:50:10 CET 2026`,
/// `Wed Nov 25 23:50:10 2026 +0100`, `Nov 25 23:50:10 2026 GMT`.
///
/// # Errors
/// If that day does not exist, or is another weekday; or if, without a weekday or a zone, the number may be
/// a year or the text.
fn parse_year_after_time<'t>(
    cursor: &mut Cursor<'t>,
    moment: &mut Moment,
    zone: &mut Option<ParsedZone<'t>>,
    rules: &ZoneRules<'_, '_>,
    start: usize,
    doubt: &mut Option<String>,
) -> Result<(), ParseError> {
    let saved = *cursor;
    let Moment::Clock { day, seconds, .. } = moment else {
        return Ok(());
    };
    let Day::Yearly(month, number, weekday) = *day else {
        return Ok(());
    };
    let has_space = cursor.skip_spaces();
    let year_start = cursor.position;
    let year = has_space.then(|| cursor.take_digits(4..=4)).flatten();
    let Some(year) = year.filter(|_| end_of_when(cursor.text, cursor.position).is_some()) else {
        *cursor = saved;
        return Ok(());
    };
    let range = start..cursor.position;
    if zone.is_none() {
        let detail = Detail::DateAndSeconds;
        let rules = ZoneRules { detail, ..*rules };
        *zone = zone_suffix::parse_zone_suffix(cursor, &rules, doubt)?;
    }
    if weekday.is_none() && zone.is_none() && !rules.strict {
        let is_year = (1970..2100).contains(&year);
        if is_year && *seconds {
            let before = saved.text[start..saved.position].trim_end();
            return Err(ParseError::new(
                format!("`{year}` after the time may be its year or the text"),
                format!(
                    "write the date as year-month-day before the time, such as 2012-08-16 10:06; where it is text, put a backslash before it: `{before} \\{year}`"
                ),
                year_start..range.end,
            ));
        }
        if is_year {
            *doubt = Some(format!(
                "`{year}` after the time was kept as text; a year goes before the time, as in 2012-08-16 10:06"
            ));
        }
        *cursor = saved;
        return Ok(());
    }
    let date = day::valid_date(year, month, number, range.clone())?;
    if let Some(weekday) = weekday.filter(|weekday| date.weekday() != *weekday) {
        return Err(day::wrong_weekday_error(date, weekday, range));
    }
    *day = Day::Date(date);
    Ok(())
}
