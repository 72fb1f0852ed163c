//! Where a clock stands: offsets, abbreviations, names of zones.

use super::{Now, WhenError, clip, scan::Scan};
use crate::domain::{safe, zone::Zone};
use chrono::{FixedOffset, NaiveTime};
use std::ops::Range;

/// Whose clock it was.
#[derive(Clone, Debug)]
pub(super) enum Place<'t> {
    /// One so far from UTC.
    Offset(FixedOffset),
    /// One in UTC.
    Utc,
    /// One in a zone.
    Zone(Zone),
    /// One in a zone, so far from UTC.
    Pinned(FixedOffset, Zone),
    /// One in the zone of the incident, at the offset that the zone calls so.
    Called(&'t str),
}

/// Abbreviations that are taken for what the United States mean by them, in hours from UTC. Others
/// mean several things each (IST is three countries' time), and are refused.
pub(super) const AMERICAN: [(&str, i32); 12] = [
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
const AMERICAN_EITHER: [(&str, &str); 4] = [
    ("ET", "America/New_York"),
    ("CT", "America/Chicago"),
    ("MT", "America/Denver"),
    ("PT", "America/Los_Angeles"),
];

/// Abbreviations that are refused with a word about it, even at the beginning of a line, where an
/// unknown word is text. Those that are words of their own (CAT, EAT, WET) are missing.
const REFUSED: [&str; 34] = [
    "ACDT", "ACST", "ADT", "AEDT", "AEST", "AST", "AWST", "BRT", "BST", "CEST", "CET", "EEST",
    "EET", "HKT", "ICT", "IDT", "IST", "JST", "KST", "MESZ", "MEZ", "MSK", "NDT", "NST", "NZDT",
    "NZST", "PHT", "PKT", "SAST", "SGT", "WAT", "WEST", "WIB", "WITA",
];

/// The first halves of names that are never read as text.
const CONTINENTS: [&str; 10] = [
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
pub(super) fn scan<'t>(
    scan: &mut Scan<'t>,
    now: &Now<'_>,
    rfc: bool,
    strict: bool,
) -> Result<Option<Place<'t>>, WhenError> {
    let back = *scan;
    let start = scan.at;
    if matches!(scan.peek(), Some('Z' | 'z')) {
        scan.at += 1;
        return bracket(scan, start)
            .map(|zone| Some(zone.map_or(Place::Utc, |zone| Place::Pinned(utc(), zone))));
    }
    let glued = match scan.peek() {
        Some('+') => true,
        Some('-' | '−') => rfc,
        _ => false,
    };
    if glued && let Some(offset) = offset(scan, true, rfc) {
        return bracket(scan, start).map(|zone| {
            Some(match zone {
                Some(zone) => Place::Pinned(offset, zone),
                None => Place::Offset(offset),
            })
        });
    }
    if let Some(zone) = bracket(scan, start)? {
        return Ok(Some(Place::Zone(zone)));
    }
    let spaced = scan.spaces();
    let found = match scan.peek() {
        Some('+' | '-' | '−') if spaced => far(scan, strict)?,
        Some(c) if c.is_ascii_alphabetic() && spaced => named(scan, now, strict)?,
        Some('Z') if strict => Some(Place::Utc),
        _ => None,
    };
    if found.is_none() {
        *scan = back;
    }
    Ok(found)
}

fn utc() -> FixedOffset {
    use chrono::Offset as _;
    chrono::Utc.fix()
}

/// ` +02:00`, with a space before it.
fn far<'t>(scan: &mut Scan<'_>, strict: bool) -> Result<Option<Place<'t>>, WhenError> {
    let start = scan.at;
    let Some(offset) = offset(scan, strict, false) else {
        // Not an offset that a clock has; `-10:20` behind a time was most likely a span.
        let mut probe = *scan;
        probe.run(|c| matches!(c, '+' | '-' | '−'));
        let shape =
            probe.digits(2..=2).is_some() && probe.eat(':') && probe.digits(2..=2).is_some();
        if shape && probe.peek().is_none_or(char::is_whitespace) {
            let shown = &scan.text[start..probe.at];
            return Err(WhenError::new(
                format!("`{shown}` is no offset from UTC"),
                "offsets go from -12:00 to +14:00; a span is written without a space: 10:06-10:20",
                start..probe.at,
            ));
        }
        return Ok(None);
    };
    Ok(Some(Place::Offset(offset)))
}

/// A sign and `HH:MM`; `HHMM` and `HH` too where they are `loose`; any number of minutes where
/// `odd`, as RFC 3339 allows, else such as clocks have.
fn offset(scan: &mut Scan<'_>, loose: bool, odd: bool) -> Option<FixedOffset> {
    let back = *scan;
    let east = scan.peek() == Some('+');
    scan.run(|c| matches!(c, '+' | '-' | '−'));
    let signs = &scan.text[back.at..scan.at];
    let mut read = || {
        (signs.chars().count() == 1).then_some(())?;
        let run = scan.run(|c| c.is_ascii_digit());
        let (hours, minutes) = match (run.len(), scan.peek()) {
            (1 | 2, Some(':')) => {
                scan.at += 1;
                (run.parse::<i32>().ok()?, scan.digits(2..=2)?)
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
pub(super) fn database_offset(
    behind: &Scan<'_>,
    start: usize,
    time: NaiveTime,
) -> Result<bool, WhenError> {
    let mut scan = *behind;
    if scan.peek() != Some('-') || offset(&mut scan, false, false).is_none() {
        return Ok(false);
    }
    let end = &behind.text[behind.at + 1..scan.at];
    let as_span = NaiveTime::parse_from_str(end, "%H:%M").is_ok_and(|end| end >= time);
    if as_span {
        return Err(WhenError::new(
            format!("`-{end}` may be an offset or the end of a span"),
            format!("write a space before an offset (` -{end}`), or `..` in a span (`..{end}`)"),
            start..scan.at,
        ));
    }
    Ok(true)
}

/// `[America/New_York]`, as RFC 9557 writes it.
fn bracket(scan: &mut Scan<'_>, start: usize) -> Result<Option<Zone>, WhenError> {
    let back = *scan;
    if scan.eat('[') {
        let name = scan.run(is_of_a_name);
        if !name.is_empty() && scan.eat(']') {
            return match Zone::find(name) {
                Ok(zone) => Ok(Some(zone)),
                Err(error) => Err(WhenError::new(
                    error.to_string(),
                    error.hint(),
                    start..scan.at,
                )),
            };
        }
    }
    *scan = back;
    Ok(None)
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+' | '-')
}

/// A word that names a zone.
fn named<'t>(
    scan: &mut Scan<'t>,
    now: &Now<'_>,
    strict: bool,
) -> Result<Option<Place<'t>>, WhenError> {
    let start = scan.at;
    let word = scan.word();
    if scan.rest().starts_with(['/', '_']) {
        return slashed(scan, start, strict);
    }
    let upper = word.to_ascii_uppercase();
    if matches!(&*upper, "UTC" | "GMT") && scan.rest().starts_with(['+', '-', '−']) {
        let back = *scan;
        if let Some(offset) = offset(scan, true, false) {
            return Ok(Some(Place::Offset(offset)));
        }
        *scan = back;
    }
    let behind = scan.rest();
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let ends = behind.starts_with("..")
        || behind.starts_with('~')
        || behind.strip_prefix('-').is_some_and(digit)
        || super::scan::boundary(scan.text, scan.at).is_some();
    if !ends {
        return Ok(None);
    }
    let shouted = word == upper;
    let said = shouted || strict || word == word.to_ascii_lowercase();
    let reading = now.zone.stamp(now.now).naive_local();
    if (shouted || strict) && now.zone.offset_called(word, reading).is_some() {
        return Ok(Some(Place::Called(word)));
    }
    if said && matches!(&*upper, "UTC" | "GMT") || (strict && upper == "Z") {
        return Ok(Some(Place::Utc));
    }
    if let Some((_, hours)) = AMERICAN.iter().find(|(name, _)| said && *name == upper) {
        return Ok(FixedOffset::east_opt(hours * 3600).map(Place::Offset));
    }
    if let Some((_, zone)) = AMERICAN_EITHER
        .iter()
        .find(|(name, _)| (shouted || strict) && *name == upper)
    {
        return Ok(Zone::find(zone).ok().map(Place::Zone));
    }
    if (shouted || strict) && REFUSED.contains(&&*upper) {
        return Err(refused(word, start..scan.at));
    }
    Ok(None)
}

fn refused(word: &str, range: Range<usize>) -> WhenError {
    WhenError::new(
        format!("`{word}` is not an abbreviation that is understood here"),
        "write an offset (+02:00) or a zone (Europe/Berlin); the incident's own abbreviations, the US ones and UTC are understood; where it is text, put a backslash before it",
        range,
    )
}

/// `Europe/Berlin`; text such as `read/write` where nothing says that it is a zone.
fn slashed<'t>(
    scan: &mut Scan<'t>,
    start: usize,
    strict: bool,
) -> Result<Option<Place<'t>>, WhenError> {
    let mut name = scan.run(is_of_a_name);
    // A dash at the end, or one before the other end of a span, is none of the name.
    let whole = &scan.text[start..scan.at];
    if let Some(dash) = whole.rfind('-')
        && (dash + 1 == whole.len() || whole[dash + 1..].starts_with(|c: char| c.is_ascii_digit()))
        && !whole.starts_with("Etc/")
    {
        scan.at = start + dash;
    }
    name = if name.is_empty() {
        name
    } else {
        &scan.text[start..scan.at]
    };
    match Zone::find(name) {
        Ok(zone) => Ok(Some(Place::Zone(zone))),
        Err(error) => {
            let area = name.split('/').next().unwrap_or_default();
            let city = name.split('/').nth(1).unwrap_or_default();
            let meant =
                CONTINENTS.contains(&area) && city.starts_with(|c: char| c.is_ascii_uppercase());
            if !(strict || meant) {
                return Ok(None);
            }
            let hint = format!(
                "{}; where it is text, put a backslash before it",
                error.hint()
            );
            Err(WhenError::new(error.to_string(), hint, start..scan.at))
        }
    }
}

/// The error about `rest`, which stands where a place could, if it looks like one.
///
/// # Errors
/// `range` where it does not.
pub(super) fn unknown(rest: &str, range: Range<usize>) -> Result<WhenError, Range<usize>> {
    if rest.len() > 60
        || !rest.starts_with(|c: char| c.is_ascii_alphabetic())
        || !rest.chars().all(is_of_a_name)
    {
        return Err(range);
    }
    if rest.len() <= 5 && rest.chars().all(|c| c.is_ascii_alphabetic()) {
        return Ok(refused(rest, range));
    }
    match Zone::find(rest) {
        Err(error) => Ok(WhenError::new(error.to_string(), error.hint(), range)),
        Ok(_) => Ok(WhenError::new(
            format!(
                "`{}` names a zone that has to be written in brackets",
                safe::line(clip(rest))
            ),
            format!("[{rest}]"),
            range,
        )),
    }
}
