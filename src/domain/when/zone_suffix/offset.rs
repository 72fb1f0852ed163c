//! Parses an offset from UTC, such as `+02:00` and `-0500`.

use super::parts::Detail;
use crate::domain::{
    parse_error::ParseError,
    when::{
        counted::is_counted,
        cursor::{Cursor, end_of_when},
        time_of_day::{TimeOfDay, meridiem},
        types::read_doubt,
    },
};
use chrono::{FixedOffset, NaiveTime};

/// Offsets that are or were in use and are not whole hours, in minutes.
const PARTS_OF_HOURS: [i32; 16] = [
    -570, -270, -210, -150, 210, 270, 330, 345, 390, 510, 525, 570, 630, 690, 765, 825,
];

/// Skips the name that Go writes after an offset: `+0000 UTC`.
pub(super) fn skip_utc(cursor: &mut Cursor<'_>) {
    let saved = *cursor;
    let is_utc = cursor.skip_spaces() && cursor.take_word() == "UTC";
    if !is_utc || end_of_when(cursor.text, cursor.position).is_none() {
        *cursor = saved;
    }
}

pub(super) fn utc_offset() -> FixedOffset {
    use chrono::Offset as _;
    chrono::Utc.fix()
}

/// Parses ` +02:00`, after a space. Without a colon, what follows a date and seconds is an offset, and so is
/// `-0500`, since a count does not begin with 0; other numbers may be the text: `doubt` then says how it was
/// taken.
pub(super) fn parse_spaced_offset(
    cursor: &mut Cursor<'_>,
    strict: bool,
    detail: Detail,
    doubt: &mut Option<String>,
) -> Result<Option<FixedOffset>, ParseError> {
    let start = cursor.position;
    let digits = cursor.rest().trim_start_matches(['+', '-']);
    let width = digits.chars().take_while(char::is_ascii_digit).count();
    let has_colon = digits[width..].starts_with(':');
    let is_whole_stamp = detail == Detail::DateAndSeconds;
    let is_certain = strict
        || has_colon
        || width == 4 && (is_whole_stamp || digits.starts_with('0'))
        || width == 2 && is_whole_stamp && digits.starts_with('0');
    let is_likely = match width {
        2 => is_whole_stamp || digits.starts_with('0'),
        4 => detail == Detail::Date,
        _ => false,
    };
    let Some(offset) = offset(cursor, is_certain || is_likely, false) else {
        let mut probe = *cursor;
        // `+5 nodes` is a text, `+5` may be none.
        if matches!(width, 1 | 2 | 4)
            && !has_colon
            && let Some(parsed) = offset(&mut probe, true, false)
            && (width > 1
                || !is_counted(&digits[..width], probe.rest()) && !is_vote(digits, probe.rest()))
        {
            let typed = &cursor.text[start..probe.position];
            *doubt = Some(format!(
                "`{typed}` after the time was kept as text; an offset from UTC is written `{parsed}`"
            ));
            return Ok(None);
        }
        // Not a valid offset; `-10:20` after a time was probably meant as a span.
        let mut probe = *cursor;
        probe.take_while(|c| matches!(c, '+' | '-'));
        let looks_like_span = probe.take_digits(2..=2).is_some()
            && probe.eat(':')
            && probe.take_digits(2..=2).is_some();
        if looks_like_span && probe.peek().is_none_or(char::is_whitespace) {
            let shown = &cursor.text[start..probe.position];
            return Err(ParseError::new(
                format!("`{shown}` is not an offset from UTC"),
                "offsets go from -12:00 to +14:00, mostly by whole hours; a span is written without a space: 10:06-10:20",
                start..probe.position,
            ));
        }
        return Ok(None);
    };
    let typed = &cursor.text[start..cursor.position];
    let is_doubtful = match is_certain {
        true => width == 4 && !is_whole_stamp && is_counted("", cursor.rest()),
        false => is_likely && !is_text_end(cursor.rest()),
    };
    if is_doubtful {
        *doubt = Some(read_doubt(typed, "an offset from UTC"));
    } else if strict && !has_colon && width < 4 && !is_whole_stamp {
        *doubt = Some(format!(
            "`{typed}` was read as an offset from UTC, `{offset}`"
        ));
    }
    Ok(Some(offset))
}

/// True for the `+1` of `+1 from ann`.
fn is_vote(digits: &str, rest: &str) -> bool {
    let next = rest.split_whitespace().next().unwrap_or_default();
    digits.starts_with('1') && matches!(next, "from" | "to" | "for" | "on")
}

/// True if no text follows in `rest`.
fn is_text_end(rest: &str) -> bool {
    rest.trim_start_matches([' ', '\t', ']', ')', ':', ','])
        .is_empty()
}

/// Parses a sign and `HH:MM`; with `loose`, also `HHMM` and `HH`. With `odd`, any number of minutes
/// is accepted, as in RFC 3339, else only what some zone has.
pub(super) fn offset(cursor: &mut Cursor<'_>, loose: bool, odd: bool) -> Option<FixedOffset> {
    let saved = *cursor;
    let east = cursor.peek() == Some('+');
    cursor.take_while(|c| matches!(c, '+' | '-'));
    let signs = &cursor.text[saved.position..cursor.position];
    let mut parse = || {
        (signs.chars().count() == 1).then_some(())?;
        let digits = cursor.take_while(|c| c.is_ascii_digit());
        let (hours, minutes) = match (digits.len(), cursor.peek()) {
            (1 | 2, Some(':')) => {
                cursor.position += 1;
                (digits.parse::<i32>().ok()?, cursor.take_digits(2..=2)?)
            }
            (1 | 2, _) if loose => (digits.parse().ok()?, 0),
            (4, _) if loose => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
            _ => return None,
        };
        let minutes = i32::try_from(minutes).ok().filter(|m| *m < 60)?;
        let total = (hours * 60 + minutes) * if east { 1 } else { -1 };
        let is_common = (-12 * 60..=14 * 60).contains(&total) && is_used(total);
        let rest = cursor.rest();
        let at_end = rest.chars().next().is_none_or(|c| {
            !(c.is_alphanumeric()
                || c == ':' && rest[1..].starts_with(|c: char| c.is_ascii_digit()))
        });
        if !at_end || !(odd || is_common) {
            return None;
        }
        FixedOffset::east_opt(total * 60)
    };
    let offset = parse();
    if offset.is_none() {
        *cursor = saved;
    }
    offset
}

/// True if a time of day is followed by its offset without a space, as in `10:06:00-04:00` and
/// `10:06:00-05`, and a span to that time would end before it begins. With `iso`, behind a date and a `T`, what
/// some zone has as its offset is one.
///
/// # Errors
/// If it could be either.
pub fn is_attached_offset(
    after_time: &Cursor<'_>,
    start: usize,
    clock: &TimeOfDay,
    iso: bool,
) -> Result<bool, ParseError> {
    let TimeOfDay {
        time,
        seconds: has_seconds,
        afternoon,
        ..
    } = *clock;
    let mut cursor = *after_time;
    if cursor.peek() != Some('-') || iso && has_seconds {
        return Ok(iso);
    }
    let Some(parsed) = offset(&mut cursor, has_seconds || iso, false) else {
        return Ok(false);
    };
    let end = cursor.text[after_time.position..cursor.position].trim_start_matches('-');
    // `11:30-1:00 PM`, `11:30 PM-1:00`
    let is_twelve_hours = afternoon.is_some() && end.find(':') == Some(1);
    if is_twelve_hours || meridiem(&mut cursor).is_some() {
        return Ok(false);
    }
    let Ok(end_time) = NaiveTime::parse_from_str(end, "%H:%M") else {
        return Ok(true);
    };
    let may_be_span = end_time >= time;
    if !may_be_span && (has_seconds || iso) || iso && is_used_west_of_utc(parsed) {
        return Ok(true);
    }
    // Without seconds most are spans; only one over midnight may as well be an offset.
    if !has_seconds && (may_be_span || !is_used_west_of_utc(parsed)) {
        return Ok(false);
    }
    Err(ParseError::new(
        format!("`-{end}` may be an offset or the end of a span"),
        format!("write a space before an offset (` -{end}`), or `..` in a span (`..{end}`)"),
        start..cursor.position,
    ))
}

/// True if some zone has this offset from UTC, in minutes: whole hours, and those of [`PARTS_OF_HOURS`].
fn is_used(minutes: i32) -> bool {
    minutes % 60 == 0 || PARTS_OF_HOURS.contains(&minutes)
}

/// True if some zone has this offset today: whole hours, and 2:30, 3:30 and 9:30.
pub(super) fn is_used_west_of_utc(offset: FixedOffset) -> bool {
    let minutes = -offset.local_minus_utc() / 60;
    minutes > 0 && (minutes % 60 == 0 || matches!(minutes, 150 | 210 | 570))
}
