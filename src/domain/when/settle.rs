//! From what was typed to one moment: which day, which reading.

use super::{
    Now, WhenError,
    place::Place,
    scan::{Day, Moment, Part},
};
use crate::domain::{
    time::{FIRST_YEAR, Instant, LAST_YEAR, Stamp, to_micros},
    zone::{Local, Zone},
};
use chrono::{
    DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta,
    Timelike as _, Utc,
};
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
pub(super) fn start(part: &Part<'_>, now: &Now<'_>) -> Result<(Stamp, String), WhenError> {
    let clock = Clock::of(part, now);
    let at = match part.moment {
        Moment::Ago(seconds) => ago(seconds, now, &part.range)?,
        Moment::Clock { day, time, seconds } => clock.choose(day, time, seconds)?,
    };
    clock.show(at)
}

/// The moment at which a span ends that began at `start`.
pub(super) fn end(part: &Part<'_>, start: Stamp, now: &Now<'_>) -> Result<Stamp, WhenError> {
    let clock = Clock::of(part, now);
    let at = match part.moment {
        Moment::Ago(seconds) => ago(seconds, now, &part.range)?,
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
        day => today
            .iter_days_back()
            .take(usize::try_from(LONGEST_WAIT).unwrap_or(0))
            .find(|date| falls_on(*day, *date)),
    }
}

trait Back {
    fn iter_days_back(self) -> impl Iterator<Item = NaiveDate>;
}

impl Back for NaiveDate {
    fn iter_days_back(self) -> impl Iterator<Item = NaiveDate> {
        std::iter::successors(Some(self), NaiveDate::pred_opt)
    }
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

fn out_of_range(range: Range<usize>) -> WhenError {
    WhenError::new(
        format!("that is not between the years {FIRST_YEAR} and {LAST_YEAR}"),
        "check the year",
        range,
    )
}

/// The first moment that a reading may mean.
fn earliest(local: &Local) -> Instant {
    match local {
        Local::One(at) | Local::Gap { before: at, .. } | Local::Fold { earlier: at, .. } => {
            at.with_timezone(&Utc)
        }
    }
}

/// The one moment of `local` that is `wanted`.
fn one(
    local: Local,
    wanted: impl Fn(Instant) -> bool,
    clock: &Clock<'_>,
) -> Result<Instant, WhenError> {
    match local {
        Local::One(at) => Ok(at.with_timezone(&Utc)),
        Local::Gap { before, after } => Err(clock.gap(before, after)),
        Local::Fold { earlier, later } => {
            let [earlier, later] = [earlier, later].map(|at| at.with_timezone(&Utc));
            match (wanted(earlier), wanted(later)) {
                (true, false) => Ok(earlier),
                (false, true) => Ok(later),
                _ => Err(clock.fold(earlier, later)),
            }
        }
    }
}

/// The clock that a moment was read from.
struct Clock<'a> {
    hands: Hands<'a>,
    now: &'a Now<'a>,
    range: Range<usize>,
}

enum Hands<'a> {
    Zone(&'a Zone),
    Fixed(FixedOffset, &'static str),
    Pinned(FixedOffset, &'a Zone),
    Called(&'a str),
}

impl<'a> Clock<'a> {
    fn of(part: &'a Part<'_>, now: &'a Now<'a>) -> Self {
        use chrono::Offset as _;
        Self {
            hands: match &part.place {
                None => Hands::Zone(now.zone),
                Some(Place::Zone(zone)) => Hands::Zone(zone),
                Some(Place::Offset(offset)) => Hands::Fixed(*offset, ""),
                Some(Place::Utc) => Hands::Fixed(Utc.fix(), "UTC"),
                Some(Place::Pinned(offset, zone)) => Hands::Pinned(*offset, zone),
                Some(Place::Called(word)) => Hands::Called(word),
            },
            now,
            range: part.range.clone(),
        }
    }

    /// What it shows at `at`.
    fn local(&self, at: Instant) -> NaiveDateTime {
        match &self.hands {
            Hands::Zone(zone) => zone.stamp(at).naive_local(),
            Hands::Fixed(offset, _) | Hands::Pinned(offset, _) => {
                at.with_timezone(offset).naive_local()
            }
            Hands::Called(_) => self.now.zone.stamp(at).naive_local(),
        }
    }

    /// Which moments it may mean by `reading`.
    fn read(&self, reading: NaiveDateTime) -> Result<Local, WhenError> {
        let at = |offset: &FixedOffset| {
            reading
                .checked_sub_offset(*offset)
                .map(|utc| DateTime::from_naive_utc_and_offset(utc, *offset))
                .map(Local::One)
                .ok_or_else(|| out_of_range(self.range.clone()))
        };
        match &self.hands {
            Hands::Zone(zone) => Ok(zone.resolve(reading)),
            Hands::Fixed(offset, _) => at(offset),
            Hands::Called(word) => match self.now.zone.offset_called(word, reading) {
                Some(offset) => at(&offset),
                None => Err(WhenError::new(
                    format!("{} was not called {word} then", self.now.zone.name()),
                    "write an offset, such as +02:00",
                    self.range.clone(),
                )),
            },
            Hands::Pinned(offset, zone) => {
                let local = at(offset)?;
                let right = zone.stamp(earliest(&local));
                if right.offset() == offset {
                    return Ok(local);
                }
                Err(WhenError::new(
                    format!("{} was not at {offset} then", zone.name()),
                    format!(
                        "it was at {}; leave the one or the other out",
                        right.offset()
                    ),
                    self.range.clone(),
                ))
            }
        }
    }

    /// The moment as a stamp of this clock, and the name of its zone.
    fn show(&self, at: Instant) -> Result<(Stamp, String), WhenError> {
        let at = to_micros(at);
        let (stamp, name) = match &self.hands {
            Hands::Zone(zone) | Hands::Pinned(_, zone) => (zone.stamp(at), zone.name()),
            Hands::Called(_) => (self.now.zone.stamp(at), self.now.zone.name()),
            Hands::Fixed(offset, name) => (at.with_timezone(offset), *name),
        };
        let years = FIRST_YEAR..=LAST_YEAR;
        if !years.contains(&at.year()) || !years.contains(&stamp.naive_local().year()) {
            return Err(out_of_range(self.range.clone()));
        }
        Ok((stamp, name.to_owned()))
    }

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
        let past = self.latest(day, time, limit)?;
        match self.now.span {
            Some((start, end)) => self.within(day, time, seconds, (start, end), past),
            None => past
                .ok_or_else(|| out_of_range(self.range.clone()))
                .and_then(|local| one(local, |at| at <= limit, self)),
        }
    }

    /// The latest reading on such a day that is not after `limit`.
    fn latest(
        &self,
        day: Day,
        time: NaiveTime,
        limit: Instant,
    ) -> Result<Option<Local>, WhenError> {
        let mut days = LONGEST_WAIT;
        for date in self.local(limit).date().iter_days_back() {
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

    fn gap(&self, before: Stamp, after: Stamp) -> WhenError {
        let zone = match &self.hands {
            Hands::Zone(zone) => zone.name(),
            _ => self.now.zone.name(),
        };
        WhenError::new(
            format!(
                "there was no such time in {zone}: on {} its clocks went from {} to {}",
                before.format("%Y-%m-%d"),
                before.format("%H:%M"),
                after.format("%H:%M")
            ),
            format!(
                "write a time before {} or from {} on, or one with an offset",
                before.format("%H:%M"),
                after.format("%H:%M")
            ),
            self.range.clone(),
        )
    }

    fn fold(&self, earlier: Instant, later: Instant) -> WhenError {
        let zone = match &self.hands {
            Hands::Zone(zone) => *zone,
            _ => self.now.zone,
        };
        let said = |at: Instant| {
            let stamp = zone.stamp(at);
            let name = zone.abbreviation(at);
            let offset = stamp.offset().to_string();
            // A name that is only digits, or that another zone's times are read against, cannot be
            // typed.
            let typed = if zone == self.now.zone
                && zone.offset_called(&name, stamp.naive_local()).is_some()
            {
                name.clone()
            } else {
                offset.clone()
            };
            let shown = if name.starts_with(['+', '-']) {
                offset
            } else {
                format!("{name} ({offset})")
            };
            (shown, format!("{} {typed}", stamp.format("%Y-%m-%d %H:%M")))
        };
        let ((one, type_one), (two, type_two)) = (said(earlier), said(later));
        WhenError::new(
            format!(
                "clocks in {} showed that time twice on {}: in {one}, then in {two}",
                zone.name(),
                zone.stamp(earlier).format("%Y-%m-%d")
            ),
            format!("write `{type_one}` or `{type_two}`"),
            self.range.clone(),
        )
    }
}
