//! Parses a whole time: one moment, or a span of two.

use super::{
    cursor::end_of_when,
    date_line::parse_date_line,
    explain::explain,
    moment::{ParsedTime, parse_time},
    normalize::Normalized,
    resolve, season, span,
    types::{ParseContext, TimeContext, When, truncate},
    zone_suffix,
};
use crate::domain::{parse_error::ParseError, sanitize, time::UtcTime};

/// The hint when there is no better one.
const EXAMPLES_HINT: &str =
    "write a time such as 10:06, -12m, yesterday 23:50, Aug 16 10:06 or 2012-08-16 10:06";

/// Parses all of `text` as one time or span.
///
/// # Errors
/// If the text is empty or not a time; if no clock shows that time of day; if the zone skipped the
/// time or had it twice; if the zone is unknown; if a span has no end or ends before it begins; or
/// if the time is out of range ([`is_in_range`](crate::domain::time::is_in_range)).
pub fn parse(text: &str, context: &TimeContext<'_>) -> Result<When, ParseError> {
    parse_with_reference(text, context, None)
}

/// Like [`parse`], for what happens at one moment.
///
/// # Errors
/// As [`parse`]; or if it is a span, whose end would be lost.
pub fn parse_moment(text: &str, context: &TimeContext<'_>) -> Result<When, ParseError> {
    let when = parse(text, context)?;
    if when.end.is_none() {
        return Ok(when);
    }
    Err(ParseError::new(
        format!(
            "`{}` is a span, and one time is asked for",
            sanitize::line(truncate(text.trim()))
        ),
        format!("write one, such as {}", when.at.format("%H:%M")),
        0..text.len(),
    ))
}

/// Like [`parse`]; a time without a full date resolves to the one nearest to `reference_time`, if given.
pub(crate) fn parse_with_reference(
    text: &str,
    context: &TimeContext<'_>,
    reference_time: Option<UtcTime>,
) -> Result<When, ParseError> {
    let normalized = Normalized::new(text);
    let parse_context = ParseContext {
        context,
        reference_time,
    };
    parse_whole(&normalized.text, &parse_context)
        .map_err(|error| normalized.error_in_original(error))
}

fn parse_whole(text: &str, parse_context: &ParseContext<'_>) -> Result<When, ParseError> {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    if start >= end {
        return Err(ParseError::new(
            "the time is empty",
            EXAMPLES_HINT,
            0..text.len(),
        ));
    }
    // A valid time is never longer than this.
    let excerpt = sanitize::line(truncate(text.trim())).into_owned();
    let Some((when, next)) = parse_span(text, start, parse_context, true)? else {
        let is_day = matches!(parse_date_line(text, parse_context.context), Some(Ok(_)));
        let (message, hint) = if is_day {
            (
                format!("`{excerpt}` has no time of day"),
                format!("add one: `{excerpt} 10:06`"),
            )
        } else if let Some((message, hint)) = explain(&text[start..end]) {
            (format!("`{excerpt}` {message}"), hint)
        } else {
            (
                format!("`{excerpt}` is not a time"),
                EXAMPLES_HINT.to_owned(),
            )
        };
        return Err(ParseError::new(message, hint, start..end));
    };
    if next < end {
        let rest = text[next..end].trim_start();
        let range = end - rest.len()..end;
        return Err(
            zone_suffix::unknown_zone_error(rest, range).unwrap_or_else(|range| {
                ParseError::new(
                    format!("`{}` is not part of a time", sanitize::line(truncate(rest))),
                    EXAMPLES_HINT,
                    range,
                )
            }),
        );
    }
    Ok(when)
}

/// Parses the time at the start of a capture line; returns it with its length in bytes (including a
/// `:` or `,` right after it, excluding white space). `None` if the line does not start with a
/// time.
///
/// # Errors
/// `Some(Err)` if the line starts with a time that is not valid.
#[must_use]
pub fn parse_leading(
    text: &str,
    context: &TimeContext<'_>,
) -> Option<Result<(When, usize), ParseError>> {
    parse_leading_with_reference(text, context, None)
}

/// Like [`parse_leading`]; a time without a full date resolves to the one nearest to `reference_time`, if
/// given: the time of the event that is being amended.
pub(crate) fn parse_leading_with_reference(
    text: &str,
    context: &TimeContext<'_>,
    reference_time: Option<UtcTime>,
) -> Option<Result<(When, usize), ParseError>> {
    let normalized = Normalized::leading(text);
    let text = &*normalized.text;
    let start = text.len() - text.trim_start().len();
    let parse_context = ParseContext {
        context,
        reference_time,
    };
    parse_span(text, start, &parse_context, false)
        .map_err(|error| normalized.error_in_original(error))
        .map(|found| found.map(|(when, end)| (when, normalized.original_position(end))))
        .transpose()
}

/// Parses a moment, or two that are the ends of a span, at byte `start`; also returns where it ends.
fn parse_span(
    text: &str,
    start: usize,
    parse_context: &ParseContext<'_>,
    strict: bool,
) -> Result<Option<(When, usize)>, ParseError> {
    if let Some(close) = closing_bracket(text, start) {
        // Log files write `[2012-08-16 10:06:00]`.
        return match parse_span(&text[..close], start + 1, parse_context, strict) {
            Ok(Some((when, after))) if after == close => {
                Ok(end_of_when(text, close + 1).map(|after| (when, after)))
            }
            Ok(_) => Ok(None),
            Err(error) => Err(error),
        };
    }
    let Some((mut first, after)) = parse_time(text, start, parse_context.context, strict)? else {
        return Ok(None);
    };
    let (after, is_end) = skip_same_time(text, after, &mut first, parse_context)?;
    let second = span::parse_end(text, after, &mut first, parse_context.context, strict)?;
    let (second, after) = match second {
        Some((second, end)) => (Some(second), end),
        None => (None, after),
    };
    let Some(after) = end_of_when(text, after).or(is_end.then_some(after)) else {
        return Ok(None);
    };
    let is_behind_word = second
        .as_ref()
        .is_some_and(|second| !text[..second.range.start].trim_end().ends_with(['-', '.']));
    combine_range(first, second, parse_context)
        .map(|when| Some((when, after)))
        .map_err(|mut error| {
            if is_behind_word {
                error.hint.push_str(span::TEXT_HINT);
            }
            error
        })
}

/// Skips the `first` time as it is in another zone: the `/08:50 ET` of `05:50 PT/08:50 ET`. Returns where it ends, and
/// whether the text begins there although no space does.
///
/// # Errors
/// It is another time.
fn skip_same_time(
    text: &str,
    at: usize,
    first: &mut ParsedTime<'_>,
    parse_context: &ParseContext<'_>,
) -> Result<(usize, bool), ParseError> {
    const DAY_SECS: i64 = 86_400;
    let rest = text[at..].trim_start_matches([' ', '\t']);
    let after_slash = rest.strip_prefix('/').filter(|_| first.zone.is_some());
    let Some(other) = after_slash.map(|rest| rest.trim_start_matches([' ', '\t'])) else {
        return Ok((at, false));
    };
    let start = text.len() - other.len();
    let is_joined = text[at..].starts_with('/');
    let (second, end) = match parse_time(text, start, parse_context.context, false) {
        Ok(Some((second, end))) if second.zone.is_some() => (second, end),
        // A zone that is not known here.
        Err(error) => {
            let typed = &text[start..error.range.end];
            first.doubt = Some(format!("`{typed}` after the slash was kept as text"));
            return Ok((at, is_joined));
        }
        Ok(_) => return Ok((at, false)),
    };
    let one = resolve::resolve_start(first, parse_context)?.at;
    let two = resolve::resolve_start(&second, parse_context)?.at;
    if (one - two).num_seconds() % DAY_SECS == 0 {
        return Ok((end, false));
    }
    Err(ParseError::new(
        format!(
            "`{}` and `{}` are not the same time",
            first.typed, second.typed
        ),
        "write one of them; a span is written with two dots (`10:06 UTC..10:20 UTC`)",
        first.range.start..end,
    ))
}

/// The byte of the bracket that closes the one at `start`.
fn closing_bracket(text: &str, start: usize) -> Option<usize> {
    let close = match text[start..].chars().next()? {
        '[' => ']',
        '(' => ')',
        _ => return None,
    };
    let inside = &text[start + 1..];
    // The zone of RFC 9557 and of `(UTC)` has brackets of its own.
    let mut depth = 0_usize;
    inside.char_indices().find_map(|(at, c)| match c {
        '[' | '(' => {
            depth += 1;
            None
        }
        c if c == close && depth == 0 => Some(start + 1 + at),
        ']' | ')' => {
            depth = depth.saturating_sub(1);
            None
        }
        _ => None,
    })
}

/// Resolves both ends. A zone, and am or pm, that is given at one end applies to both.
fn combine_range<'t>(
    mut first: ParsedTime<'t>,
    second: Option<ParsedTime<'t>>,
    parse_context: &ParseContext<'_>,
) -> Result<When, ParseError> {
    let Some(mut second) = second else {
        let start = resolve::resolve_start(&first, parse_context)?;
        return Ok(When {
            at: start.at,
            zone: start.zone,
            approximate: first.approximate,
            end: None,
            assumed_day: start.assumed_day,
            zone_notice: season::notice(&first, start.at, parse_context.context),
            doubts: first.doubt.into_iter().collect(),
        });
    };
    span::share_meridiem(&mut first, &mut second)?;
    if first.zone.is_none() {
        first.zone.clone_from(&second.zone);
    } else if second.zone.is_none() {
        second.zone.clone_from(&first.zone);
    }
    let resolve::Start {
        at,
        zone,
        assumed_day,
    } = resolve::resolve_start(&first, parse_context)?;
    let end = resolve::resolve_end(&second, at, parse_context)?;
    if end < at {
        return Err(ParseError::new(
            "the span ends before it begins",
            format!(
                "from {} to {}: put the earlier time first, or give both dates",
                at.format("%Y-%m-%d %H:%M:%S %:z"),
                end.format("%Y-%m-%d %H:%M:%S %:z")
            ),
            first.range.start..second.range.end,
        ));
    }
    Ok(When {
        at,
        zone,
        approximate: first.approximate || second.approximate,
        end: Some(end),
        assumed_day,
        zone_notice: season::notice(&first, at, parse_context.context),
        doubts: first.doubt.into_iter().chain(second.doubt).collect(),
    })
}
