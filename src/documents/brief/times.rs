//! The times of a brief: each with its zone, and with its day where that is not the day of the brief.

use crate::{documents::time_format::TimeFormatter, domain::time::UtcTime};
use chrono::{Datelike as _, NaiveDate};

pub(super) struct Times {
    zone: TimeFormatter,
    now: UtcTime,
}

impl Times {
    /// The times of a brief as of `now`, in the zone of this name.
    pub(super) fn new(zone: &str, now: UtcTime) -> Self {
        Self {
            zone: TimeFormatter::new(zone),
            now,
        }
    }

    /// `Thu 16 Aug 2012 10:48 EDT`.
    pub(super) fn with_day(&self, at: UtcTime) -> String {
        let day = self.zone.to_local(at).format("%a %-d %b %Y");
        format!("{day} {}", self.zone.time_with_zone(at))
    }

    /// As [`moment`](Self::moment), of a time that stands behind `earlier`: with its day if it is another.
    pub(super) fn later_moment(&self, at: UtcTime, approximate: bool, earlier: UtcTime) -> String {
        let day = self.zone.local_date(earlier);
        let this_year = self.zone.local_date(self.now).year();
        self.dated(at, approximate, day, &[day.year(), this_year])
    }

    /// True if `day` is over at the time of the brief.
    pub(super) fn is_over(&self, day: NaiveDate) -> bool {
        day < self.zone.local_date(self.now)
    }

    /// `10:06 EDT`; on another day `Wed 15 Aug 10:06 EDT`, in another year with the year.
    pub(super) fn moment(&self, at: UtcTime, approximate: bool) -> String {
        let today = self.zone.local_date(self.now);
        self.dated(at, approximate, today, &[today.year()])
    }

    /// A time without its day if that is `day`, and without its year if that is all of `years`.
    fn dated(&self, at: UtcTime, approximate: bool, day: NaiveDate, years: &[i32]) -> String {
        let about = if approximate { "about " } else { "" };
        let time = self.zone.time_with_zone(at);
        let own = self.zone.local_date(at);
        if own == day {
            format!("{about}{time}")
        } else if years.iter().all(|year| *year == own.year()) {
            format!("{about}{} {time}", own.format("%a %-d %b"))
        } else {
            format!("{about}{}", self.with_day(at))
        }
    }
}
