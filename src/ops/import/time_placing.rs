//! Turns the time of a row into a moment. What the source leaves open (the zone, the day, the year) is set
//! by a flag, never guessed.

use super::options::ImportOptions;
use crate::{
    domain::{
        time::{OffsetTime, UtcTime},
        zone::{LocalTimeResult, Zone},
    },
    import::{Need, Place, RowError, SourceTime},
};
use chrono::{Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// A time of day that is so much before the last one is on the next day.
const DAY_CHANGE: TimeDelta = TimeDelta::hours(12);
/// How far ahead of now a time without a year may be before it is last year's.
const MAX_AHEAD: TimeDelta = TimeDelta::days(1);

/// What the rows so far say about the next.
pub(super) struct TimePlacing {
    zone: Option<Zone>,
    date: Option<NaiveDate>,
    start: Option<UtcTime>,
    now: UtcTime,
    /// The last time of day, and the moment of the last row.
    last_time_of_day: Option<NaiveTime>,
    last: Option<UtcTime>,
}

/// What an error says is missing, and the flag that gives it.
fn missing(place: &Place, need: Need, what: &str, flag: &str) -> RowError {
    RowError::fatal(place.clone(), format!("its time is given without {what}"))
        .with_hint(flag.to_owned())
        .with_need(need)
}

impl TimePlacing {
    pub fn new(options: &ImportOptions, now: UtcTime) -> Self {
        Self {
            zone: options.zone.clone(),
            date: options.date,
            start: options.start,
            now,
            last_time_of_day: None,
            last: None,
        }
    }

    /// Returns the moment of the next row.
    ///
    /// # Errors
    /// A flag is missing, named in the hint: then no row can be read. Or the local time does not exist, or
    /// exists twice.
    pub fn place(&mut self, time: SourceTime, place: &Place) -> Result<OffsetTime, RowError> {
        let at = match time {
            SourceTime::Exact(at) => at,
            SourceTime::Local(local) => self.resolve(local, place)?,
            SourceTime::WithoutYear(local) => {
                let zone = self.zone(place)?;
                let today = zone.to_local(self.now).date_naive();
                let this_year = local.with_year(today.year());
                let is_ahead = this_year.is_none_or(|at| at.date() > today + MAX_AHEAD);
                let local = if is_ahead {
                    local.with_year(today.year() - 1)
                } else {
                    this_year
                };
                let local = local
                    .ok_or_else(|| RowError::row(place.clone(), "its year has no such day"))?;
                self.resolve(local, place)?
            }
            SourceTime::TimeOfDay(time) => {
                let date = self.date.ok_or_else(|| {
                    missing(
                        place,
                        Need::Date,
                        "a day",
                        "--date 2026-11-20 names the day of the first row",
                    )
                })?;
                let is_next_day = self
                    .last_time_of_day
                    .is_some_and(|last| last - time >= DAY_CHANGE);
                let date = match is_next_day {
                    true => date.checked_add_days(Days::new(1)).unwrap_or(date),
                    false => date,
                };
                let at = self.resolve(date.and_time(time), place)?;
                self.date = Some(date);
                self.last_time_of_day = Some(time);
                at
            }
            SourceTime::SinceStart(since) => self.start(place)? + since,
            SourceTime::Missing => self.start(place)?,
        };
        self.last = Some(at.to_utc());
        Ok(at)
    }

    fn zone(&self, place: &Place) -> Result<&Zone, RowError> {
        self.zone.as_ref().ok_or_else(|| {
            missing(
                place,
                Need::Zone,
                "a zone",
                "--zone Europe/Berlin names the zone of such times",
            )
        })
    }

    fn start(&self, place: &Place) -> Result<OffsetTime, RowError> {
        let start = self.start.ok_or_else(|| {
            missing(
                place,
                Need::Start,
                "a beginning",
                "--start '2026-11-20 10:00' says when the recording began",
            )
        })?;
        let zone = self.zone.as_ref();
        Ok(zone.map_or_else(|| start.fixed_offset(), |zone| zone.to_local(start)))
    }

    fn resolve(&self, local: NaiveDateTime, place: &Place) -> Result<OffsetTime, RowError> {
        let zone = self.zone(place)?;
        match zone.resolve(local) {
            LocalTimeResult::Unique(at) => Ok(at),
            LocalTimeResult::Gap { .. } => Err(RowError::row(
                place.clone(),
                format!("{local} does not exist in {}: the clocks were put forward", zone.name()),
            )
            .with_hint("the rows may be of another zone: --zone")),
            // Rows in order of time decide, where the last one is after the earlier reading.
            LocalTimeResult::Fold { earlier, later }
                if self.last.is_some_and(|last| last > earlier.to_utc() && last <= later.to_utc()) =>
            {
                Ok(later)
            }
            LocalTimeResult::Fold { earlier, later } => Err(RowError::row(
                place.clone(),
                format!(
                    "{} is {} or {}: the clocks were put back",
                    local.format("%Y-%m-%d %H:%M"),
                    earlier.format("%H:%M%:z"),
                    later.format("%H:%M%:z")
                ),
            )
            .with_hint("export it with offsets or in UTC, or import this hour alone with --zone Etc/GMT-2 or the like")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::{format_utc, parse_utc};

    fn placing(zone: Option<&str>, date: Option<&str>) -> TimePlacing {
        TimePlacing::new(
            &ImportOptions {
                zone: zone.map(|name| Zone::find(name).unwrap()),
                date: date.map(|date| date.parse().unwrap()),
                ..ImportOptions::default()
            },
            parse_utc("2026-01-03T12:00:00Z").unwrap(),
        )
    }

    fn place(placing: &mut TimePlacing, time: SourceTime) -> Result<String, String> {
        let placed = placing.place(time, &Place::new("line", 1));
        placed
            .map(|at| format_utc(at.to_utc()))
            .map_err(|e| e.hint.unwrap_or_default())
    }

    #[test]
    fn what_is_missing_is_asked_for_by_its_flag() {
        let local = SourceTime::Local("2026-01-02T10:00:00".parse().unwrap());
        let time = SourceTime::TimeOfDay("10:00:00".parse().unwrap());
        for (source, flag) in [
            (local, "--zone"),
            (time, "--date"),
            (SourceTime::SinceStart(TimeDelta::seconds(1)), "--start"),
            (SourceTime::Missing, "--start"),
        ] {
            let hint = place(&mut placing(None, None), source).unwrap_err();
            assert!(hint.starts_with(flag), "{hint}");
        }
    }

    #[test]
    fn times_of_day_turn_over_midnight_once() {
        let mut placing = placing(Some("UTC"), Some("2026-01-01"));
        let mut at = |time: &str| place(&mut placing, SourceTime::TimeOfDay(time.parse().unwrap()));
        assert_eq!(at("23:50:00").unwrap(), "2026-01-01T23:50:00Z");
        assert_eq!(at("23:40:00").unwrap(), "2026-01-01T23:40:00Z");
        assert_eq!(at("00:10:00").unwrap(), "2026-01-02T00:10:00Z");
        assert_eq!(at("00:05:00").unwrap(), "2026-01-02T00:05:00Z");
    }

    #[test]
    fn year_that_is_not_named_turns_in_january() {
        let mut placing = placing(Some("UTC"), None);
        let mut at = |time: &str| {
            place(&mut placing, SourceTime::WithoutYear(time.parse().unwrap())).unwrap()
        };
        assert_eq!(at("2000-12-31T23:59:00"), "2025-12-31T23:59:00Z");
        assert_eq!(at("2000-01-01T00:01:00"), "2026-01-01T00:01:00Z");
    }

    #[test]
    fn hour_that_comes_twice_is_refused_unless_the_order_decides() {
        let mut placing = placing(Some("Europe/Berlin"), None);
        let mut at = |time: &str| place(&mut placing, SourceTime::Local(time.parse().unwrap()));
        assert!(at("2025-10-26T02:10:00").is_err());
        assert_eq!(at("2025-10-26T01:59:00").unwrap(), "2025-10-25T23:59:00Z");
        assert!(at("2025-10-26T02:10:00").is_err());
        assert!(at("2025-03-30T02:10:00").is_err());
    }

    #[test]
    fn time_that_goes_back_in_the_hour_that_comes_twice_is_the_later_one() {
        let mut placing = placing(Some("Europe/Berlin"), None);
        let exact = SourceTime::Exact(parse_utc("2025-10-26T00:50:00Z").unwrap().fixed_offset());
        place(&mut placing, exact).unwrap();
        let back = SourceTime::Local("2025-10-26T02:10:00".parse().unwrap());
        assert_eq!(place(&mut placing, back).unwrap(), "2025-10-26T01:10:00Z");
    }
}
