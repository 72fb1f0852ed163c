//! Parses a zone that is stated for many times at once.

use super::{
    cursor::Cursor,
    normalize::Normalized,
    types::TimeContext,
    zone_suffix::{Detail, ParsedZone, ZoneRules, parse_zone_suffix, place_of_season},
};
use crate::domain::{parse_error::ParseError, zone::Zone};
use chrono::{FixedOffset, Offset as _};

/// Zones that are always at an offset that is not whole hours, in minutes.
const OTHER_OFFSETS: [(i32, &str); 7] = [
    (-570, "Pacific/Marquesas"),
    (270, "Asia/Kabul"),
    (330, "Asia/Kolkata"),
    (345, "Asia/Kathmandu"),
    (390, "Asia/Yangon"),
    (525, "Australia/Eucla"),
    (570, "Australia/Darwin"),
];

/// Parses `text`, all of which is a zone as it would be written behind a time: `UTC`, `PST`, `UTC+2`, `Europe/Berlin`;
/// that without its `Time`: `Pacific`; or the names of both seasons of one: `CET/CEST`. `None` if it is something else.
///
/// # Errors
/// `Some(Err)` if it is an abbreviation of several zones, or an offset that no zone always has.
pub(crate) fn parse_stated_zone(
    text: &str,
    context: &TimeContext<'_>,
) -> Option<Result<Zone, ParseError>> {
    let normalized = Normalized::new(text);
    if let Some(zone) = zone_of_both_seasons(normalized.text.trim(), context) {
        return Some(Ok(zone));
    }
    let text = format!(" {}", normalized.text.trim());
    parse_zone(&text, context).or_else(|| parse_zone(&format!("{text} Time"), context))
}

/// Returns the zone of `CET/CEST`, whose two names are those of its standard and its summer time.
fn zone_of_both_seasons(text: &str, context: &TimeContext<'_>) -> Option<Zone> {
    let (one, two) = text.split_once('/')?;
    let (first, second) = (place_of_season(one)?, place_of_season(two)?);
    if first.0 == second.0 || first.1 != second.1 {
        return None;
    }
    let local_now = context.zone.to_local(context.now).naive_local();
    let is_own = |name| {
        context
            .zone
            .offset_for_abbreviation(name, local_now)
            .is_some()
    };
    match is_own(one) && is_own(two) {
        true => Some(context.zone.clone()),
        false => Zone::find(first.1).ok(),
    }
}

/// Parses a zone behind a space.
fn parse_zone(text: &str, context: &TimeContext<'_>) -> Option<Result<Zone, ParseError>> {
    let mut cursor = Cursor::new(text, 0);
    let rules = ZoneRules {
        context,
        rfc: false,
        strict: true,
        detail: Detail::DateAndSeconds,
    };
    let parsed = match parse_zone_suffix(&mut cursor, &rules, &mut None) {
        Ok(parsed) => parsed.filter(|_| cursor.position == text.len())?,
        Err(error) => return Some(Err(error)),
    };
    Some(match parsed {
        ParsedZone::Utc => Ok(Zone::utc()),
        ParsedZone::Zone(zone) | ParsedZone::OffsetInZone(_, zone) => Ok(zone),
        ParsedZone::Offset(offset) | ParsedZone::OfSeason { offset, .. } => zone_at(offset, text),
        ParsedZone::Abbreviation(word) => {
            let local_now = context.zone.to_local(context.now).naive_local();
            let offset = context.zone.offset_for_abbreviation(word, local_now)?;
            // `IST` in India is the zone of the incident itself, and half an hour off any other.
            let own = context.zone.to_local(context.now).offset().fix();
            zone_at(offset, text).or_else(|error| match offset == own {
                true => Ok(context.zone.clone()),
                false => Err(error),
            })
        }
    })
}

/// Returns the zone that is always at `offset`.
fn zone_at(offset: FixedOffset, typed: &str) -> Result<Zone, ParseError> {
    let seconds = offset.local_minus_utc();
    let hours = seconds / 3600;
    if hours == 0 && seconds == 0 {
        return Ok(Zone::utc());
    }
    let whole = seconds % 3600 == 0;
    // The names have the sign reversed.
    let name = whole.then(|| format!("Etc/GMT{:+}", -hours));
    let other = || {
        let mut others = OTHER_OFFSETS.iter();
        let other = others.find(|(minutes, _)| minutes * 60 == seconds)?;
        Some(other.1.to_owned())
    };
    name.or_else(other)
        .and_then(|name| Zone::find(&name).ok())
        .ok_or_else(|| {
            ParseError::new(
                format!("`{}` cannot be stated for several times", typed.trim()),
                "write the offset behind each time, or the name of the zone, such as Asia/Kolkata",
                0..0,
            )
        })
}
