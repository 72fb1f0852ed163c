//! The marks that lists, quotes and tables put before the time of a line.

use super::context::Context;
use crate::domain::{
    parse_error::ParseError,
    time::UtcTime,
    when::{self, When},
};

/// A time at the start of a line, behind the marks of a list.
pub(super) struct MarkedTime {
    pub when: When,
    /// Length in bytes of the marks, the time, and a dash or bar after it.
    pub length: usize,
}

/// Parses the time with which `text` begins, behind `- `, `* `, `1. `, `> `, `| `, `- [ ] ` and the
/// like, and within `**`, backticks or brackets. `None` if there is no time, so that marks are text.
pub(super) fn parse_marked_time(
    text: &str,
    context: &Context<'_>,
    reference_time: Option<UtcTime>,
) -> Option<Result<MarkedTime, ParseError>> {
    let time_context = context.time_context();
    let leading = |text| when::parse_leading_with_reference(text, &time_context, reference_time);
    // `25. Nov 13:50` is a date, not an item of a list.
    let (marks, result) = match leading(text) {
        Some(result) => (0, result),
        None => {
            let marks = marks_len(text);
            let rest = &text[marks..];
            let result = match leading(rest).filter(|_| marks > 0) {
                Some(result) => result,
                None => enclosed_time(rest, &time_context, reference_time)?,
            };
            (marks, result)
        }
    };
    let rest = &text[marks..];
    Some(match result {
        Ok((when, length)) => Ok(MarkedTime {
            when,
            length: marks + length + separator_len(&rest[length..]),
        }),
        Err(mut error) => {
            error.range = error.range.start + marks..error.range.end + marks;
            Err(error)
        }
    })
}

/// Parses the time that `**`, backticks or brackets at the start of `text` enclose, or returns the error
/// about what begins like one, such as `[25:00]`.
fn enclosed_time(
    text: &str,
    context: &when::TimeContext<'_>,
    reference_time: Option<UtcTime>,
) -> Option<Result<(When, usize), ParseError>> {
    let (inner, start, end) = enclosed(text)?;
    if let Ok(when) = when::parse_with_reference(inner, context, reference_time) {
        return Some(Ok((when, end)));
    }
    let mut error = when::parse_leading(inner, context)?.err()?;
    error.range = error.range.start + start..error.range.end + start;
    Some(Err(error))
}

/// Returns the line without the marks at its start, if a time follows them.
pub fn strip_marks(text: &str) -> &str {
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
            None
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
    const PAIRS: [(&str, &str); 8] = [
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

/// True if `text` begins with a dash or bar, which after a time would not be part of the text.
pub(super) fn begins_with_separator(text: &str) -> bool {
    text.starts_with(is_separator)
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '|' | '·' | '•')
}

/// Length in bytes of a dash or bar after a time, with the spaces around it.
fn separator_len(text: &str) -> usize {
    let trimmed = text.trim_start_matches(is_blank);
    let Some(mark) = trimmed.chars().next().filter(|c| is_separator(*c)) else {
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
