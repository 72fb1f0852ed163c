//! Parses the zone after a time: offsets, abbreviations, zone names.

mod asides;
mod enclosed;
mod names;
mod offset;
mod parts;
mod words;
mod zone_word;

use super::cursor::Cursor;
use crate::domain::parse_error::ParseError;
use asides::next_day_mark;
pub(super) use asides::{ABOUT_WORDS, skip_estimate};
use enclosed::{parse_bracketed_zone, parse_enclosed_zone};
pub(super) use offset::is_attached_offset;
use offset::{offset, parse_spaced_offset, skip_utc, utc_offset};
pub(super) use parts::{Detail, ParsedZone, ZoneRules};
use words::Spelling;
pub(super) use words::{place_of_season, us_name_of_zone, zone_of_season};
use zone_word::parse_zone_word;
pub(super) use zone_word::unknown_zone_error;

/// True for `UTC`, `EST`, `CET` and the like, in upper case.
pub(crate) fn is_zone_abbreviation(word: &str) -> bool {
    Spelling::of(word).is_listed()
}

/// True for `MET` and the like, which are zones, and words or names of other things as well.
pub(crate) fn may_be_zone_abbreviation(word: &str) -> bool {
    words::ABBREVIATIONS_OR_WORDS.contains(&word)
}

/// Parses the zone after a moment. `doubt` is set to a sentence if what follows the moment may be a zone
/// or the text.
pub(super) fn parse_zone_suffix<'t>(
    cursor: &mut Cursor<'t>,
    rules: &ZoneRules<'_, '_>,
    doubt: &mut Option<String>,
) -> Result<Option<ParsedZone<'t>>, ParseError> {
    let ZoneRules {
        rfc,
        strict,
        detail,
        ..
    } = *rules;
    let saved = *cursor;
    let start = cursor.position;
    if matches!(cursor.peek(), Some('Z' | 'z')) {
        cursor.position += 1;
        return parse_bracketed_zone(cursor, start).map(|zone| {
            Some(zone.map_or(ParsedZone::Utc, |zone| {
                ParsedZone::OffsetInZone(utc_offset(), zone)
            }))
        });
    }
    let attached = match cursor.peek() {
        Some('+') => true,
        Some('-') => rfc,
        _ => false,
    };
    // `+2` directly behind a time is a count as often.
    let count = cursor.rest().strip_prefix('+').unwrap_or_default();
    let has_one_digit = count.bytes().take_while(u8::is_ascii_digit).count() == 1;
    let attached = attached && !(has_one_digit && !count[1..].starts_with(':') && !strict && !rfc);
    if attached && let Some(offset) = offset(cursor, true, rfc) {
        return parse_bracketed_zone(cursor, start).map(|zone| {
            Some(match zone {
                Some(zone) => ParsedZone::OffsetInZone(offset, zone),
                None => ParsedZone::Offset(offset),
            })
        });
    }
    if let Some(zone) = parse_bracketed_zone(cursor, start)? {
        return Ok(Some(ParsedZone::Zone(zone)));
    }
    let has_space = cursor.skip_spaces();
    let mark = next_day_mark(cursor.rest()).filter(|_| has_space);
    if let Some(mark) = mark {
        let mark = mark.trim_matches(['(', '[', ')', ']']);
        *doubt = Some(format!(
            "`{mark}` was kept as text; an offset is written `+01:00`, the next day with its date"
        ));
        *cursor = saved;
        return Ok(None);
    }
    let zone = match cursor.peek() {
        Some('+' | '-') if has_space => {
            parse_spaced_offset(cursor, strict, detail, doubt)?.map(ParsedZone::Offset)
        }
        Some('(' | '[') if has_space => parse_enclosed_zone(cursor, rules, doubt)?,
        Some(c) if c.is_ascii_alphabetic() && has_space => parse_zone_word(cursor, rules, doubt)?,
        Some('Z') if strict => Some(ParsedZone::Utc),
        _ => None,
    };
    if zone.is_none() {
        *cursor = saved;
    }
    if matches!(&zone, Some(ParsedZone::Offset(offset)) if offset.local_minus_utc() == 0) {
        skip_utc(cursor);
    }
    Ok(zone)
}
