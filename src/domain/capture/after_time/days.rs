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
        // `2 days ago`
        let ago = || {
            let mut words = part.plain.split_whitespace();
            let is_count = words
                .next()
                .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
            let is_unit = words
                .next()
                .is_some_and(|unit| matches!(unit, "day" | "days" | "week" | "weeks"));
            (is_count && is_unit && words.next() == Some("ago")).then(|| part.typed(end(3)))
        };
        return is_day
            .then(|| part.typed(end(1)))
            .or_else(of_month)
            .or_else(ago);
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
    (1..=3).find_map(|words| {
        let typed = &part.plain[..part.word_end(words - 1)];
        let is_same = |known: &str| {
            let typed = typed.split_whitespace().map(str::to_ascii_lowercase);
            typed.eq(known.split(' '))
        };
        let is_known = known.iter().copied().any(is_same);
        is_known.then(|| part.typed(end(words)))
    })
}

/// Returns the day of a month in `rest`, the text behind a time, that a sign or a word joins to it, or that is written as
/// one word: `@ 23 Nov`, `from 23 Nov`, `/ Nov 23 /`, `23Nov`.
pub(super) fn behind_sign(rest: &str) -> Option<&str> {
    let text = rest.trim_start();
    let led = text.strip_prefix(['@', '/', '~']).or_else(|| {
        let mut after = ["at", "from"]
            .iter()
            .filter_map(|word| text.strip_prefix(word));
        after.find(|after| after.starts_with(char::is_whitespace))
    });
    let day = led.unwrap_or(text).trim_start();
    if !day.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let mut ends = day
        .char_indices()
        .filter(|(_, c)| c.is_whitespace())
        .map(|(at, _)| at)
        .chain([day.len()]);
    let first = &day[..ends.next()?];
    let two = ends.next().map(|end| &day[..end]);
    let bare = |typed: &'_ str| typed.trim_end_matches([',', '.', ';', ':', ')', '/']).len();
    let is_led =
        |typed: &&str| led.is_some() && is_day_of_month(typed.split_once(char::is_whitespace));
    let two = two.map(|two| &two[..bare(two)]).filter(is_led);
    let first = &first[..bare(first)];
    two.or_else(|| is_day_of_month(halves(first)).then_some(first))
}

/// The two halves of `23Nov` and `Nov23`.
fn halves(word: &str) -> Option<(&str, &str)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let at = match word.starts_with(is_digit) {
        true => word.find(|c: char| !is_digit(c))?,
        false => word.find(is_digit)?,
    };
    Some(word.split_at(at))
}

/// True for a day of one or two digits and the name of a month, in this order or the other.
fn is_day_of_month(words: Option<(&str, &str)>) -> bool {
    let is_day =
        |word: &str| word.len() <= 2 && word.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day));
    let is_month = |word: &str| {
        let is_start = |month: &&str| {
            month
                .get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        word.len() >= 3 && when::MONTHS.iter().any(|month| is_start(&&**month))
    };
    words.is_some_and(|(one, two)| is_day(one) && is_month(two) || is_month(one) && is_day(two))
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
