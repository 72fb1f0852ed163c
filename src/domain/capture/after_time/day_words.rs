//! Words that are a day, or with which one begins.

use crate::domain::when;

/// Words that are a day by themselves.
const DAYS: [&str; 16] = [
    "tue",
    "tues",
    "thu",
    "thur",
    "thurs",
    "fri",
    "yesterday",
    "today",
    "tomorrow",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];
/// Weekdays that are other words as well: `04:05 Sat down with ann`, `04:05 Mon lost quorum`.
pub(super) const DAYS_OR_WORDS: [&str; 4] = ["Mon", "Wed", "Sat", "Sun"];
/// Days and nights by other words, which may as well begin the text where they stand alone.
pub(super) const WORDS: [&str; 14] = [
    "last night",
    "last evening",
    "last week",
    "previous day",
    "prev day",
    "a day ago",
    "two days ago",
    "three days ago",
    "a week ago",
    "gestern",
    "vorgestern",
    "ayer",
    "ieri",
    "ontem",
];
/// Days that are said with `the`, or alone: `13:50 (next day)`, `13:50 next day: web`.
pub(super) const WORDS_AFTER_THE: [&str; 13] = [
    "d-1",
    "d+1",
    "day 1",
    "day 2",
    "day 3",
    "second day",
    "day before",
    "day after",
    "following day",
    "next morning",
    "night before",
    "evening before",
    "next day",
];
/// True for a word that is a day by itself.
pub(super) fn is_named(word: &str) -> bool {
    DAYS.iter().any(|known| word.eq_ignore_ascii_case(known)) || DAYS_OR_WORDS.contains(&word)
}

/// False for a word with which no day begins.
pub(super) fn may_begin(word: &str) -> bool {
    let is_month = || {
        let begins = word.get(..3).unwrap_or(word);
        let mut months = when::MONTHS.iter();
        months.any(|month| month[..3].eq_ignore_ascii_case(begins))
    };
    let is_other = || {
        let all = WORDS.iter().chain(&WORDS_AFTER_THE);
        let mut others = all.filter_map(|other| other.split(' ').next());
        others.any(|other| other.eq_ignore_ascii_case(word))
    };
    // Weekdays have a capital in German; in other languages an article is before them.
    let is_foreign =
        || word.starts_with(char::is_uppercase) && when::foreign_weekday(word).is_some();
    word.starts_with(|c: char| c.is_numeric())
        || is_named(word)
        || is_month()
        || is_other()
        || is_foreign()
}
