//! Finds times that are said in words at the beginning of a text: `half past nine`, `9 in the morning`, `last night`,
//! `an hour later`.

use super::{
    clock::{Word, words},
    lists::COUNTS,
};
use crate::domain::when::{
    counted::is_counted, date_words::is_number, other_time::OF_NOW, span::SPAN_WORDS,
    zone_suffix::ABOUT_WORDS,
};
use std::ops::Range;

/// Parts of another day, or of the day before now; `this morning` may as well be now.
const PARTS_OF_DAYS: [[&str; 2]; 3] =
    [["last", "night"], ["last", "evening"], ["earlier", "today"]];
/// Words before an hour, beside those of an estimate.
const LEADS: [&str; 4] = ["at", "gegen", "um", "vers"];

/// False for a text without a number with which no time in words begins.
pub(super) fn may_begin(text: &str) -> bool {
    let first = text.split(char::is_whitespace).next().unwrap_or_default();
    let is_first = |word: &str| word.eq_ignore_ascii_case(first);
    COUNTS.iter().any(|word| is_first(word))
        || first.eq_ignore_ascii_case("quarter")
        || PARTS_OF_DAYS.iter().any(|[one, _]| is_first(one))
}

/// Returns the bytes of such a time with which `text`, which is without marks, begins.
pub(super) fn leading(text: &str) -> Option<Range<usize>> {
    let words = words(text);
    let length = word_count(text, &words)?;
    Some(words.first()?.range.start..words.get(length - 1)?.range.end)
}

/// How many words the time has.
fn word_count(text: &str, words: &[Word<'_>]) -> Option<usize> {
    let is_counted_behind = |count: usize| is_counted("", &text[words[count - 1].range.end..]);
    let is_hour = |word: &Word<'_>| is_hour(word.text);
    match words {
        [first, second, ..]
            if PARTS_OF_DAYS
                .iter()
                .any(|[one, two]| first.is_one_of(&[one]) && second.is_one_of(&[two])) =>
        {
            Some(2)
        }
        [minutes, past, hour, ..]
            if past.is_one_of(&["past", "to"])
                && is_spelled(minutes)
                && (is_spelled(hour) || is_hour(hour))
                && (past.is_one_of(&["past"]) || minutes.is_one_of(&["quarter"])) =>
        {
            Some(3)
        }
        [hour, of, the, part, ..]
            if is_hour(hour)
                && of.is_one_of(&["in"])
                && the.is_one_of(&["the"])
                && part.is_one_of(&["morning", "afternoon", "evening"]) =>
        {
            Some(4)
        }
        [half, hour, ..] if half.is_one_of(&["halb"]) && is_hour(hour) => Some(2),
        [quarter, side, hour, ..]
            if quarter.is_one_of(&["viertel"])
                && side.is_one_of(&["vor", "nach", "ab"])
                && is_hour(hour) =>
        {
            Some(3)
        }
        // `~9`, `-30`
        [number, next, ..]
            if is_lone_number(number.text) && !next.is_unit() && !is_counted_behind(1) =>
        {
            Some(1)
        }
        // `9 to 10`
        [start, join, end, ..] if is_hour(start) && join.is_one_of(&SPAN_WORDS) && is_hour(end) => {
            (!is_counted_behind(3)).then_some(3)
        }
        // `13 50`
        [hour, minute, ..]
            if hour.text.len() == 2
                && minute.text.len() == 2
                && is_hour(hour)
                && is_number(minute.text)
                && minute.text.parse::<u8>().is_ok_and(|n| n < 60) =>
        {
            (!is_counted_behind(2)).then_some(2)
        }
        [lead, hour, ..] if lead.is_one_of(&LEADS) || lead.is_one_of(&ABOUT_WORDS) => {
            let number = hour.text.strip_suffix(['h', 'H']).unwrap_or(hour.text);
            let is_length = words.get(2).is_some_and(Word::is_unit);
            let is_time = self::is_hour(number) && !is_length;
            (is_time && !is_counted(number, &text[hour.range.end..])).then_some(2)
        }
        _ => later(words),
    }
}

/// `an hour later`, `a few minutes earlier`, `an hour back`.
fn later(words: &[Word<'_>]) -> Option<usize> {
    let counts = words
        .iter()
        .take_while(|word| word.is_one_of(&COUNTS))
        .count();
    let (unit, last) = (words.get(counts)?, words.get(counts + 1)?);
    let goes_on = words
        .get(counts + 2)
        .is_some_and(|next| next.is_one_of(&OF_NOW));
    let is_later = unit.is_unit() && last.is_one_of(&["later", "earlier", "back"]) && !goes_on;
    (counts > 0 && is_later).then_some(counts + 2)
}

/// True for `~9`, which may be an hour, and for `-30`, which may be minutes ago.
fn is_lone_number(word: &str) -> bool {
    match word.strip_prefix('-') {
        Some(minutes) => minutes.len() == 2 && is_number(minutes),
        None => word.strip_prefix('~').is_some_and(is_hour),
    }
}

fn is_hour(text: &str) -> bool {
    (1..=2).contains(&text.len()) && text.parse::<u8>().is_ok_and(|n| n <= 24)
}

/// True for `half`, `quarter`, `nine`.
fn is_spelled(word: &Word<'_>) -> bool {
    const OTHERS: [&str; 9] = [
        "a", "an", "few", "couple", "of", "some", "several", "about", "around",
    ];
    word.is_one_of(&["quarter"]) || word.is_one_of(&COUNTS) && !word.is_one_of(&OTHERS)
}
