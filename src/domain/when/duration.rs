//! Parses a duration: time ago (`-12m`, `2 hours 5 minutes ago`) and time boxes (`1h30m`).

use super::{cursor::Cursor, normalize::Normalized};

/// Parses `-12m`, `-1h30m`, `12m ago`, `2 hours 5 minutes ago`; returns seconds.
pub(super) fn parse_ago(cursor: &mut Cursor<'_>) -> Option<i64> {
    let saved = *cursor;
    let minus = cursor.eat('-');
    let mut seconds = None;
    if let Some(first) = amount(cursor, true, minus) {
        let mut total = first;
        loop {
            let before_next = *cursor;
            if !minus {
                cursor.skip_spaces();
            }
            let Some(next) = amount(cursor, !minus, minus) else {
                *cursor = before_next;
                break;
            };
            total = total.saturating_add(next);
        }
        let before_next = *cursor;
        let has_ago = cursor.skip_spaces() && cursor.take_word().eq_ignore_ascii_case("ago");
        if !has_ago {
            *cursor = before_next;
        }
        let at_word_end = cursor.peek().is_none_or(|c| !c.is_alphanumeric());
        seconds = ((minus || has_ago) && at_word_end).then_some(total);
    }
    if seconds.is_none() {
        *cursor = saved;
    }
    seconds
}

/// Parses a number with its unit; returns seconds. With `allow_space`, a space may separate the
/// two; with `long_unit`, only before a unit of more than one letter.
fn amount(cursor: &mut Cursor<'_>, allow_space: bool, long_unit: bool) -> Option<i64> {
    let saved = *cursor;
    let digits = cursor.take_while(|c| c.is_ascii_digit());
    let has_space = allow_space && cursor.skip_spaces();
    let word = cursor.take_word();
    if has_space && long_unit && word.len() < 2 {
        *cursor = saved;
        return None;
    }
    let unit = seconds_of_unit(&word.to_ascii_lowercase());
    let Some(unit) = unit.filter(|_| !digits.is_empty()) else {
        *cursor = saved;
        return None;
    };
    // An overflow saturates and is rejected later as out of range.
    Some(digits.parse().unwrap_or(i64::MAX).saturating_mul(unit))
}

/// Returns the length in seconds of a unit in lower case, such as `min`.
pub(super) fn seconds_of_unit(word: &str) -> Option<i64> {
    Some(match word {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => 604_800,
        _ => return None,
    })
}

/// Parses all of `text` as a time box such as `5m`, `2h`, `1h30m`, `30 min`; returns seconds.
pub(crate) fn parse_time_box(text: &str) -> Option<i64> {
    let normalized = Normalized::new(text);
    let text = normalized.text.trim();
    let mut cursor = Cursor::new(text, 0);
    let mut total: i64 = 0;
    while cursor.position < text.len() {
        total = total.saturating_add(amount(&mut cursor, true, true)?);
        cursor.skip_spaces();
    }
    (total > 0).then_some(total)
}
