//! Points in time, with and without an offset, and their text formats.
//!
//! A [`UtcTime`] is a point in time in UTC, in microseconds. An [`OffsetTime`] also keeps the UTC
//! offset of the clock from which it was read. Only [`super::zone`] knows the offsets of zones.

use chrono::{
    DateTime, Datelike as _, DurationRound as _, FixedOffset, SecondsFormat, SubsecRound, Utc,
};

/// A point in time in UTC, in microseconds.
pub type UtcTime = DateTime<Utc>;

/// A point in time with the UTC offset of the clock from which it was read.
pub type OffsetTime = DateTime<FixedOffset>;

/// The first valid year; an earlier one is taken for a typing error.
pub const FIRST_YEAR: i32 = 1970;
/// The last valid year.
pub const LAST_YEAR: i32 = 9999;
/// The end of the valid range, 9999-12-31T00:00:00Z (exclusive): earlier times have a four-digit
/// year in every zone.
const END_TIMESTAMP: i64 = 253_402_214_400;

/// True if `at` is in the valid range, 1970-01-01 to 9999-12-30 in UTC, whatever the local date.
/// All stored times are in it, so that they can be written and read back in every zone.
///
/// ```
/// use bridgelog::domain::time::{is_in_range, parse_utc};
/// assert!(is_in_range(parse_utc("1969-12-31T23:59:00-05:00").unwrap()));
/// assert!(!is_in_range(parse_utc("9999-12-31T23:59:00+14:00").unwrap()));
/// assert!(!is_in_range(parse_utc("9999-12-31T00:00:00Z").unwrap()));
/// ```
#[must_use]
pub fn is_in_range(at: UtcTime) -> bool {
    (0..END_TIMESTAMP).contains(&at.timestamp())
}

/// Cuts `at` to whole microseconds, the precision of the journal.
#[must_use]
pub fn to_micros(at: UtcTime) -> UtcTime {
    at.trunc_subsecs(6)
}

/// Formats RFC 3339 in UTC with a `Z`, and with a fraction of a second only if there is one.
///
/// ```
/// use bridgelog::domain::time::{format_utc, parse_utc};
/// assert_eq!(format_utc(parse_utc("2012-08-16T10:06:00-04:00").unwrap()), "2012-08-16T14:06:00Z");
/// ```
#[must_use]
pub fn format_utc(at: UtcTime) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Parses RFC 3339; `None` if `text` is not valid.
#[must_use]
pub fn parse_utc(text: &str) -> Option<UtcTime> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|at| at.with_timezone(&Utc))
}

/// The time `micros` microseconds after 1970-01-01T00:00:00Z.
#[must_use]
pub fn from_micros(micros: i64) -> UtcTime {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

/// Returns the beginning of the minute of `at`: documents show no seconds.
#[must_use]
pub fn start_of_minute(at: UtcTime) -> UtcTime {
    at.duration_trunc(chrono::TimeDelta::minutes(1))
        .unwrap_or(at)
}

/// Returns the minutes from the minute of `from` to that of `to`, as a reader who subtracts the times shown
/// gets them.
#[must_use]
pub fn minutes_between(from: UtcTime, to: UtcTime) -> i64 {
    (start_of_minute(to) - start_of_minute(from)).num_minutes()
}

/// A duration in the two units that are shown of it: more would claim a precision that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownDuration {
    /// Up to 72 hours.
    HoursAndMinutes(i64, i64),
    /// Rounded to hours, so that it is about right.
    DaysAndHours(i64, i64),
}

impl ShownDuration {
    /// Of a number of minutes that is not negative.
    #[must_use]
    pub fn of_minutes(minutes: i64) -> Self {
        if minutes <= 72 * 60 {
            return Self::HoursAndMinutes(minutes / 60, minutes % 60);
        }
        let hours = (minutes + 30) / 60;
        Self::DaysAndHours(hours / 24, hours % 24)
    }
}

/// Formats a duration in seconds with at most two units: `42 s`, `9 min 30 s`, `12 min`, `26 h 05 min`;
/// above 72 hours rounded, as in `about 3 d 4 h`. Seconds below ten minutes are exact; what is below a
/// minute above that is cut.
#[must_use]
pub fn format_duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.saturating_abs();
    let text = match (seconds / 60, seconds % 60) {
        (0, s) => format!("{s} s"),
        (m, s) if s > 0 && m < 10 => format!("{m} min {s:02} s"),
        (minutes, _) => match ShownDuration::of_minutes(minutes) {
            ShownDuration::HoursAndMinutes(0, m) => format!("{m} min"),
            ShownDuration::HoursAndMinutes(h, 0) => format!("{h} h"),
            ShownDuration::HoursAndMinutes(h, m) => format!("{h} h {m:02} min"),
            ShownDuration::DaysAndHours(d, 0) => format!("about {sign}{d} d"),
            ShownDuration::DaysAndHours(d, h) => format!("about {sign}{d} d {h} h"),
        },
    };
    match text.starts_with("about") {
        true => text,
        false => format!("{sign}{text}"),
    }
}

/// Formats a number of minutes that is shown in a document: as [`format_duration`] does, with `about` if it
/// is approximate; zero as `less than a minute`.
#[must_use]
pub fn format_shown_minutes(minutes: i64, approximate: bool) -> String {
    if minutes == 0 {
        return "less than a minute".to_owned();
    }
    let text = format_duration(minutes.saturating_mul(60));
    if approximate && !text.starts_with("about") {
        return format!("about {text}");
    }
    text
}

/// Serialises a [`UtcTime`] as RFC 3339 in UTC.
pub mod serde_utc {
    use super::{UtcTime, format_utc, parse_utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(at: &UtcTime, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&format_utc(*at))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<UtcTime, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        parse_utc(&text)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is not an RFC 3339 time")))
    }

    /// The same for an optional time.
    pub mod option {
        use super::super::UtcTime;
        use serde::{Deserialize, Deserializer, Serializer};

        #[derive(Deserialize)]
        struct Wrapped(#[serde(with = "super")] UtcTime);

        pub fn serialize<S: Serializer>(at: &Option<UtcTime>, to: S) -> Result<S::Ok, S::Error> {
            match at {
                Some(at) => super::serialize(at, to),
                None => to.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<UtcTime>, D::Error> {
            Ok(Option::<Wrapped>::deserialize(from)?.map(|w| w.0))
        }
    }
}

/// Serialises an [`OffsetTime`] as RFC 3339 with its offset.
pub mod serde_offset {
    use super::OffsetTime;
    use chrono::{DateTime, SecondsFormat};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(at: &OffsetTime, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, false))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<OffsetTime, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        DateTime::parse_from_rfc3339(&text)
            .map_err(|_| D::Error::custom(format!("`{text}` is not an RFC 3339 time")))
    }

    /// The same for an optional time.
    pub mod option {
        use super::super::OffsetTime;
        use serde::{Deserialize, Deserializer, Serializer};

        #[derive(Deserialize)]
        struct Wrapped(#[serde(with = "super")] OffsetTime);

        pub fn serialize<S: Serializer>(at: &Option<OffsetTime>, to: S) -> Result<S::Ok, S::Error> {
            match at {
                Some(at) => super::serialize(at, to),
                None => to.serialize_none(),
            }
        }

        pub fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<OffsetTime>, D::Error> {
            Ok(Option::<Wrapped>::deserialize(from)?.map(|w| w.0))
        }
    }
}

/// Formats the day of `at` if it is not that of `now`: `16 Aug`, with the year where that is another, `16 Aug 2012`.
#[must_use]
pub fn other_day(at: OffsetTime, now: OffsetTime) -> Option<String> {
    let form = match at.year() == now.year() {
        true => "%-d %b",
        false => "%-d %b %Y",
    };
    (at.date_naive() != now.date_naive()).then(|| at.format(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_format_in_two_units() {
        for (seconds, text) in [
            (0, "0 s"),
            (42, "42 s"),
            (60, "1 min"),
            (61, "1 min 01 s"),
            (3540, "59 min"),
            (3600, "1 h"),
            (3900, "1 h 05 min"),
            (97_200, "27 h"),
            (89_160, "24 h 46 min"),
            (72 * 3600 + 59, "72 h"),
            (72 * 3600 + 60, "about 3 d"),
            (76 * 3600 - 60, "about 3 d 4 h"),
            (95 * 3600 + 1800, "about 4 d"),
            (-76 * 3600, "about -3 d 4 h"),
            (-90, "-1 min 30 s"),
        ] {
            assert_eq!(format_duration(seconds), text);
        }
    }

    #[test]
    fn shown_minutes_say_about_once() {
        for (minutes, approximate, text) in [
            (0, false, "less than a minute"),
            (0, true, "less than a minute"),
            (200, true, "about 3 h 20 min"),
            (76 * 60, true, "about 3 d 4 h"),
            (76 * 60, false, "about 3 d 4 h"),
        ] {
            assert_eq!(format_shown_minutes(minutes, approximate), text);
        }
    }
}
