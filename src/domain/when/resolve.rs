//! Resolves a parsed moment: chooses the day, and the pass through a clock change.

use super::{
    day::{Day, wrong_weekday_error},
    day_choice::{
        MAX_DAYS_SEARCHED, days_back, has_weekday, matches_day, near_day_line, quiet_since,
    },
    event_times::{EventDays, MAX_QUIET},
    local_time::{LocalTimeResolver, earliest, out_of_range_error, select_unique},
    moment::{Moment, ParsedTime},
    types::{AssumedDay, ParseContext, TimeContext},
};
use crate::domain::{
    parse_error::ParseError,
    time::{OffsetTime, UtcTime},
    zone::LocalTimeResult,
};
use chrono::{Datelike as _, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Utc};

/// How far in the future a bare time of day may be and still be today's.
pub(crate) const MAX_AHEAD: TimeDelta = TimeDelta::minutes(5);
/// An end before the start is taken for the next day if the span is then shorter than this.
const MAX_OVERNIGHT_SPAN: TimeDelta = TimeDelta::hours(12);
/// How many days of an incident are searched.
const MAX_INCIDENT_DAYS: i64 = 366 * 3;

/// The only moment of a time, or the start of a span.
pub(super) struct Start {
    pub at: OffsetTime,
    /// Name of its zone; empty if only an offset was given.
    pub zone: String,
    pub assumed_day: Option<AssumedDay>,
}

/// Resolves the only moment, or the start of a span.
pub(super) fn resolve_start(
    parsed: &ParsedTime<'_>,
    parse_context: &ParseContext<'_>,
) -> Result<Start, ParseError> {
    let resolver = LocalTimeResolver::new(parsed, parse_context);
    let at = match parsed.moment {
        Moment::Ago(seconds) => resolve_ago(seconds, parse_context.context, parsed)?,
        Moment::Clock { day, time, seconds } => resolver.resolve_clock_time(day, time, seconds)?,
    };
    let (at, zone) = resolver.to_offset_time(at)?;
    resolver.check_weekday(parsed.moment, at)?;
    Ok(Start {
        at,
        zone,
        assumed_day: resolver.assumed_day(parsed.moment, at),
    })
}

/// Resolves the end of a span that begins at `start`.
pub(super) fn resolve_end(
    parsed: &ParsedTime<'_>,
    start: OffsetTime,
    parse_context: &ParseContext<'_>,
) -> Result<OffsetTime, ParseError> {
    let resolver = LocalTimeResolver::new(parsed, parse_context);
    let at = match parsed.moment {
        Moment::Ago(seconds) => resolve_ago(seconds, parse_context.context, parsed)?,
        Moment::Clock {
            day: Day::Unspecified,
            time,
            ..
        } => {
            let start = start.with_timezone(&Utc);
            let date = resolver.to_local(start).date();
            let same_day = resolver.resolve(date.and_time(time))?;
            let next_day = date.succ_opt().map(|next_day| next_day.and_time(time));
            let is_overnight = |at: &UtcTime| *at >= start && *at - start < MAX_OVERNIGHT_SPAN;
            match next_day {
                // After a clock change the second pass may be the one after the start.
                _ if earliest(&same_day) >= start => select_unique(same_day, |_| true, &resolver)?,
                _ if matches!(same_day, LocalTimeResult::Fold { later, .. } if later >= start) => {
                    select_unique(same_day, |at| at >= start, &resolver)?
                }
                Some(next_day) => {
                    let next_day = resolver.resolve(next_day)?;
                    if is_overnight(&earliest(&next_day)) {
                        select_unique(next_day, |_| true, &resolver)?
                    } else {
                        select_unique(same_day, |_| true, &resolver)?
                    }
                }
                None => select_unique(same_day, |_| true, &resolver)?,
            }
        }
        Moment::Clock { day, time, seconds } => resolver.resolve_clock_time(day, time, seconds)?,
    };
    let (at, _) = resolver.to_offset_time(at)?;
    resolver.check_weekday(parsed.moment, at)?;
    Ok(at)
}

fn resolve_ago(
    seconds: i64,
    context: &TimeContext<'_>,
    parsed: &ParsedTime<'_>,
) -> Result<UtcTime, ParseError> {
    TimeDelta::try_seconds(seconds)
        .and_then(|delta| context.now.checked_sub_signed(delta))
        // Drops the fraction of a second of the current time.
        .and_then(|at| at.with_nanosecond(0))
        .ok_or_else(|| out_of_range_error(parsed.typed, parsed.range.clone()))
}

impl LocalTimeResolver<'_> {
    /// Resolves a time of day, on `day` if one was typed. Without a date it is, in this order: the
    /// one nearest to the event that is being amended; in a resolved incident, the one within it;
    /// in an open one without an event for a day, the one nearest to its newest event; else the
    /// latest one that is not in the future.
    fn resolve_clock_time(
        &self,
        day: Day,
        time: NaiveTime,
        seconds: bool,
    ) -> Result<UtcTime, ParseError> {
        if let Some(date) = self.fixed_date(day) {
            return select_unique(self.resolve(date.and_time(time))?, |_| true, self);
        }
        let limit = self.limit();
        // A time ahead of the clock, which is said: a year ago it was another day of the week.
        let today = self.to_local(self.context.now).date();
        let names_today = matches!(day, Day::Yearly(.., Some(weekday)) if weekday == today.weekday())
            && matches_day(day, today);
        let is_elsewhere = self.quiet_since().is_some() || self.context.span.is_some();
        if names_today && !is_elsewhere && self.context.day.is_none() {
            return select_unique(self.resolve(today.and_time(time))?, |_| true, self);
        }
        if self.reference_time.is_none()
            && let Some(chosen) = near_day_line(day, self.context)
        {
            let date = chosen
                .map_err(|error| error.into_parse_error("its day", self.range.clone()))?
                .date;
            let at = self.resolve(date.and_time(time))?;
            if earliest(&at) <= limit {
                return select_unique(at, |at| at <= limit, self);
            }
            return Err(ParseError::new(
                format!(
                    "{} is later than now",
                    date.and_time(time).format("%Y-%m-%d %H:%M")
                ),
                "write its day as year-month-day, and correct that of the lines above it",
                self.range.clone(),
            ));
        }
        let chosen = match (
            self.reference_time.or(self.quiet_since()),
            self.context.span,
        ) {
            (Some(at), _) => self.nearest(day, time, (at, at))?,
            (None, Some(span)) => return self.resolve_in_span(day, time, seconds, span),
            (None, None) => self.latest(day, time, limit)?,
        };
        chosen
            .ok_or_else(|| self.out_of_range_error())
            .and_then(|local| select_unique(local, |at| at <= limit, self))
    }

    /// The date that `day` names by itself or that an earlier line has set.
    fn fixed_date(&self, day: Day) -> Option<NaiveDate> {
        let today = || self.to_local(self.context.now).date();
        match day {
            Day::Date(date) => Some(date),
            Day::Today => Some(today()),
            Day::Yesterday => today().pred_opt(),
            Day::Unspecified => self.context.day,
            Day::Weekday(_) | Day::Yearly(..) => None,
        }
    }

    /// A time without a date is not later than this.
    fn limit(&self) -> UtcTime {
        self.context.now + MAX_AHEAD
    }

    /// # Errors
    /// If `at` is not on the weekday that was typed with its day.
    fn check_weekday(&self, moment: Moment, at: OffsetTime) -> Result<(), ParseError> {
        let date = self.to_local(at.with_timezone(&Utc)).date();
        match moment {
            Moment::Clock {
                day: day @ Day::Yearly(.., Some(weekday)),
                ..
            } if !has_weekday(day, date) => {
                Err(wrong_weekday_error(date, weekday, self.range.clone()))
            }
            _ => Ok(()),
        }
    }

    /// When the events of an open incident occurred, if that is over [`MAX_QUIET`] ago.
    fn quiet_since(&self) -> Option<UtcTime> {
        quiet_since(self.context)
    }

    /// Returns which day was assumed for a moment that was resolved to `at`, where another one may
    /// have been meant.
    fn assumed_day(&self, moment: Moment, at: OffsetTime) -> Option<AssumedDay> {
        let Moment::Clock { day, .. } = moment else {
            return None;
        };
        if self.fixed_date(day).is_some() {
            return None;
        }
        let date = self.to_local(at.with_timezone(&Utc)).date();
        if let Some(reference) = self.reference_time {
            let before = self.to_local(reference).date();
            let is_assumed = match day {
                Day::Yearly(..) => date.year() != before.year(),
                Day::Unspecified => date != before,
                _ => false,
            };
            return is_assumed.then_some(AssumedDay::NearAmended);
        }
        if let Some(Ok(chosen)) = near_day_line(day, self.context)
            && chosen.date == date
        {
            return chosen.assumed;
        }
        if let Some((start, end)) = self.context.span {
            let (first, last) = (self.to_local(start).date(), self.to_local(end).date());
            if (first..=last).contains(&date) {
                if at.with_timezone(&Utc) > end || self.context.now - end > MAX_QUIET {
                    return None;
                }
                let time = self.to_local(at.with_timezone(&Utc)).time();
                let latest_past = self.latest(day, time, self.limit()).ok().flatten();
                let came_again = latest_past.is_some_and(|again| earliest(&again) > end);
                return came_again.then_some(AssumedDay::WithinIncident);
            }
        }
        if self.quiet_since().is_some() {
            return Some(match self.context.events {
                Some(EventDays::Past(_)) => AssumedDay::NearPastEvents,
                _ => AssumedDay::NearNewestEvent,
            });
        }
        if let Some(EventDays::NowAndPast(past)) = self.context.events {
            let past = self.to_local(past).date();
            return (past != date).then_some(AssumedDay::NotThatOf(past));
        }
        let today = self.to_local(self.context.now).date();
        match day {
            _ if date >= today => None,
            Day::Yearly(..) => (date.year() < today.year()).then_some(AssumedDay::Earlier),
            day if !matches_day(day, today) => None,
            Day::Weekday(_) => Some(AssumedDay::Earlier),
            _ => Some(AssumedDay::Yesterday),
        }
    }

    /// The occurrence of `time` on a day that matches which is nearest to the time from `start` to
    /// `end`, before or after it, and not in the future.
    fn nearest(
        &self,
        day: Day,
        time: NaiveTime,
        (start, end): (UtcTime, UtcTime),
    ) -> Result<Option<LocalTimeResult>, ParseError> {
        let before = self.latest(day, time, start)?;
        let mut after = None;
        let days = usize::try_from(MAX_DAYS_SEARCHED).unwrap_or(0);
        for date in self.to_local(end).date().iter_days().take(days) {
            if matches_day(day, date) {
                let local = self.resolve(date.and_time(time))?;
                if earliest(&local) > end {
                    after = Some(local).filter(|local| earliest(local) <= self.limit());
                    break;
                }
            }
        }
        let distance = |local: &LocalTimeResult| {
            let at = earliest(local);
            if at < start { start - at } else { at - end }
        };
        Ok(before.into_iter().chain(after).min_by_key(distance))
    }

    /// The latest occurrence of `time` on a day that matches, not after `limit`.
    fn latest(
        &self,
        day: Day,
        time: NaiveTime,
        limit: UtcTime,
    ) -> Result<Option<LocalTimeResult>, ParseError> {
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

    /// Resolves `time` to the occurrence within a resolved incident. Outside, it is the one nearest
    /// to the incident if that is also the latest past one; else it is ambiguous.
    fn resolve_in_span(
        &self,
        day: Day,
        time: NaiveTime,
        seconds: bool,
        (start, end): (UtcTime, UtcTime),
    ) -> Result<UtcTime, ParseError> {
        // `10:06` counts as within an incident that began at 10:06:30.
        let start = match start.with_second(0).and_then(|s| s.with_nanosecond(0)) {
            Some(minute) if !seconds => minute,
            _ => start,
        };
        let is_inside = |at: UtcTime| start <= at && at <= end;
        let touches = |local: &LocalTimeResult| match local {
            LocalTimeResult::Unique(at) => is_inside(at.with_timezone(&Utc)),
            LocalTimeResult::Gap { before, .. } => is_inside(before.with_timezone(&Utc)),
            LocalTimeResult::Fold { earlier, later } => {
                is_inside(earlier.with_timezone(&Utc)) || is_inside(later.with_timezone(&Utc))
            }
        };
        let (first, last) = (self.to_local(start).date(), self.to_local(end).date());
        let mut inside_span: Vec<LocalTimeResult> = Vec::new();
        for date in first.iter_days().take_while(|date| *date <= last) {
            if (date - first).num_days() > MAX_INCIDENT_DAYS || inside_span.len() > 1 {
                break;
            }
            if matches_day(day, date) {
                let local = self.resolve(date.and_time(time))?;
                if touches(&local) {
                    inside_span.push(local);
                }
            }
        }
        match inside_span.as_slice() {
            [only] => return select_unique(*only, is_inside, self),
            [one, two, ..] => return Err(self.ambiguous_day_error(earliest(one), earliest(two))),
            [] => {}
        }
        let limit = self.limit();
        let nearest = self.nearest(day, time, (start, end))?;
        let latest_past = self.latest(day, time, limit)?;
        match (nearest, latest_past) {
            (Some(nearest), Some(latest_past)) if earliest(&nearest) != earliest(&latest_past) => {
                Err(self.ambiguous_day_error(earliest(&nearest), earliest(&latest_past)))
            }
            (Some(local), _) | (None, Some(local)) => select_unique(local, |at| at <= limit, self),
            (None, None) => Err(self.out_of_range_error()),
        }
    }

    fn ambiguous_day_error(&self, one: UtcTime, two: UtcTime) -> ParseError {
        let [one, two] =
            [one, two].map(|at| self.to_local(at).format("%Y-%m-%d %H:%M").to_string());
        ParseError::new(
            "that time may be of two days",
            format!("write `{one}` or `{two}`"),
            self.range.clone(),
        )
    }
}
