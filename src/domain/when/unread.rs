//! Finds times in forms that are not read: behind quotes and brackets, spelled out, or within the text. A line with one
//! would be logged at now, which its writer may not see.

mod clock;
mod lists;
mod number;
mod phrase;
mod whole;

use super::{
    date_words::{is_date, is_number, is_short_date},
    day::{month, weekday},
    zone_suffix::ABOUT_WORDS,
};
use clock::{Word, clock_end, is_unit, words};
pub(super) use lists::FOREIGN_LEADS;
use lists::{COUNTS, DAY_WORDS, LEADS, LIMITS, NAMING, ZONES};
use std::ops::Range;
pub(super) use whole::is_all_of_time;

/// What is looked at of a line, in characters.
const HEAD_CHARS: usize = 80;
/// How far into a text a time may be mentioned, in characters.
const MENTION_CHARS: usize = 40;
/// How many words may be before a duration ago.
const MENTION_WORDS: usize = 2;
/// The most words of a day and a zone before a time of day: `Wed the 25th of Nov 2026 at 10:06`.
const MAX_DAY_WORDS: usize = 7;

/// Separate a mark from what it marks only with a space behind them.
const SPACED_MARKS: &str = "-*+•·–—▪◦~@=:#>|";
const OPENING: &str = "([{<\"'`*_|>“”‘’„«»";
const CLOSING: &str = ")]}>\"'`*_|“”‘’«»,;:";

/// False if `text` has neither a digit nor `ago`, and begins with no word of a time: then no time is in it that this file
/// finds.
pub(super) fn may_have_time(text: &str) -> bool {
    text.contains(char::is_numeric)
        || text
            .as_bytes()
            .windows(3)
            .any(|word| word.eq_ignore_ascii_case(b"ago"))
        || phrase::may_begin(text)
}

/// Length in bytes of a sign at the start of `text` that people put before a line as they do the mark of a list: an emoji,
/// `→`, `:fire:`, `#1`, the `o` of a text program; 0 without one, or without a space behind it.
pub(crate) fn sign_len(text: &str) -> usize {
    const MAX_NUMBER_LEN: usize = 3;
    let is_symbol = |c: char| !(c.is_alphanumeric() || OPENING.contains(c) || "~≈".contains(c));
    let Some(first) = text.chars().next() else {
        return 0;
    };
    if !(matches!(first, ':' | '#' | 'o' | '0'..='9') || !first.is_ascii() && is_symbol(first)) {
        return 0;
    }
    let Some(end) = text.find(char::is_whitespace) else {
        return 0;
    };
    let word = &text[..end];
    let is_sign = match first {
        ':' => word[1..].strip_suffix(':').is_some_and(|name| {
            name.contains(|c: char| c.is_ascii_alphabetic())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
        }),
        '#' => word.len() <= 1 + MAX_NUMBER_LEN && is_number(&word[1..]),
        'o' => word == "o",
        // A digit in the frame of a key.
        '0'..='9' => word.ends_with('\u{20e3}'),
        _ => word.chars().all(is_symbol),
    };
    if is_sign { end } else { 0 }
}

/// Length in bytes of the marks at the start of `text`: those of lists, quotes, tables, emphasis, opening brackets and
/// quotation marks, the priority of a syslog line (`<13>`).
pub(super) fn opening_len(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else {
            return at;
        };
        let run = rest.len() - rest.trim_start_matches(|c| SPACED_MARKS.contains(c)).len();
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let item = digits(rest);
        let priority = rest.strip_prefix('<').map_or(0, digits);
        let is_space = |at: usize| rest[at..].starts_with(char::is_whitespace);
        at += if first.is_whitespace() {
            first.len_utf8()
        } else if run > 0 && is_space(run) {
            run
        } else if (1..=3).contains(&item)
            && rest[item..].starts_with(['.', ')'])
            && is_space(item + 1)
        {
            item + 1
        } else if (1..=3).contains(&priority) && rest[priority + 1..].starts_with('>') {
            priority + 2
        } else if first.is_ascii_alphabetic() && rest[1..].starts_with([')', '.']) && is_space(2) {
            2
        } else if OPENING.contains(first) {
            first.len_utf8()
        } else {
            match sign_len(rest) {
                0 => return at,
                sign => sign,
            }
        };
    }
}

/// Returns the beginning of `text` with spaces in the place of the brackets, quotation marks and punctuation around its
/// words, byte for byte.
pub(super) fn without_marks(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in head(text, HEAD_CHARS).split_inclusive(char::is_whitespace) {
        let inner = word.trim_start_matches(|c| OPENING.contains(c));
        plain.extend(std::iter::repeat_n(' ', word.len() - inner.len()));
        let space = inner.len() - inner.trim_end().len();
        let kept = inner.trim_end().trim_end_matches(|c| CLOSING.contains(c));
        plain.push_str(kept);
        plain.extend(std::iter::repeat_n(' ', inner.len() - space - kept.len()));
        plain.push_str(&inner[inner.len() - space..]);
    }
    plain
}

fn head(text: &str, chars: usize) -> &str {
    text.char_indices()
        .nth(chars)
        .map_or(text, |(at, _)| &text[..at])
}

/// Returns the length in bytes of the time with which `text`, which is without marks, begins in a form that is not
/// read: `from 10:06`, `10 o'clock`, `EST 10:06`, `the 25th 23:50`, `2026-Nov-25`, `five minutes ago`, `T+00:05`.
pub(super) fn leading_time_len(text: &str) -> Option<usize> {
    if !may_have_time(text) {
        return None;
    }
    let words = words(text);
    let first = words.first()?;
    if is_relative(first.text) {
        return Some(first.range.end);
    }
    if let Some(range) = ago(&words).filter(|range| range.start == first.range.start) {
        return Some(range.end);
    }
    let mut has_day = false;
    for (at, word) in words.iter().enumerate().take(MAX_DAY_WORDS) {
        if let Some(end) = clock_end(&words[at..], has_day) {
            return Some(end);
        }
        // `from -10m to -5m`
        let is_ago = |word: &Word<'_>| word.text.strip_prefix('-').is_some_and(has_joined_unit);
        if is_date(word.text) || at > 0 && is_ago(word) {
            return Some(word.range.end);
        }
        let is_month = month(word.text).is_some() && word.text.starts_with(char::is_uppercase);
        let is_day = is_month
            || is_short_date(word.text)
            || weekday(word.text).is_some()
            || word.is_one_of(&DAY_WORDS);
        has_day |= is_day;
        let leads = word.is_one_of(&LEADS) || word.is_one_of(&ABOUT_WORDS);
        if !(is_day || leads || is_number(word.text) || ZONES.contains(&word.text)) {
            return None;
        }
    }
    None
}

/// True if `text` goes on as a sentence does: `the 10:06 alert`, `from 10:06 on`, `on 2026-11-25 we`,
/// `2 months ago we`.
pub(super) fn begins_sentence(text: &str) -> bool {
    let words = words(text);
    let [first, rest @ ..] = words.as_slice() else {
        return false;
    };
    if let Some(range) = ago(&words) {
        let is_long = |word: &Word<'_>| word.is_one_of(&["month", "months", "year", "years"]);
        return range.start == first.range.start && words.iter().any(is_long);
    }
    let is_clock = clock_end(rest, false).is_some();
    let until = rest.get(1);
    match first.text.to_ascii_lowercase().as_str() {
        "the" => is_clock && until.is_some(),
        "from" => {
            let is_span = rest
                .first()
                .is_some_and(|word| word.text.contains(['-', '–']));
            let is_end = |word: &Word<'_>| word.is_one_of(&["to", "till", "until", "-"]);
            is_clock && !is_span && until.is_some_and(|word| !is_end(word))
        }
        "on" => (0..rest.len().min(MAX_DAY_WORDS)).all(|at| clock_end(&rest[at..], true).is_none()),
        _ => false,
    }
}

/// True if `text` begins with a word that limits a time: `until 14:20 we wait`.
pub(crate) fn begins_with_limit(text: &str) -> bool {
    words(head(text, HEAD_CHARS))
        .first()
        .is_some_and(|word| word.is_one_of(&LIMITS))
}

/// Returns the bytes of a time that is mentioned near the beginning of `text`, which is without marks, or of a number
/// with which it begins and that may be one.
pub(super) fn mentioned_time(text: &str) -> Option<Range<usize>> {
    let all = words(text);
    let near = words(head(text, MENTION_CHARS));
    if let Some(range) = ago(&all)
        .or_else(|| number::leading(text))
        .or_else(|| phrase::leading(text))
    {
        return Some(range);
    }
    // `in 30 min`, `in 2h`
    if let [lead, count, rest @ ..] = all.as_slice()
        && lead.is_one_of(&["in"])
    {
        let unit = rest.first().filter(|unit| unit.is_unit());
        let end = match unit {
            Some(unit) if is_number(count.text) => Some(unit.range.end),
            _ => has_joined_unit(count.text).then_some(count.range.end),
        };
        if let Some(end) = end {
            return Some(lead.range.start..end);
        }
    }
    near.iter().enumerate().find_map(|(at, word)| {
        // `until 14:20 web was slow` says when.
        let is_named = at > 0
            && near[at - 1].is_one_of(&NAMING)
            && !near[..at].iter().all(|word| word.is_one_of(&LIMITS));
        if is_date(word.text) && word.text.contains(':') {
            return Some(word.range.clone());
        }
        let end = clock_end(&all[at..], false).filter(|_| !is_named)?;
        Some(word.range.start..end)
    })
}

/// `T+00:05`, `H+2`, `-0:05`, `-2mo`.
fn is_relative(word: &str) -> bool {
    let signed = word.trim_start_matches(['T', 't', 'H']);
    let Some(length) = signed.strip_prefix(['+', '-']) else {
        return false;
    };
    let digits = length.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = length.split_at(digits);
    let is_clock = unit.len() >= 3
        && unit.starts_with(':')
        && unit[1..].bytes().all(|b| b.is_ascii_digit() || b == b':');
    let is_of_launch = signed.len() < word.len() && (unit.is_empty() || is_unit(unit));
    (1..=4).contains(&count.len())
        && (is_clock
            || is_of_launch
            || matches!(
                unit,
                "mo" | "mon" | "month" | "months" | "y" | "yr" | "year" | "years"
            ))
}

/// True for `5m`, `30min`, `10-15m`.
fn has_joined_unit(word: &str) -> bool {
    let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || "-.,/".contains(c));
    word.starts_with(|c: char| c.is_ascii_digit()) && is_unit(unit)
}

/// True for `5`, `1.5`, `1½`, `5-10`.
fn is_count(word: &str) -> bool {
    word.len() <= 6
        && word.starts_with(char::is_numeric)
        && word.chars().all(|c| c.is_numeric() || ".,-/".contains(c))
}

/// Returns the bytes of `2 months ago`, `five minutes ago`, `5 min. ago` after the first words.
fn ago(words: &[Word<'_>]) -> Option<Range<usize>> {
    let at = words
        .iter()
        .position(|word| word.text.eq_ignore_ascii_case("ago"))?;
    // `an hour and a half ago`
    let counted = match &words[..at] {
        [.., and, a, half]
            if and.is_one_of(&["and"]) && a.is_one_of(&["a"]) && half.is_one_of(&["half"]) =>
        {
            at - 3
        }
        _ => at,
    };
    let unit = counted.checked_sub(1)?;
    let is_joined = has_joined_unit(words[unit].text);
    if !(is_joined || words[unit].is_unit()) {
        return None;
    }
    let counts = words[..unit]
        .iter()
        .rev()
        .take_while(|word| is_count(word.text) || word.is_one_of(&COUNTS))
        .count();
    let first = unit - counts;
    (first <= MENTION_WORDS && (is_joined || counts > 0))
        .then(|| words[first].range.start..words[at].range.end)
}
