//! Parses a zone that is stated for many times at once.

use super::{
    cursor::Cursor,
    normalize::Normalized,
    types::TimeContext,
    zone_suffix::{Detail, ParsedZone, ZoneRules, parse_zone_suffix},
};
use crate::domain::{parse_error::ParseError, zone::Zone};
use chrono::{FixedOffset, Offset as _};

/// Parses `text`, all of which is a zone as it would be written behind a time: `UTC`, `PST`, `UTC+2`, `Europe/Berlin`;
/// or that without its `Time`: `Pacific`. `None` if it is something else.
///
/// # Errors
/// `Some(Err)` if it is an abbreviation of several zones, or an offset that is not whole hours.
pub(crate) fn parse_stated_zone(
    text: &str,
    context: &TimeContext<'_>,
) -> Option<Result<Zone, ParseError>> {
    let normalized = Normalized::new(text);
    let text = format!(" {}", normalized.text.trim());
    parse_zone(&text, context).or_else(|| parse_zone(&format!("{text} Time"), context))
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
    // The names have the sign reversed.
    let name = format!("Etc/GMT{:+}", -hours);
    (seconds % 3600 == 0)
        .then(|| Zone::find(&name).ok())
        .flatten()
        .ok_or_else(|| {
            ParseError::new(
                format!("`{}` cannot be stated for several times", typed.trim()),
                "write the offset behind each time, or the name of the zone, such as Asia/Kolkata",
                0..0,
            )
        })
}
