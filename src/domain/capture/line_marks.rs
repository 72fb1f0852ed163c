//! The marks that lists, quotes and tables put before the time of a line.

use super::after_time::{Times, follow};
use crate::domain::{
    parse_error::ParseError,
    time::UtcTime,
    when::{self, TimeContext, When},
};
use std::borrow::Cow;

/// A time at the start of a line, behind the marks of a list.
pub(super) struct MarkedTime<'t> {
    pub when: When,
    /// Length in bytes of the marks, the time, and a dash or bar after it.
    pub length: usize,
    /// The time without marks.
    pub time: Cow<'t, str>,
    /// What to say of what follows it.
    pub notice: Option<String>,
}

/// Parses the time with which `text` begins, behind `- `, `* `, `1. `, `> `, `| `, `- [ ] ` and the
/// like, and within `**`, backticks or brackets, with the parts that follow it. `None` if there is no time, so that
/// marks are text.
pub(super) fn parse_marked_time<'t>(
    text: &'t str,
    context: &TimeContext<'_>,
    reference: Option<UtcTime>,
) -> Option<Result<MarkedTime<'t>, ParseError>> {
    let times = Times { context, reference };
    // `25. Nov 13:50` is a date, not an item of a list.
    let (marks, result) = match times.leading(text) {
        Some(result) => (0, result.map(|found| leading_time(text, found))),
        None => {
            let marks = marks_len(text);
            let rest = &text[marks..];
            let result = match times.leading(rest).filter(|_| marks > 0) {
                Some(result) => result.map(|found| leading_time(rest, found)),
                None => enclosed_time(rest, times)?,
            };
            (marks, result)
        }
    };
    let rest = &text[marks..];
    let result = result
        .map_err(|error| error.shifted(marks))
        .and_then(|found| {
            let Found {
                when,
                time,
                time_end,
                length,
                is_closed,
            } = found;
            let followed = follow(time, when, is_closed, &rest[time_end..], times)
                .map_err(|error| error.shifted(marks + time_end))?;
            let length = match followed.length {
                0 => length,
                more => time_end + more,
            };
            Ok(MarkedTime {
                when: followed.when,
                length: marks + length + separator_len(&rest[length..]),
                time: followed.time,
                notice: followed.notice,
            })
        });
    Some(result)
}

/// A time at the start of a text.
struct Found<'t> {
    when: When,
    time: &'t str,
    /// Where the time ends, with the marks that close it.
    time_end: usize,
    /// Length in bytes with a colon or comma after it.
    length: usize,
    is_closed: bool,
}

/// Returns the time that was read up to the byte `length` of `text`.
fn leading_time(text: &str, (when, length): (When, usize)) -> Found<'_> {
    let typed = text[..length].trim_end_matches([':', ',', '.', ';']);
    let is_closed = typed.trim_start().starts_with(['[', '(']);
    let time = match is_closed {
        true => typed
            .trim_start_matches(|c| is_blank(c) || matches!(c, '[' | '('))
            .trim_end_matches([']', ')']),
        false => typed.trim_start(),
    };
    Found {
        when,
        time,
        time_end: typed.len(),
        length,
        is_closed,
    }
}

/// Parses the time that `**`, backticks or brackets at the start of `text` enclose, or returns the error
/// about what begins like one, such as `[25:00]`.
fn enclosed_time<'t>(text: &'t str, times: Times<'_>) -> Option<Result<Found<'t>, ParseError>> {
    let (inner, start, end) = enclosed(text)?;
    let read = when::parse_with_reference(inner, times.context, times.reference);
    if let Ok(when) = read {
        return Some(Ok(Found {
            when,
            time: inner,
            time_end: end,
            length: end,
            is_closed: true,
        }));
    }
    let error = when::parse_leading(inner, times.context)?.err()?;
    Some(Err(error.shifted(start)))
}

/// Returns the time of a line without the marks around it, with the parts that follow it in their place; the line
/// without the marks at its start, if no part follows.
#[must_use]
pub fn unmarked_time<'t>(line: &'t str, context: &TimeContext<'_>) -> Cow<'t, str> {
    match parse_marked_time(line.trim_start(), context, None) {
        Some(Ok(found)) if matches!(found.time, Cow::Owned(_)) => found.time,
        _ => Cow::Borrowed(strip_marks(line)),
    }
}

/// Returns the line without the marks at its start, if a time follows them.
fn strip_marks(text: &str) -> &str {
    let rest = &text[marks_len(text)..];
    match enclosed(rest) {
        Some((inner, ..)) if inner.starts_with(|c: char| c.is_ascii_digit()) => inner,
        _ => rest,
    }
}

/// Length in bytes of the marks at the start of `text`, with the spaces after each.
fn marks_len(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let spaces = |length: usize| {
            let after = &rest[length..];
            let count = after.len() - after.trim_start_matches(is_blank).len();
            (count > 0).then_some(length + count)
        };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let numbered = (1..=3).contains(&digits) && rest[digits..].starts_with(['.', ')']);
        let mark = rest.chars().next();
        let length = if rest.starts_with(is_blank) {
            spaces(0)
        } else if let Some(length) = checkbox_len(rest) {
            spaces(length)
        } else if numbered {
            spaces(digits + 1)
        } else if let Some(mark) = mark.filter(|c| matches!(c, '>' | '|')) {
            // Quotes and table cells need no space.
            Some(spaces(mark.len_utf8()).unwrap_or(mark.len_utf8()))
        } else if let Some(mark) = mark.filter(|c| "-*+•·–—▪◦".contains(*c)) {
            spaces(mark.len_utf8())
        } else {
            Some(when::sign_len(rest))
                .filter(|sign| *sign > 0)
                .and_then(spaces)
        };
        match length {
            Some(length) => at += length,
            None => return at,
        }
    }
}

/// Length in bytes of `[ ]` or `[x]` at the start of `text`.
fn checkbox_len(text: &str) -> Option<usize> {
    let mut inside = text.strip_prefix('[')?.chars();
    let mark = inside
        .next()
        .filter(|c| is_blank(*c) || "xX".contains(*c))?;
    inside
        .as_str()
        .starts_with(']')
        .then_some("[]".len() + mark.len_utf8())
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// Returns what `**`, `__`, backticks, `*`, `_` or brackets at the start of `text` enclose, where it
/// begins, and where the closing mark ends.
fn enclosed(text: &str) -> Option<(&str, usize, usize)> {
    const PAIRS: [(&str, &str); 12] = [
        // Markdown that was escaped on its way.
        ("\\*\\*", "\\*\\*"),
        ("\\*", "\\*"),
        ("\\[", "\\]"),
        ("\\_\\_", "\\_\\_"),
        ("**", "**"),
        ("__", "__"),
        ("`", "`"),
        ("*", "*"),
        ("_", "_"),
        ("[", "]"),
        ("(", ")"),
        ("<", ">"),
    ];
    let (open, close) = PAIRS.iter().find(|(open, _)| text.starts_with(open))?;
    let length = text[open.len()..].find(close)?;
    let inner = text[open.len()..open.len() + length].trim_end_matches(':');
    let end = open.len() + length + close.len();
    let is_end = |c: char| c.is_whitespace() || matches!(c, ':' | ',' | '-' | '|');
    let colon = usize::from(text[end..].starts_with(':'));
    text[end..]
        .chars()
        .next()
        .is_none_or(is_end)
        .then_some((inner, open.len(), end + colon))
}

/// True if `text` begins with a dash, a bar or a colon of its own, which after a time would not be part of the text.
pub(super) fn begins_with_separator(text: &str) -> bool {
    text.starts_with(is_separator) || is_lone_colon(text)
}

/// True for the colon of `13:50 : web`.
fn is_lone_colon(text: &str) -> bool {
    text.strip_prefix(':')
        .is_some_and(|after| after.is_empty() || after.starts_with(is_blank))
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '|' | '·' | '•')
}

/// Length in bytes of a dash or bar after a time, with the spaces around it.
fn separator_len(text: &str) -> usize {
    let trimmed = text.trim_start_matches(is_blank);
    let is_mark = |c: &char| is_separator(*c) || is_lone_colon(trimmed);
    let Some(mark) = trimmed.chars().next().filter(is_mark) else {
        return 0;
    };
    let after = &trimmed[mark.len_utf8()..];
    let rest = after.trim_start_matches(is_blank);
    let spaced = rest.len() < after.len() && trimmed.len() < text.len();
    if spaced || mark == '|' {
        text.len() - rest.len()
    } else {
        0
    }
}
