//! Times that lie ahead: when the next update is due, by when a follow-up is to be done.
//!
//! The capture line looks for a bare time of day in the past, where what happened lies; here it is
//! looked for in the future.

use super::{OpsError, Result};
use crate::domain::{
    safe,
    time::{Instant, Stamp, may_be},
    when::{self, Now},
    zone::{Local, Zone},
};
use chrono::{Duration, NaiveDate, NaiveTime};

/// The time that `typed` gives, ahead of `now`: `11:30`, `30m`, `in 2h`, or any WHEN with a date. A
/// day alone is its last minute.
///
/// # Errors
/// What is no time.
pub fn time(typed: &str, now: Instant, zone: &Zone) -> Result<Stamp> {
    let typed = typed.trim();
    let length = typed
        .strip_prefix("in ")
        .or(typed.strip_prefix('+'))
        .unwrap_or(typed);
    if let Some(seconds) = when::time_box(length) {
        return Duration::try_seconds(seconds)
            .and_then(|length| now.checked_add_signed(length))
            .filter(|at| may_be(*at))
            .map(|at| zone.stamp(at))
            .ok_or_else(|| out_of_range(typed));
    }
    let today = zone.stamp(now).date_naive();
    let read = |day| Now {
        now,
        zone,
        span: None,
        day: Some(day),
    };
    if let Some(day) = when::date_line(typed, &read(today)) {
        return end_of(day?, zone);
    }
    let found = when::parse(typed, &read(today))?;
    if found.at > now {
        return Ok(found.at);
    }
    let tomorrow = today.succ_opt().unwrap_or(today);
    Ok(when::parse(typed, &read(tomorrow))?.at)
}

/// The beginning of the day that `typed` gives, or the time.
///
/// # Errors
/// What is neither.
pub fn since(typed: &str, now: Instant, zone: &Zone) -> Result<Stamp> {
    let read = Now {
        now,
        zone,
        span: None,
        day: None,
    };
    match when::date_line(typed, &read) {
        Some(day) => at(day?, NaiveTime::MIN, zone),
        None => Ok(when::parse(typed, &read)?.at),
    }
}

/// The day that `typed` gives.
///
/// # Errors
/// What is no day.
pub fn day(typed: &str, now: Instant, zone: &Zone) -> Result<NaiveDate> {
    Ok(time(typed, now, zone)?
        .with_timezone(zone.stamp(now).offset())
        .date_naive())
}

fn out_of_range(typed: &str) -> OpsError {
    OpsError::usage(format!(
        "`{}` is not between 1970-01-01 and 9999-12-30 (in UTC)",
        safe::line(typed)
    ))
}

fn end_of(day: NaiveDate, zone: &Zone) -> Result<Stamp> {
    at(
        day,
        NaiveTime::from_hms_opt(23, 59, 0).unwrap_or_default(),
        zone,
    )
}

/// The clock reading of `day`; where the clock skips it the one after, where it repeats it the first.
fn at(day: NaiveDate, time: NaiveTime, zone: &Zone) -> Result<Stamp> {
    match zone.resolve(day.and_time(time)) {
        Local::One(at) => Ok(at),
        Local::Fold { earlier, .. } => Ok(earlier),
        Local::Gap { after, .. } => Ok(after),
    }
    .and_then(|at: Stamp| {
        if !may_be(at.to_utc()) {
            return Err(out_of_range(&day.to_string()));
        }
        Ok(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{instant, utc};

    #[test]
    fn bare_times_lie_ahead() {
        let zone = Zone::find("America/New_York").unwrap();
        let now = instant("2012-08-16T14:40:00Z").unwrap();
        for (typed, meant) in [
            ("11:30", "2012-08-16T15:30:00Z"),
            ("10:30", "2012-08-17T14:30:00Z"),
            ("30m", "2012-08-16T15:10:00Z"),
            ("in 2h", "2012-08-16T16:40:00Z"),
            ("2012-08-31", "2012-09-01T03:59:00Z"),
            ("2012-08-31 09:00", "2012-08-31T13:00:00Z"),
        ] {
            assert_eq!(
                utc(time(typed, now, &zone).unwrap().to_utc()),
                meant,
                "{typed}"
            );
        }
        assert_eq!(
            utc(since("2012-05-14", now, &zone).unwrap().to_utc()),
            "2012-05-14T04:00:00Z"
        );
        for typed in [
            "soon",
            "2012-13-01",
            "16/08/2012",
            "9999-12-31",
            "99999999999999999999w",
            "+9999999d",
        ] {
            assert!(time(typed, now, &zone).is_err(), "{typed}");
        }
        assert!(since("2012-13-01", now, &zone).is_err());
    }
}
