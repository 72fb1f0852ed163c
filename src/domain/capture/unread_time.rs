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

/// Returns what to say of a zone with which `text` ends, `web is down (UTC)`, behind a time that is read in another.
fn zone_at_end(text: &str, context: &when::TimeContext<'_>) -> Option<String> {
    let mut words = text.split_whitespace().rev();
    let word = words.next()?;
    let name = word.trim_matches(['(', ')', '[', ']']);
    let before = words.next().unwrap_or_default();
    let is_alone = || {
        let is_of_text = ["to", "in", "of", "from", "at", "is", "use", "and"].contains(&before);
        matches!(name, "UTC" | "GMT") && !is_of_text && !before.contains(char::is_numeric)
    };
    let is_zone = name.bytes().all(|b| b.is_ascii_uppercase()) && when::is_zone_abbreviation(name);
    let is_own = || context.zone.abbreviation(context.now) == name;
    if !is_zone || name.len() == word.len() && !is_alone() || is_own() {
        return None;
    }
    Some(format!(
        "`{word}` was kept as text: the time was read in {}; a zone goes right behind it, as in `10:06 {name}`",
        context.zone.name()
    ))
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
    if let Some(when) = &parsed.when {
        // No zone was typed with the time.
        let is_own = when.zone == context.zone.name();
        parsed
            .notices
            .extend(is_own.then(|| zone_at_end(text, context)).flatten());
        return;
    }
    if parsed.has_unread_time {
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

#[cfg(test)]
mod tests {
    use super::super::{Context, Flags, parse};
    use crate::domain::{time::parse_utc, zone::Zone};
    use rstest::rstest;

    fn notices(line: &str) -> String {
        let now = parse_utc("2026-11-25T15:00:00Z").unwrap();
        let context = Context::new(now, Zone::find("Europe/Berlin").unwrap());
        let parsed = parse(line, &Flags::default(), &context).unwrap();
        parsed.notices.concat()
    }

    #[rstest]
    #[case("13:50 web is down (UTC)")]
    #[case("13:50 web is down [GMT]")]
    #[case("13:50 fault: web is down (PST)")]
    #[case("13:50 web is down UTC")]
    fn zone_at_the_end_is_said_not_to_be_that_of_the_time(#[case] line: &str) {
        let notices = notices(line);
        assert!(notices.contains("was read in Europe/Berlin"), "{notices}");
    }

    #[rstest]
    #[case("13:50 web is down (CET)")]
    #[case("13:50 UTC web is down (UTC)")]
    #[case("13:50 the cron jobs moved to UTC")]
    #[case("13:50 the call is at 15:00 UTC")]
    #[case("13:50 lost the region (ACT)")]
    #[case("13:50 web is down (DNS)")]
    #[case("web is down (UTC)")]
    fn other_ends_of_a_line_have_no_note(#[case] line: &str) {
        assert!(!notices(line).contains("was read in"), "{line}");
    }
}
