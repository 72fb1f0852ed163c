//! The beginnings of local days, also across changes of the UTC offset.

use crate::documents::time_format::TimeFormatter;
use crate::domain::time::UtcTime;
use chrono::{Duration, Timelike};

/// Returns the start of the local day of `at`.
pub(super) fn midnight_before(time_format: &TimeFormatter, at: UtcTime) -> UtcTime {
    let stamp = time_format.to_local(at);
    let since_midnight = Duration::seconds(i64::from(stamp.num_seconds_from_midnight()))
        + Duration::nanoseconds(i64::from(stamp.nanosecond() % 1_000_000_000));
    nearest_midnight(time_format, at - since_midnight)
}

/// Returns the start of the local day that is `days` after `midnight`; `None` after the year 9999.
pub(super) fn later_midnight(
    time_format: &TimeFormatter,
    midnight: UtcTime,
    days: i64,
) -> Option<UtcTime> {
    let at = midnight.checked_add_signed(Duration::try_days(days)?)?;
    (at.timestamp() < 253_402_000_000).then(|| nearest_midnight(time_format, at))
}

/// Returns the start of the local day nearest to `at`, which differs from it by a change of the UTC
/// offset at most.
fn nearest_midnight(time_format: &TimeFormatter, at: UtcTime) -> UtcTime {
    let seconds = |at| i64::from(time_format.to_local(at).num_seconds_from_midnight());
    let to_next_day = |at| at + Duration::seconds(86_400 - seconds(at));
    let is_evening = |at| seconds(at) >= 43_200;
    let nearest = match seconds(at) {
        0 => at,
        early if early < 43_200 => at - Duration::seconds(early),
        _ => to_next_day(at),
    };
    // The clock was changed at midnight itself: the hour before it comes twice, or there is none.
    if is_evening(nearest) {
        to_next_day(nearest)
    } else {
        nearest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_utc;
    use rstest::rstest;

    #[rstest]
    #[case::autumn("America/New_York", "2012-11-03T16:00:00Z", &["2012-11-03T04:00:00Z", "2012-11-04T04:00:00Z", "2012-11-05T05:00:00Z"])]
    #[case::end_of_summer_time("Europe/Berlin", "2026-10-25T10:00:00Z", &["2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z"])]
    #[case::southern("Australia/Sydney", "2026-04-05T03:00:00Z", &["2026-04-04T13:00:00Z", "2026-04-05T14:00:00Z"])]
    #[case::no_midnight("America/Santiago", "2026-09-05T12:00:00Z", &["2026-09-05T04:00:00Z", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"])]
    #[case::after_no_midnight("America/Santiago", "2026-09-06T12:00:00Z", &["2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"])]
    #[case::midnight_twice("America/Santiago", "2026-04-04T12:00:00Z", &["2026-04-04T03:00:00Z", "2026-04-05T04:00:00Z", "2026-04-06T04:00:00Z"])]
    fn days_follow_changes_of_the_offset(
        #[case] zone: &str,
        #[case] at: &str,
        #[case] days: &[&str],
    ) {
        let time_format = TimeFormatter::new(zone);
        let mut midnight = midnight_before(&time_format, parse_utc(at).unwrap());
        for expected in days {
            assert_eq!(midnight, parse_utc(expected).unwrap(), "{zone}");
            midnight = later_midnight(&time_format, midnight, 1).unwrap();
        }
    }
}
