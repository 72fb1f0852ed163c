//! Recognises a text that is words and digits of a time and nothing else: `in 30 min`, `from 13:50 on`, `25Nov2026 13:50`.

use super::{
    clock::{Word, is_unit, words},
    lists::{COUNTS, DAY_WORDS, LEADS, LIMITS, ZONES},
};
use crate::domain::when::{
    day::{month, weekday},
    other_day::foreign_weekday,
    span::SPAN_WORDS,
    zone_suffix::{ABOUT_WORDS, is_zone_abbreviation},
};

/// Words that make a time of those around them.
const SURE: [&str; 21] = [
    "now",
    "morning",
    "afternoon",
    "evening",
    "night",
    "half",
    "quarter",
    "past",
    "ago",
    "noon",
    "midday",
    "midnight",
    "yesterday",
    "tomorrow",
    "tonight",
    "later",
    "earlier",
    "gestern",
    "ayer",
    "ieri",
    "ontem",
];
const OTHERS: [&str; 17] = [
    "in",
    "am",
    "pm",
    "a.m",
    "p.m",
    "o'clock",
    "o’clock",
    "oclock",
    "sharp",
    "within",
    "time",
    "hence",
    "vor",
    "hace",
    "kl",
    "uhr",
    "heures",
];

/// True if nothing in `text`, which is without marks, is more than a time.
pub(in crate::domain::when) fn is_all_of_time(text: &str) -> bool {
    let words = words(text);
    let is_sure = |word: &Word<'_>| is_digits_of_time(word.text) || word.is_one_of(&SURE);
    words.iter().any(is_sure)
        && words
            .iter()
            .all(|word| is_sure(word) || is_word_of_time(word))
}

fn is_word_of_time(word: &Word<'_>) -> bool {
    const LISTS: [&[&str]; 7] = [
        &LEADS,
        &DAY_WORDS,
        &COUNTS,
        &LIMITS,
        &SPAN_WORDS,
        &ABOUT_WORDS,
        &OTHERS,
    ];
    let is_sign = word.text.chars().all(|c| !c.is_alphanumeric());
    is_sign
        || LISTS.iter().any(|list| word.is_one_of(list))
        || word.is_unit()
        || month(word.text).is_some()
        || weekday(word.text).is_some()
        || foreign_weekday(word.text).is_some()
        || ZONES.contains(&word.text)
        || is_zone_abbreviation(word.text)
}

/// True for digits as times and dates have them, with the letters that go with them: `13,50`, `~1350`, `5m`, `24th`,
/// `25Nov2026`, `2026-11-25T13:50Z`.
fn is_digits_of_time(word: &str) -> bool {
    const LETTERS: [&str; 14] = [
        "am", "pm", "z", "t", "u", "uhr", "st", "nd", "rd", "th", "ish", "utc", "gmt", "oclock",
    ];
    let is_run = |run: &str| matches!(run.len(), 1 | 2 | 4 | 8);
    let mut digits = word
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .peekable();
    let is_address = word.bytes().filter(|b| *b == b'.').count() > 2;
    digits.peek().is_some()
        && !is_address
        && digits.all(is_run)
        && word
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ":.,-–/+~→".contains(c))
        && word
            .split(|c: char| !c.is_ascii_alphabetic())
            .filter(|letters| !letters.is_empty())
            .all(|letters| {
                let lower = letters.to_ascii_lowercase();
                LETTERS.contains(&&*lower) || is_unit(&lower) || month(letters).is_some()
            })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("in 30 min")]
    #[case("from 13:50 on")]
    #[case("25Nov2026 13:50")]
    #[case("~1350")]
    #[case("by 13:30")]
    #[case("the day before yesterday 13:50")]
    #[case("2 hours and 5 minutes before")]
    #[case("a few minutes ago")]
    #[case("13,50")]
    #[case("noon on Tuesday")]
    #[case("9 in the morning")]
    #[case("quarter past nine")]
    #[case("in the evening")]
    #[case("just now")]
    #[case("UTC+2")]
    #[case("half an hour earlier")]
    fn whole_times_are_found(#[case] text: &str) {
        assert!(is_all_of_time(text), "{text}");
    }

    #[rstest]
    #[case("5xx")]
    #[case("10.0.0.1")]
    #[case("500")]
    #[case("one of two")]
    #[case("back on")]
    #[case("back now")]
    #[case("2 of 3 down")]
    #[case("5 min of errors")]
    #[case("v1.2.3")]
    #[case("yesterday's deploy")]
    #[case("")]
    fn other_texts_are_none(#[case] text: &str) {
        assert!(!is_all_of_time(text), "{text}");
    }
}
