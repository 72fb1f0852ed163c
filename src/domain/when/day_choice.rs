//! Chooses the date of a day that says no year: from the day line before, the events of the incident, or
//! as the latest one.

use super::{
    day::Day,
    event_times::{EventDays, MAX_QUIET},
    types::{AssumedDay, DayLine, TimeContext},
};
use crate::domain::{
    parse_error::ParseError,
    time::{FIRST_YEAR, LAST_YEAR, UtcTime},
};
use chrono::{Datelike as _, NaiveDate};
use std::ops::Range;

/// How far to search for a day: the longest gap is that between two 29 Februaries around a year
/// such as 2100.
pub(super) const MAX_DAYS_SEARCHED: i64 = 366 * 8;
/// Below a day line, a day of the week is at most so many days after it; one or two days before it is as
/// likely as five or six after.
const MAX_DAYS_ON: i64 = 4;
/// A date without a year is at most so many days from the day line before it.
const MAX_DAYS_AWAY: i64 = 120;

/// Why a day is none that can be chosen.
pub(super) enum DayError {
    /// There is no such day, or no past one.
    NoSuchDay,
    /// It would be this date, which is another day of the week than was typed.
    WrongWeekday(NaiveDate),
    Ambiguous(NaiveDate, NaiveDate),
    /// Below the day line of the last date it is more likely the second one, which is still to come.
    Ahead(NaiveDate, NaiveDate, NaiveDate),
}

impl DayError {
    /// Returns the error for a day typed as `what`.
    pub fn into_parse_error(self, what: &str, range: Range<usize>) -> ParseError {
        let hint = "write a date as year-month-day, such as 2012-08-16".to_owned();
        match self {
            Self::NoSuchDay => ParseError::new(
                format!("{what} is not a day that a past event can have"),
                hint,
                range,
            ),
            Self::WrongWeekday(date) => ParseError::new(
                format!("{date} is another day of the week than {what} says"),
                hint,
                range,
            ),
            Self::Ambiguous(one, two) => ParseError::new(
                format!("{what} may be {one} or {two}"),
                format!("write `{one}` or `{two}`"),
                range,
            ),
            Self::Ahead(past, ahead, line) => ParseError::new(
                format!(
                    "{what} may be {past}, or {ahead}, which is still to come: the day above it was taken as {line}"
                ),
                "write each of these days as year-month-day, such as 2012-08-16",
                range,
            ),
        }
    }
}

/// Resolves a day without a time of day. One without a year is the one nearest to the day line before;
/// without such, in a resolved incident, the one within it; in an open one without an event for a day, the
/// one nearest to its events; else the latest one that is not in the future.
///
/// # Errors
/// There is no such day, or two are as likely.
pub(super) fn resolve_date(day: Day, context: &TimeContext<'_>) -> Result<DayLine, DayError> {
    let today = context.zone.to_local(context.now).date_naive();
    let certain = |date: Option<NaiveDate>| {
        let assumed = None;
        date.map(|date| DayLine { date, assumed })
            .ok_or(DayError::NoSuchDay)
    };
    match day {
        Day::Unspecified => return certain(None),
        Day::Today => return certain(Some(today)),
        Day::Yesterday => return certain(today.pred_opt()),
        Day::Date(date) => {
            let is_in_range = (FIRST_YEAR..=LAST_YEAR).contains(&date.year());
            return certain(Some(date).filter(|_| is_in_range));
        }
        Day::Weekday(_) | Day::Yearly(..) => {}
    }
    if let Some(chosen) = near_day_line(day, context) {
        return chosen;
    }
    let local = |at: UtcTime| context.zone.to_local(at).date_naive();
    let latest = latest_date(day, today);
    if let Some((start, end)) = context.span {
        let (first, last) = (local(start), local(end));
        let date = in_span(day, (first, last), today)?;
        let is_inside = (first..=last).contains(&date);
        let outside = || earlier_year(day, Some(date), today);
        let assumed = if is_inside { None } else { outside() };
        return Ok(DayLine { date, assumed });
    }
    let (date, assumed) = match (quiet_since(context), context.events) {
        (Some(at), events) => {
            let (before, after) = around(day, local(at), today);
            let distance = |date: &NaiveDate| (*date - local(at)).num_days().abs();
            let nearest = before.into_iter().chain(after).min_by_key(distance);
            let assumed = match events {
                Some(EventDays::Past(_)) => AssumedDay::NearPastEvents,
                _ => AssumedDay::NearNewestEvent,
            };
            (nearest, Some(assumed))
        }
        (None, Some(EventDays::NowAndPast(past))) => {
            let past = Some(local(past)).filter(|past| latest != Some(*past));
            (latest, past.map(AssumedDay::NotThatOf))
        }
        (None, _) if matches!(day, Day::Weekday(_)) => (latest, Some(AssumedDay::LatestWeekday)),
        (None, _) => (latest, earlier_year(day, latest, today)),
    };
    match date {
        Some(date) if has_weekday(day, date) => Ok(DayLine { date, assumed }),
        Some(date) => Err(DayError::WrongWeekday(date)),
        None => Err(DayError::NoSuchDay),
    }
}

/// Chooses the date of a day that says no year from the day line before, if that set no day to come.
pub(super) fn near_day_line(
    day: Day,
    context: &TimeContext<'_>,
) -> Option<Result<DayLine, DayError>> {
    if !matches!(day, Day::Weekday(_) | Day::Yearly(..)) {
        return None;
    }
    let today = context.zone.to_local(context.now).date_naive();
    let line = context.day.filter(|line| *line <= today)?;
    let is_right = |date: &NaiveDate| has_weekday(day, *date);
    let before = latest_date(day, line);
    let after = first_date(day, line);
    let chosen = match (before.filter(is_right), after.filter(is_right)) {
        (None, None) => {
            let (before, after) = around(day, line, today);
            let distance = |date: &NaiveDate| (*date - line).num_days().abs();
            let wrong = before.into_iter().chain(after).min_by_key(distance);
            return Some(Err(
                wrong.map_or(DayError::NoSuchDay, DayError::WrongWeekday)
            ));
        }
        (Some(before), Some(after)) if before != after => {
            let (back, on) = ((line - before).num_days(), (after - line).num_days());
            let goes_on = match day {
                Day::Weekday(_) => on <= MAX_DAYS_ON,
                _ => on <= back && on <= MAX_DAYS_AWAY,
            };
            let goes_back = !matches!(day, Day::Weekday(_)) && back <= MAX_DAYS_AWAY;
            match (goes_on, after <= today) {
                (true, true) => after,
                (true, false) => return Some(Err(DayError::Ahead(before, after, line))),
                (false, true) if !goes_back => {
                    return Some(Err(DayError::Ambiguous(before, after)));
                }
                (false, _) => before,
            }
        }
        (Some(date), _) => date,
        (None, Some(date)) if date <= today => date,
        (None, Some(_)) => return Some(Err(DayError::NoSuchDay)),
    };
    let latest = latest_date(day, today);
    let assumed = if latest == Some(chosen) {
        earlier_year(day, latest, today)
    } else {
        Some(AssumedDay::NearDayLine)
    };
    Some(Ok(DayLine {
        date: chosen,
        assumed,
    }))
}

/// Finds the only matching day of a resolved incident; outside, the one that is both nearest to it and the
/// latest past one.
fn in_span(
    day: Day,
    (first, last): (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Result<NaiveDate, DayError> {
    let limit = usize::try_from(MAX_DAYS_SEARCHED).unwrap_or(0);
    let days = first.iter_days().take(limit);
    let mut inside = days
        .take_while(|date| *date <= last)
        .filter(|date| matches_day(day, *date) && has_weekday(day, *date));
    match (inside.next(), inside.next()) {
        (Some(one), Some(two)) => return Err(DayError::Ambiguous(one, two)),
        (Some(only), None) => return Ok(only),
        (None, _) => {}
    }
    let (before, _) = around(day, first, today);
    let (_, after) = around(day, last, today);
    let distance = |date: &NaiveDate| (first - *date).max(*date - last);
    let nearest = before.into_iter().chain(after).min_by_key(distance);
    match (nearest, latest_date(day, today)) {
        (Some(nearest), Some(latest)) if nearest != latest => {
            Err(DayError::Ambiguous(nearest, latest))
        }
        (Some(date), _) | (None, Some(date)) if has_weekday(day, date) => Ok(date),
        (Some(date), _) | (None, Some(date)) => Err(DayError::WrongWeekday(date)),
        (None, None) => Err(DayError::NoSuchDay),
    }
}

/// The assumption that a date without a year, the latest one, is of an earlier year.
fn earlier_year(day: Day, latest: Option<NaiveDate>, today: NaiveDate) -> Option<AssumedDay> {
    let is_earlier = latest.is_some_and(|date| date.year() < today.year());
    (matches!(day, Day::Yearly(..)) && is_earlier).then_some(AssumedDay::Earlier)
}

/// The matching days next to `date`: the latest one not after it, and the first one not before it. Neither
/// is after `today`.
fn around(day: Day, date: NaiveDate, today: NaiveDate) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let before = latest_date(day, date.min(today));
    let after = first_date(day, date);
    (before, after.filter(|date| *date <= today))
}

/// The first matching day that is not before `date`.
fn first_date(day: Day, date: NaiveDate) -> Option<NaiveDate> {
    let limit = usize::try_from(MAX_DAYS_SEARCHED).unwrap_or(0);
    let mut days = date.iter_days().take(limit);
    days.find(|date| matches_day(day, *date))
}

/// The latest matching day that is not after `date`.
fn latest_date(day: Day, date: NaiveDate) -> Option<NaiveDate> {
    let limit = usize::try_from(MAX_DAYS_SEARCHED).unwrap_or(0);
    let mut days = days_back(date).take(limit);
    days.find(|date| matches_day(day, *date))
}

/// Yields `date` and the days before it, newest first.
pub(super) fn days_back(date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(date), NaiveDate::pred_opt)
}

/// False if `date` is not on the weekday that was typed with the day.
pub(super) fn has_weekday(day: Day, date: NaiveDate) -> bool {
    !matches!(day, Day::Yearly(.., Some(weekday)) if weekday != date.weekday())
}

pub(super) fn matches_day(day: Day, date: NaiveDate) -> bool {
    match day {
        Day::Weekday(weekday) => date.weekday() == weekday,
        Day::Yearly(month, day, _) => (date.month(), date.day()) == (month, day),
        Day::Date(day) => day == date,
        Day::Unspecified | Day::Today | Day::Yesterday => true,
    }
}

/// When the events of an open incident occurred, if that is over [`MAX_QUIET`] ago: bare times are near that.
#[must_use]
pub fn quiet_since(context: &TimeContext<'_>) -> Option<UtcTime> {
    match context.events.filter(|_| context.span.is_none())? {
        EventDays::Newest(newest) => (context.now - newest > MAX_QUIET).then_some(newest),
        EventDays::Past(newest) => Some(newest),
        EventDays::NowAndPast(_) => None,
    }
}
