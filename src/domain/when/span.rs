//! How the two ends of a span are joined, and what they say about each other.

use super::{
    cursor::{arrow_len, end_of_when},
    day::Day,
    moment::{Moment, ParsedTime, parse_time},
    time_of_day::in_half,
    types::{TimeContext, read_doubt},
    unread_end,
};
use crate::domain::parse_error::ParseError;
use chrono::{NaiveTime, Timelike as _};

/// Words between the two ends of a span; of two that begin alike the longer is first.
pub(super) const SPAN_WORDS: [&str; 17] = [
    "to",
    "until",
    "up until",
    "up to",
    "till",
    "til",
    "through",
    "thru",
    "bis",
    "tot",
    "hasta las",
    "hasta",
    "a las",
    "às",
    "à",
    "alle",
    "a",
];
/// What joins two times that are not the ends of a span.
const LIST_WORDS: [&str; 3] = ["and", "or", "then"];
const LIST_MARKS: [char; 5] = [',', '/', '&', ';', '+'];
/// How many times of a list are read.
const MAX_LISTED: usize = 5;
/// How many words may be between `until` and a time: `until at least 10:20 UTC`.
const MAX_WORDS_BEFORE: usize = 2;

/// What joins the ends of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    /// Dots, or a dash without spaces: what follows is the end.
    Sure,
    /// A dash between spaces, behind which the text may begin.
    SpacedDash,
    /// A word or an arrow, which is text where no time follows.
    Word,
    /// A word that is an article as well.
    Article,
}

/// The separator between the ends of a span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Separator {
    pub join: Join,
    /// Offset at which the second end begins.
    pub next: usize,
}

/// Finds what joins the time that ends at byte `at` of `text` to the end of its span.
pub(super) fn find_separator(text: &str, at: usize) -> Option<Separator> {
    let rest = &text[at..];
    let trimmed = rest.trim_start_matches([' ', '\t']);
    let attached = trimmed.len() == rest.len();
    let separator = |join, length: usize| Separator {
        join,
        next: text.len() - trimmed[length..].trim_start_matches([' ', '\t']).len(),
    };
    if trimmed.starts_with("..") && !trimmed.starts_with("...") {
        return Some(separator(Join::Sure, 2));
    }
    if let Some(length) = arrow_len(trimmed) {
        return Some(separator(Join::Word, length));
    }
    let dashes = trimmed.len() - trimmed.trim_start_matches('-').len();
    if dashes > 0 {
        // ` - ` and ` -- ` may also be the start of the text; ` -10:20` would be an offset.
        let is_spaced = trimmed[dashes..].starts_with([' ', '\t']);
        return match attached {
            true => Some(separator(Join::Sure, 1)),
            false => is_spaced.then(|| separator(Join::SpacedDash, dashes)),
        };
    }
    let word = word_of(trimmed, &SPAN_WORDS).filter(|_| !attached)?;
    let join = match word.len() {
        1 => Join::Article,
        _ => Join::Word,
    };
    Some(separator(join, word.len()))
}

/// Returns what follows the word, the arrow or the dots with which `text` begins, if these may join the ends of a span.
pub(crate) fn after_span_join(text: &str) -> Option<&str> {
    let dots = || text.starts_with("..").then_some("..".len());
    let length = arrow_len(text)
        .or_else(dots)
        .or_else(|| word_of(text, &SPAN_WORDS).map(str::len))?;
    Some(text[length..].trim_start())
}

/// The one of `words` with which `text` begins, before a space.
fn word_of<'t>(text: &'t str, words: &[&str]) -> Option<&'t str> {
    words.iter().find_map(|word| {
        let head = text.get(..word.len())?;
        let is_word =
            head.eq_ignore_ascii_case(word) && text[word.len()..].starts_with(char::is_whitespace);
        is_word.then_some(head)
    })
}

/// Parses the end of the span that begins with `first`, behind the time that ends at byte `after`; also returns where it
/// ends. Where what follows is text, that may be said as a doubt about `first`.
///
/// # Errors
/// If a span has no end, or one that is no valid time.
pub(super) fn parse_end<'t>(
    text: &'t str,
    after: usize,
    first: &mut ParsedTime<'_>,
    context: &TimeContext<'_>,
    strict: bool,
) -> Result<Option<(ParsedTime<'t>, usize)>, ParseError> {
    let separator = find_separator(text, after);
    let unread_end = |first: &ParsedTime<'_>| {
        let join = separator.map(|Separator { join, next }| unread_end::Join {
            is_word: join == Join::Word,
            next,
        });
        unread_end::doubt(text, after, join, first, context)
    };
    let Some(Separator { join, next }) = separator else {
        first.doubt = first.doubt.take().or_else(|| unread_end(first));
        say_shared(text, after, first, None, context);
        return Ok(None);
    };
    let is_word = matches!(join, Join::Word | Join::Article);
    let (mut second, end) = match parse_time(text, next, context, strict) {
        Ok(Some((second, end))) if !is_word || end_of_when(text, end).is_some() => (second, end),
        Err(mut error) if !is_word || begins_clock(&text[next..]) => {
            if is_word {
                error.hint.push_str(TEXT_HINT);
            }
            return Err(error);
        }
        _ if join == Join::Sure => {
            return Err(ParseError::new(
                "the span has no end",
                "write both ends (`10:06-10:20`), or one time and a space",
                first.range.start..next,
            ));
        }
        _ => {
            first.doubt = first.doubt.take().or_else(|| unread_end(first));
            say_shared(text, after, first, None, context);
            return Ok(None);
        }
    };
    if join == Join::SpacedDash && is_rather_text(first, &second) {
        first.doubt = Some(text_after_dash_doubt(first, &second));
        return Ok(None);
    }
    if join == Join::Article {
        if !begins_clock(&text[next..]) {
            return Ok(None);
        }
        let typed = text[after..end].trim();
        second.doubt = Some(read_doubt(typed, "the end of a span"));
    }
    say_shared(text, end, first, Some(&second), context);
    Ok(Some((second, end)))
}

/// What a hint about the end of a span behind a word ends with.
pub(super) const TEXT_HINT: &str = "; where it is text, put a backslash before it";

/// True for `10:50`.
fn begins_clock(text: &str) -> bool {
    let minutes = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - minutes.len();
    (1..=2).contains(&digits) && minutes.starts_with(':')
}

/// Says, as a doubt about `first`, that a time behind it, or behind its end `second`, is text where that has an am, a pm or
/// a zone that those have not: `7:30 and 9:30 PM`, `09:30, 10:30 UTC`; or where it may be the end of a span:
/// `16:42 / 18:31`.
fn say_shared(
    text: &str,
    after: usize,
    first: &mut ParsedTime<'_>,
    second: Option<&ParsedTime<'_>>,
    context: &TimeContext<'_>,
) {
    let Moment::Clock { time, .. } = first.moment else {
        return;
    };
    let has_zone = first.zone.is_some() || second.is_some_and(|second| second.zone.is_some());
    let has_half = first.afternoon.is_some()
        || second.is_some_and(|second| second.afternoon.is_some())
        || !(1..=12).contains(&time.hour());
    let is_more = |other: &ParsedTime<'_>| {
        other.zone.is_some() && !has_zone || other.afternoon.is_some() && !has_half
    };
    let mut at = after;
    for number in 0..MAX_LISTED {
        let Some((next, is_slash)) = next_of_list(text, at) else {
            return;
        };
        let (says_more, end) = match parse_whole(text, next, context) {
            Ok(Some((other, end))) => match find_separator(text, end) {
                // A span of its own.
                Some(separator) => match parse_whole(text, separator.next, context) {
                    Ok(Some((last, end))) => (is_more(&other) || is_more(&last), end),
                    _ => (is_more(&other), end),
                },
                None => (is_more(&other), end),
            },
            Ok(None) => return,
            // A zone that is not known here.
            Err(error) => (!has_zone, error.range.end),
        };
        if says_more || is_slash && number == 0 && second.is_none() {
            let typed = text[after..end].trim();
            let start = first.typed.trim();
            let way_out = match says_more {
                true => format!(
                    "its am, pm or zone was not read for `{start}`: write it behind that as well"
                ),
                false => format!(
                    "a span is written with two dots: `{start}..{}`",
                    text[next..end].trim()
                ),
            };
            first.doubt.get_or_insert_with(|| {
                format!("`{typed}` after the time was kept as text; {way_out}")
            });
            return;
        }
        at = end;
    }
}

/// Parses the time at byte `start` if no word goes on behind it.
fn parse_whole<'t>(
    text: &'t str,
    start: usize,
    context: &TimeContext<'_>,
) -> Result<Option<(ParsedTime<'t>, usize)>, ParseError> {
    let found = parse_time(text, start, context, false)?;
    Ok(found.filter(|(_, end)| end_of_when(text, *end).is_some() || text[*end..].starts_with('-')))
}

/// Returns where a time begins that something joins to the one that ends at byte `at`, and whether a slash is before it.
fn next_of_list(text: &str, at: usize) -> Option<(usize, bool)> {
    let spaces = [' ', '\t'];
    let rest = text[at..].trim_start_matches(spaces);
    let next = match after_list_join(rest) {
        Some(next) => next,
        None => {
            let mut next = after_span_join(rest)?;
            for _ in 0..MAX_WORDS_BEFORE {
                let number = next.trim_start_matches(|c: char| c.is_ascii_alphabetic());
                if number.starts_with(spaces) {
                    next = number.trim_start_matches(spaces);
                }
            }
            next
        }
    };
    let is_time = match rest.starts_with([',', ';']) {
        // `10:06, 2 PM deploy is next`
        true => begins_clock(next),
        false => next.starts_with(|c: char| c.is_ascii_digit() || c == '~'),
    };
    is_time.then(|| (text.len() - next.len(), rest.starts_with('/')))
}

/// Returns what follows the marks and the word of a list with which `text` begins.
fn after_list_join(text: &str) -> Option<&str> {
    let list = text.trim_start_matches(LIST_MARKS).trim_start();
    let listed = word_of(list, &LIST_WORDS).map_or(list, |word| &list[word.len()..]);
    (listed.len() < text.len()).then(|| listed.trim_start())
}

/// Returns what follows the word or the marks with which `text` begins, if these may join two times.
pub(crate) fn after_join(text: &str) -> Option<&str> {
    after_span_join(text).or_else(|| after_list_join(text))
}

/// True if what follows a time and a spaced dash, though it begins like a time, is rather the text: in `10:06 - 3 pm
/// deploy failed` the ends are not written alike.
fn is_rather_text(first: &ParsedTime<'_>, second: &ParsedTime<'_>) -> bool {
    match (first.moment, second.moment) {
        (Moment::Clock { .. }, Moment::Ago(_)) => true,
        (Moment::Clock { .. }, Moment::Clock { .. }) => {
            first.afternoon.is_none() && !second.typed.contains(':')
        }
        (Moment::Ago(_), _) => false,
    }
}

/// Says that the `second` time was kept as text.
fn text_after_dash_doubt(first: &ParsedTime<'_>, second: &ParsedTime<'_>) -> String {
    let (first, second) = (first.typed.trim(), second.typed.trim());
    format!(
        "`{second}` after the dash was kept as text; a span is written with two dots: `{first}..{second}`"
    )
}

/// Gives the am or pm of one end to the other, where that has an hour from 1 to 12 and neither: `3:00-3:30 PM`. Where
/// the span would then end before it begins, it is the other half of the day: `11:30-1:00 PM`.
///
/// # Errors
/// If the end has a day of its own, so that the half of the day is open.
pub(super) fn share_meridiem(
    first: &mut ParsedTime<'_>,
    second: &mut ParsedTime<'_>,
) -> Result<(), ParseError> {
    let range = first.range.start..second.range.end;
    let (
        Moment::Clock { time: start, .. },
        Moment::Clock {
            time: end,
            day: end_day,
            ..
        },
    ) = (&mut first.moment, &mut second.moment)
    else {
        return Ok(());
    };
    let is_of_twelve = |time: &NaiveTime| (1..=12).contains(&time.hour());
    match (first.afternoon, second.afternoon) {
        (None, Some(_)) if is_of_twelve(start) => {}
        (Some(_), None) if is_of_twelve(end) => {}
        _ => return Ok(()),
    }
    if *end_day != Day::Unspecified {
        return Err(ParseError::new(
            "only one end of the span says am or pm",
            "write am or pm at both ends, or hours from 0 to 23",
            range,
        ));
    }
    match (first.afternoon, second.afternoon) {
        (None, Some(afternoon)) => {
            let same_half = in_half(*start, afternoon);
            *start = if same_half <= *end {
                same_half
            } else {
                in_half(*start, !afternoon)
            };
        }
        (Some(afternoon), None) => {
            let same_half = in_half(*end, afternoon);
            *end = if same_half >= *start {
                same_half
            } else {
                in_half(*end, !afternoon)
            };
        }
        _ => {}
    }
    Ok(())
}
