//! Instants, and the stamps that entries carry.
//!
//! An [`Instant`] is a point in time in UTC, to the microsecond. A [`Stamp`] is an instant as
//! somebody saw it on a clock: it keeps the offset that the clock had. Which zone has which offset
//! when is known in [`super::zone`] alone.

use chrono::{DateTime, FixedOffset, SecondsFormat, SubsecRound, Utc};

/// A point in time, UTC, to the microsecond.
pub type Instant = DateTime<Utc>;

/// A point in time with the UTC offset of the clock it was read from.
pub type Stamp = DateTime<FixedOffset>;

/// The first year a time may have; what lies before is taken for a slip.
pub const FIRST_YEAR: i32 = 1970;
/// The last year a time may have.
pub const LAST_YEAR: i32 = 9999;

/// `at` cut to whole microseconds, as the journal keeps it.
#[must_use]
pub fn to_micros(at: Instant) -> Instant {
    at.trunc_subsecs(6)
}

/// RFC 3339 in UTC with a `Z`, with fractions of a second only where there are some.
///
/// ```
/// use bridgelog::domain::time::{instant, utc};
/// assert_eq!(utc(instant("2012-08-16T10:06:00-04:00").unwrap()), "2012-08-16T14:06:00Z");
/// ```
#[must_use]
pub fn utc(at: Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Reads RFC 3339; `None` where `text` is not that.
#[must_use]
pub fn instant(text: &str) -> Option<Instant> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|at| at.with_timezone(&Utc))
}

/// The instant `micros` microseconds after 1970-01-01T00:00:00Z.
#[must_use]
pub fn from_micros(micros: i64) -> Instant {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

/// Seconds as people say them: `42 s`, `12 min`, `1 h 05 min`, `3 d 04 h`. Cut, never rounded up.
#[must_use]
pub fn duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let s = seconds.unsigned_abs();
    let (d, h, m) = (s / 86_400, s / 3600 % 24, s / 60 % 60);
    match (d, h, m) {
        (0, 0, 0) => format!("{sign}{s} s"),
        (0, 0, m) if !s.is_multiple_of(60) && m < 10 => format!("{sign}{m} min {:02} s", s % 60),
        (0, 0, m) => format!("{sign}{m} min"),
        (0, h, 0) => format!("{sign}{h} h"),
        (0, h, m) => format!("{sign}{h} h {m:02} min"),
        (d, 0, _) => format!("{sign}{d} d"),
        (d, h, _) => format!("{sign}{d} d {h:02} h"),
    }
}

/// Writes and reads an [`Instant`] as RFC 3339 in UTC.
pub mod as_utc {
    use super::{Instant, instant, utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes `at`.
    ///
    /// # Errors
    /// What the serializer gives.
    pub fn serialize<S: Serializer>(at: &Instant, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&utc(*at))
    }

    /// Reads an instant.
    ///
    /// # Errors
    /// Where the text is not RFC 3339.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Instant, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        instant(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is not an RFC 3339 time")))
    }
}

/// Writes and reads a [`Stamp`] as RFC 3339 with its offset.
pub mod as_stamp {
    use super::Stamp;
    use chrono::{DateTime, SecondsFormat};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes `at`.
    ///
    /// # Errors
    /// What the serializer gives.
    pub fn serialize<S: Serializer>(at: &Stamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, false))
    }

    /// Reads a stamp.
    ///
    /// # Errors
    /// Where the text is not RFC 3339.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Stamp, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        DateTime::parse_from_rfc3339(&text)
            .map_err(|_| D::Error::custom(format!("`{text}` is not an RFC 3339 time")))
    }

    /// The same for a stamp that may be missing.
    pub mod option {
        use super::super::Stamp;
        use serde::{Deserialize, Deserializer, Serializer};

        #[derive(Deserialize)]
        struct Wrapped(#[serde(with = "super")] Stamp);

        /// Writes `at`, or null.
        ///
        /// # Errors
        /// What the serializer gives.
        pub fn serialize<S: Serializer>(at: &Option<Stamp>, to: S) -> Result<S::Ok, S::Error> {
            match at {
                Some(at) => super::serialize(at, to),
                None => to.serialize_none(),
            }
        }

        /// Reads a stamp or null.
        ///
        /// # Errors
        /// Where the text is not RFC 3339.
        pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Stamp>, D::Error> {
            Ok(Option::<Wrapped>::deserialize(from)?.map(|w| w.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        for (seconds, said) in [
            (0, "0 s"),
            (42, "42 s"),
            (60, "1 min"),
            (61, "1 min 01 s"),
            (3540, "59 min"),
            (3600, "1 h"),
            (3900, "1 h 05 min"),
            (97_200, "1 d 03 h"),
            (-90, "-1 min 30 s"),
        ] {
            assert_eq!(duration(seconds), said);
        }
    }
}
