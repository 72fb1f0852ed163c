//! A whole WHEN: one moment, or a span of two.

use super::{
    cursor::end_of_when,
    date_line::parse_date_line,
    moment::{ParsedTime, parse_time},
    resolve,
    types::{ParseContext, TimeContext, When, WhenError, truncate},
    zone_suffix,
};
use crate::domain::{sanitize, time::UtcTime};

/// Said where nothing better is known.
const EXAMPLES_HINT: &str =
    "write a time such as 10:06, -12m, yesterday 23:50, Aug 16 10:06 or 2012-08-16 10:06";

/// Reads `text`, all of which is one WHEN.
///
/// # Errors
/// Where it is not: nothing at all, a reading that no clock shows, a time that the zone skipped or
/// had twice, a name that no zone has, a span without an end, a time before
/// 1970-01-01 or after 9999-12-30 in UTC ([`may_be`](crate::domain::time::is_in_range)).
pub fn parse(text: &str, now: &TimeContext<'_>) -> Result<When, WhenError> {
    parse_with_reference(text, now, None)
}

/// The same; a bare time of day is the one nearest to `near`, where that is given.
pub(crate) fn parse_with_reference(
    text: &str,
    now: &TimeContext<'_>,
    near: Option<UtcTime>,
) -> Result<When, WhenError> {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    if start >= end {
        return Err(WhenError::new(
            "the time is empty",
            EXAMPLES_HINT,
            0..text.len(),
        ));
    }
    // A WHEN is never longer; what is longer is not worth a scan.
    let shown = sanitize::line(truncate(text.trim())).into_owned();
    let Some((when, next)) = parse_span(
        text,
        start,
        &ParseContext {
            context: now,
            reference_time: near,
        },
        true,
    )?
    else {
        let (message, hint) = if matches!(parse_date_line(text, now), Some(Ok(_))) {
            (
                format!("`{shown}` has no time of day"),
                format!("add one: `{shown} 10:06`"),
            )
        } else {
            (format!("`{shown}` is not a time"), EXAMPLES_HINT.to_owned())
        };
        return Err(WhenError::new(message, hint, start..end));
    };
    if next < end {
        let rest = text[next..end].trim_start();
        let range = end - rest.len()..end;
        return Err(
            zone_suffix::unknown_zone_error(rest, range).unwrap_or_else(|range| {
                WhenError::new(
                    format!("`{}` is not part of a time", sanitize::line(truncate(rest))),
                    EXAMPLES_HINT,
                    range,
                )
            }),
        );
    }
    Ok(when)
}

/// Reads the WHEN that a capture line begins with, and how many bytes it takes (a `:` or `,` right
/// behind it too, white space not). `None` where the line begins with something else.
///
/// # Errors
/// Inside `Some`, where the line does begin with a WHEN and it cannot be right.
#[must_use]
pub fn parse_leading(
    text: &str,
    now: &TimeContext<'_>,
) -> Option<Result<(When, usize), WhenError>> {
    parse_leading_with_reference(text, now, None)
}

/// The same; a bare time of day is the one nearest to `near`, where that is given: the time of an
/// event that is being amended.
pub(crate) fn parse_leading_with_reference(
    text: &str,
    now: &TimeContext<'_>,
    near: Option<UtcTime>,
) -> Option<Result<(When, usize), WhenError>> {
    let start = text.len() - text.trim_start().len();
    parse_span(
        text,
        start,
        &ParseContext {
            context: now,
            reference_time: near,
        },
        false,
    )
    .transpose()
}

/// A moment, or two with `-` or `..` between them, from byte `start` on; and where it ends.
fn parse_span(
    text: &str,
    start: usize,
    against: &ParseContext<'_>,
    strict: bool,
) -> Result<Option<(When, usize)>, WhenError> {
    let Some((first, after)) = parse_time(text, start, against.context, strict)? else {
        return Ok(None);
    };
    let (second, after) = match find_range_separator(text, after) {
        Some(joint) => match parse_time(text, joint.next, against.context, strict)? {
            Some((part, after)) => (Some(part), after),
            None if joint.unambiguous => {
                return Err(WhenError::new(
                    "the span has no end",
                    "write both ends (`10:06-10:20`), or one time and a space",
                    start..joint.next,
                ));
            }
            None => (None, after),
        },
        None => (None, after),
    };
    let Some(after) = end_of_when(text, after) else {
        return Ok(None);
    };
    combine_range(first, second, against).map(|when| Some((when, after)))
}

/// What joins the ends of a span.
struct RangeSeparator {
    /// Where the second end begins.
    next: usize,
    /// True where nothing else could have been meant.
    unambiguous: bool,
}

fn find_range_separator(text: &str, after: usize) -> Option<RangeSeparator> {
    let rest = &text[after..];
    let trimmed = rest.trim_start_matches(' ');
    let dash = |t: &str| t.chars().next().filter(|c| matches!(c, '-' | '–' | '—'));
    let dots = trimmed.starts_with("..") && !trimmed.starts_with("...");
    let past = |len: usize| {
        let behind = &trimmed[len..];
        text.len() - behind.trim_start_matches(' ').len()
    };
    if dots {
        return Some(RangeSeparator {
            next: past(2),
            unambiguous: true,
        });
    }
    let dash = dash(trimmed)?;
    let glued = trimmed.len() == rest.len();
    // ` - ` may also begin the text; ` -10:20` would be an offset.
    let spaced = trimmed[dash.len_utf8()..].starts_with(' ');
    (glued || spaced).then(|| RangeSeparator {
        next: past(dash.len_utf8()),
        unambiguous: glued,
    })
}

/// Puts the two ends together: a zone or a day that is given at one end only holds for both.
fn combine_range<'t>(
    mut first: ParsedTime<'t>,
    second: Option<ParsedTime<'t>>,
    against: &ParseContext<'_>,
) -> Result<When, WhenError> {
    let Some(mut second) = second else {
        let (at, zone) = resolve::resolve_start(&first, against)?;
        return Ok(When {
            at,
            zone,
            approximate: first.approximate,
            end: None,
        });
    };
    if first.zone.is_none() {
        first.zone.clone_from(&second.zone);
    } else if second.zone.is_none() {
        second.zone.clone_from(&first.zone);
    }
    let (at, zone) = resolve::resolve_start(&first, against)?;
    let end = resolve::resolve_end(&second, at, against)?;
    if end < at {
        return Err(WhenError::new(
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
    })
}
