//! Parses the zone after a time: offsets, abbreviations, zone names.

mod offset;

use super::{
    cursor::{Cursor, end_of_when},
    types::{TimeContext, truncate},
};
use crate::domain::{parse_error::ParseError, sanitize, zone::Zone};
use chrono::FixedOffset;
pub(super) use offset::is_attached_offset;
use offset::{offset, parse_spaced_offset, skip_utc, utc_offset};
use std::ops::Range;

/// A zone as typed.
#[derive(Clone, Debug)]
pub(super) enum ParsedZone<'t> {
    /// A fixed offset from UTC.
    Offset(FixedOffset),
    Utc,
    Zone(Zone),
    /// A zone and the offset that it had.
    OffsetInZone(FixedOffset, Zone),
    /// An abbreviation that the incident's own zone uses.
    Abbreviation(&'t str),
}

/// Abbreviations with their meaning in the United States, in hours from UTC. Other abbreviations
/// have several meanings (IST is used by three countries) and are rejected.
pub(super) const US_ABBREVIATIONS: [(&str, i32); 12] = [
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
    ("AKST", -9),
    ("AKDT", -8),
    ("HST", -10),
    ("HDT", -9),
];

/// Abbreviations that do not distinguish standard time and daylight saving time.
const US_ZONE_ABBREVIATIONS: [(&str, &str); 4] = [
    ("ET", "America/New_York"),
    ("CT", "America/Chicago"),
    ("MT", "America/Denver"),
    ("PT", "America/Los_Angeles"),
];

/// Abbreviations that are rejected with an explanation even in a capture line, where other unknown
/// words are text. Those that are English words (CAT, EAT, WET) are left out.
const AMBIGUOUS_ABBREVIATIONS: [&str; 34] = [
    "ACDT", "ACST", "ADT", "AEDT", "AEST", "AST", "AWST", "BRT", "BST", "CEST", "CET", "EEST",
    "EET", "HKT", "ICT", "IDT", "IST", "JST", "KST", "MESZ", "MEZ", "MSK", "NDT", "NST", "NZDT",
    "NZST", "PHT", "PKT", "SAST", "SGT", "WAT", "WEST", "WIB", "WITA",
];

/// Areas of zone names: a word that begins with one and a `/` is never text.
const ZONE_AREAS: [&str; 10] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// Parses the zone after a moment. With `rfc`, an offset that begins with `-` may follow without a
/// space; with `strict`, no text can follow.
pub(super) fn parse_zone_suffix<'t>(
    cursor: &mut Cursor<'t>,
    context: &TimeContext<'_>,
    rfc: bool,
    strict: bool,
) -> Result<Option<ParsedZone<'t>>, ParseError> {
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
    let zone = match cursor.peek() {
        Some('+' | '-') if has_space => {
            parse_spaced_offset(cursor, strict)?.map(ParsedZone::Offset)
        }
        Some('(' | '[') if has_space => parse_enclosed_zone(cursor, context)?,
        Some(c) if c.is_ascii_alphabetic() && has_space => {
            parse_zone_word(cursor, context, strict)?
        }
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

/// Parses ` (UTC)`, ` [CET]`, ` (+02:00)`. What is in the brackets and not a zone is text.
fn parse_enclosed_zone<'t>(
    cursor: &mut Cursor<'t>,
    context: &TimeContext<'_>,
) -> Result<Option<ParsedZone<'t>>, ParseError> {
    let Some(length) = cursor.rest().find([')', ']']) else {
        return Ok(None);
    };
    let close = cursor.position + length;
    let mut inside = Cursor::new(&cursor.text[..close], cursor.position + 1);
    let zone = match inside.peek() {
        Some('+' | '-') => parse_spaced_offset(&mut inside, true)?.map(ParsedZone::Offset),
        Some(c) if c.is_ascii_alphabetic() => parse_zone_word(&mut inside, context, false)?,
        _ => None,
    };
    Ok(zone
        .filter(|_| inside.position == close)
        .inspect(|_| cursor.position = close + 1))
}

/// Parses `[America/New_York]` (RFC 9557).
fn parse_bracketed_zone(cursor: &mut Cursor<'_>, start: usize) -> Result<Option<Zone>, ParseError> {
    let saved = *cursor;
    if cursor.eat('[') {
        let name = cursor.take_while(is_zone_name_char);
        if !name.is_empty() && cursor.eat(']') {
            return match Zone::find(name) {
                Ok(zone) => Ok(Some(zone)),
                Err(error) => Err(ParseError::new(
                    error.to_string(),
                    error.hint(),
                    start..cursor.position,
                )),
            };
        }
    }
    *cursor = saved;
    Ok(None)
}

fn is_zone_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '-')
}

/// Parses a word that names a zone.
fn parse_zone_word<'t>(
    cursor: &mut Cursor<'t>,
    context: &TimeContext<'_>,
    strict: bool,
) -> Result<Option<ParsedZone<'t>>, ParseError> {
    let start = cursor.position;
    let word = cursor.take_word();
    if cursor.rest().starts_with(['/', '_']) {
        return parse_zone_name(cursor, start, strict);
    }
    let upper = word.to_ascii_uppercase();
    if matches!(&*upper, "UTC" | "GMT") && cursor.rest().starts_with(['+', '-']) {
        let saved = *cursor;
        if let Some(offset) = offset(cursor, true, false) {
            return Ok(Some(ParsedZone::Offset(offset)));
        }
        *cursor = saved;
    }
    let rest = cursor.rest();
    let starts_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let at_end = rest.starts_with("..")
        || rest.starts_with('~')
        || rest.strip_prefix('-').is_some_and(starts_with_digit)
        || end_of_when(cursor.text, cursor.position).is_some();
    if !at_end {
        return Ok(None);
    }
    let is_upper_case = word == upper;
    let accepted_case = is_upper_case || strict || word == word.to_ascii_lowercase();
    let local_now = context.zone.to_local(context.now).naive_local();
    if (is_upper_case || strict)
        && context
            .zone
            .offset_for_abbreviation(word, local_now)
            .is_some()
    {
        return Ok(Some(ParsedZone::Abbreviation(word)));
    }
    if accepted_case && matches!(&*upper, "UTC" | "GMT") || (strict && upper == "Z") {
        return Ok(Some(ParsedZone::Utc));
    }
    if let Some((_, hours)) = US_ABBREVIATIONS
        .iter()
        .find(|(name, _)| accepted_case && *name == upper)
    {
        return Ok(FixedOffset::east_opt(hours * 3600).map(ParsedZone::Offset));
    }
    if let Some((_, zone)) = US_ZONE_ABBREVIATIONS
        .iter()
        .find(|(name, _)| (is_upper_case || strict) && *name == upper)
    {
        return Ok(Zone::find(zone).ok().map(ParsedZone::Zone));
    }
    if (is_upper_case || strict) && AMBIGUOUS_ABBREVIATIONS.contains(&&*upper) {
        return Err(unknown_abbreviation_error(word, start..cursor.position));
    }
    Ok(None)
}

fn unknown_abbreviation_error(word: &str, range: Range<usize>) -> ParseError {
    ParseError::new(
        format!("`{word}` is not a time zone abbreviation that is known here"),
        "write an offset (+02:00) or a zone (Europe/Berlin); the incident's own abbreviations, the US ones and UTC are understood; where it is text, put a backslash before it",
        range,
    )
}

/// Parses a name such as `Europe/Berlin`. Something like `read/write` is text unless `strict`.
fn parse_zone_name<'t>(
    cursor: &mut Cursor<'t>,
    start: usize,
    strict: bool,
) -> Result<Option<ParsedZone<'t>>, ParseError> {
    let mut name = cursor.take_while(is_zone_name_char);
    // A dash at the end, or before the other end of a span, is not part of the name.
    let taken = &cursor.text[start..cursor.position];
    if let Some(dash) = taken.rfind('-')
        && (dash + 1 == taken.len() || taken[dash + 1..].starts_with(|c: char| c.is_ascii_digit()))
        && !taken.starts_with("Etc/")
    {
        cursor.position = start + dash;
    }
    name = if name.is_empty() {
        name
    } else {
        &cursor.text[start..cursor.position]
    };
    match Zone::find(name) {
        Ok(zone) => Ok(Some(ParsedZone::Zone(zone))),
        Err(error) => {
            let area = name.split('/').next().unwrap_or_default();
            let city = name.split('/').nth(1).unwrap_or_default();
            let looks_like_zone =
                ZONE_AREAS.contains(&area) && city.starts_with(|c: char| c.is_ascii_uppercase());
            if !(strict || looks_like_zone) {
                return Ok(None);
            }
            let hint = format!(
                "{}; where it is text, put a backslash before it",
                error.hint()
            );
            Err(ParseError::new(
                error.to_string(),
                hint,
                start..cursor.position,
            ))
        }
    }
}

/// Returns an error about the unknown zone `rest`, the text after a time.
///
/// # Errors
/// Returns `range` if `rest` does not look like a zone.
pub(super) fn unknown_zone_error(
    rest: &str,
    range: Range<usize>,
) -> Result<ParseError, Range<usize>> {
    if rest.len() > 60
        || !rest.starts_with(|c: char| c.is_ascii_alphabetic())
        || !rest.chars().all(is_zone_name_char)
    {
        return Err(range);
    }
    if rest.len() <= 5 && rest.chars().all(|c| c.is_ascii_alphabetic()) {
        return Ok(unknown_abbreviation_error(rest, range));
    }
    match Zone::find(rest) {
        Err(error) => Ok(ParseError::new(error.to_string(), error.hint(), range)),
        Ok(_) => Ok(ParseError::new(
            format!(
                "`{}` names a zone that has to be written in brackets",
                sanitize::line(truncate(rest))
            ),
            format!("[{rest}]"),
            range,
        )),
    }
}
