//! What is said of a time in the text of a line, which is not the time of its event.

use super::{error::excerpt, line_marks, parsed_line::ParsedLine};
use crate::domain::{when, words::Kind};
use std::ops::Range;

/// Length in bytes of a time at the start of the text behind a kind.
pub(super) fn unread_time_len(text: &str, context: &when::TimeContext<'_>) -> Option<usize> {
    match when::parse_leading(text, context) {
        Some(Ok((_, length))) => Some(length),
        _ => when::suspicious_time_len(text, context),
    }
}

/// True if `text` begins with a time that is read, or a time of day: `25 Nov backup is good` and `2026 calendar bug` do
/// not.
fn begins_time(text: &str, context: &when::TimeContext<'_>) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_year = digits == 4
        && (text.starts_with("19") || text.starts_with("20"))
        && text[digits..].starts_with(char::is_whitespace);
    matches!(when::parse_leading(text, context), Some(Ok(_)))
        || when::begins_with_clock(text) && !is_year
}

/// Says that `typed` at the start of the line, or behind its kind, is not its time.
pub(super) fn note_unread_time(parsed: &mut ParsedLine, typed: &str) {
    parsed.notices.push(format!(
        "`{}` was kept as text: a time goes first and has a time of day, such as `10:06`, `yesterday 23:50`, `Aug 16 10:06` or `2012-08-16 10:06`; or it is a while ago, such as `-12m`",
        excerpt(typed.trim())
    ));
}

/// Says that `typed` at the start of the line is not its time, which a flag gives.
pub(super) fn note_time_beside_flag(parsed: &mut ParsedLine, typed: &str) {
    parsed.notices.push(format!(
        "`{}` was kept as text, as --at gives the time; where it is text, put a backslash before it",
        excerpt(typed.trim())
    ));
}

/// Says how many lines of `text`, but for the first, begin with a time: they may be meant as events of their own.
pub(super) fn note_lines_with_times(
    parsed: &mut ParsedLine,
    text: &str,
    context: &when::TimeContext<'_>,
) {
    let filled = text.lines().filter(|line| !line.trim().is_empty());
    let begins_time = |line: &&str| {
        line.contains(char::is_numeric)
            && line_marks::parse_marked_time(line.trim_start(), context, None).is_some()
    };
    let timed = filled.clone().skip(1).filter(begins_time).count();
    if timed > 0 {
        parsed.notices.push(format!(
            "{} lines were taken as the text of one event, and {timed} of them {} with a time: `bridgelog log -` reads each line of its input as an event",
            filled.count(),
            if timed == 1 { "begins" } else { "begin" },
        ));
    }
}

/// Says that a time in `text` is not that of the event: one right behind the kind is meant as such, except behind `note:`,
/// which makes a text of anything; one further in may be, where the kind does not speak of other times.
pub(super) fn note_time_in_text(
    parsed: &mut ParsedLine,
    text: &str,
    context: &when::TimeContext<'_>,
    amends: bool,
) {
    // What these kinds say is often of another time: what was found, or is still to come.
    const OF_OTHER_TIMES: [Kind; 9] = [
        Kind::Suspect,
        Kind::Finding,
        Kind::Cause,
        Kind::Factor,
        Kind::Decision,
        Kind::Ask,
        Kind::Verify,
        Kind::Comms,
        Kind::Handoff,
    ];
    if parsed.when.is_some() || parsed.has_unread_time {
        return;
    }
    let kind = parsed.kind.as_ref();
    let is_of_other_times = kind.is_some_and(|kind| OF_OTHER_TIMES.contains(kind));
    if kind.is_some_and(|kind| *kind != Kind::Note)
        && (!is_of_other_times || begins_time(text, context))
        && let Some(length) = unread_time_len(text, context)
        && !when::begins_sentence(text)
    {
        note_unread_time(parsed, &text[..length]);
        parsed.has_unread_time = true;
    } else if !amends
        && !is_of_other_times
        && !text.starts_with("tell:")
        && let Some(range) = when::mentioned_time(text)
    {
        let typed = text[range.clone()].trim().trim_end_matches(['.', ',']);
        // A time of day ahead of the clock is still to come, but for one near the beginning: `Montag 23:50`.
        let is_in_sentence =
            text[..range.start].split_whitespace().count() > 1 || when::begins_with_limit(text);
        let is_ahead = is_in_sentence && is_ahead(text, &range, context);
        if !is_ahead {
            parsed.notices.push(format!(
                "`{}` was kept as text: it is not the time of the event; a time goes first, as in `10:06 TEXT`",
                excerpt(typed)
            ));
        }
    }
}

/// True if the time of `text` whose clock is at `range` is still to come, by its day, its AM or PM and its zone.
fn is_ahead(text: &str, range: &Range<usize>, context: &when::TimeContext<'_>) -> bool {
    // `on 24 Nov 2026 at 23:12`
    const MAX_WORDS_BEFORE: usize = 4;
    let read = |start: usize| match when::parse_leading(&text[start..], context) {
        Some(Ok((when, length))) if start + length >= range.end => Some(when),
        _ => None,
    };
    let word_starts = text[..range.start]
        .split_whitespace()
        .rev()
        .take(MAX_WORDS_BEFORE)
        .map(|word| word.as_ptr() as usize - text.as_ptr() as usize);
    let dated = word_starts.filter_map(read).last();
    match dated {
        Some(when) => when.at.to_utc() > context.now,
        None => read(range.start).is_some_and(|when| when.assumed_day.is_some()),
    }
}
