//! A reading of the clock: `10:06`, `10:06:30.5`, `10:06 p.m.`, `10 am`.

use super::{cursor::Cursor, types::WhenError};
use chrono::NaiveTime;

/// A reading of the clock: the time, whether seconds were typed, whether `~` stood behind it.
pub(super) fn parse_time_of_day(
    scan: &mut Cursor<'_>,
    start: usize,
) -> Result<Option<(NaiveTime, bool, bool)>, WhenError> {
    let back = *scan;
    let Some(hour) = scan.take_digits(1..=2) else {
        return Ok(None);
    };
    let (mut minute, mut second, mut nanos, mut seconds) = (0, 0, 0, false);
    let whole = scan.eat(':');
    if whole {
        let Some(m) = scan.take_digits(2..=2) else {
            *scan = back;
            return Ok(None);
        };
        minute = m;
        let behind = *scan;
        if scan.eat(':') {
            if let Some(s) = scan.take_digits(2..=2) {
                (second, seconds) = (s, true);
                nanos = fraction(scan);
            } else {
                *scan = behind;
            }
        }
    }
    let mut about = scan.eat('~');
    let half = meridiem(scan);
    about |= scan.eat('~');
    if !whole && half.is_none() {
        *scan = back;
        return Ok(None);
    }
    // More of the same word: an address, a part of a name.
    let mut behind = scan.rest().chars();
    let goes_on = match behind.next() {
        Some(':') => behind
            .next()
            .is_some_and(|c| c.is_alphanumeric() || c == ':'),
        Some('Z' | 'z') => behind.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphanumeric(),
        None => false,
    };
    if goes_on {
        *scan = back;
        return Ok(None);
    }
    let range = start..scan.position;
    let shown = &scan.text[range.clone()];
    let wrong = |hint: &str| {
        Err(WhenError::new(
            format!("no clock shows `{shown}`"),
            hint,
            range.clone(),
        ))
    };
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => {
            return wrong("with am or pm the hour is 1 to 12; without, 0 to 23");
        }
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
    };
    match NaiveTime::from_hms_nano_opt(hour, minute, second, nanos) {
        Some(time) => Ok(Some((time, seconds, about))),
        None => wrong(
            "hours go from 0 to 23, minutes and seconds from 0 to 59; to begin the text with it, put a backslash before it",
        ),
    }
}

/// The fraction of a second, cut to whole microseconds, in nanoseconds.
fn fraction(scan: &mut Cursor<'_>) -> u32 {
    let back = *scan;
    if !(scan.eat('.') || scan.eat(',')) {
        return 0;
    }
    let digits = scan.take_while(|c| c.is_ascii_digit());
    if digits.is_empty() {
        *scan = back;
        return 0;
    }
    let micros = digits.bytes().chain(std::iter::repeat(b'0')).take(6);
    micros.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')) * 1000
}

/// `am`, `p.m.`: true in the afternoon.
fn meridiem(scan: &mut Cursor<'_>) -> Option<bool> {
    let back = *scan;
    scan.skip_spaces();
    let half = match scan.take_word().to_ascii_lowercase().as_str() {
        "am" => Some(false),
        "pm" => Some(true),
        letter @ ("a" | "p") if scan.eat('.') => {
            let afternoon = letter == "p";
            let dotted = scan.take_word().eq_ignore_ascii_case("m");
            scan.eat('.');
            dotted.then_some(afternoon)
        }
        _ => None,
    };
    let ends = scan.peek().is_none_or(|c| !c.is_alphanumeric());
    if half.is_none() || !ends {
        *scan = back;
        return None;
    }
    half
}
