//! The clock that a moment was read from: what it shows when, and which moments a reading of it may
//! mean.

use super::{
    moment::ParsedTime,
    types::{ParseContext, TimeContext, WhenError, truncate},
    zone_suffix::ParsedZone,
};
use crate::domain::{
    sanitize,
    time::{OffsetTime, UtcTime, is_in_range, to_micros},
    zone::{LocalTimeResult, Zone},
};
use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use std::ops::Range;

pub(super) fn out_of_range_error(typed: &str, range: Range<usize>) -> WhenError {
    WhenError::new(
        format!(
            "`{}` is not between 1970-01-01 and 9999-12-30 (in UTC)",
            sanitize::line(truncate(typed))
        ),
        "check the year",
        range,
    )
}

/// The first moment that a reading may mean.
pub(super) fn earliest(local: &LocalTimeResult) -> UtcTime {
    match local {
        LocalTimeResult::Unique(at)
        | LocalTimeResult::Gap { before: at, .. }
        | LocalTimeResult::Fold { earlier: at, .. } => at.with_timezone(&Utc),
    }
}

/// The one moment of `local` that is `wanted`.
pub(super) fn select_unique(
    local: LocalTimeResult,
    wanted: impl Fn(UtcTime) -> bool,
    clock: &LocalTimeResolver<'_>,
) -> Result<UtcTime, WhenError> {
    match local {
        LocalTimeResult::Unique(at) => Ok(at.with_timezone(&Utc)),
        LocalTimeResult::Gap { before, after } => Err(clock.gap_error(before, after)),
        LocalTimeResult::Fold { earlier, later } => {
            let [earlier, later] = [earlier, later].map(|at| at.with_timezone(&Utc));
            match (wanted(earlier), wanted(later)) {
                (true, false) => Ok(earlier),
                (false, true) => Ok(later),
                _ => Err(clock.fold_error(earlier, later)),
            }
        }
    }
}

/// The clock that a moment was read from.
pub(super) struct LocalTimeResolver<'a> {
    zone_spec: ZoneSpec<'a>,
    pub context: &'a TimeContext<'a>,
    pub reference_time: Option<UtcTime>,
    typed: &'a str,
    pub range: Range<usize>,
}

enum ZoneSpec<'a> {
    Zone(&'a Zone),
    Fixed(FixedOffset, &'static str),
    OffsetInZone(FixedOffset, &'a Zone),
    Abbreviation(&'a str),
}

impl<'a> LocalTimeResolver<'a> {
    pub fn new(part: &'a ParsedTime<'a>, against: &ParseContext<'a>) -> Self {
        let now = against.context;
        use chrono::Offset as _;
        Self {
            zone_spec: match &part.zone {
                None => ZoneSpec::Zone(now.zone),
                Some(ParsedZone::Zone(zone)) => ZoneSpec::Zone(zone),
                Some(ParsedZone::Offset(offset)) => ZoneSpec::Fixed(*offset, ""),
                Some(ParsedZone::Utc) => ZoneSpec::Fixed(Utc.fix(), "UTC"),
                Some(ParsedZone::OffsetInZone(offset, zone)) => {
                    ZoneSpec::OffsetInZone(*offset, zone)
                }
                Some(ParsedZone::Abbreviation(word)) => ZoneSpec::Abbreviation(word),
            },
            context: now,
            reference_time: against.reference_time,
            typed: part.typed,
            range: part.range.clone(),
        }
    }

    /// What it shows at `at`.
    pub fn to_local(&self, at: UtcTime) -> NaiveDateTime {
        match &self.zone_spec {
            ZoneSpec::Zone(zone) => zone.to_local(at).naive_local(),
            ZoneSpec::Fixed(offset, _) | ZoneSpec::OffsetInZone(offset, _) => {
                at.with_timezone(offset).naive_local()
            }
            ZoneSpec::Abbreviation(_) => self.context.zone.to_local(at).naive_local(),
        }
    }

    /// Which moments it may mean by `reading`.
    pub fn resolve(&self, reading: NaiveDateTime) -> Result<LocalTimeResult, WhenError> {
        let at = |offset: &FixedOffset| {
            reading
                .checked_sub_offset(*offset)
                .map(|utc| DateTime::from_naive_utc_and_offset(utc, *offset))
                .map(LocalTimeResult::Unique)
                .ok_or_else(|| self.out_of_range_error())
        };
        match &self.zone_spec {
            ZoneSpec::Zone(zone) => Ok(zone.resolve(reading)),
            ZoneSpec::Fixed(offset, _) => at(offset),
            ZoneSpec::Abbreviation(word) => {
                match self.context.zone.offset_for_abbreviation(word, reading) {
                    Some(offset) => at(&offset),
                    None => Err(WhenError::new(
                        format!("{} was not called {word} then", self.context.zone.name()),
                        "write an offset, such as +02:00",
                        self.range.clone(),
                    )),
                }
            }
            ZoneSpec::OffsetInZone(offset, zone) => {
                let local = at(offset)?;
                let right = zone.to_local(earliest(&local));
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
    pub fn to_offset_time(&self, at: UtcTime) -> Result<(OffsetTime, String), WhenError> {
        let at = to_micros(at);
        let (stamp, name) = match &self.zone_spec {
            ZoneSpec::Zone(zone) | ZoneSpec::OffsetInZone(_, zone) => {
                (zone.to_local(at), zone.name())
            }
            ZoneSpec::Abbreviation(_) => (self.context.zone.to_local(at), self.context.zone.name()),
            ZoneSpec::Fixed(offset, name) => (at.with_timezone(offset), *name),
        };
        if !is_in_range(at) {
            return Err(self.out_of_range_error());
        }
        Ok((stamp, name.to_owned()))
    }

    pub fn out_of_range_error(&self) -> WhenError {
        out_of_range_error(self.typed, self.range.clone())
    }

    fn gap_error(&self, before: OffsetTime, after: OffsetTime) -> WhenError {
        let zone = match &self.zone_spec {
            ZoneSpec::Zone(zone) => zone.name(),
            _ => self.context.zone.name(),
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

    fn fold_error(&self, earlier: UtcTime, later: UtcTime) -> WhenError {
        let zone = match &self.zone_spec {
            ZoneSpec::Zone(zone) => *zone,
            _ => self.context.zone,
        };
        let said = |at: UtcTime| {
            let stamp = zone.to_local(at);
            let name = zone.abbreviation(at);
            let offset = stamp.offset().to_string();
            // A name that is only digits, or that another zone's times are read against, cannot be
            // typed.
            let typed = if zone == self.context.zone
                && zone
                    .offset_for_abbreviation(&name, stamp.naive_local())
                    .is_some()
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
                zone.to_local(earlier).format("%Y-%m-%d")
            ),
            format!("write `{type_one}` or `{type_two}`"),
            self.range.clone(),
        )
    }
}
