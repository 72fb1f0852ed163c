//! Parses times in the future: when the next update is due, by when a follow-up is to be done.
//!
//! A capture line takes a bare time of day as past; here it is taken as future.

use super::{OpsError, Result, Session};
use crate::{
    domain::{
        incident::STALE_AFTER,
        sanitize,
        time::{OffsetTime, UtcTime, is_in_range},
        when::{self, TimeContext},
        zone::{LocalTimeResult, Zone},
    },
    store::IncidentRow,
};
use chrono::{Days, Duration, NaiveDate, NaiveTime, TimeDelta};

/// So many days ahead lies the next day of a date without a year.
const A_YEAR: u64 = 366;
/// A day without a year that is so near, on the wrong side of now, is as likely meant as that of another year.
const NEAR: TimeDelta = TimeDelta::days(90);
/// Two days of one name in two years are further apart.
const HALF_A_YEAR: TimeDelta = TimeDelta::days(180);

/// Parses a time after `now`: `11:30`, `30m`, `in 2h`, `tomorrow 09:00`, or any WHEN with a date. A
/// day alone means its last second. A time with a full date may be in the past.
///
/// # Errors
/// `typed` is no time, out of range, or in the past by what it says (`yesterday`, `-12m`).
pub fn parse_future(typed: &str, now: UtcTime, zone: &Zone) -> Result<OffsetTime> {
    parse_ahead(typed, now, zone).map_err(|error| {
        // What the parser says of a word alone is about the past.
        match typed.contains(|c: char| c.is_numeric()) || when::is_relative_to_now(typed) {
            true => error,
            false => OpsError::usage(format!("`{}` is not a time", sanitize::line(typed)))
                .with_hint(
                    "write a time ahead, such as 11:30, `in 2h`, `tomorrow 09:00` or Friday",
                ),
        }
    })
}

fn parse_ahead(typed: &str, now: UtcTime, zone: &Zone) -> Result<OffsetTime> {
    let typed = strip_lead(typed.trim());
    let length = match typed.split_once(char::is_whitespace) {
        Some((word, length)) if word.eq_ignore_ascii_case("in") => length,
        _ => typed.strip_prefix('+').unwrap_or(typed),
    };
    if let Some(seconds) = when::parse_length(length) {
        return Duration::try_seconds(seconds)
            .and_then(|length| now.checked_add_signed(length))
            .filter(|at| is_in_range(*at))
            .map(|at| zone.to_local(at))
            .ok_or_else(|| out_of_range(typed));
    }
    if let Some(rest) = strip_tomorrow(typed) {
        let tomorrow = zone.to_local(now).date_naive().succ_opt();
        let tomorrow = tomorrow.ok_or_else(|| out_of_range(typed))?;
        if rest.is_empty() {
            return end_of_day(tomorrow, zone);
        }
        let context = TimeContext {
            day: Some(tomorrow),
            ..TimeContext::new(now, zone)
        };
        return Ok(when::parse_moment(rest, &context)?.at);
    }
    // `when` finds the latest match before its `now`: moved a week ahead, `Monday` becomes the next
    // one; moved a year ahead, so does a date without a year. A full date is the same each time. The
    // move is by days of the calendar, which a change of the clocks makes longer or shorter than 24 h.
    let local_now = zone.to_local(now);
    let today = local_now.date_naive();
    let moved = |days| -> Result<OffsetTime> {
        let day = today.checked_add_days(Days::new(days));
        let day = day.ok_or_else(|| out_of_range(typed))?;
        let then = match days {
            0 => now,
            _ => resolve_local(day, local_now.time(), zone)?.to_utc(),
        };
        let context = TimeContext::new(then, zone);
        if let Some(day) = when::parse_date_line(typed, &context) {
            return end_of_day(day?, zone);
        }
        // The day of a bare time; a time that says its own is not chosen by another.
        let day = (!when::is_dated(typed, &context)).then_some(day);
        Ok(when::parse_moment(typed, &TimeContext { day, ..context })?.at)
    };
    let first = match moved(0) {
        Ok(first) => first,
        // `Fri 27 Nov`, which was no Friday in the year before.
        Err(error) => {
            let ahead = [1, 7, A_YEAR]
                .into_iter()
                .filter_map(|days| moved(days).ok());
            return ahead.into_iter().find(|at| *at > now).ok_or(error);
        }
    };
    // A day of the week said on that day is the next one: alone of all days, it is another a week on.
    let is_today = end_of_day(today, zone).is_ok_and(|end| end == first);
    if is_today && !when::is_relative_to_now(typed) {
        let next = moved(7)?;
        if next > first {
            return Ok(next);
        }
    }
    if first > now {
        return Ok(first);
    }
    if when::is_relative_to_now(typed) {
        return Err(
            OpsError::usage(format!("`{}` is in the past", sanitize::line(typed)))
                .with_hint("write a time ahead, such as 11:30, `in 2h` or `tomorrow 09:00`"),
        );
    }
    for days in [1, 7, A_YEAR] {
        // A day of the week may not be that of the date in the next year.
        let Ok(at) = moved(days) else { continue };
        if at > now && days == A_YEAR && now - first.to_utc() < NEAR {
            return Err(OpsError::usage(format!(
                "`{}` has passed: {}",
                sanitize::line(typed),
                first.format("%Y-%m-%d")
            ))
            .with_hint(format!(
                "write the year for another day, such as {}",
                at.format("%Y-%m-%d")
            )));
        }
        if at > now {
            return Ok(at);
        }
    }
    Ok(first)
}

/// Returns a day of the week without the `next` or `on` in front of it: it is the next one in any case.
fn strip_lead(typed: &str) -> &str {
    let Some((word, rest)) = typed.split_once(char::is_whitespace) else {
        return typed;
    };
    let rest = rest.trim_start();
    let is_lead = ["next", "on", "by"]
        .iter()
        .any(|lead| word.eq_ignore_ascii_case(lead));
    let day = rest.split([' ', ',']).next().unwrap_or_default();
    if is_lead && day.parse::<chrono::Weekday>().is_ok() {
        rest
    } else {
        typed
    }
}

/// Returns what follows `tomorrow`, without `at`; `None` if `typed` does not begin with it.
fn strip_tomorrow(typed: &str) -> Option<&str> {
    let (word, rest) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let rest = rest.trim();
    word.trim_end_matches(',')
        .eq_ignore_ascii_case("tomorrow")
        .then(|| rest.strip_prefix("at ").unwrap_or(rest))
}

/// Parses a time that is not in the future, as a capture line does. A day alone means its beginning.
///
/// # Errors
/// `typed` is no time, or in the future; or a day without a year that is soon to come, so that it may be that one, with
/// the wrong command, or one of the year before.
pub fn parse_past(typed: &str, context: &TimeContext<'_>) -> Result<OffsetTime> {
    let at = parse_as_past(typed, context)?;
    if at > context.now {
        return Err(OpsError::usage(format!("`{typed}` is still to come"))
            .with_hint("give a time that has passed, such as `yesterday` or 2012-05-14"));
    }
    let soon = context
        .now
        .checked_add_signed(NEAR)
        .map(|now| TimeContext { now, ..*context });
    let next = soon.and_then(|context| parse_as_past(typed, &context).ok());
    if let Some(next) = next.filter(|next| *next > context.now && *next - at > HALF_A_YEAR) {
        return Err(OpsError::usage(format!(
            "`{typed}` is still to come this year: {}",
            next.format("%Y-%m-%d")
        ))
        .with_hint(format!(
            "write the year for another day, such as {}",
            at.format("%Y-%m-%d")
        )));
    }
    Ok(at)
}

fn parse_as_past(typed: &str, context: &TimeContext<'_>) -> Result<OffsetTime> {
    Ok(match when::parse_date_line(typed, context) {
        Some(day) => resolve_local(day?, NaiveTime::MIN, context.zone)?,
        None => when::parse_moment(typed, context)?.at,
    })
}

/// Parses a day from today on, in the incident's zone.
///
/// # Errors
/// It is no time, or has passed.
pub fn parse_future_day(typed: &str, now: UtcTime, zone: &Zone) -> Result<NaiveDate> {
    let at = parse_future(typed, now, zone)?;
    let day = zone.to_local(at.to_utc()).date_naive();
    let today = zone.to_local(now).date_naive();
    if day < today {
        return Err(
            OpsError::usage(format!("{day} has passed: today is {today}"))
                .with_hint("give a day from today on, such as `tomorrow` or `Monday`"),
        );
    }
    Ok(day)
}

impl Session {
    /// Returns until when the events of the incident say how it went on, if its log lies in the past: then what is
    /// recorded afterwards of a time ahead of that may have passed as well.
    pub(super) fn newest_event_if_past(&self, row: &IncidentRow) -> Result<Option<UtcTime>> {
        let newest = self.known_until(row.id)?;
        Ok(newest.filter(|newest| self.now() - *newest > STALE_AFTER))
    }
}

fn out_of_range(typed: &str) -> OpsError {
    OpsError::usage(format!(
        "`{}` is not between 1970-01-01 and 9999-12-30 (in UTC)",
        sanitize::line(typed)
    ))
    .with_hint("write the year with four digits, as in 2026-11-27")
}

fn end_of_day(day: NaiveDate, zone: &Zone) -> Result<OffsetTime> {
    resolve_local(
        day,
        NaiveTime::from_hms_opt(23, 59, 59).unwrap_or_default(),
        zone,
    )
}

/// Resolves a local time: in a daylight-saving gap the moment after it, in a fold the earlier one.
fn resolve_local(day: NaiveDate, time: NaiveTime, zone: &Zone) -> Result<OffsetTime> {
    match zone.resolve(day.and_time(time)) {
        LocalTimeResult::Unique(at) => Ok(at),
        LocalTimeResult::Fold { earlier, .. } => Ok(earlier),
        LocalTimeResult::Gap { after, .. } => Ok(after),
    }
    .and_then(|at: OffsetTime| {
        if !is_in_range(at.to_utc()) {
            return Err(out_of_range(&day.to_string()));
        }
        Ok(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{format_utc, parse_utc};
    use chrono::Datelike;

    #[test]
    fn bare_times_resolve_to_the_future() {
        let zone = Zone::find("America/New_York").unwrap();
        let now = parse_utc("2012-08-16T14:40:00Z").unwrap();
        for (typed, meant) in [
            ("11:30", "2012-08-16T15:30:00Z"),
            ("10:30", "2012-08-17T14:30:00Z"),
            ("30m", "2012-08-16T15:10:00Z"),
            ("in 2h", "2012-08-16T16:40:00Z"),
            ("in 30 min", "2012-08-16T15:10:00Z"),
            ("today", "2012-08-17T03:59:59Z"),
            ("tomorrow", "2012-08-18T03:59:59Z"),
            ("today 23:00", "2012-08-17T03:00:00Z"),
            ("in\u{a0}30\u{202f}min", "2012-08-16T15:10:00Z"),
            ("Friday", "2012-08-18T03:59:59Z"),
            ("tomorrow 09:00", "2012-08-17T13:00:00Z"),
            ("Tomorrow at 9:00 pm", "2012-08-18T01:00:00Z"),
            ("2012-08-31", "2012-09-01T03:59:59Z"),
            ("2012-08-31 09:00", "2012-08-31T13:00:00Z"),
            ("Monday", "2012-08-21T03:59:59Z"),
            ("next Monday", "2012-08-21T03:59:59Z"),
            ("on Mon 09:00", "2012-08-20T13:00:00Z"),
            ("by Friday", "2012-08-18T03:59:59Z"),
            ("Mon 09:00", "2012-08-20T13:00:00Z"),
            ("Apr 1", "2013-04-02T03:59:59Z"),
            // Of 2011 and 2012 only one is of that day of the week.
            ("Sat 18 Aug", "2012-08-19T03:59:59Z"),
            ("Fri 31 Aug", "2012-09-01T03:59:59Z"),
            ("Fri Aug 17 09:00", "2012-08-17T13:00:00Z"),
            ("2012-08-01", "2012-08-02T03:59:59Z"),
        ] {
            assert_eq!(
                format_utc(parse_future(typed, now, &zone).unwrap().to_utc()),
                meant,
                "{typed}"
            );
        }
        assert_eq!(
            format_utc(
                parse_past("2012-05-14", &TimeContext::new(now, &zone))
                    .unwrap()
                    .to_utc()
            ),
            "2012-05-14T04:00:00Z"
        );
        for typed in [
            "-12m",
            "12m ago",
            "yesterday",
            "yesterday 10:00",
            "today 10:00",
        ] {
            let error = parse_future(typed, now, &zone).unwrap_err();
            assert!(
                error.to_string().contains("is in the past"),
                "{typed}: {error}"
            );
        }
        for typed in ["Aug 15", "15 Aug 10:00", "Jul 1"] {
            let error = parse_future(typed, now, &zone).unwrap_err();
            assert!(error.to_string().contains("has passed"), "{typed}: {error}");
        }
        for typed in ["11:30-12:00", "2012-08-31 09:00-10:00"] {
            let error = parse_future(typed, now, &zone).unwrap_err();
            assert!(error.to_string().contains("is a span"), "{typed}: {error}");
        }
        for typed in ["soon", "next week", "on", "next"] {
            assert!(parse_future(typed, now, &zone).is_err(), "{typed}");
        }
        let passed = parse_future_day("2012-08-15", now, &zone).unwrap_err();
        assert!(passed.to_string().contains("has passed"), "{passed}");
        assert!(parse_future_day("2012-08-16", now, &zone).is_ok());
        let context = TimeContext::new(now, &zone);
        assert!(parse_past("2013-01-01", &context).is_err());
        let error = parse_past("Aug 17", &context).unwrap_err();
        assert!(error.to_string().contains("2012-08-17"), "{error}");
        for typed in [
            "Aug 15",
            "Thu",
            "Dec 24",
            "yesterday",
            "-3d",
            "2011-08-17",
            "10:00",
        ] {
            assert!(parse_past(typed, &context).is_ok(), "{typed}");
        }
    }

    /// Each day of the week, said at each time of a day whose week ahead has a change of the clocks,
    /// is the next such day.
    #[test]
    fn weekday_is_the_next_one_across_a_change_of_the_clocks() {
        let names = [
            ["Mon", "Monday", "MONDAY"],
            ["Tue", "Tues", "tuesday"],
            ["Wed", "Weds", "Wednesday"],
            ["Thu", "Thurs", "Thursday"],
            ["Fri", "fri", "Friday"],
            ["Sat", "sat", "Saturday"],
            ["Sun", "sun", "Sunday"],
        ];
        for (zone, first) in [
            ("America/New_York", "2012-10-27T00:30:00Z"),
            ("America/New_York", "2012-03-03T00:30:00Z"),
            ("Pacific/Auckland", "2012-09-21T00:30:00Z"),
            ("Australia/Lord_Howe", "2012-03-24T00:30:00Z"),
            ("UTC", "2012-12-24T00:30:00Z"),
        ] {
            let zone = Zone::find(zone).unwrap();
            for hours in 0..9 * 24 {
                let now = parse_utc(first).unwrap() + Duration::hours(hours);
                let today = zone.to_local(now).date_naive();
                for ahead in 1..=7 {
                    let day = today + Days::new(ahead);
                    for name in names[day.weekday().num_days_from_monday() as usize] {
                        let said = parse_future_day(name, now, &zone).unwrap();
                        assert_eq!(said, day, "{name} at {now} in {}", zone.name());
                    }
                }
                let today_said = parse_future_day("today", now, &zone).unwrap();
                assert_eq!(today_said, today);
            }
        }
    }
}
