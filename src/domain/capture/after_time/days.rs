//! Recognises days behind a time, also in forms that are not read: `13:50 24/11`, `13:50 the 24th`, `13:50 last night`.

use super::{
    day_words::{WORDS, WORDS_AFTER_THE},
    part::{FOREIGN_LEADS, Part},
};
use crate::domain::when;
use chrono::{Datelike as _, NaiveDate};

/// A date of two numbers is one where it is at most so many days from the day that the time would have.
const MAX_DAYS_AWAY: i64 = 7;
/// Lower ordinals count other things: `13:50 2nd attempt failed`.
const MIN_BARE_ORDINAL: u32 = 13;

/// Returns the words at the beginning of `part` that are probably the day of the time before it.
pub(super) fn find_unread<'t>(date: NaiveDate, part: &Part<'t>) -> Option<&'t str> {
    let end = |words: usize| part.start + part.word_end(words - 1);
    let first = part.plain[..part.word_end(0)].trim_end_matches(['.', ',']);
    let is_led = part.follows(&["on", "of", "vom"]) || part.follows(&FOREIGN_LEADS);
    if first.starts_with(|c: char| c.is_ascii_digit()) {
        let is_set_off = is_led || part.is_enclosed(end(1)) || part.ends(end(1));
        let is_day = when::is_date_word(first)
            || is_near(first, date) && (is_set_off || !is_number_with_point(part, first))
            || ordinal(first).is_some_and(|n| {
                let is_near =
                    (i64::from(date.day()) - i64::from(n)).rem_euclid(31) <= MAX_DAYS_AWAY;
                is_set_off || is_near && n >= MIN_BARE_ORDINAL
            });
        let is_of_month = |words: &usize| {
            let typed = &part.plain[..part.word_end(words - 1)];
            when::is_other_day(typed.trim_end_matches(['.', ',']))
        };
        // `28 juin`, `28 de junio`
        let of_month = || {
            (2..=3)
                .find(is_of_month)
                .map(|words| part.typed(end(words)))
        };
        return is_day.then(|| part.typed(end(1))).or_else(of_month);
    }
    if when::foreign_weekday(first).is_some() {
        return Some(part.typed(end(1)));
    }
    let is_last_weekday = || {
        let mut words = part.plain.split_whitespace();
        let is_last = words.next().is_some_and(|w| w.eq_ignore_ascii_case("last"));
        is_last && words.next().is_some_and(when::is_weekday)
    };
    if is_last_weekday() {
        return Some(part.typed(end(2)));
    }
    let is_said = part.follows(&["the"])
        || (1..=2).any(|words| part.is_enclosed(end(words)) || part.ends(end(words)));
    let others = WORDS_AFTER_THE.iter().filter(|_| is_said);
    let known: Vec<&str> = WORDS.iter().chain(others).copied().collect();
    (1..=2).find_map(|words| {
        let typed = &part.plain[..part.word_end(words - 1)];
        let is_same = |known: &str| {
            let typed = typed.split_whitespace().map(str::to_ascii_lowercase);
            typed.eq(known.split(' '))
        };
        let is_known = known.iter().copied().any(is_same);
        is_known.then(|| part.typed(end(words)))
    })
}

/// True for `1.12`, which may be a version, but not for `24.11.`.
fn is_number_with_point(part: &Part<'_>, word: &str) -> bool {
    word.contains('.') && !part.plain[word.len()..].starts_with('.')
}

/// The number of `24th`.
fn ordinal(word: &str) -> Option<u32> {
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_ordinal = matches!(&word[number.len()..], "st" | "nd" | "rd" | "th");
    number.parse().ok().filter(|n| is_ordinal && *n <= 31)
}

/// True for `24/11`, `11/24`, `24.11`, if that is a day near to that of the time.
fn is_near(word: &str, date: NaiveDate) -> bool {
    let Some((one, two)) = word.split_once(['/', '.', '-']) else {
        return false;
    };
    let (Ok(one), Ok(two)) = (one.parse(), two.parse()) else {
        return false;
    };
    [(one, two), (two, one)].into_iter().any(|(month, day)| {
        let near = NaiveDate::from_ymd_opt(date.year(), month, day);
        near.is_some_and(|near| (near - date).num_days().abs() <= MAX_DAYS_AWAY)
    })
}
