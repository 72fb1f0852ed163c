//! The words of a text, and the times of day and the units of time among them.

use crate::domain::when::{duration::seconds_of_unit, span::SPAN_WORDS};
use std::ops::Range;

/// Units that are too long for a time, beside those of [`seconds_of_unit`].
const LONG_UNITS: [&str; 6] = ["mo", "month", "months", "year", "years", "moments"];

/// A word, and the bytes that it takes.
pub(super) struct Word<'t> {
    pub text: &'t str,
    pub range: Range<usize>,
}

impl Word<'_> {
    pub fn is_one_of(&self, words: &[&str]) -> bool {
        words
            .iter()
            .any(|word| word.eq_ignore_ascii_case(self.text))
    }

    pub fn is_unit(&self) -> bool {
        is_unit(&self.text.to_ascii_lowercase())
    }
}

/// True if `word` is a unit of time, in lower case.
pub(super) fn is_unit(word: &str) -> bool {
    seconds_of_unit(word).is_some() || LONG_UNITS.contains(&word)
}

pub(super) fn words(text: &str) -> Vec<Word<'_>> {
    let is_separator = |c: char| c.is_whitespace() || matches!(c, '=' | '"');
    text.split(is_separator)
        .filter(|word| !word.is_empty())
        .map(|word| {
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            Word {
                text: word.trim_end_matches(['.', ',']),
                range: start..start + word.len(),
            }
        })
        .collect()
}

/// Returns where the time of day ends with which `words` begin. With `has_day`, a dot may separate hours and minutes.
pub(super) fn clock_end(words: &[Word<'_>], has_day: bool) -> Option<usize> {
    let first = words.first()?;
    let second = words.get(1);
    let is_half = second.is_some_and(|word| is_half_of_day(word.text));
    let is_hour =
        |text: &str| (1..=2).contains(&text.len()) && text.parse::<u8>().is_ok_and(|n| n < 25);
    let is_hour_or_minute =
        |text: &str| (1..=2).contains(&text.len()) && text.parse::<u8>().is_ok_and(|n| n < 60);
    let text = first.text.trim_start_matches('~');
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (hour, rest) = text.split_at(digits);
    if !is_hour(hour) {
        return None;
    }
    // `3-4 PM`, `3-3:30pm`
    if let Some(end) = rest.strip_prefix('-') {
        let clock = end.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '.');
        let is_clock = clock.split(':').take(2).all(is_hour_or_minute);
        let is_half = is_half || is_half_of_day(&end[clock.len()..]);
        return (is_clock && is_half).then_some(first.range.end);
    }
    // `10pm`, `10 pm`, `10 o'clock`
    if is_half_of_day(rest) {
        return Some(first.range.end);
    }
    if rest.is_empty() {
        let is_clock_word = |word: &Word<'_>| {
            word.is_one_of(&["o'clock", "o’clock", "oclock", "uhr"]) || is_half_of_day(word.text)
        };
        return match second? {
            word if is_clock_word(word) => Some(word.range.end),
            // `3 to 4 PM`
            word if word.is_one_of(&SPAN_WORDS) => clock_end(&words[2..], has_day),
            _ => None,
        };
    }
    // `14:05-14:20`
    let is_end = |(at, dash): &(usize, char)| {
        matches!(dash, '-' | '–' | '—' | '→')
            && rest[at + dash.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
    };
    let rest = match rest.char_indices().find(is_end) {
        Some((at, _)) => &rest[..at],
        None => rest,
    };
    let is_minute = |text: &str| text.len() == 2 && text.parse::<u8>().is_ok_and(|n| n < 60);
    let separator = rest.chars().next()?;
    let mut parts = rest[separator.len_utf8()..].split(separator);
    let minute = parts.next()?;
    let minute_digits = minute.bytes().take_while(u8::is_ascii_digit).count();
    let (minute, unit) = minute.split_at(minute_digits);
    let seconds = parts.next();
    let ends = parts.next().is_none()
        && (unit.is_empty()
            || is_half_of_day(unit)
            || matches!(&*unit.to_ascii_lowercase(), "h" | "z" | "uhr" | "ish"))
        && seconds.is_none_or(|text| text.get(..2).is_some_and(is_minute));
    let is_separator = match separator {
        ':' => true,
        '.' => is_half || has_day || is_half_of_day(unit),
        'h' | 'H' => has_day,
        _ => false,
    };
    (is_separator && is_minute(minute) && ends).then_some(first.range.end)
}

fn is_half_of_day(text: &str) -> bool {
    matches!(
        &*text.to_ascii_lowercase(),
        "am" | "pm" | "a.m" | "p.m" | "a.m." | "p.m."
    )
}
