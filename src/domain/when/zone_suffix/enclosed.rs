//! Parses a zone in brackets behind a time: `(UTC)`, `[Europe/Berlin]`.

use super::{
    names,
    offset::parse_spaced_offset,
    parts::{ParsedZone, ZoneRules},
    zone_word::{is_zone_name_char, parse_zone_word},
};
use crate::domain::{
    parse_error::ParseError,
    when::{cursor::Cursor, types::read_doubt},
    zone::Zone,
};
use chrono::FixedOffset;

/// Parses ` (UTC)`, ` [CET]`, ` (+02:00)`. What is in the brackets and not a zone is text.
pub(super) fn parse_enclosed_zone<'t>(
    cursor: &mut Cursor<'t>,
    rules: &ZoneRules<'_, '_>,
    doubt: &mut Option<String>,
) -> Result<Option<ParsedZone<'t>>, ParseError> {
    let Some(length) = cursor.rest().find([')', ']']) else {
        return Ok(None);
    };
    let close = cursor.position + length;
    let mut inside = Cursor::new(&cursor.text[..close], cursor.position + 1);
    // Of words that are not a zone, only a name alone may be meant as one.
    let mut inner_doubt = None;
    let zone = match inside.peek() {
        Some('+' | '-') => {
            let zone = parse_spaced_offset(&mut inside, true, rules.detail, &mut None)?;
            inner_doubt = length_doubt(&cursor.text[cursor.position..=close], zone);
            doubt.clone_from(&inner_doubt);
            zone.map(ParsedZone::Offset)
        }
        Some(c) if c.is_ascii_alphabetic() => {
            parse_zone_word(&mut inside, rules, &mut inner_doubt)?
        }
        _ => None,
    };
    // An estimate is mostly written `(est.)`.
    if zone.is_some() && inside.eat('.') && inside.text[..close].ends_with("(EST.") {
        *doubt = Some("`(EST.)` was read as the zone; an estimate is written `~13:50`".to_owned());
    }
    if zone.is_none() && doubt.is_none() {
        *doubt = inner_doubt
            .filter(|_| inside.position == close)
            .or_else(|| names::city_doubt(&cursor.text[cursor.position + 1..close], rules.context));
    }
    Ok(zone
        .filter(|_| inside.position == close)
        .inspect(|_| cursor.position = close + 1))
}

/// Returns what to say of `typed`, a signed number with the brackets around it behind a time, which may be a time since another:
/// `09:42 (+0:30)`. An offset has two digits for its hours.
fn length_doubt(typed: &str, read: Option<FixedOffset>) -> Option<String> {
    let number = typed.get(2..typed.len() - 1)?;
    if !number.bytes().all(|b| b.is_ascii_digit() || b == b':') {
        return None;
    }
    let hours = number.find(':').unwrap_or(number.len());
    match read {
        Some(_) if number.len() >= 4 && matches!(hours, 2 | 4) => None,
        Some(_) => Some(read_doubt(typed, "an offset from UTC")),
        None => number
            .contains(':')
            .then(|| format!("`{typed}` after the time was kept as text: no zone has that offset")),
    }
}

/// Parses `[America/New_York]` (RFC 9557).
pub(super) fn parse_bracketed_zone(
    cursor: &mut Cursor<'_>,
    start: usize,
) -> Result<Option<Zone>, ParseError> {
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
