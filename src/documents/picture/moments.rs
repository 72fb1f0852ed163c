//! Formats the times of the picture: with as much of the date as the axis needs.

use super::{rows::Spell, scale::TimeScale};
use crate::{documents::time_format::TimeFormatter, domain::time::UtcTime};
use chrono::Datelike;
use std::fmt;

#[derive(Debug)]
pub(super) struct MomentFormat {
    pub time_format: TimeFormatter,
    /// The format of the day in front of the time; `None` if all is on one day.
    day: Option<&'static str>,
    /// True if the axis is so long that a day says more than a time.
    has_days_only: bool,
}

/// From one moment to another one, which may not be known.
#[derive(Debug)]
pub(super) struct Period {
    /// What is in front of the first moment: `since `.
    pub before: &'static str,
    /// Neither moment is broken into two lines.
    pub from: String,
    pub to: Option<String>,
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.before, self.from)?;
        self.to.iter().try_for_each(|to| write!(f, " to {to}"))
    }
}

impl MomentFormat {
    pub fn new(time_format: &TimeFormatter, scale: &TimeScale) -> Self {
        let (first, last) = (
            time_format.local_date(scale.from),
            time_format.local_date(scale.to),
        );
        let days = (last - first).num_days();
        let day = match days {
            0 => None,
            1..=5 => Some("%a"),
            _ if first.year() == last.year() => Some("%-d %b"),
            _ => Some("%-d %b %Y"),
        };
        Self {
            time_format: time_format.clone(),
            day,
            has_days_only: days > 31,
        }
    }

    /// Formats `Mon 21:52`, `Mon about 21:52` if it is approximate, without the day if all is on one day or
    /// `near` is on that day.
    pub fn moment(&self, at: UtcTime, near: Option<UtcTime>, approximate: bool) -> String {
        let about = if approximate { "about " } else { "" };
        let time = format!("{about}{}", self.time(at));
        let is_near = |near| self.time_format.local_date(near) == self.time_format.local_date(at);
        match self.day {
            Some(day) if !near.is_some_and(is_near) => {
                format!("{} {time}", self.time_format.to_local(at).format(day))
            }
            _ => time,
        }
    }

    /// Formats `21:52`, with the zone where the clock was changed.
    pub fn time(&self, at: UtcTime) -> String {
        if self.time_format.shows_abbreviation() {
            self.time_format.time_with_zone(at)
        } else {
            self.time_format.time(at)
        }
    }

    /// Formats `about 10:06 to 13:26`, or `since about 10:06`.
    pub fn spell_range(&self, first: &Spell, last: &Spell) -> Period {
        self.period(
            first.from,
            first.is_from_approximate,
            last.to,
            last.is_to_approximate,
        )
    }

    /// Formats `Mon 21:52 to Tue 09:45`, or `since Mon 21:52`; each with `about` where it is approximate.
    pub fn period(
        &self,
        from: UtcTime,
        is_from_approximate: bool,
        to: Option<UtcTime>,
        is_to_approximate: bool,
    ) -> Period {
        Period {
            before: if to.is_some() { "" } else { "since " },
            from: self.moment(from, None, is_from_approximate),
            to: to.map(|to| self.moment(to, Some(from), is_to_approximate)),
        }
    }

    /// Formats the time of a milestone's label: `about 10:06`, or `3 May` on an axis of months.
    pub fn label(&self, at: UtcTime, approximate: bool) -> String {
        let about = if approximate { "about " } else { "" };
        if self.has_days_only {
            let format = self.day.unwrap_or("%-d %b");
            return format!("{about}{}", self.time_format.to_local(at).format(format));
        }
        format!("{about}{}", self.time(at))
    }

    /// Formats the day for a list: `Mon 3 May`, with the year if the axis has several.
    pub fn day(&self, at: UtcTime) -> String {
        let format = match self.day {
            Some("%-d %b %Y") => "%a %-d %b %Y",
            _ => "%a %-d %b",
        };
        self.time_format.to_local(at).format(format).to_string()
    }
}
