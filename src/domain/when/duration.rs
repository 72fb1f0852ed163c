//! Parses a duration: time ago (`-12m`, `2 hours 5 minutes ago`) and time boxes (`1h30m`).

use super::{counted::is_lasting, cursor::Cursor, normalize::Normalized};

/// A time ago, such as `-1h30m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ago {
    pub seconds: i64,
    /// Length in seconds of its last unit.
    pub unit: i64,
    /// Where its last amount begins, if that may as well be a length in the text: the `30s` of `-10m 30s timeouts`.
    pub doubtful: Option<usize>,
}

/// Parses `-12m`, `-1h30m`, `-1h 30m`, `12m ago`, `2 hours and 5 minutes ago`.
pub(super) fn parse_ago(cursor: &mut Cursor<'_>) -> Option<Ago> {
    let saved = *cursor;
    let minus = cursor.eat('-');
    let (mut found, mut doubtful) = (None, None);
    if let Some((mut seconds, mut unit)) = amount(cursor, true, minus) {
        loop {
            let before_next = *cursor;
            let has_space = cursor.skip_spaces();
            // `2 hours and 5 minutes ago`
            if has_space && !minus {
                skip_and(cursor);
            }
            let next_start = cursor.position;
            let next = amount(cursor, true, false);
            let goes_on = |(_, smaller): &(i64, i64)| {
                !(minus && has_space) || *smaller < unit && ends_amount(cursor)
            };
            let Some((more, smaller)) = next.filter(goes_on) else {
                *cursor = before_next;
                break;
            };
            seconds = seconds.saturating_add(more);
            unit = smaller;
            let may_be_text = minus && has_space && is_lasting(cursor.rest());
            doubtful = may_be_text.then_some(next_start);
        }
        let before_next = *cursor;
        let has_ago = cursor.skip_spaces() && cursor.take_word().eq_ignore_ascii_case("ago");
        if !has_ago {
            *cursor = before_next;
        }
        let at_word_end = cursor.peek().is_none_or(|c| !c.is_alphanumeric());
        found = ((minus || has_ago) && at_word_end).then_some(Ago {
            seconds,
            unit,
            doubtful,
        });
    }
    if found.is_none() {
        *cursor = saved;
    }
    found
}

/// Skips the `and` between two amounts.
fn skip_and(cursor: &mut Cursor<'_>) {
    let saved = *cursor;
    if !(cursor.take_word().eq_ignore_ascii_case("and") && cursor.skip_spaces()) {
        *cursor = saved;
    }
}

/// False for an amount that is a word of the text: the `5m` of `-1h 5m of errors`.
fn ends_amount(cursor: &Cursor<'_>) -> bool {
    let mut after = *cursor;
    let at_word_end = after.peek().is_none_or(|c| !c.is_alphanumeric());
    after.skip_spaces();
    at_word_end && !after.take_word().eq_ignore_ascii_case("of")
}

/// Parses a number with its unit; returns its seconds, and those of the unit. With `allow_space`, a space may separate the
/// two; with `long_unit`, only before a unit of more than one letter.
fn amount(cursor: &mut Cursor<'_>, allow_space: bool, long_unit: bool) -> Option<(i64, i64)> {
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
    let count: i64 = digits.parse().unwrap_or(i64::MAX);
    Some((count.saturating_mul(unit), unit))
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
    parse_amounts(text, true)
}

/// Parses all of `text`, which can be nothing but a length of time, as [`parse_time_box`], and `5 m` as well.
pub(crate) fn parse_length(text: &str) -> Option<i64> {
    parse_amounts(text, false)
}

fn parse_amounts(text: &str, long_unit: bool) -> Option<i64> {
    let normalized = Normalized::new(text);
    let text = normalized.text.trim();
    let mut cursor = Cursor::new(text, 0);
    let mut total: i64 = 0;
    while cursor.position < text.len() {
        total = total.saturating_add(amount(&mut cursor, true, long_unit)?.0);
        cursor.skip_spaces();
    }
    (total > 0).then_some(total)
}
