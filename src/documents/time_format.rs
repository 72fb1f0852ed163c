//! Formats times and durations for readers of documents, in one time zone.

use crate::domain::{
    time::{OffsetTime, UtcTime, parse_utc},
    zone::Zone,
};
use chrono::{Datelike, Duration, NaiveDate, Timelike};
use std::fmt::Write;

/// Formats times in one zone.
#[derive(Clone, Debug)]
pub struct TimeFormatter {
    zone: Zone,
    /// True if times are ambiguous without the zone's abbreviation.
    show_abbreviation: bool,
}

impl TimeFormatter {
    /// Returns a formatter for the zone `name`. An unknown zone gives UTC, so that documents can be
    /// rendered from a journal whose zone this version does not know.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            zone: Zone::find(name).unwrap_or_else(|_| Zone::utc()),
            show_abbreviation: false,
        }
    }

    /// Returns the formatter for a document about `from` to `to`: if the UTC offset changes on one of
    /// these days, times are shown with the zone's abbreviation.
    #[must_use]
    pub fn for_period(self, from: UtcTime, to: UtcTime) -> Self {
        let day = Duration::days(1);
        let at = |at: UtcTime, next: bool| {
            // The midnight before or after, computed with the offset at that time.
            let since_midnight = Duration::seconds(i64::from(
                self.to_local(at).time().num_seconds_from_midnight(),
            ));
            let midnight = if next {
                at.checked_add_signed(day - since_midnight)
            } else {
                at.checked_sub_signed(since_midnight)
            };
            *self.to_local(midnight.unwrap_or(at)).offset()
        };
        let (first, last) = (at(from, false), at(to, true));
        let mut between = Self::samples(from, to).into_iter();
        let changes = between.any(|at| *self.to_local(at).offset() != first);
        Self {
            show_abbreviation: first != last || changes,
            ..self
        }
    }

    /// Returns the formatter for a text with these times: if their UTC offsets differ, each is shown with the zone's
    /// abbreviation.
    #[must_use]
    pub fn for_times(self, times: &[UtcTime]) -> Self {
        let offset = |at: &UtcTime| *self.to_local(*at).offset();
        let differ = times
            .windows(2)
            .any(|two| offset(&two[0]) != offset(&two[1]));
        Self {
            show_abbreviation: differ,
            ..self
        }
    }

    /// Returns moments from `from` to `to`, both included, so near to each other that none of a zone's usual
    /// offsets is missed; of a period of many years the first and the last ones.
    #[must_use]
    pub fn samples(from: UtcTime, to: UtcTime) -> Vec<UtcTime> {
        const MAX_SAMPLES: usize = 400;
        let step = Duration::days(28);
        let steps = std::iter::successors(Some(from), |at| at.checked_add_signed(step));
        let within = steps.take_while(|at| *at < to).take(MAX_SAMPLES);
        within.chain([to]).collect()
    }

    #[must_use]
    pub fn shows_abbreviation(&self) -> bool {
        self.show_abbreviation
    }

    #[must_use]
    pub fn zone_name(&self) -> &str {
        self.zone.name()
    }

    #[must_use]
    pub fn to_local(&self, at: UtcTime) -> OffsetTime {
        self.zone.to_local(at)
    }

    #[must_use]
    pub fn local_date(&self, at: UtcTime) -> NaiveDate {
        self.to_local(at).date_naive()
    }

    /// Formats `10:06`.
    #[must_use]
    pub fn time(&self, at: UtcTime) -> String {
        format_time(self.to_local(at))
    }

    /// Returns `EDT`, or `UTC-03` if the zone has only a numeric abbreviation.
    #[must_use]
    pub fn abbreviation(&self, at: UtcTime) -> String {
        let name = self.zone.abbreviation(at);
        if name.starts_with(['+', '-']) {
            format!("UTC{name}")
        } else {
            name
        }
    }

    /// Formats `10:06 EDT`.
    #[must_use]
    pub fn time_with_zone(&self, at: UtcTime) -> String {
        format!("{} {}", self.time(at), self.abbreviation(at))
    }

    /// Formats `2012-08-16 10:06 EDT`, with seconds if they are not 0: for a command that names the moment.
    #[must_use]
    pub fn date_time_with_zone(&self, at: UtcTime) -> String {
        let local = self.to_local(at);
        let seconds = match local.second() {
            0 => String::new(),
            seconds => format!(":{seconds:02}"),
        };
        let (day, time) = (self.local_date(at), self.time(at));
        format!("{day} {time}{seconds} {}", self.abbreviation(at))
    }

    /// Formats `Thursday, 16 August 2012`.
    #[must_use]
    pub fn long_date(&self, at: UtcTime) -> String {
        self.to_local(at).format("%A, %-d %B %Y").to_string()
    }

    /// Formats `Thu 16 Aug 10:06`: without the date if it is that of `near`, with the abbreviation if
    /// [`shows_abbreviation`](Self::shows_abbreviation).
    #[must_use]
    pub fn time_with_date(&self, at: UtcTime, near: Option<UtcTime>) -> String {
        let time = if self.show_abbreviation {
            self.time_with_zone(at)
        } else {
            self.time(at)
        };
        if near.is_some_and(|near| self.local_date(near) == self.local_date(at)) {
            return time;
        }
        format!("{} {time}", self.to_local(at).format("%a %-d %b"))
    }

    /// Formats the offset: `UTC-04:00`.
    #[must_use]
    pub fn utc_offset(&self, at: UtcTime) -> String {
        format!("UTC{}", self.to_local(at).format("%:z"))
    }

    /// Formats a time that a user typed into a field. RFC 3339 is converted to this zone (with the
    /// date if it is not that of `near`), `HH:MM` gets the zone's abbreviation at `near`, `YYYY-MM-DD`
    /// becomes a long date; anything else stays as typed.
    #[must_use]
    pub fn format_typed(&self, typed: &str, near: UtcTime) -> String {
        let typed = typed.trim();
        if let Some(at) = parse_utc(typed) {
            let time = self.time_with_zone(at);
            return if self.local_date(at) == self.local_date(near) {
                time
            } else {
                format!("{time} on {}", self.long_date(at))
            };
        }
        if let Ok(day) = NaiveDate::parse_from_str(typed, "%Y-%m-%d") {
            return day.format("%A, %-d %B %Y").to_string();
        }
        let is_time = typed.split_once(':').is_some_and(|(h, m)| {
            (1..=2).contains(&h.len())
                && m.len() == 2
                && h.bytes().chain(m.bytes()).all(|b| b.is_ascii_digit())
        });
        if is_time {
            return format!("{typed} {}", self.abbreviation(near));
        }
        typed.to_owned()
    }
}

fn format_time(stamp: OffsetTime) -> String {
    let mut out = String::with_capacity(8);
    push_time(&mut out, stamp);
    out
}

/// Appends `10:06`.
pub fn push_time(out: &mut String, stamp: OffsetTime) {
    let _ = write!(out, "{:02}:{:02}", stamp.hour(), stamp.minute());
}

/// Formats `2012-08-16`.
#[must_use]
pub fn iso_date(stamp: OffsetTime) -> String {
    let day = stamp.date_naive();
    format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::at;

    #[test]
    fn times_format_with_zone_and_date() {
        let formatter = TimeFormatter::new("America/New_York");
        assert_eq!(formatter.time_with_zone(at("10:06")), "10:06 EDT");
        assert_eq!(formatter.time(at("10:06:30")), "10:06");
        assert_eq!(
            formatter.date_time_with_zone(at("10:06:30")),
            "2012-08-16 10:06:30 EDT"
        );
        assert_eq!(formatter.long_date(at("10:06")), "Thursday, 16 August 2012");
        assert_eq!(
            formatter.time_with_date(at("17 10:06"), Some(at("10:06"))),
            "Fri 17 Aug 10:06"
        );
        assert_eq!(
            formatter.time_with_date(at("11:06"), Some(at("10:06"))),
            "11:06"
        );
        assert_eq!(formatter.utc_offset(at("10:06")), "UTC-04:00");
        let fold = |time: &str| parse_utc(&format!("2026-11-01T{time}:00Z")).unwrap();
        let shows = |from: &str, to: &str| {
            let formatter = TimeFormatter::new("America/New_York");
            formatter
                .for_period(fold(from), fold(to))
                .shows_abbreviation()
        };
        assert!(shows("05:30", "06:50") && shows("05:10", "05:20") && shows("12:00", "13:00"));
        assert!(!shows("00:10", "00:20"), "the evening before");
        assert_eq!(TimeFormatter::new("Nowhere/Land").zone_name(), "UTC");
        assert_eq!(
            TimeFormatter::new("America/Sao_Paulo").abbreviation(at("10:06")),
            "UTC-03"
        );
    }

    #[test]
    fn typed_times_format_with_zone() {
        let formatter = TimeFormatter::new("America/New_York");
        for (typed, expected) in [
            ("11:00", "11:00 EDT"),
            ("2012-08-16T15:00:00Z", "11:00 EDT"),
            (
                "2012-08-17T15:00:00Z",
                "11:00 EDT on Friday, 17 August 2012",
            ),
            ("2012-08-20", "Monday, 20 August 2012"),
            ("Monday evening", "Monday evening"),
        ] {
            assert_eq!(formatter.format_typed(typed, at("10:06")), expected);
        }
    }
}
