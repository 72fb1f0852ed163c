//! The times and durations of a letter. Instants are shown to the minute, and a duration is the time
//! between the minutes shown, so that a reader who subtracts gets the same.

use super::{
    names::Edge,
    words::{Words, fill},
};
use crate::{
    documents::{DocumentError, Settings, time_format::TimeFormatter, wrap::Layout},
    domain::time::{ShownDuration, UtcTime, parse_utc, start_of_minute},
};
use chrono::{Datelike, NaiveDate, Timelike};

pub(super) struct LetterTimes<'a> {
    zone: &'a TimeFormatter,
    words: Words,
    twelve_hours: bool,
    month_first: bool,
    /// True if a moment stays on one line, so that a range breaks between its two.
    unbroken: bool,
}

impl<'a> LetterTimes<'a> {
    /// # Errors
    /// Those of [`Words::load`].
    pub(super) fn new(
        zone: &'a TimeFormatter,
        settings: &Settings,
        layout: Layout,
    ) -> Result<Self, DocumentError> {
        Ok(Self {
            zone,
            words: Words::load(&settings.templates)?,
            twelve_hours: settings.twelve_hour_clock,
            month_first: settings.month_first,
            unbroken: layout == Layout::Html,
        })
    }

    pub(super) fn abbreviation(&self, at: UtcTime) -> String {
        self.zone.abbreviation(at)
    }

    pub(super) fn local_date(&self, at: UtcTime) -> NaiveDate {
        self.zone.local_date(at)
    }

    /// `about 10:06`.
    pub(super) fn time(&self, edge: &Edge) -> String {
        self.about(&self.clock(edge.at), edge.approximate)
    }

    /// `about 10:06`, with the zone as in `10:06 EDT` where the times of the letter have several offsets.
    pub(super) fn clear_time(&self, edge: &Edge) -> String {
        match self.zone.shows_abbreviation() {
            true => format!("{} {}", self.time(edge), self.abbreviation(edge.at)),
            false => self.time(edge),
        }
    }

    /// The abbreviations of the zone at these times, in their order: `EDT`, or `EDT/EST`.
    pub(super) fn abbreviations(&self, times: &[UtcTime]) -> String {
        let mut names: Vec<String> = Vec::new();
        for at in times {
            let name = self.abbreviation(*at);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join("/")
    }

    /// `10:06`.
    pub(super) fn clock(&self, at: UtcTime) -> String {
        let local = self.zone.to_local(at);
        if !self.twelve_hours {
            return format!("{:02}:{:02}", local.hour(), local.minute());
        }
        let (is_afternoon, hour) = local.hour12();
        let half = match is_afternoon {
            true => &self.words.afternoon,
            false => &self.words.morning,
        };
        fill(half, &[("", &format!("{hour}:{:02}", local.minute()))])
    }

    fn about(&self, text: &str, approximate: bool) -> String {
        match approximate {
            true => fill(&self.words.about, &[("", text)]),
            false => text.to_owned(),
        }
    }

    /// `16 August 2012`.
    pub(super) fn date(&self, day: NaiveDate) -> String {
        self.date_in(day, &self.words.months)
    }

    fn date_in(&self, day: NaiveDate, months: &[String; 12]) -> String {
        fill(
            &self.words.date[usize::from(self.month_first)],
            &[
                ("day", &day.day().to_string()),
                ("month", &months[day.month0() as usize]),
                ("year", &day.year().to_string()),
            ],
        )
    }

    /// `Thursday, 16 August 2012`.
    pub(super) fn weekday_date(&self, day: NaiveDate) -> String {
        let weekday = &self.words.weekdays[day.weekday().num_days_from_monday() as usize];
        let date = self.date(day);
        fill(
            &self.words.weekday_date,
            &[("weekday", weekday), ("date", &date)],
        )
    }

    /// `Mon 3 May`.
    pub(super) fn short_date(&self, day: NaiveDate) -> String {
        let weekday = &self.words.short_weekdays[day.weekday().num_days_from_monday() as usize];
        fill(
            &self.words.short_date[usize::from(self.month_first)],
            &[
                ("weekday", weekday),
                ("day", &day.day().to_string()),
                ("month", &self.words.short_months[day.month0() as usize]),
            ],
        )
    }

    /// `16 August 2012`, `3 to 4 May 2021`, `31 January to 1 February 2017`, or two whole dates.
    pub(super) fn days(&self, from: UtcTime, to: UtcTime) -> String {
        self.days_in(from, to, &self.words.months)
    }

    /// The same with short months.
    pub(super) fn short_days(&self, from: UtcTime, to: UtcTime) -> String {
        self.days_in(from, to, &self.words.short_months)
    }

    fn days_in(&self, from: UtcTime, to: UtcTime, months: &[String; 12]) -> String {
        let (from, to) = (self.local_date(from), self.local_date(to));
        if from == to {
            return self.date_in(from, months);
        }
        if from.year() != to.year() {
            return self.range(&self.date_in(from, months), &self.date_in(to, months));
        }
        let pattern = match from.month() == to.month() {
            true => &self.words.days_of_month,
            false => &self.words.days_of_year,
        };
        fill(
            &pattern[usize::from(self.month_first)],
            &[
                ("from", &from.day().to_string()),
                ("to", &to.day().to_string()),
                ("month", &months[to.month0() as usize]),
                ("from_month", &months[from.month0() as usize]),
                ("to_month", &months[to.month0() as usize]),
                ("year", &to.year().to_string()),
            ],
        )
    }

    fn range(&self, from: &str, to: &str) -> String {
        fill(&self.words.range, &[("from", from), ("to", to)])
    }

    /// `about 10:06`, with the day as in `Mon 3 May 22:10` unless it is `day`; with the zone as in
    /// [`clear_time`](Self::clear_time).
    pub(super) fn short(&self, edge: &Edge, day: Option<NaiveDate>) -> String {
        let own = self.local_date(edge.at);
        let time = self.clear_time(edge);
        let moment = match day == Some(own) {
            true => time,
            false => format!("{} {time}", self.short_date(own)),
        };
        match self.unbroken {
            true => moment.replace(' ', "\u{a0}"),
            false => moment,
        }
    }

    /// `Mon 3 May 22:10 to Tue 4 May 09:45`; days as in [`short`](Self::short), a second one only if it is
    /// another.
    pub(super) fn short_range(&self, from: &Edge, to: &Edge, day: Option<NaiveDate>) -> String {
        let first = self.local_date(from.at);
        self.range(&self.short(from, day), &self.short(to, Some(first)))
    }

    /// `13:26 EDT`, and the day as in `21:40 UTC on 3 May 2021` unless it is `day`.
    pub(super) fn with_zone(&self, edge: &Edge, day: Option<NaiveDate>) -> String {
        let time = format!("{} {}", self.time(edge), self.abbreviation(edge.at));
        let own = self.local_date(edge.at);
        match day == Some(own) {
            true => time,
            false => fill(
                &self.words.time_on_day,
                &[("time", &time), ("date", &self.date(own))],
            ),
        }
    }

    /// `13:26 EDT on Thursday, 16 August 2012`.
    pub(super) fn long(&self, edge: &Edge) -> String {
        let time = format!("{} {}", self.time(edge), self.abbreviation(edge.at));
        let date = self.weekday_date(self.local_date(edge.at));
        fill(&self.words.time_on_day, &[("time", &time), ("date", &date)])
    }

    /// `from about 10:06 to 13:26 EDT on Thursday, 16 August 2012`. Without the day if `day_follows` and
    /// both are of the day `day_follows`.
    pub(super) fn period(&self, from: &Edge, to: &Edge, day_follows: Option<NaiveDate>) -> String {
        let days = (self.local_date(from.at), self.local_date(to.at));
        let zones = (self.abbreviation(from.at), self.abbreviation(to.at));
        let pattern = if days.0 != days.1 {
            &self.words.period_of_days
        } else if zones.0 != zones.1 {
            &self.words.period_over_clock_change
        } else if day_follows == Some(days.0) {
            &self.words.period_before
        } else {
            &self.words.period
        };
        let dates = (self.weekday_date(days.0), self.weekday_date(days.1));
        fill(
            pattern,
            &[
                ("from", &self.time(from)),
                ("to", &self.time(to)),
                ("zone", &zones.1),
                ("from_zone", &zones.0),
                ("date", &dates.1),
                ("from_date", &dates.0),
                ("to_date", &dates.1),
            ],
        )
    }

    /// `3 hours 20 minutes`; days and hours above 72 hours.
    pub(super) fn duration(&self, minutes: i64, approximate: bool) -> String {
        let unit = |n: i64, words: &[String; 2]| {
            fill(&words[usize::from(n != 1)], &[("", &n.to_string())])
        };
        let words = &self.words;
        let join = |more: String, less: (i64, &[String; 2])| match less.0 {
            0 => more,
            n => format!("{more} {}", unit(n, less.1)),
        };
        let shown = ShownDuration::of_minutes(minutes);
        let text = match shown {
            ShownDuration::HoursAndMinutes(0, 0) => words.less_than_a_minute.clone(),
            ShownDuration::HoursAndMinutes(0, m) => unit(m, &words.minutes),
            ShownDuration::HoursAndMinutes(h, m) => {
                join(unit(h, &words.hours), (m, &words.minutes))
            }
            ShownDuration::DaysAndHours(d, h) => join(unit(d, &words.days), (h, &words.hours)),
        };
        self.about(&text, approximate || is_rounded(shown))
    }

    /// `3 h 20 min`, for tables.
    pub(super) fn short_duration(&self, minutes: i64, approximate: bool) -> String {
        let unit = |n: String, word: &str| fill(word, &[("", &n)]);
        let words = &self.words;
        let join = |more: String, less: String| format!("{more} {less}");
        let shown = ShownDuration::of_minutes(minutes);
        let text = match shown {
            ShownDuration::HoursAndMinutes(0, 0) => words.less_than_a_minute.clone(),
            ShownDuration::HoursAndMinutes(0, m) => unit(m.to_string(), &words.short_minutes),
            ShownDuration::HoursAndMinutes(h, 0) => unit(h.to_string(), &words.short_hours),
            ShownDuration::HoursAndMinutes(h, m) => join(
                unit(h.to_string(), &words.short_hours),
                unit(format!("{m:02}"), &words.short_minutes),
            ),
            ShownDuration::DaysAndHours(d, 0) => unit(d.to_string(), &words.short_days),
            ShownDuration::DaysAndHours(d, h) => join(
                unit(d.to_string(), &words.short_days),
                unit(h.to_string(), &words.short_hours),
            ),
        };
        self.about(&text, approximate || is_rounded(shown))
    }

    /// A time or day that was typed into a field: `02:00`, `Monday, 20 August 2012`; else as typed.
    /// `None` if it is past at `as_of`.
    pub(super) fn promised(&self, typed: &str, as_of: UtcTime) -> Option<String> {
        if let Some(at) = parse_utc(typed) {
            let time = self.short(&Edge::exact(at, ""), Some(self.local_date(as_of)));
            return (start_of_minute(at) > as_of).then_some(time);
        }
        match NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d") {
            Ok(day) => (day >= self.local_date(as_of)).then(|| self.weekday_date(day)),
            Err(_) => Some(typed.to_owned()),
        }
    }
}

fn is_rounded(shown: ShownDuration) -> bool {
    matches!(shown, ShownDuration::DaysAndHours(..))
}
