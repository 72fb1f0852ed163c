//! The clock that a moment was read from: what it shows when, and which moments a reading of it may
//! mean.

use super::{Against, Now, WhenError, place::Place, scan::Part};
use crate::domain::{
    time::{FIRST_YEAR, Instant, LAST_YEAR, Stamp, to_micros},
    zone::{Local, Zone},
};
use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDateTime, Utc};
use std::ops::Range;

pub(super) fn out_of_range(range: Range<usize>) -> WhenError {
    WhenError::new(
        format!("that is not between the years {FIRST_YEAR} and {LAST_YEAR}"),
        "check the year",
        range,
    )
}

/// The first moment that a reading may mean.
pub(super) fn earliest(local: &Local) -> Instant {
    match local {
        Local::One(at) | Local::Gap { before: at, .. } | Local::Fold { earlier: at, .. } => {
            at.with_timezone(&Utc)
        }
    }
}

/// The one moment of `local` that is `wanted`.
pub(super) fn one(
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
pub(super) struct Clock<'a> {
    hands: Hands<'a>,
    pub now: &'a Now<'a>,
    pub near: Option<Instant>,
    pub range: Range<usize>,
}

enum Hands<'a> {
    Zone(&'a Zone),
    Fixed(FixedOffset, &'static str),
    Pinned(FixedOffset, &'a Zone),
    Called(&'a str),
}

impl<'a> Clock<'a> {
    pub fn of(part: &'a Part<'_>, against: &Against<'a>) -> Self {
        let now = against.now;
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
            near: against.near,
            range: part.range.clone(),
        }
    }

    /// What it shows at `at`.
    pub fn local(&self, at: Instant) -> NaiveDateTime {
        match &self.hands {
            Hands::Zone(zone) => zone.stamp(at).naive_local(),
            Hands::Fixed(offset, _) | Hands::Pinned(offset, _) => {
                at.with_timezone(offset).naive_local()
            }
            Hands::Called(_) => self.now.zone.stamp(at).naive_local(),
        }
    }

    /// Which moments it may mean by `reading`.
    pub fn read(&self, reading: NaiveDateTime) -> Result<Local, WhenError> {
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
    pub fn show(&self, at: Instant) -> Result<(Stamp, String), WhenError> {
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
