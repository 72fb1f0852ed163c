//! What was most likely meant for a time, or for the day of the lines behind it, and is none.

use super::{
    cursor::Cursor,
    day::{Day, parse_day},
    moment::{Moment, ParsedTime, parse_time},
    parse::parse_leading,
    types::{TimeContext, truncate},
};

/// The beginning of `text` that could have been meant for a WHEN and is none, because of what stands
/// around it or how it is written: `[10:06]`, `at 10:06`, `2012-08-16` without a time of day, `10.06`,
/// `tomorrow 10:06`, `16/08 10:06`, `+5m`. How many bytes it takes.
pub(crate) fn suspicious_time_len(text: &str, now: &TimeContext<'_>) -> Option<usize> {
    const PREFIXES: [&str; 10] = [
        "[", "(", "<", "at ", "At ", "about ", "around ", "approx ", "ca. ", "ca ",
    ];
    let inner = PREFIXES.iter().find_map(|before| text.strip_prefix(before));
    if let Some(inner) = inner {
        // What closes a bracket is no part of a time.
        let word = inner
            .find([']', ')', '>'])
            .map_or(inner, |end| &inner[..end]);
        return match parse_leading(word, now)? {
            Ok((_, length)) => Some(text.len() - inner.len() + length),
            Err(_) => None,
        };
    }
    let mut scan = Cursor::new(text, 0);
    if let Ok(Some((Day::Date(_) | Day::Yearly(..), _))) = parse_day(&mut scan) {
        let ends = |c: char| c.is_whitespace() || matches!(c, ':' | ',');
        if scan.peek().is_none_or(ends) {
            return Some(scan.position);
        }
    }
    other_format_len(text)
}

/// Times as other programs and other countries write them, by their looks.
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
    // No time is longer; what is longer is not worth a look.
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
    let numbers = first.contains(['/', '.', '-'])
        && first.starts_with(|c: char| c.is_ascii_digit())
        && first
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '/' | '.' | '-'));
    let weekday = || matches!(parse_day(&mut Cursor::new(first, 0)), Ok(Some(_)));
    let day = numbers || DAY_WORDS.iter().any(|d| d.eq_ignore_ascii_case(first)) || weekday();
    words
        .find(|(word, _)| day && starts_with_clock_time(word))
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

/// True where `word` is a number of so many digits, at most `most`.
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

/// `10:06`, with whatever behind it.
fn starts_with_clock_time(word: &str) -> bool {
    let mut scan = Cursor::new(word.trim_start_matches('~'), 0);
    scan.take_digits(1..=2).is_some() && scan.eat(':') && scan.take_digits(2..=2).is_some()
}

/// True where a line begins with a time of day that needs a day from elsewhere.
#[must_use]
pub fn needs_a_day(text: &str, now: &TimeContext<'_>) -> bool {
    let start = text.len() - text.trim_start().len();
    let part = parse_time(text, start, now, false);
    parse_leading(text, now).is_some()
        && matches!(
            part,
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
