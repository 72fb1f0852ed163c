//! A WHEN: the time of an event as a person types it. Source: DESIGN, The capture line.
//!
//! What a reading of a clock leaves open (the day, the zone, which of two readings) is settled by
//! rule or refused, never guessed.

mod ago;
mod clock;
mod day;
mod hands;
mod place;
mod print;
mod scan;
mod settle;
#[cfg(test)]
mod tests;

use super::{
    time::{Instant, Stamp},
    zone::Zone,
};
pub(crate) use ago::time_box;
use chrono::NaiveDate;
use scan::Part;
use std::ops::Range;

pub use print::print;

/// When something happened, as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// When it happened, or began.
    pub at: Stamp,
    /// The name of the zone that it was read in; empty where only an offset was given.
    pub zone: String,
    /// True where it is only about right.
    pub approximate: bool,
    /// When it ended, where a span was given; never before `at`.
    pub end: Option<Stamp>,
}

/// What a WHEN is read against.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// The time it is.
    pub now: Instant,
    /// The zone of a time that names none.
    pub zone: &'a Zone,
    /// From when to when an incident that is over lasted: where a bare time of day is looked for.
    pub span: Option<(Instant, Instant)>,
    /// The day of a bare time of day, where a line before has set it.
    pub day: Option<NaiveDate>,
}

/// Why a text is no WHEN.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WhenError {
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub hint: String,
    /// Which bytes of the text it is about.
    pub range: Range<usize>,
}

impl WhenError {
    fn new(message: impl Into<String>, hint: impl Into<String>, range: Range<usize>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
            range,
        }
    }
}

/// Said where nothing better is known.
const FORMS: &str =
    "write a time such as 10:06, -12m, yesterday 23:50, Aug 16 10:06 or 2012-08-16 10:06";

/// Reads `text`, all of which is one WHEN.
///
/// # Errors
/// Where it is not: nothing at all, a reading that no clock shows, a time that the zone skipped or
/// had twice, a name that no zone has, a span without an end, a year before 1970 or after 9999.
pub fn parse(text: &str, now: &Now<'_>) -> Result<When, WhenError> {
    parse_near(text, now, None)
}

/// The same; a bare time of day is the one nearest to `near`, where that is given.
pub(crate) fn parse_near(
    text: &str,
    now: &Now<'_>,
    near: Option<Instant>,
) -> Result<When, WhenError> {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    if start >= end {
        return Err(WhenError::new("the time is empty", FORMS, 0..text.len()));
    }
    // A WHEN is never longer; what is longer is not worth a scan.
    let shown = super::safe::line(clip(text.trim())).into_owned();
    let Some((when, next)) = span(text, start, &Against { now, near }, true)? else {
        let (message, hint) = if date(text.trim(), now).is_some() {
            (
                format!("`{shown}` has no time of day"),
                format!("add one: `{shown} 10:06`"),
            )
        } else {
            (format!("`{shown}` is not a time"), FORMS.to_owned())
        };
        return Err(WhenError::new(message, hint, start..end));
    };
    if next < end {
        let rest = text[next..end].trim_start();
        let range = end - rest.len()..end;
        return Err(place::unknown(rest, range).unwrap_or_else(|range| {
            WhenError::new(
                format!("`{}` is not part of a time", super::safe::line(clip(rest))),
                FORMS,
                range,
            )
        }));
    }
    Ok(when)
}

/// Reads the WHEN that a capture line begins with, and how many bytes it takes (a `:` or `,` right
/// behind it too, white space not). `None` where the line begins with something else.
///
/// # Errors
/// Inside `Some`, where the line does begin with a WHEN and it cannot be right.
#[must_use]
pub fn leading(text: &str, now: &Now<'_>) -> Option<Result<(When, usize), WhenError>> {
    leading_near(text, now, None)
}

/// The same; a bare time of day is the one nearest to `near`, where that is given: the time of an
/// event that is being amended.
pub(crate) fn leading_near(
    text: &str,
    now: &Now<'_>,
    near: Option<Instant>,
) -> Option<Result<(When, usize), WhenError>> {
    let start = text.len() - text.trim_start().len();
    span(text, start, &Against { now, near }, false).transpose()
}

/// What a WHEN is read against, and the time it corrects.
#[derive(Clone, Copy)]
struct Against<'a> {
    now: &'a Now<'a>,
    near: Option<Instant>,
}

/// The beginning of `text` that could have been meant for a WHEN and is none, because of what stands
/// around it: `[10:06]`, `at 10:06`, `2012-08-16` without a time of day. How many bytes it takes.
pub(crate) fn missed(text: &str, now: &Now<'_>) -> Option<usize> {
    const BEFORE: [&str; 10] = [
        "[", "(", "<", "at ", "At ", "about ", "around ", "approx ", "ca. ", "ca ",
    ];
    let inner = BEFORE.iter().find_map(|before| text.strip_prefix(before));
    if let Some(inner) = inner {
        // What closes a bracket is no part of a time.
        let word = inner
            .find([']', ')', '>'])
            .map_or(inner, |end| &inner[..end]);
        return match leading(word, now)? {
            Ok((_, length)) => Some(text.len() - inner.len() + length),
            Err(_) => None,
        };
    }
    let mut scan = scan::Scan::new(text, 0);
    let (day, _) = day::scan(&mut scan).ok()??;
    let dated = matches!(day, scan::Day::Date(_) | scan::Day::Yearly(..));
    (dated && boundary_or_end(&scan)).then_some(scan.at)
}

fn boundary_or_end(scan: &scan::Scan<'_>) -> bool {
    scan.peek()
        .is_none_or(|c| c.is_whitespace() || matches!(c, ':' | ','))
}

/// The day that a line sets which is a date and nothing else: `2012-08-16`, `Aug 16`, `16 Aug 2012`,
/// `Thu`, `yesterday`, `today`; a day without a year is the latest that is not in the future.
#[must_use]
pub fn date_line(text: &str, now: &Now<'_>) -> Option<NaiveDate> {
    let text = text.trim();
    date(text.strip_suffix(':').unwrap_or(text), now)
}

fn date(text: &str, now: &Now<'_>) -> Option<NaiveDate> {
    let mut scan = scan::Scan::new(text, 0);
    let (day, _) = day::scan(&mut scan).ok()??;
    (scan.at == text.len()).then(|| settle::date(&day, now))?
}

/// The beginning of a text, short enough for a message.
fn clip(text: &str) -> &str {
    match text.char_indices().nth(60) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}

/// A moment, or two with `-` or `..` between them, from byte `start` on; and where it ends.
fn span(
    text: &str,
    start: usize,
    against: &Against<'_>,
    strict: bool,
) -> Result<Option<(When, usize)>, WhenError> {
    let Some((first, after)) = scan::part(text, start, against.now, strict)? else {
        return Ok(None);
    };
    let (second, after) = match joint(text, after) {
        Some(joint) => match scan::part(text, joint.next, against.now, strict)? {
            Some((part, after)) => (Some(part), after),
            None if joint.binding => {
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
    let Some(after) = scan::boundary(text, after) else {
        return Ok(None);
    };
    both(first, second, against).map(|when| Some((when, after)))
}

/// What joins the ends of a span.
struct Joint {
    /// Where the second end begins.
    next: usize,
    /// True where nothing else could have been meant.
    binding: bool,
}

fn joint(text: &str, after: usize) -> Option<Joint> {
    let rest = &text[after..];
    let trimmed = rest.trim_start_matches(' ');
    let dash = |t: &str| t.chars().next().filter(|c| matches!(c, '-' | '–' | '—'));
    let dots = trimmed.starts_with("..") && !trimmed.starts_with("...");
    let past = |len: usize| {
        let behind = &trimmed[len..];
        text.len() - behind.trim_start_matches(' ').len()
    };
    if dots {
        return Some(Joint {
            next: past(2),
            binding: true,
        });
    }
    let dash = dash(trimmed)?;
    let glued = trimmed.len() == rest.len();
    // ` - ` may also begin the text; ` -10:20` would be an offset.
    let spaced = trimmed[dash.len_utf8()..].starts_with(' ');
    (glued || spaced).then(|| Joint {
        next: past(dash.len_utf8()),
        binding: glued,
    })
}

/// Puts the two ends together: a zone or a day that is given at one end only holds for both.
fn both<'t>(
    mut first: Part<'t>,
    second: Option<Part<'t>>,
    against: &Against<'_>,
) -> Result<When, WhenError> {
    let Some(mut second) = second else {
        let (at, zone) = settle::start(&first, against)?;
        return Ok(When {
            at,
            zone,
            approximate: first.approximate,
            end: None,
        });
    };
    if first.place.is_none() {
        first.place.clone_from(&second.place);
    } else if second.place.is_none() {
        second.place.clone_from(&first.place);
    }
    let (at, zone) = settle::start(&first, against)?;
    let end = settle::end(&second, at, against)?;
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
