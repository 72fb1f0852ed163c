//! Times as sources write them.

use super::row::SourceTime;
use crate::domain::time::{OffsetTime, UtcTime, is_in_range, to_micros};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};

/// Formats with an offset, after RFC 3339: without the colon (Jira), with a space (PostgreSQL, spreadsheets).
const WITH_OFFSET: [&str; 4] = [
    "%Y-%m-%dT%H:%M:%S%.f%z",
    "%Y-%m-%d %H:%M:%S%.f%z",
    "%Y-%m-%d %H:%M:%S%.f %z",
    "%a, %d %b %Y %H:%M:%S %z",
];
/// Formats without one. Only forms in which the day cannot be taken for the month.
const WITHOUT_OFFSET: [&str; 7] = [
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
    "%d %b %Y %H:%M:%S",
];

/// Reads a date with a time, with or without an offset, or seconds, milliseconds, microseconds or
/// nanoseconds since 1970 (by magnitude). `None` if it is anything else: `03/04/2026` is two dates.
pub(super) fn parse_time(text: &str) -> Option<SourceTime> {
    let text = text.trim();
    if let Some(at) = parse_epoch(text) {
        return Some(SourceTime::Exact(at.fixed_offset()));
    }
    // chrono reads `Z` only in RFC 3339; some sources put `UTC` instead.
    let utc = text
        .strip_suffix(" UTC")
        .or_else(|| text.strip_suffix(" Z"))
        .or_else(|| text.strip_suffix('Z'));
    if let Some(local) = utc {
        let at = parse_local(local)?.and_utc();
        return exact(at.fixed_offset());
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return exact(at);
    }
    let with_offset = |format: &&str| DateTime::parse_from_str(text, format).ok();
    if let Some(at) = WITH_OFFSET.iter().find_map(with_offset) {
        return exact(at);
    }
    parse_local(text).map(SourceTime::Local)
}

/// Reads a date with a time and without an offset.
fn parse_local(text: &str) -> Option<NaiveDateTime> {
    let known = |format: &&str| NaiveDateTime::parse_from_str(text, format).ok();
    WITHOUT_OFFSET.iter().find_map(known)
}

/// Reads a time with an offset as a moment in UTC.
pub(super) fn parse_moment(text: &str) -> Option<UtcTime> {
    match parse_time(text)? {
        SourceTime::Exact(at) => Some(to_micros(at.with_timezone(&Utc))),
        _ => None,
    }
}

/// Nanoseconds are cut to the microseconds that an entry keeps.
fn exact(at: OffsetTime) -> Option<SourceTime> {
    let micros = to_micros(at.with_timezone(&Utc)).with_timezone(at.offset());
    is_in_range(at.with_timezone(&Utc)).then_some(SourceTime::Exact(micros))
}

/// Reads seconds since 1970 with up to nine decimals, or milliseconds, microseconds or nanoseconds: years
/// 1990 to 2200 differ in the number of digits. Without floating point, which has no room for the last digits.
pub(super) fn parse_epoch(text: &str) -> Option<UtcTime> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || fraction.len() > 9 {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let at = match whole.len() {
        9 | 10 => {
            let nanos: i64 = format!("{fraction:0<9}").parse().ok()?;
            DateTime::from_timestamp(number, 0)?
                .checked_add_signed(TimeDelta::nanoseconds(nanos))?
        }
        12 | 13 => DateTime::from_timestamp_millis(number)?,
        15 | 16 => DateTime::from_timestamp_micros(number)?,
        18 | 19 => DateTime::from_timestamp_nanos(number),
        _ => return None,
    };
    is_in_range(at).then(|| to_micros(at))
}

/// True for the year 1, which some sources write for "not yet".
pub(super) fn is_zero_time(text: &str) -> bool {
    text.starts_with("0001-01-01") || text.is_empty()
}

/// Reads a date alone, such as `2026-11-20`.
pub(super) fn parse_date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("2026-11-20T10:06:00Z", "2026-11-20T10:06:00Z")]
    #[case("2026-11-20T10:06:00.123456789+01:00", "2026-11-20T09:06:00.123456Z")]
    #[case("2026-11-20T10:06:00.123+0000", "2026-11-20T10:06:00.123Z")]
    #[case("2026-11-20 10:06:00 UTC", "2026-11-20T10:06:00Z")]
    #[case("2026-11-20 10:06:00-05:00", "2026-11-20T15:06:00Z")]
    #[case("1763632800", "2025-11-20T10:00:00Z")]
    #[case("1763632800.000200", "2025-11-20T10:00:00.000200Z")]
    #[case("1763632800123", "2025-11-20T10:00:00.123Z")]
    #[case("1763632800123456", "2025-11-20T10:00:00.123456Z")]
    #[case("1763632800123456789", "2025-11-20T10:00:00.123456Z")]
    fn moments_are_exact(#[case] text: &str, #[case] expected: &str) {
        let at = parse_moment(text).unwrap();
        assert_eq!(crate::domain::time::format_utc(at), expected);
    }

    #[rstest]
    #[case("2026-11-20 10:06")]
    #[case("2026-11-20T10:06:00.5")]
    #[case("2026/11/20 10:06:00")]
    fn times_without_an_offset_stay_local(#[case] text: &str) {
        assert!(
            matches!(parse_time(text), Some(SourceTime::Local(_))),
            "{text}"
        );
    }

    #[rstest]
    #[case("03/04/2026 10:06")]
    #[case("2026-11-20")]
    #[case("12345")]
    #[case("0001-01-01T00:00:00Z")]
    #[case("yesterday")]
    #[case("")]
    fn what_may_be_read_in_two_ways_is_not_read(#[case] text: &str) {
        assert_eq!(parse_time(text), None);
    }
}
