//! Finds numbers at the beginning of a text that may be a time, or a while ago, where nothing is counted by them: `9.30`,
//! `9:5`, `13h`, `12 min`, `13-14`, `9 ET`.

use super::clock::{Word, words};
use crate::domain::when::{
    counted::{is_counted, is_lasting},
    date_words::is_number,
    duration::{parse_time_box, seconds_of_unit},
    zone_suffix::is_zone_abbreviation,
};
use std::ops::Range;

/// Words behind a ratio: `9:5 split`.
const OF_RATIOS: [&str; 6] = ["ratio", "split", "mapping", "match", "draw", "odds"];
/// Words behind the number of a version: `2.14 deployed`.
const OF_VERSIONS: [&str; 6] = [
    "deployed", "released", "shipped", "rolled", "rollout", "live",
];

/// So many seconds and more are never a while ago on their own: `5d`.
const DAY: i64 = 86_400;

/// Returns the bytes of such a number with which `text`, which is without marks, begins.
pub(super) fn leading(text: &str) -> Option<Range<usize>> {
    let words = words(text);
    let first = words.first()?;
    let number = first.text.trim_start_matches('~');
    if !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let after = |word: &Word<'_>| &text[word.range.end..];
    if is_short_clock(number) || is_span_of_hours(number) {
        let is_ratio_or_version = || {
            let known = if number.contains(':') {
                &OF_RATIOS
            } else {
                &OF_VERSIONS
            };
            words.get(1).is_some_and(|next| next.is_one_of(known))
        };
        // `5-10 min` is a length.
        let is_length = || words.get(1).is_some_and(Word::is_unit);
        let is_other = is_counted(number, after(first)) || is_length() || is_ratio_or_version();
        return (!is_other).then(|| first.range.clone());
    }
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let (count, joined) = number.split_at(digits);
    if !(1..=2).contains(&digits) {
        return None;
    }
    let last = match joined {
        "" => words.get(1)?,
        _ => first,
    };
    let unit = if joined.is_empty() { last.text } else { joined };
    // Seconds are rarely a while ago; `24h` is no hour.
    let last_unit = joined.rsplit(|c: char| c.is_ascii_digit()).next();
    let is_unit = count != "24"
        && match last_unit.and_then(seconds_of_unit) {
            None => {
                let unit = unit.to_ascii_lowercase();
                joined.is_empty() && matches!(seconds_of_unit(&unit), Some(60 | 3600))
            }
            Some(1) => false,
            Some(_) => parse_time_box(number).is_some_and(|length| length < DAY),
        };
    // `~9 web`
    let is_hour = first.text.starts_with('~')
        && joined.is_empty()
        && is_at_most(count, 24)
        && !last.is_unit()
        && !is_counted(count, after(first));
    if is_hour {
        return Some(first.range.clone());
    }
    let is_of_zone = joined.is_empty() && is_at_most(count, 24) && is_zone_abbreviation(unit);
    let is_time =
        is_unit && !is_lasting(after(last)) || is_of_zone && !is_counted(count, after(last));
    // `12 min` alone is a length, and so are more of them: `1h 30m`.
    // `5 min later than planned` is no time.
    let mut behind = words
        .iter()
        .skip_while(|word| word.range.start <= last.range.start);
    let is_later = behind
        .next()
        .is_some_and(|next| next.is_one_of(&["later", "earlier", "back", "before"]));
    let goes_on = !is_later && after(last).contains(char::is_alphabetic);
    (is_time && goes_on).then_some(first.range.start..last.range.end)
}

fn is_at_most(number: &str, most: u32) -> bool {
    (1..=2).contains(&number.len()) && number.parse::<u32>().is_ok_and(|n| n <= most)
}

/// `9.30`, `9,30`, `9:5`, but not `1:1`.
fn is_short_clock(word: &str) -> bool {
    let Some((hour, minute)) = word.split_once(['.', ',', ':']) else {
        return false;
    };
    let is_of_points = !word.contains(':');
    let is_minute = minute.len() == if is_of_points { 2 } else { 1 };
    hour.len() == 1 && is_at_most(hour, 9) && is_minute && is_at_most(minute, 59) && word != "1:1"
}

/// `13-14`, and `13-50`: what is later is the second.
fn is_span_of_hours(word: &str) -> bool {
    word.split_once(['-', '–']).is_some_and(|(start, end)| {
        let is_hour = |text: &str| is_number(text) && is_at_most(text, 24);
        let is_minute = end.len() == 2 && is_at_most(end, 59);
        is_hour(start)
            && (is_hour(end) || is_minute)
            && start.parse::<u8>().ok() < end.parse::<u8>().ok()
    })
}
