//! From what was typed to one moment: which day, which reading.

use super::{
    day::Day,
    local_time::{LocalTimeResolver, earliest, out_of_range_error, select_unique},
    moment::{Moment, ParsedTime},
    types::{ParseContext, TimeContext, WhenError},
};
use crate::domain::{
    time::{FIRST_YEAR, LAST_YEAR, OffsetTime, UtcTime},
    zone::LocalTimeResult,
};
use chrono::{Datelike as _, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc};

/// How far ahead of now a bare time of day may be and still be today's.
const MAX_AHEAD: TimeDelta = TimeDelta::minutes(5);
/// A second end of a span that crosses midnight is believed where the span is shorter than this.
const MAX_OVERNIGHT_SPAN: TimeDelta = TimeDelta::hours(12);
/// The longest that a day of the year keeps away: from one 29 February over a year without.
const MAX_DAYS_SEARCHED: i64 = 366 * 8;
/// How many days of an incident are looked through.
const MAX_INCIDENT_DAYS: i64 = 366 * 3;

/// The first, or only, moment; and the name of its zone.
pub(super) fn resolve_start(
    part: &ParsedTime<'_>,
    against: &ParseContext<'_>,
) -> Result<(OffsetTime, String), WhenError> {
    let clock = LocalTimeResolver::new(part, against);
    let at = match part.moment {
        Moment::Ago(seconds) => resolve_ago(seconds, against.context, part)?,
        Moment::Clock { day, time, seconds } => clock.resolve_clock_time(day, time, seconds)?,
    };
    clock.to_offset_time(at)
}

/// The moment at which a span ends that began at `start`.
pub(super) fn resolve_end(
    part: &ParsedTime<'_>,
    start: OffsetTime,
    against: &ParseContext<'_>,
) -> Result<OffsetTime, WhenError> {
    let clock = LocalTimeResolver::new(part, against);
    let at = match part.moment {
        Moment::Ago(seconds) => resolve_ago(seconds, against.context, part)?,
        Moment::Clock {
            day: Day::Unspecified,
            time,
            ..
        } => {
            let start = start.with_timezone(&Utc);
            let date = clock.to_local(start).date();
            let same = clock.resolve(date.and_time(time))?;
            let next = date.succ_opt().map(|next| next.and_time(time));
            let after = |at: &UtcTime| *at >= start && *at - start < MAX_OVERNIGHT_SPAN;
            match next {
                // The second pass through a fold may be the one that comes after the start.
                _ if earliest(&same) >= start => select_unique(same, |_| true, &clock)?,
                _ if matches!(same, LocalTimeResult::Fold { later, .. } if later >= start) => {
                    select_unique(same, |at| at >= start, &clock)?
                }
                Some(next) => {
                    let next = clock.resolve(next)?;
                    if after(&earliest(&next)) {
                        select_unique(next, |_| true, &clock)?
                    } else {
                        select_unique(same, |_| true, &clock)?
                    }
                }
                None => select_unique(same, |_| true, &clock)?,
            }
        }
        Moment::Clock { day, time, seconds } => clock.resolve_clock_time(day, time, seconds)?,
    };
    clock.to_offset_time(at).map(|(at, _)| at)
}

/// The date that `day` means by itself.
pub(super) fn resolve_date(day: &Day, now: &TimeContext<'_>) -> Option<NaiveDate> {
    let today = now.zone.to_local(now.now).date_naive();
    match day {
        Day::Unspecified => None,
        Day::Today => Some(today),
        Day::Yesterday => today.pred_opt(),
        Day::Date(date) => (FIRST_YEAR..=LAST_YEAR)
            .contains(&date.year())
            .then_some(*date),
        day => days_back(today)
            .take(usize::try_from(MAX_DAYS_SEARCHED).unwrap_or(0))
            .find(|date| matches_day(*day, *date)),
    }
}

/// `date`, and the days before it.
fn days_back(date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(date), NaiveDate::pred_opt)
}

fn matches_day(day: Day, date: NaiveDate) -> bool {
    match day {
        Day::Weekday(weekday) => date.weekday() == weekday,
        Day::Yearly(month, day) => (date.month(), date.day()) == (month, day),
        Day::Date(day) => day == date,
        Day::Unspecified | Day::Today | Day::Yesterday => true,
    }
}

fn resolve_ago(
    seconds: i64,
    now: &TimeContext<'_>,
    part: &ParsedTime<'_>,
) -> Result<UtcTime, WhenError> {
    TimeDelta::try_seconds(seconds)
        .and_then(|delta| now.now.checked_sub_signed(delta))
        // Nobody means the fraction that the clock had.
        .and_then(|at| at.with_nanosecond(0))
        .ok_or_else(|| out_of_range_error(part.typed, part.range.clone()))
}

impl LocalTimeResolver<'_> {
    /// Which moment a reading means, given its day as far as it was said.
    fn resolve_clock_time(
        &self,
        day: Day,
        time: NaiveTime,
        seconds: bool,
    ) -> Result<UtcTime, WhenError> {
        let limit = self.context.now + MAX_AHEAD;
        let today = || match self.context.day {
            Some(day) => day,
            None => self.to_local(self.context.now).date(),
        };
        let fixed = match day {
            Day::Date(date) => Some(date),
            Day::Today => Some(today()),
            Day::Yesterday => today().pred_opt(),
            Day::Unspecified => self.context.day,
            Day::Weekday(_) | Day::Yearly(..) => None,
        };
        if let Some(date) = fixed {
            return select_unique(self.resolve(date.and_time(time))?, |_| true, self);
        }
        if let (Day::Unspecified, Some(near)) = (day, self.reference_time) {
            return self.nearest(time, near, limit);
        }
        let past = self.latest(day, time, limit)?;
        match self.context.span {
            Some((start, end)) => self.resolve_in_span(day, time, seconds, (start, end), past),
            None => past
                .ok_or_else(|| self.out_of_range_error())
                .and_then(|local| select_unique(local, |at| at <= limit, self)),
        }
    }

    /// The reading nearest to `near` that is not after `limit`.
    fn nearest(
        &self,
        time: NaiveTime,
        near: UtcTime,
        limit: UtcTime,
    ) -> Result<UtcTime, WhenError> {
        let date = self.to_local(near).date();
        let mut best: Option<LocalTimeResult> = None;
        for date in [date.pred_opt(), Some(date), date.succ_opt()]
            .into_iter()
            .flatten()
        {
            let local = self.resolve(date.and_time(time))?;
            let away = |local: &LocalTimeResult| (earliest(local) - near).abs();
            if earliest(&local) <= limit && best.as_ref().is_none_or(|b| away(&local) < away(b)) {
                best = Some(local);
            }
        }
        best.ok_or_else(|| self.out_of_range_error())
            .and_then(|local| select_unique(local, |at| at <= limit, self))
    }

    /// The latest reading on such a day that is not after `limit`.
    fn latest(
        &self,
        day: Day,
        time: NaiveTime,
        limit: UtcTime,
    ) -> Result<Option<LocalTimeResult>, WhenError> {
        let mut days = MAX_DAYS_SEARCHED;
        for date in days_back(self.to_local(limit).date()) {
            if matches_day(day, date) {
                let local = self.resolve(date.and_time(time))?;
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
    fn resolve_in_span(
        &self,
        day: Day,
        time: NaiveTime,
        seconds: bool,
        (start, end): (UtcTime, UtcTime),
        past: Option<LocalTimeResult>,
    ) -> Result<UtcTime, WhenError> {
        // `10:06` is in the minute in which an incident began at 10:06:30.
        let start = match start.with_second(0).and_then(|s| s.with_nanosecond(0)) {
            Some(minute) if !seconds => minute,
            _ => start,
        };
        let inside = |at: UtcTime| start <= at && at <= end;
        let touches = |local: &LocalTimeResult| match local {
            LocalTimeResult::Unique(at) => inside(at.with_timezone(&Utc)),
            LocalTimeResult::Gap { before, .. } => inside(before.with_timezone(&Utc)),
            LocalTimeResult::Fold { earlier, later } => {
                inside(earlier.with_timezone(&Utc)) || inside(later.with_timezone(&Utc))
            }
        };
        let (first, last) = (self.to_local(start).date(), self.to_local(end).date());
        let mut found: Vec<LocalTimeResult> = Vec::new();
        for date in first.iter_days().take_while(|date| *date <= last) {
            if (date - first).num_days() > MAX_INCIDENT_DAYS || found.len() > 1 {
                break;
            }
            if matches_day(day, date) {
                let local = self.resolve(date.and_time(time))?;
                if touches(&local) {
                    found.push(local);
                }
            }
        }
        match found.as_slice() {
            [only] => return select_unique(*only, inside, self),
            [one, two, ..] => return Err(self.ambiguous_day_error(earliest(one), earliest(two))),
            [] => {}
        }
        let before = self.latest(day, time, start)?;
        let mut after = None;
        for date in last
            .iter_days()
            .take(usize::try_from(MAX_DAYS_SEARCHED).unwrap_or(0))
        {
            if matches_day(day, date) {
                let local = self.resolve(date.and_time(time))?;
                if earliest(&local) > end {
                    after = Some(local);
                    break;
                }
            }
        }
        let away = |local: &LocalTimeResult| {
            let at = earliest(local);
            if at < start { start - at } else { at - end }
        };
        let limit = self.context.now + MAX_AHEAD;
        let nearest = before
            .into_iter()
            .chain(after.filter(|local| earliest(local) <= limit))
            .min_by_key(away);
        match (nearest, past) {
            (Some(nearest), Some(past)) if earliest(&nearest) != earliest(&past) => {
                Err(self.ambiguous_day_error(earliest(&nearest), earliest(&past)))
            }
            (Some(local), _) | (None, Some(local)) => select_unique(local, |at| at <= limit, self),
            (None, None) => Err(self.out_of_range_error()),
        }
    }

    fn ambiguous_day_error(&self, one: UtcTime, two: UtcTime) -> WhenError {
        let [one, two] =
            [one, two].map(|at| self.to_local(at).format("%Y-%m-%d %H:%M").to_string());
        WhenError::new(
            "that time may be of two days",
            format!("write `{one}` or `{two}`"),
            self.range.clone(),
        )
    }
}
