//! Where a clock stands: offsets, abbreviations, names of zones.

use super::{
    cursor::{Cursor, end_of_when},
    types::{TimeContext, WhenError, truncate},
};
use crate::domain::{sanitize, zone::Zone};
use chrono::{FixedOffset, NaiveTime};
use std::ops::Range;

/// Whose clock it was.
#[derive(Clone, Debug)]
pub(super) enum ParsedZone<'t> {
    /// One so far from UTC.
    Offset(FixedOffset),
    /// One in UTC.
    Utc,
    /// One in a zone.
    Zone(Zone),
    /// One in a zone, so far from UTC.
    OffsetInZone(FixedOffset, Zone),
    /// One in the zone of the incident, at the offset that the zone calls so.
    Abbreviation(&'t str),
}

/// Abbreviations that are taken for what the United States mean by them, in hours from UTC. Others
/// mean several things each (IST is three countries' time), and are refused.
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

/// What people say for whichever of the two holds.
const US_ZONE_ABBREVIATIONS: [(&str, &str); 4] = [
    ("ET", "America/New_York"),
    ("CT", "America/Chicago"),
    ("MT", "America/Denver"),
    ("PT", "America/Los_Angeles"),
];

/// Abbreviations that are refused with a word about it, even at the beginning of a line, where an
/// unknown word is text. Those that are words of their own (CAT, EAT, WET) are missing.
const AMBIGUOUS_ABBREVIATIONS: [&str; 34] = [
    "ACDT", "ACST", "ADT", "AEDT", "AEST", "AST", "AWST", "BRT", "BST", "CEST", "CET", "EEST",
    "EET", "HKT", "ICT", "IDT", "IST", "JST", "KST", "MESZ", "MEZ", "MSK", "NDT", "NST", "NZDT",
    "NZST", "PHT", "PKT", "SAST", "SGT", "WAT", "WEST", "WIB", "WITA",
];

/// The first halves of names that are never read as text.
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

/// The place behind a moment. `rfc` where an offset may follow without a space though it begins with
/// `-`; `strict` where no text can follow.
pub(super) fn parse_zone_suffix<'t>(
    scan: &mut Cursor<'t>,
    now: &TimeContext<'_>,
    rfc: bool,
    strict: bool,
) -> Result<Option<ParsedZone<'t>>, WhenError> {
    let back = *scan;
    let start = scan.position;
    if matches!(scan.peek(), Some('Z' | 'z')) {
        scan.position += 1;
        return parse_bracketed_zone(scan, start).map(|zone| {
            Some(zone.map_or(ParsedZone::Utc, |zone| {
                ParsedZone::OffsetInZone(utc_offset(), zone)
            }))
        });
    }
    let glued = match scan.peek() {
        Some('+') => true,
        Some('-' | '−') => rfc,
        _ => false,
    };
    if glued && let Some(offset) = offset(scan, true, rfc) {
        return parse_bracketed_zone(scan, start).map(|zone| {
            Some(match zone {
                Some(zone) => ParsedZone::OffsetInZone(offset, zone),
                None => ParsedZone::Offset(offset),
            })
        });
    }
    if let Some(zone) = parse_bracketed_zone(scan, start)? {
        return Ok(Some(ParsedZone::Zone(zone)));
    }
    let spaced = scan.skip_spaces();
    let found = match scan.peek() {
        Some('+' | '-' | '−') if spaced => parse_spaced_offset(scan, strict)?,
        Some(c) if c.is_ascii_alphabetic() && spaced => parse_zone_word(scan, now, strict)?,
        Some('Z') if strict => Some(ParsedZone::Utc),
        _ => None,
    };
    if found.is_none() {
        *scan = back;
    }
    Ok(found)
}

fn utc_offset() -> FixedOffset {
    use chrono::Offset as _;
    chrono::Utc.fix()
}

/// ` +02:00`, with a space before it.
fn parse_spaced_offset<'t>(
    scan: &mut Cursor<'_>,
    strict: bool,
) -> Result<Option<ParsedZone<'t>>, WhenError> {
    let start = scan.position;
    // No number of things begins with a 0: `-0500` can only be an offset.
    let digits = scan.rest().trim_start_matches(['+', '-', '−']);
    let zero =
        digits.starts_with('0') && digits.chars().take_while(char::is_ascii_digit).count() == 4;
    let Some(offset) = offset(scan, strict || zero, false) else {
        // Not an offset that a clock has; `-10:20` behind a time was most likely a span.
        let mut probe = *scan;
        probe.take_while(|c| matches!(c, '+' | '-' | '−'));
        let shape = probe.take_digits(2..=2).is_some()
            && probe.eat(':')
            && probe.take_digits(2..=2).is_some();
        if shape && probe.peek().is_none_or(char::is_whitespace) {
            let shown = &scan.text[start..probe.position];
            return Err(WhenError::new(
                format!("`{shown}` is no offset from UTC"),
                "offsets go from -12:00 to +14:00; a span is written without a space: 10:06-10:20",
                start..probe.position,
            ));
        }
        return Ok(None);
    };
    Ok(Some(ParsedZone::Offset(offset)))
}

/// A sign and `HH:MM`; `HHMM` and `HH` too where they are `loose`; any number of minutes where
/// `odd`, as RFC 3339 allows, else such as clocks have.
fn offset(scan: &mut Cursor<'_>, loose: bool, odd: bool) -> Option<FixedOffset> {
    let back = *scan;
    let east = scan.peek() == Some('+');
    scan.take_while(|c| matches!(c, '+' | '-' | '−'));
    let signs = &scan.text[back.position..scan.position];
    let mut read = || {
        (signs.chars().count() == 1).then_some(())?;
        let run = scan.take_while(|c| c.is_ascii_digit());
        let (hours, minutes) = match (run.len(), scan.peek()) {
            (1 | 2, Some(':')) => {
                scan.position += 1;
                (run.parse::<i32>().ok()?, scan.take_digits(2..=2)?)
            }
            (1 | 2, _) if loose => (run.parse().ok()?, 0),
            (4, _) if loose => (run[..2].parse().ok()?, run[2..].parse().ok()?),
            _ => return None,
        };
        let minutes = i32::try_from(minutes).ok().filter(|m| *m < 60)?;
        let total = (hours * 60 + minutes) * if east { 1 } else { -1 };
        let real = total % 15 == 0 && (-12 * 60..=14 * 60).contains(&total);
        let behind = scan.rest();
        let ends = behind.chars().next().is_none_or(|c| {
            !(c.is_alphanumeric()
                || c == ':' && behind[1..].starts_with(|c: char| c.is_ascii_digit()))
        });
        if !ends || !(odd || real) {
            return None;
        }
        FixedOffset::east_opt(total * 60)
    };
    let found = read();
    if found.is_none() {
        *scan = back;
    }
    found
}

/// True where `10:06:00` is followed by `-04:00` as its offset: a span to that time would end before
/// it begins.
///
/// # Errors
/// Where it could be either.
pub(super) fn is_attached_offset(
    behind: &Cursor<'_>,
    start: usize,
    time: NaiveTime,
) -> Result<bool, WhenError> {
    let mut scan = *behind;
    if scan.peek() != Some('-') || offset(&mut scan, false, false).is_none() {
        return Ok(false);
    }
    let end = &behind.text[behind.position + 1..scan.position];
    let as_span = NaiveTime::parse_from_str(end, "%H:%M").is_ok_and(|end| end >= time);
    if as_span {
        return Err(WhenError::new(
            format!("`-{end}` may be an offset or the end of a span"),
            format!("write a space before an offset (` -{end}`), or `..` in a span (`..{end}`)"),
            start..scan.position,
        ));
    }
    Ok(true)
}

/// `[America/New_York]`, as RFC 9557 writes it.
fn parse_bracketed_zone(scan: &mut Cursor<'_>, start: usize) -> Result<Option<Zone>, WhenError> {
    let back = *scan;
    if scan.eat('[') {
        let name = scan.take_while(is_zone_name_char);
        if !name.is_empty() && scan.eat(']') {
            return match Zone::find(name) {
                Ok(zone) => Ok(Some(zone)),
                Err(error) => Err(WhenError::new(
                    error.to_string(),
                    error.hint(),
                    start..scan.position,
                )),
            };
        }
    }
    *scan = back;
    Ok(None)
}

fn is_zone_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '-')
}

/// A word that names a zone.
fn parse_zone_word<'t>(
    scan: &mut Cursor<'t>,
    now: &TimeContext<'_>,
    strict: bool,
) -> Result<Option<ParsedZone<'t>>, WhenError> {
    let start = scan.position;
    let word = scan.take_word();
    if scan.rest().starts_with(['/', '_']) {
        return parse_zone_name(scan, start, strict);
    }
    let upper = word.to_ascii_uppercase();
    if matches!(&*upper, "UTC" | "GMT") && scan.rest().starts_with(['+', '-', '−']) {
        let back = *scan;
        if let Some(offset) = offset(scan, true, false) {
            return Ok(Some(ParsedZone::Offset(offset)));
        }
        *scan = back;
    }
    let behind = scan.rest();
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let ends = behind.starts_with("..")
        || behind.starts_with('~')
        || behind.strip_prefix('-').is_some_and(digit)
        || end_of_when(scan.text, scan.position).is_some();
    if !ends {
        return Ok(None);
    }
    let shouted = word == upper;
    let said = shouted || strict || word == word.to_ascii_lowercase();
    let reading = now.zone.to_local(now.now).naive_local();
    if (shouted || strict) && now.zone.offset_for_abbreviation(word, reading).is_some() {
        return Ok(Some(ParsedZone::Abbreviation(word)));
    }
    if said && matches!(&*upper, "UTC" | "GMT") || (strict && upper == "Z") {
        return Ok(Some(ParsedZone::Utc));
    }
    if let Some((_, hours)) = US_ABBREVIATIONS
        .iter()
        .find(|(name, _)| said && *name == upper)
    {
        return Ok(FixedOffset::east_opt(hours * 3600).map(ParsedZone::Offset));
    }
    if let Some((_, zone)) = US_ZONE_ABBREVIATIONS
        .iter()
        .find(|(name, _)| (shouted || strict) && *name == upper)
    {
        return Ok(Zone::find(zone).ok().map(ParsedZone::Zone));
    }
    if (shouted || strict) && AMBIGUOUS_ABBREVIATIONS.contains(&&*upper) {
        return Err(unknown_abbreviation_error(word, start..scan.position));
    }
    Ok(None)
}

fn unknown_abbreviation_error(word: &str, range: Range<usize>) -> WhenError {
    WhenError::new(
        format!("`{word}` is not an abbreviation that is understood here"),
        "write an offset (+02:00) or a zone (Europe/Berlin); the incident's own abbreviations, the US ones and UTC are understood; where it is text, put a backslash before it",
        range,
    )
}

/// `Europe/Berlin`; text such as `read/write` where nothing says that it is a zone.
fn parse_zone_name<'t>(
    scan: &mut Cursor<'t>,
    start: usize,
    strict: bool,
) -> Result<Option<ParsedZone<'t>>, WhenError> {
    let mut name = scan.take_while(is_zone_name_char);
    // A dash at the end, or one before the other end of a span, is none of the name.
    let whole = &scan.text[start..scan.position];
    if let Some(dash) = whole.rfind('-')
        && (dash + 1 == whole.len() || whole[dash + 1..].starts_with(|c: char| c.is_ascii_digit()))
        && !whole.starts_with("Etc/")
    {
        scan.position = start + dash;
    }
    name = if name.is_empty() {
        name
    } else {
        &scan.text[start..scan.position]
    };
    match Zone::find(name) {
        Ok(zone) => Ok(Some(ParsedZone::Zone(zone))),
        Err(error) => {
            let area = name.split('/').next().unwrap_or_default();
            let city = name.split('/').nth(1).unwrap_or_default();
            let meant =
                ZONE_AREAS.contains(&area) && city.starts_with(|c: char| c.is_ascii_uppercase());
            if !(strict || meant) {
                return Ok(None);
            }
            let hint = format!(
                "{}; where it is text, put a backslash before it",
                error.hint()
            );
            Err(WhenError::new(
                error.to_string(),
                hint,
                start..scan.position,
            ))
        }
    }
}

/// The error about `rest`, which stands where a place could, if it looks like one.
///
/// # Errors
/// `range` where it does not.
pub(super) fn unknown_zone_error(
    rest: &str,
    range: Range<usize>,
) -> Result<WhenError, Range<usize>> {
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
        Err(error) => Ok(WhenError::new(error.to_string(), error.hint(), range)),
        Ok(_) => Ok(WhenError::new(
            format!(
                "`{}` names a zone that has to be written in brackets",
                sanitize::line(truncate(rest))
            ),
            format!("[{rest}]"),
            range,
        )),
    }
}
