//! Recognises text that was probably meant as a time but is not one.

use super::{
    cursor::Cursor,
    day::{Day, parse_day},
    moment::{Moment, ParsedTime, parse_time},
    parse::parse_leading,
    types::{TimeContext, truncate},
};

/// Returns the length in bytes of a leading part of `text` that was probably meant as a time but is
/// not one, because of its context or spelling: `[10:06]`, `at 10:06`, `2012-08-16` without a time
/// of day, `10.06`, `tomorrow 10:06`, `16/08 10:06`, `+5m`.
pub(crate) fn suspicious_time_len(text: &str, context: &TimeContext<'_>) -> Option<usize> {
    const PREFIXES: [&str; 10] = [
        "[", "(", "<", "at ", "At ", "about ", "around ", "approx ", "ca. ", "ca ",
    ];
    let inner = PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix));
    if let Some(inner) = inner {
        // A closing bracket is not part of the time.
        let time = inner
            .find([']', ')', '>'])
            .map_or(inner, |end| &inner[..end]);
        return match parse_leading(time, context)? {
            Ok((_, length)) => Some(text.len() - inner.len() + length),
            Err(_) => None,
        };
    }
    let mut cursor = Cursor::new(text, 0);
    if let Ok(Some((Day::Date(_) | Day::Yearly(..), _))) = parse_day(&mut cursor) {
        let ends_date = |c: char| c.is_whitespace() || matches!(c, ':' | ',');
        if cursor.peek().is_none_or(ends_date) {
            return Some(cursor.position);
        }
    }
    other_format_len(text)
}

/// Recognises the formats of other programs and countries by their form.
fn other_format_len(text: &str) -> Option<usize> {
    const DAY_WORDS: [&str; 9] = [
        "tomorrow",
        "yesterday",
        "today",
        "tonight",
        "last",
        "next",
        "this",
        "on",
        "since",
    ];
    // A valid time is never longer than this.
    let head = truncate(text);
    let mut end = 0;
    let mut words = head
        .split_inclusive(char::is_whitespace)
        .map(move |word| {
            end += word.len();
            let word = word.trim_end();
            (word.trim_end_matches([':', ',', '.', ';']), end)
        })
        .filter(|(word, _)| !word.is_empty())
        .take(3);
    let (first, end) = words.next()?;
    if looks_like_other_clock(first) || looks_like_other_duration(first) {
        return Some(end);
    }
    let is_numeric = first.contains(['/', '.', '-'])
        && first.starts_with(|c: char| c.is_ascii_digit())
        && first
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '/' | '.' | '-'));
    let is_named_day = || matches!(parse_day(&mut Cursor::new(first, 0)), Ok(Some(_)));
    let is_day =
        is_numeric || DAY_WORDS.iter().any(|d| d.eq_ignore_ascii_case(first)) || is_named_day();
    words
        .find(|(word, _)| is_day && starts_with_clock_time(word))
        .map(|(_, end)| end)
}

/// `10.06`, `10h06`, `1006`.
fn looks_like_other_clock(word: &str) -> bool {
    let (hour, minute) = match word.split_once(['.', 'h', 'H']) {
        Some((hour, minute)) => (hour, minute),
        None if word.is_char_boundary(2) && word.len() == 4 => word.split_at(2),
        None => return false,
    };
    is_number(hour, 2, 23) && is_number(minute, 2, 59)
}

/// True if `word` is a number of `digits` digits, at most `most`.
fn is_number(word: &str, digits: usize, most: u32) -> bool {
    word.len() == digits
        && word.bytes().all(|b| b.is_ascii_digit())
        && word.parse::<u32>().is_ok_and(|n| n <= most)
}

/// `+5m`, `-1.5h`.
fn looks_like_other_duration(word: &str) -> bool {
    let Some(length) = word.strip_prefix(['+', '-', '−']) else {
        return false;
    };
    length.starts_with(|c: char| c.is_ascii_digit())
        && length.ends_with(['s', 'm', 'h', 'd', 'w'])
        && length
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | 's' | 'm' | 'h' | 'd' | 'w'))
}

/// True if `word` starts with a time such as `10:06`.
fn starts_with_clock_time(word: &str) -> bool {
    let mut cursor = Cursor::new(word.trim_start_matches('~'), 0);
    cursor.take_digits(1..=2).is_some() && cursor.eat(':') && cursor.take_digits(2..=2).is_some()
}

/// True if a line begins with a time of day without a date, so that its day depends on an earlier
/// line.
#[must_use]
pub fn needs_a_day(text: &str, context: &TimeContext<'_>) -> bool {
    let start = text.len() - text.trim_start().len();
    let parsed = parse_time(text, start, context, false);
    parse_leading(text, context).is_some()
        && matches!(
            parsed,
            Ok(Some((
                ParsedTime {
                    moment: Moment::Clock {
                        day: Day::Unspecified | Day::Today | Day::Yesterday,
                        ..
                    },
                    ..
                },
                _
            )))
        )
}
