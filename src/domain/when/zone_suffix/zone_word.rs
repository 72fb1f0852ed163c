//! Parses a zone that is a word or several: abbreviations, names, an offset in words.

use super::{
    names,
    offset::{is_used_west_of_utc, offset, utc_offset},
    parts::{Detail, ParsedZone, ZoneRules},
    words::{self, Spelling},
};
use crate::domain::{
    parse_error::ParseError,
    sanitize,
    when::{
        counted::is_counted,
        cursor::{Cursor, arrow_len, end_of_when},
        types::{read_doubt, truncate},
    },
    zone::{ZONE_AREAS, Zone},
};
use chrono::FixedOffset;
use std::ops::Range;

pub(super) fn is_zone_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '-')
}

/// Parses a word that names a zone.
pub(super) fn parse_zone_word<'t>(
    cursor: &mut Cursor<'t>,
    rules: &ZoneRules<'_, '_>,
    doubt: &mut Option<String>,
) -> Result<Option<ParsedZone<'t>>, ParseError> {
    let strict = rules.strict;
    let start = cursor.position;
    let word = cursor.take_word();
    let starts_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    // `05:50 PT/08:50 ET`
    let zone = names::parse_full_name(cursor, start, rules.context)
        .or_else(|| words::parse_us_time(cursor, word))
        .or_else(|| names::parse_city_time(cursor, start));
    if zone.is_some() {
        *doubt = words::australian_doubt(&cursor.text[start..cursor.position], rules.context);
        return Ok(zone);
    }
    let is_of_two = cursor
        .rest()
        .strip_prefix('/')
        .is_some_and(starts_with_digit);
    let spelling = Spelling::of(word);
    skip_name_of_utc(cursor, &spelling);
    if cursor.rest().starts_with(['/', '_']) && !is_of_two {
        return parse_zone_name(cursor, start, strict);
    }
    if spelling.is_utc()
        && let Some(offset) = parse_offset_of_utc(cursor, start, rules)?
    {
        if is_counted("", cursor.rest()) {
            *doubt = Some(read_doubt(&cursor.text[start..cursor.position], "a zone"));
        }
        return Ok(Some(ParsedZone::Offset(offset)));
    }
    let rest = cursor.rest();
    let at_end = is_of_two
        || rest.starts_with("..")
        || rest.starts_with('~')
        || arrow_len(rest).is_some()
        || rest.strip_prefix('-').is_some_and(starts_with_digit)
        || end_of_when(cursor.text, cursor.position).is_some();
    *doubt = names::place_doubt(&cursor.text[start..]);
    if doubt.is_some() {
        return Ok(None);
    }
    // `est.` is an estimate.
    if !at_end || word == "est" && rest.starts_with('.') {
        return Ok(None);
    }
    if spelling.is_utc() {
        *doubt = offset_in_words(cursor.rest()).map(|words| {
            format!("`{words}` after {word} was kept as text; an offset is written `{word}+2`")
        });
    }
    let is_of_program = rules.rfc || rules.detail == Detail::DateAndSeconds;
    if !is_of_program && spelling.is_of_london(rules.context) {
        return Ok(Some(ParsedZone::OfSeason {
            offset: utc_offset(),
            typed: word,
            place: "Europe/London",
        }));
    }
    if spelling.is_utc() || word == "UT" || word == "Z" || (strict && spelling.upper == "Z") {
        return Ok(Some(ParsedZone::Utc));
    }
    if spelling.upper == "ZULU" {
        *doubt = Some(read_doubt(word, "UTC"));
        return Ok(Some(ParsedZone::Utc));
    }
    let is_abbreviation = strict || spelling.is_abbreviation();
    if spelling.is_local(rules.context) {
        return Ok(Some(ParsedZone::Zone(rules.context.zone.clone())));
    }
    if is_abbreviation && rules.context.has_abbreviation(word) {
        return Ok(Some(ParsedZone::Abbreviation(word)));
    }
    // `13:50 ist die DB weg`
    if word == "ist" && rules.context.has_abbreviation("CET") && goes_on(rest) {
        *doubt = Some(format!(
            "`{word}` after the time was kept as text; the zone is written `IST`"
        ));
        return Ok(None);
    }
    if let Some(time) = spelling.us_time(strict) {
        *doubt = words::australian_doubt(word, rules.context);
        // `08:00 est revenu`, where the time has another name
        let is_before_word = rest
            .strip_prefix(' ')
            .is_some_and(|text| text.starts_with(char::is_alphanumeric));
        if is_before_word && spelling.is_word() && !rules.context.has_abbreviation(&spelling.upper)
        {
            *doubt = Some(read_doubt(word, &format!("the zone {}", spelling.upper)));
        }
        return Ok(Some(time));
    }
    if let Some(zone) = spelling.us_zone(strict) {
        // `13:50 CT scan`, where no such zone is near.
        if goes_on(rest) && !words::is_of_us(rules.context) {
            *doubt = Some(read_doubt(word, zone.name()));
        }
        return Ok(Some(ParsedZone::Zone(zone)));
    }
    if is_abbreviation && spelling.is_ambiguous() {
        return Err(unknown_abbreviation_error(word, start..cursor.position));
    }
    *doubt = match names::unknown_time(&cursor.text[start..]) {
        Some(name) => Some(format!(
            "`{name}` after the time was kept as text; a zone is written as an offset (+02:00) or by its name (Europe/Berlin)"
        )),
        None => spelling
            .doubt()
            .or_else(|| names::bare_city_doubt(&cursor.text[start..], rules.context)),
    };
    Ok(None)
}

/// Parses the offset of `UTC+2` and `UTC +02:00`, behind the `UTC` or `GMT` at byte `start`.
///
/// # Errors
/// If what follows a space may be an offset or a count: `UTC +2`.
fn parse_offset_of_utc(
    cursor: &mut Cursor<'_>,
    start: usize,
    rules: &ZoneRules<'_, '_>,
) -> Result<Option<FixedOffset>, ParseError> {
    let saved = *cursor;
    let has_space = cursor.skip_spaces();
    let sign = cursor.position;
    let digits = cursor.rest().trim_start_matches(['+', '-']);
    let is_span = |cursor: &Cursor<'_>, found: FixedOffset| {
        let ends_span = digits.find(':') == Some(2) && cursor.text[sign..].starts_with('-');
        let mut behind = *cursor;
        let has_zone = behind.skip_spaces() && Spelling::of(behind.take_word()).is_utc();
        ends_span && (has_zone || !is_used_west_of_utc(found))
    };
    let found = cursor
        .rest()
        .starts_with(['+', '-'])
        .then(|| offset(cursor, true, false))
        .flatten()
        // `09:30 UTC-10:30 UTC`
        .filter(|found| !is_span(cursor, *found));
    let Some(found) = found else {
        *cursor = saved;
        return Ok(None);
    };
    let typed = &cursor.text[sign..cursor.position];
    if !has_space || rules.strict || digits.starts_with('0') || typed.contains(':') {
        return Ok(Some(found));
    }
    let word = cursor.text[start..sign].trim_end();
    Err(ParseError::new(
        format!("`{typed}` after {word} may be an offset or the text"),
        format!("write `{word}{typed}` for the offset, or a backslash before it: `\\{typed}`"),
        sign..cursor.position,
    ))
}

/// True if a word follows in `rest`.
fn goes_on(rest: &str) -> bool {
    rest.strip_prefix(' ')
        .is_some_and(|text| text.starts_with(char::is_alphabetic))
}

fn is_utc_name(word: &str) -> bool {
    word == "Z" || Spelling::of(word).is_utc()
}

/// Skips the second name of `UTC/GMT`.
fn skip_name_of_utc(cursor: &mut Cursor<'_>, spelling: &Spelling<'_>) {
    let saved = *cursor;
    let is_second = spelling.is_utc() && cursor.eat('/') && is_utc_name(cursor.take_word());
    if !is_second || cursor.rest().starts_with('/') {
        *cursor = saved;
    }
}

/// Returns the `plus 1`, `+ 1` or `1` with which `rest` begins, behind `UTC`, if nothing is counted by it.
fn offset_in_words(rest: &str) -> Option<&str> {
    const MOST_HOURS: u8 = 14;
    let words = rest.trim_start();
    let number = ["plus ", "minus ", "+ "]
        .iter()
        .find_map(|sign| words.strip_prefix(sign))
        .unwrap_or(words);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let is_hours = number[..digits]
        .parse::<u8>()
        .is_ok_and(|n| n <= MOST_HOURS);
    let behind = &number[digits..];
    let is_whole = !behind
        .starts_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '%' | '/' | '-' | ':'));
    (is_hours && is_whole && !is_counted(&number[..digits], behind))
        .then(|| &words[..words.len() - number.len() + digits])
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
pub(in crate::domain::when) fn unknown_zone_error(
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
