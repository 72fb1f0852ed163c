//! What was most likely meant for a time, or for the day of the lines behind it, and is none.

use super::{Now, WhenError, day, leading, scan, settle};
use chrono::NaiveDate;

/// The beginning of `text` that could have been meant for a WHEN and is none, because of what stands
/// around it or how it is written: `[10:06]`, `at 10:06`, `2012-08-16` without a time of day, `10.06`,
/// `tomorrow 10:06`, `16/08 10:06`, `+5m`. How many bytes it takes.
pub(crate) fn missed(text: &str, now: &Now<'_>) -> Option<usize> {
    const BEFORE: [&str; 10] = [
        "[", "(", "<", "at ", "At ", "about ", "around ", "approx ", "ca. ", "ca ",
    ];
    let inner = BEFORE.iter().find_map(|before| text.strip_prefix(before));
    if let Some(inner) = inner {
        // What closes a bracket is no part of a time.
        let word = inner
            .find([']', ')', '>'])
            .map_or(inner, |end| &inner[..end]);
        return match leading(word, now)? {
            Ok((_, length)) => Some(text.len() - inner.len() + length),
            Err(_) => None,
        };
    }
    let mut scan = scan::Scan::new(text, 0);
    if let Ok(Some((scan::Day::Date(_) | scan::Day::Yearly(..), _))) = day::scan(&mut scan) {
        let ends = |c: char| c.is_whitespace() || matches!(c, ':' | ',');
        if scan.peek().is_none_or(ends) {
            return Some(scan.at);
        }
    }
    other_forms(text)
}

/// Times as other programs and other countries write them, by their looks.
fn other_forms(text: &str) -> Option<usize> {
    const DAYS: [&str; 9] = [
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
    let head = super::clip(text);
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
    if is_odd_clock(first) || is_odd_distance(first) {
        return Some(end);
    }
    let numbers = first.contains(['/', '.', '-'])
        && first.starts_with(|c: char| c.is_ascii_digit())
        && first
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '/' | '.' | '-'));
    let weekday = || matches!(day::scan(&mut scan::Scan::new(first, 0)), Ok(Some(_)));
    let day = numbers || DAYS.iter().any(|d| d.eq_ignore_ascii_case(first)) || weekday();
    words
        .find(|(word, _)| day && is_clock(word))
        .map(|(_, end)| end)
}

/// `10.06`, `10h06`, `1006`.
fn is_odd_clock(word: &str) -> bool {
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
fn is_odd_distance(word: &str) -> bool {
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
fn is_clock(word: &str) -> bool {
    let mut scan = scan::Scan::new(word.trim_start_matches('~'), 0);
    scan.digits(1..=2).is_some() && scan.eat(':') && scan.digits(2..=2).is_some()
}

/// The day that a line sets which is a date and nothing else: `2012-08-16`, `Aug 16`, `16 Aug 2012`,
/// `Thu`, `yesterday`, `today`; a day without a year is the latest that is not in the future. `None`
/// where the line is something else.
///
/// # Errors
/// Inside `Some`, where the line looks like a date and is none that can be meant: `2026-13-01`,
/// `16/08/2012`, `tomorrow`.
#[must_use]
pub fn date_line(text: &str, now: &Now<'_>) -> Option<Result<NaiveDate, WhenError>> {
    let text = text.trim();
    let text = text.strip_suffix(':').unwrap_or(text);
    let wrong = |message: String| {
        let hint = "write a date as year-month-day, such as 2012-08-16";
        Some(Err(WhenError::new(message, hint, 0..text.len())))
    };
    let mut scan = scan::Scan::new(text, 0);
    match day::scan(&mut scan) {
        Ok(Some((day, _))) if scan.at == text.len() => match settle::date(&day, now) {
            Some(date) => Some(Ok(date)),
            None => wrong(format!("`{text}` is not a day that can be meant")),
        },
        Err(error) if error.range.end == text.len() => Some(Err(error)),
        _ if is_odd_date(text) => wrong(format!("`{text}` is not a date that is understood here")),
        _ => None,
    }
}

/// `16/08/2012`, `16/08`, `2012-8`, `10000-01-01`, `tomorrow`, `last Thu`.
fn is_odd_date(text: &str) -> bool {
    for mark in ['/', '-', '.'] {
        let numbers: Vec<&str> = text.split(mark).collect();
        let all = numbers
            .iter()
            .all(|n| (1..=6).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
        let year = numbers.iter().any(|n| n.len() >= 4);
        let few = |n: &&str| n.parse().is_ok_and(|n: u32| (1..=31).contains(&n));
        let date = match numbers.len() {
            3 => mark != '.' || year,
            2 => mark == '/' && numbers.iter().all(few),
            _ => false,
        };
        if all && date {
            return true;
        }
    }
    let lower = text.to_ascii_lowercase();
    let weekday = |word: &str| {
        matches!(
            day::scan(&mut scan::Scan::new(word, 0)),
            Ok(Some((scan::Day::Weekday(_), _)))
        )
    };
    lower == "tomorrow"
        || ["last ", "next ", "on ", "this "]
            .iter()
            .find_map(|before| lower.strip_prefix(before))
            .is_some_and(|word| word.bytes().all(|b| b.is_ascii_alphabetic()) && weekday(word))
}

/// True where a line begins with a time of day that needs a day from elsewhere.
#[must_use]
pub fn needs_a_day(text: &str, now: &Now<'_>) -> bool {
    let start = text.len() - text.trim_start().len();
    let part = scan::part(text, start, now, false);
    leading(text, now).is_some()
        && matches!(
            part,
            Ok(Some((
                scan::Part {
                    moment: scan::Moment::Clock {
                        day: scan::Day::Bare | scan::Day::Today | scan::Day::Yesterday,
                        ..
                    },
                    ..
                },
                _
            )))
        )
}
