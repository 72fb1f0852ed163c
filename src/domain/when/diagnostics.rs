//! Recognises text that was probably meant as a time but is not one.

use super::{
    counted::is_counted,
    cursor::Cursor,
    day::{Day, parse_day},
    duration::parse_ago,
    glued_span::glued_len,
    log_line_time::log_line_time_len,
    moment::{Moment, ParsedTime, parse_time},
    normalize::Normalized,
    other_time::{is_hour, is_other_clock, is_other_time, other_time_len},
    parse::parse_leading,
    types::{TimeContext, truncate},
    unread,
    zone_suffix::ABOUT_WORDS,
};
use crate::domain::parse_error::ParseError;
use chrono::NaiveTime;

/// Returns the length in bytes of a leading part of `text` that was probably meant as a time but is
/// not one, because of its context or spelling: `[10:06]`, `at 10:06`, `2012-08-16` without a time
/// of day, `10.06`, `tomorrow 10:06`, `16/08 10:06`, `+5m`, or the time of a log line; also behind the marks of
/// lists and quotes, and in quotation marks or brackets.
pub(crate) fn suspicious_time_len(text: &str, context: &TimeContext<'_>) -> Option<usize> {
    let normalized = Normalized::leading(text);
    let text = &*normalized.text;
    suspicious_len(text, context)
        .or_else(|| {
            let opening = unread::opening_len(text);
            let plain = unread::without_marks(&text[opening..]);
            let is_marked = opening > 0 || !text.starts_with(&plain);
            let marked = || match parse_leading(&plain, context) {
                Some(Ok((_, length))) => Some(length),
                _ => suspicious_len(&plain, context),
            };
            is_marked
                .then(marked)
                .flatten()
                .or_else(|| unread::leading_time_len(&plain))
                .map(|length| opening + length)
        })
        .map(|end| normalized.original_position(end))
}

/// True if `text`, which begins with a time that is not read, goes on as a sentence does.
pub(crate) fn begins_sentence(text: &str) -> bool {
    let normalized = Normalized::leading(text);
    let opening = unread::opening_len(&normalized.text);
    unread::begins_sentence(&unread::without_marks(&normalized.text[opening..]))
}

/// Returns the bytes of a time, date or `5 min ago` that is mentioned near the beginning of `text`, which does not
/// begin with one.
pub(crate) fn mentioned_time(text: &str) -> Option<std::ops::Range<usize>> {
    if !unread::may_have_time(text) {
        return None;
    }
    let normalized = Normalized::leading(text);
    let opening = unread::opening_len(&normalized.text);
    let plain = unread::without_marks(&normalized.text[opening..]);
    let range = unread::mentioned_time(&plain)?;
    Some(normalized.original_range(range.start + opening..range.end + opening))
}

/// True if `text` begins with a time of day without a date, in a form that is read or not: `13:50`, `13h50`, `1350`.
#[must_use]
pub fn begins_with_clock(text: &str) -> bool {
    let normalized = Normalized::leading(text);
    let plain = unread::without_marks(&normalized.text[unread::opening_len(&normalized.text)..]);
    let first = plain.split_whitespace().next().unwrap_or_default();
    starts_with_clock_time(first) || is_other_clock(first)
}

/// True if `text` is words and digits of a time and nothing else.
pub(crate) fn is_all_of_time(text: &str) -> bool {
    let normalized = Normalized::leading(text);
    let plain = unread::without_marks(&normalized.text);
    // What is cut off is more than a time.
    plain.len() == normalized.text.len() && unread::is_all_of_time(&plain)
}

fn suspicious_len(text: &str, context: &TimeContext<'_>) -> Option<usize> {
    const PREFIXES: [&str; 5] = ["[", "(", "<", "at ", "At "];
    let inner = PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix));
    if let Some(inner) = inner {
        // A closing bracket is not part of the time.
        let time = inner
            .find([']', ')', '>'])
            .map_or(inner, |end| &inner[..end]);
        if let Some(Ok((_, length))) = parse_leading(time, context) {
            return Some(text.len() - inner.len() + length);
        }
    }
    let mut cursor = Cursor::new(text, 0);
    if let Ok(Some((day, _))) = parse_day(&mut cursor) {
        let ends_date = |c: char| c.is_whitespace() || matches!(c, ':' | ',');
        let is_date = match day {
            Day::Date(_) | Day::Yearly(..) | Day::Yesterday => cursor.peek().is_none_or(ends_date),
            // `Sun is down` is a text.
            Day::Weekday(_) => matches!(cursor.peek(), Some(':' | ',')),
            Day::Today | Day::Unspecified => false,
        };
        if is_date {
            return Some(cursor.position);
        }
    }
    other_format_len(text)
        .or_else(|| log_line_time_len(text))
        .or_else(|| glued_len(text, context))
}

/// Recognises the formats of other programs and countries by their form.
fn other_format_len(text: &str) -> Option<usize> {
    const DAY_WORDS: [&str; 10] = [
        "day",
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
    // A valid time is never longer than this.
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
    const LONE_WORDS: [&str; 6] = [
        "tomorrow", "tonight", "noon", "noonish", "midnight", "midday",
    ];
    let is_lone_word = |word: &str| {
        let word = word.trim_start_matches('~');
        LONE_WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
    };
    let is_time_alone = |word: &str, end: usize| is_other_time(word) && !is_count(word, head, end);
    if is_time_alone(first, end) {
        return Some(end);
    }
    // `about noon`, `at noon`, `about 13h50`, `vers 9h12`, `de 9h à 10h`
    let is_lead =
        |words: &[&str]| -> bool { words.iter().any(|word| word.eq_ignore_ascii_case(first)) };
    let is_foreign = is_lead(&unread::FOREIGN_LEADS) || first == "à";
    if (is_lead(&ABOUT_WORDS) || is_lead(&["at"]) || is_foreign)
        && let Some((second, end)) = words.clone().next()
    {
        let is_hour = || is_foreign && second.strip_suffix('h').is_some_and(is_hour);
        if is_lone_word(second) || is_time_alone(second, end) || is_hour() {
            return Some(end);
        }
    }
    if let Some(end) = other_time_len(head) {
        return Some(end);
    }
    if let Some(end) = foreign_date_len(head) {
        return Some(end);
    }
    if let Some(end) = spelled_duration_len(head) {
        return Some(end);
    }
    let is_numeric = first.contains(['/', '.', '-'])
        && first.starts_with(|c: char| c.is_ascii_digit())
        && first
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '/' | '.' | '-'));
    let is_zone = || {
        let name = first.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let prefix = &first[..first.len() - name.len()];
        matches!(
            &*prefix.to_ascii_uppercase(),
            "UTC" | "GMT" | "CET" | "CEST"
        ) && name
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ':'))
    };
    let is_named_day = || matches!(parse_day(&mut Cursor::new(first, 0)), Ok(Some(_)));
    let is_day = is_numeric
        || DAY_WORDS.iter().any(|d| d.eq_ignore_ascii_case(first))
        || is_named_day()
        || is_zone();
    let is_time = |word: &str, before: &str| {
        let is_hour = before.eq_ignore_ascii_case("at") && is_hour(word);
        let is_noon = ["noon", "midnight", "midday"].contains(&word) && before == first;
        starts_with_clock_time(word) || is_hour || is_noon
    };
    // `next update 21:30 UTC`
    let is_next_thing = || {
        let second = words.clone().next().map_or("", |(word, _)| word);
        let is_of_days = ["day", "week", "month", "morning", "night", "at"].contains(&second)
            || second.starts_with(|c: char| c.is_ascii_digit())
            || matches!(parse_day(&mut Cursor::new(second, 0)), Ok(Some(_)));
        first.eq_ignore_ascii_case("next") && !is_of_days
    };
    let is_day = is_day && !is_next_thing();
    let mut before = first;
    words
        .find(|(word, _)| is_day && is_time(word, std::mem::replace(&mut before, word)))
        .map(|(_, end)| end)
        .or(is_lone_word(first).then_some(end))
}

/// True if the number `word`, which ends at byte `end` of `head`, counts what is behind it: `1350 requests`.
fn is_count(word: &str, head: &str, end: usize) -> bool {
    let number = word.trim_start_matches(|c: char| !c.is_ascii_digit());
    let is_number = number
        .bytes()
        .all(|b| b.is_ascii_digit() || b".,".contains(&b));
    // `0912 alerts fired`
    let is_clock = number.len() == 4 && number.starts_with('0');
    is_number
        && !is_clock
        && !head[..end].trim_end().ends_with(':')
        && is_counted(number, &head[end..])
}

/// `half an hour ago`, `vor einer Stunde`: where it begins like one, up to the end of it.
fn spelled_duration_len(head: &str) -> Option<usize> {
    const FOREIGN: [&str; 6] = [
        "vor einer stunde",
        "vor einer halben stunde",
        "vor einer minute",
        "il y a une heure",
        "hace una hora",
        "hace media hora",
    ];
    let begins = |text: &&&str| {
        head.get(..text.len())
            .is_some_and(|h| h.eq_ignore_ascii_case(text))
    };
    if let Some(text) = FOREIGN.iter().find(begins) {
        return Some(text.len());
    }
    let first = Cursor::new(head, 0).take_word().to_ascii_lowercase();
    if !matches!(&*first, "a" | "an" | "half") {
        return None;
    }
    let ago = head.find(" ago")?;
    (head[..ago].split_whitespace().count() <= 3).then_some(ago + " ago".len())
}

/// Returns the length of a date in another language with its time: `Mi 25. Nov 23:50:10`, `25 de
/// noviembre 23:50`, `le 25 novembre 13h50`. The time is the first after one to five words, of which one is a number.
fn foreign_date_len(head: &str) -> Option<usize> {
    let mut end = 0;
    let mut has_number = false;
    let first = head.split_whitespace().next().unwrap_or_default();
    let begins_date = first.starts_with(|c: char| c.is_ascii_digit())
        || ["le", "el", "il", "den", "vom"].contains(&first);
    for (index, word) in head
        .split_inclusive(char::is_whitespace)
        .take(6)
        .enumerate()
    {
        end += word.len();
        let bare = word.trim().trim_end_matches([',', '.']);
        let has_hour_letter = bare.contains('h') && is_other_clock(bare);
        if starts_with_clock_time(bare) || has_hour_letter {
            let is_time = begins_date || bare.matches(':').count() == 2;
            return (index > 0 && has_number && is_time).then_some(end);
        }
        let digits = bare.bytes().filter(u8::is_ascii_digit).count();
        let is_numeric = bare.starts_with(|c: char| c.is_ascii_digit())
            && bare.chars().all(|c| c.is_ascii_digit() || !c.is_ascii());
        has_number |= is_numeric;
        if digits > 0 && !is_numeric {
            return None;
        }
    }
    None
}

/// True if `word` starts with a time such as `10:06`.
fn starts_with_clock_time(word: &str) -> bool {
    let mut cursor = Cursor::new(word.trim_start_matches('~'), 0);
    cursor.take_digits(1..=2).is_some() && cursor.eat(':') && cursor.take_digits(2..=2).is_some()
}

/// Returns the time of day with which `text` begins, if it has no date: in the zone of `context`, also if
/// another one was typed.
#[must_use]
pub fn bare_time_of_day(text: &str, context: &TimeContext<'_>) -> Option<NaiveTime> {
    let (when, _) = parse_leading(text, context)?.ok()?;
    match first_time(&Normalized::leading(text).text, context) {
        Ok(Some((
            ParsedTime {
                moment:
                    Moment::Clock {
                        day: Day::Unspecified,
                        time,
                        ..
                    },
                zone,
                ..
            },
            _,
        ))) => Some(match zone {
            Some(_) => context.zone.to_local(when.at.to_utc()).time(),
            None => time,
        }),
        _ => None,
    }
}

/// Parses the time with which a normalized text begins.
fn first_time<'t>(
    text: &'t str,
    context: &TimeContext<'_>,
) -> Result<Option<(ParsedTime<'t>, usize)>, ParseError> {
    let start = text.len() - text.trim_start().len();
    parse_time(text, start, context, false)
}

/// True if a line begins with a time of day without a date, so that its day depends on an earlier
/// line.
#[must_use]
pub fn needs_a_day(text: &str, context: &TimeContext<'_>) -> bool {
    let normalized = Normalized::leading(text);
    let parsed = first_time(&normalized.text, context);
    parse_leading(text, context).is_some()
        && matches!(
            parsed,
            Ok(Some((
                ParsedTime {
                    moment: Moment::Clock {
                        day: Day::Unspecified,
                        ..
                    },
                    ..
                },
                _
            )))
        )
}

/// True if a line begins with a time of day with its day: a date, a day of the week, yesterday, today.
#[must_use]
pub fn is_dated(text: &str, context: &TimeContext<'_>) -> bool {
    day_before_time(text, context).is_some()
}

/// True if a line begins with a time of day behind a day of the week.
#[must_use]
pub fn is_of_weekday(text: &str, context: &TimeContext<'_>) -> bool {
    matches!(day_before_time(text, context), Some(Day::Weekday(_)))
}

/// Returns the day of the time of day with which a line begins, if it says one.
fn day_before_time(text: &str, context: &TimeContext<'_>) -> Option<Day> {
    parse_leading(text, context)?.ok()?;
    match first_time(&Normalized::leading(text).text, context) {
        Ok(Some((
            ParsedTime {
                moment: Moment::Clock { day, .. },
                ..
            },
            _,
        ))) => Some(day).filter(|day| *day != Day::Unspecified),
        _ => None,
    }
}

/// True if a time is counted from now, so that it does not come again: `-12m`, `2 h ago`,
/// `yesterday`, `today 10:06`.
#[must_use]
pub fn is_relative_to_now(text: &str) -> bool {
    let normalized = Normalized::new(text);
    let mut cursor = Cursor::new(normalized.text.trim(), 0);
    let begins_ago = parse_ago(&mut cursor).is_some();
    begins_ago
        || matches!(
            parse_day(&mut cursor),
            Ok(Some((Day::Today | Day::Yesterday, _)))
        )
}
