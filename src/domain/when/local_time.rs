//! Converts between local time (in a zone, at a fixed offset, or by abbreviation) and UTC,
//! including the gaps and folds of clock changes.

use super::{
    moment::ParsedTime,
    types::{ParseContext, TimeContext, truncate},
    zone_suffix::ParsedZone,
};
use crate::domain::{
    parse_error::ParseError,
    sanitize,
    time::{OffsetTime, UtcTime, is_in_range, to_micros},
    zone::{LocalTimeResult, Zone},
};
use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use std::ops::Range;

pub(super) fn out_of_range_error(typed: &str, range: Range<usize>) -> ParseError {
    ParseError::new(
        format!(
            "`{}` is not between 1970-01-01 and 9999-12-30 (in UTC)",
            sanitize::line(truncate(typed))
        ),
        "check the year",
        range,
    )
}

/// The earliest moment that a local time may mean.
pub(super) fn earliest(local: &LocalTimeResult) -> UtcTime {
    match local {
        LocalTimeResult::Unique(at)
        | LocalTimeResult::Gap { before: at, .. }
        | LocalTimeResult::Fold { earlier: at, .. } => at.with_timezone(&Utc),
    }
}

/// Returns the only moment of `local`; of the two in a fold, the one that is `wanted`.
///
/// # Errors
/// If the local time was skipped, or both or neither moment of a fold is wanted.
pub(super) fn select_unique(
    result: LocalTimeResult,
    wanted: impl Fn(UtcTime) -> bool,
    resolver: &LocalTimeResolver<'_>,
) -> Result<UtcTime, ParseError> {
    match result {
        LocalTimeResult::Unique(at) => Ok(at.with_timezone(&Utc)),
        LocalTimeResult::Gap { before, after } => Err(resolver.gap_error(before, after)),
        LocalTimeResult::Fold { earlier, later } => {
            let [earlier, later] = [earlier, later].map(|at| at.with_timezone(&Utc));
            match (wanted(earlier), wanted(later)) {
                (true, false) => Ok(earlier),
                (false, true) => Ok(later),
                _ => Err(resolver.fold_error(earlier, later)),
            }
        }
    }
}

/// Resolves local times in the zone of one parsed moment.
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
    pub fn new(parsed: &'a ParsedTime<'a>, parse_context: &ParseContext<'a>) -> Self {
        let context = parse_context.context;
        use chrono::Offset as _;
        Self {
            zone_spec: match &parsed.zone {
                None => ZoneSpec::Zone(context.zone),
                Some(ParsedZone::Zone(zone)) => ZoneSpec::Zone(zone),
                Some(ParsedZone::Offset(offset)) => ZoneSpec::Fixed(*offset, ""),
                // `GMT` in London.
                Some(ParsedZone::OfSeason { offset, .. }) if offset.local_minus_utc() == 0 => {
                    ZoneSpec::Fixed(*offset, "UTC")
                }
                Some(ParsedZone::OfSeason { offset, .. }) => ZoneSpec::Fixed(*offset, ""),
                Some(ParsedZone::Utc) => ZoneSpec::Fixed(Utc.fix(), "UTC"),
                Some(ParsedZone::OffsetInZone(offset, zone)) => {
                    ZoneSpec::OffsetInZone(*offset, zone)
                }
                Some(ParsedZone::Abbreviation(word)) => ZoneSpec::Abbreviation(word),
            },
            context,
            reference_time: parse_context.reference_time,
            typed: parsed.typed,
            range: parsed.range.clone(),
        }
    }

    pub fn to_local(&self, at: UtcTime) -> NaiveDateTime {
        match &self.zone_spec {
            ZoneSpec::Zone(zone) => zone.to_local(at).naive_local(),
            ZoneSpec::Fixed(offset, _) | ZoneSpec::OffsetInZone(offset, _) => {
                at.with_timezone(offset).naive_local()
            }
            ZoneSpec::Abbreviation(_) => self.context.zone.to_local(at).naive_local(),
        }
    }

    /// The moments that a local time may mean.
    ///
    /// # Errors
    /// If it is out of range, or the zone did not have the abbreviation or the offset that was
    /// typed.
    pub fn resolve(&self, local: NaiveDateTime) -> Result<LocalTimeResult, ParseError> {
        let at_offset = |offset: &FixedOffset| {
            local
                .checked_sub_offset(*offset)
                .map(|utc| DateTime::from_naive_utc_and_offset(utc, *offset))
                .map(LocalTimeResult::Unique)
                .ok_or_else(|| self.out_of_range_error())
        };
        match &self.zone_spec {
            ZoneSpec::Zone(zone) => Ok(zone.resolve(local)),
            ZoneSpec::Fixed(offset, _) => at_offset(offset),
            ZoneSpec::Abbreviation(word) => {
                match self.context.zone.offset_for_abbreviation(word, local) {
                    Some(offset) => at_offset(&offset),
                    None => Err(ParseError::new(
                        format!("{} was not called {word} then", self.context.zone.name()),
                        "write an offset, such as +02:00",
                        self.range.clone(),
                    )),
                }
            }
            ZoneSpec::OffsetInZone(offset, zone) => {
                let result = at_offset(offset)?;
                let actual = zone.to_local(earliest(&result));
                if actual.offset() == offset {
                    return Ok(result);
                }
                Err(ParseError::new(
                    format!("{} was not at {offset} then", zone.name()),
                    format!(
                        "it was at {}; leave the one or the other out",
                        actual.offset()
                    ),
                    self.range.clone(),
                ))
            }
        }
    }

    /// Returns `at` with its offset in this zone, and the name of the zone.
    pub fn to_offset_time(&self, at: UtcTime) -> Result<(OffsetTime, String), ParseError> {
        let at = to_micros(at);
        let (local, name) = match &self.zone_spec {
            ZoneSpec::Zone(zone) | ZoneSpec::OffsetInZone(_, zone) => {
                (zone.to_local(at), zone.name())
            }
            ZoneSpec::Abbreviation(_) => (self.context.zone.to_local(at), self.context.zone.name()),
            ZoneSpec::Fixed(offset, name) => (at.with_timezone(offset), *name),
        };
        if !is_in_range(at) {
            return Err(self.out_of_range_error());
        }
        Ok((local, name.to_owned()))
    }

    pub fn out_of_range_error(&self) -> ParseError {
        out_of_range_error(self.typed, self.range.clone())
    }

    fn gap_error(&self, before: OffsetTime, after: OffsetTime) -> ParseError {
        let zone = match &self.zone_spec {
            ZoneSpec::Zone(zone) => zone.name(),
            _ => self.context.zone.name(),
        };
        ParseError::new(
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

    fn fold_error(&self, earlier: UtcTime, later: UtcTime) -> ParseError {
        let zone = match &self.zone_spec {
            ZoneSpec::Zone(zone) => *zone,
            _ => self.context.zone,
        };
        let describe = |at: UtcTime| {
            let local = zone.to_local(at);
            let name = zone.abbreviation(at);
            let offset = local.offset().to_string();
            // A numeric abbreviation, or one of a zone that is not the incident's, cannot be typed.
            let typed = if zone == self.context.zone
                && zone
                    .offset_for_abbreviation(&name, local.naive_local())
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
            (shown, format!("{} {typed}", local.format("%Y-%m-%d %H:%M")))
        };
        let ((first, first_typed), (second, second_typed)) = (describe(earlier), describe(later));
        ParseError::new(
            format!(
                "clocks in {} showed that time twice on {}: in {first}, then in {second}",
                zone.name(),
                zone.to_local(earlier).format("%Y-%m-%d")
            ),
            format!("write `{first_typed}` or `{second_typed}`"),
            self.range.clone(),
        )
    }
}
