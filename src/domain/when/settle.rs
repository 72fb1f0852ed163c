//! From what was typed to one moment: which day, which reading.

use super::{
    Against, Now, WhenError,
    hands::{Clock, earliest, one, out_of_range},
    scan::{Day, Moment, Part},
};
use crate::domain::{
    time::{FIRST_YEAR, Instant, LAST_YEAR, Stamp},
    zone::Local,
};
use chrono::{Datelike as _, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc};
use std::ops::Range;

/// How far ahead of now a bare time of day may be and still be today's.
const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// A second end of a span that crosses midnight is believed where the span is shorter than this.
const OVERNIGHT: TimeDelta = TimeDelta::hours(12);
/// The longest that a day of the year keeps away: from one 29 February over a year without.
const LONGEST_WAIT: i64 = 366 * 8;
/// How many days of an incident are looked through.
const LONGEST_INCIDENT: i64 = 366 * 3;

/// The first, or only, moment; and the name of its zone.
pub(super) fn start(part: &Part<'_>, against: &Against<'_>) -> Result<(Stamp, String), WhenError> {
    let clock = Clock::of(part, against);
    let at = match part.moment {
        Moment::Ago(seconds) => ago(seconds, against.now, &part.range)?,
        Moment::Clock { day, time, seconds } => clock.choose(day, time, seconds)?,
    };
    clock.show(at)
}

/// The moment at which a span ends that began at `start`.
pub(super) fn end(
    part: &Part<'_>,
    start: Stamp,
    against: &Against<'_>,
) -> Result<Stamp, WhenError> {
    let clock = Clock::of(part, against);
    let at = match part.moment {
        Moment::Ago(seconds) => ago(seconds, against.now, &part.range)?,
        Moment::Clock {
            day: Day::Bare,
            time,
            ..
        } => {
            let start = start.with_timezone(&Utc);
            let date = clock.local(start).date();
            let same = clock.read(date.and_time(time))?;
            let next = date.succ_opt().map(|next| next.and_time(time));
            let after = |at: &Instant| *at >= start && *at - start < OVERNIGHT;
            match next {
                // The second pass through a fold may be the one that comes after the start.
                _ if earliest(&same) >= start => one(same, |_| true, &clock)?,
                _ if matches!(same, Local::Fold { later, .. } if later >= start) => {
                    one(same, |at| at >= start, &clock)?
                }
                Some(next) => {
                    let next = clock.read(next)?;
                    if after(&earliest(&next)) {
                        one(next, |_| true, &clock)?
                    } else {
                        one(same, |_| true, &clock)?
                    }
                }
                None => one(same, |_| true, &clock)?,
            }
        }
        Moment::Clock { day, time, seconds } => clock.choose(day, time, seconds)?,
    };
    clock.show(at).map(|(at, _)| at)
}

/// The date that `day` means by itself.
pub(super) fn date(day: &Day, now: &Now<'_>) -> Option<NaiveDate> {
    let today = now.zone.stamp(now.now).date_naive();
    match day {
        Day::Bare => None,
        Day::Today => Some(today),
        Day::Yesterday => today.pred_opt(),
        Day::Date(date) => (FIRST_YEAR..=LAST_YEAR)
            .contains(&date.year())
            .then_some(*date),
        day => days_back(today)
            .take(usize::try_from(LONGEST_WAIT).unwrap_or(0))
            .find(|date| falls_on(*day, *date)),
    }
}

/// `date`, and the days before it.
fn days_back(date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(date), NaiveDate::pred_opt)
}

fn falls_on(day: Day, date: NaiveDate) -> bool {
    match day {
        Day::Weekday(weekday) => date.weekday() == weekday,
        Day::Yearly(month, day) => (date.month(), date.day()) == (month, day),
        Day::Date(day) => day == date,
        Day::Bare | Day::Today | Day::Yesterday => true,
    }
}

fn ago(seconds: i64, now: &Now<'_>, range: &Range<usize>) -> Result<Instant, WhenError> {
    TimeDelta::try_seconds(seconds)
        .and_then(|delta| now.now.checked_sub_signed(delta))
        // Nobody means the fraction that the clock had.
        .and_then(|at| at.with_nanosecond(0))
        .ok_or_else(|| out_of_range(range.clone()))
}

impl Clock<'_> {
    /// Which moment a reading means, given its day as far as it was said.
    fn choose(&self, day: Day, time: NaiveTime, seconds: bool) -> Result<Instant, WhenError> {
        let limit = self.now.now + AHEAD;
        let today = || match self.now.day {
            Some(day) => day,
            None => self.local(self.now.now).date(),
        };
        let fixed = match day {
            Day::Date(date) => Some(date),
            Day::Today => Some(today()),
            Day::Yesterday => today().pred_opt(),
            Day::Bare => self.now.day,
            Day::Weekday(_) | Day::Yearly(..) => None,
        };
        if let Some(date) = fixed {
            if !(FIRST_YEAR..=LAST_YEAR).contains(&date.year()) {
                return Err(out_of_range(self.range.clone()));
            }
            return one(self.read(date.and_time(time))?, |_| true, self);
        }
        if let (Day::Bare, Some(near)) = (day, self.near) {
            return self.nearest(time, near, limit);
        }
        let past = self.latest(day, time, limit)?;
        match self.now.span {
            Some((start, end)) => self.within(day, time, seconds, (start, end), past),
            None => past
                .ok_or_else(|| out_of_range(self.range.clone()))
                .and_then(|local| one(local, |at| at <= limit, self)),
        }
    }

    /// The reading nearest to `near` that is not after `limit`.
    fn nearest(
        &self,
        time: NaiveTime,
        near: Instant,
        limit: Instant,
    ) -> Result<Instant, WhenError> {
        let date = self.local(near).date();
        let mut best: Option<Local> = None;
        for date in [date.pred_opt(), Some(date), date.succ_opt()]
            .into_iter()
            .flatten()
        {
            let local = self.read(date.and_time(time))?;
            let away = |local: &Local| (earliest(local) - near).abs();
            if earliest(&local) <= limit && best.as_ref().is_none_or(|b| away(&local) < away(b)) {
                best = Some(local);
            }
        }
        best.ok_or_else(|| out_of_range(self.range.clone()))
            .and_then(|local| one(local, |at| at <= limit, self))
    }

    /// The latest reading on such a day that is not after `limit`.
    fn latest(
        &self,
        day: Day,
        time: NaiveTime,
        limit: Instant,
    ) -> Result<Option<Local>, WhenError> {
        let mut days = LONGEST_WAIT;
        for date in days_back(self.local(limit).date()) {
            if falls_on(day, date) {
                let local = self.read(date.and_time(time))?;
                if earliest(&local) <= limit {
                    return Ok(Some(local));
                }
            }
            days -= 1;
            if days < 0 {
                break;
            }
        }
        Ok(None)
    }

    /// The reading on such a day inside the span of an incident that is over. Outside, it is the one
    /// nearest to the span, where that is also the latest past one; else it is asked for.
    fn within(
        &self,
        day: Day,
        time: NaiveTime,
        seconds: bool,
        (start, end): (Instant, Instant),
        past: Option<Local>,
    ) -> Result<Instant, WhenError> {
        // `10:06` is in the minute in which an incident began at 10:06:30.
        let start = match start.with_second(0).and_then(|s| s.with_nanosecond(0)) {
            Some(minute) if !seconds => minute,
            _ => start,
        };
        let inside = |at: Instant| start <= at && at <= end;
        let touches = |local: &Local| match local {
            Local::One(at) => inside(at.with_timezone(&Utc)),
            Local::Gap { before, .. } => inside(before.with_timezone(&Utc)),
            Local::Fold { earlier, later } => {
                inside(earlier.with_timezone(&Utc)) || inside(later.with_timezone(&Utc))
            }
        };
        let (first, last) = (self.local(start).date(), self.local(end).date());
        let mut found: Vec<Local> = Vec::new();
        for date in first.iter_days().take_while(|date| *date <= last) {
            if (date - first).num_days() > LONGEST_INCIDENT || found.len() > 1 {
                break;
            }
            if falls_on(day, date) {
                let local = self.read(date.and_time(time))?;
                if touches(&local) {
                    found.push(local);
                }
            }
        }
        match found.as_slice() {
            [only] => return one(*only, inside, self),
            [one, two, ..] => return Err(self.which_day(earliest(one), earliest(two))),
            [] => {}
        }
        let before = self.latest(day, time, start)?;
        let mut after = None;
        for date in last
            .iter_days()
            .take(usize::try_from(LONGEST_WAIT).unwrap_or(0))
        {
            if falls_on(day, date) {
                let local = self.read(date.and_time(time))?;
                if earliest(&local) > end {
                    after = Some(local);
                    break;
                }
            }
        }
        let away = |local: &Local| {
            let at = earliest(local);
            if at < start { start - at } else { at - end }
        };
        let limit = self.now.now + AHEAD;
        let nearest = before
            .into_iter()
            .chain(after.filter(|local| earliest(local) <= limit))
            .min_by_key(away);
        match (nearest, past) {
            (Some(nearest), Some(past)) if earliest(&nearest) != earliest(&past) => {
                Err(self.which_day(earliest(&nearest), earliest(&past)))
            }
            (Some(local), _) | (None, Some(local)) => one(local, |at| at <= limit, self),
            (None, None) => Err(out_of_range(self.range.clone())),
        }
    }

    fn which_day(&self, one: Instant, two: Instant) -> WhenError {
        let [one, two] = [one, two].map(|at| self.local(at).format("%Y-%m-%d %H:%M").to_string());
        WhenError::new(
            "that time may be of two days",
            format!("write `{one}` or `{two}`"),
            self.range.clone(),
        )
    }
}
