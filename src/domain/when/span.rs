//! What the two ends of a span say about each other.

use super::{
    day::Day,
    moment::{Moment, ParsedTime},
    time_of_day::in_half,
};
use crate::domain::parse_error::ParseError;
use chrono::{NaiveTime, Timelike as _};

/// True if what follows a time and a spaced dash, though it begins like a time, is rather the text: in `10:06 - 3 pm
/// deploy failed` the ends are not written alike.
pub(super) fn is_rather_text(first: &ParsedTime<'_>, second: &ParsedTime<'_>) -> bool {
    match (first.moment, second.moment) {
        (Moment::Clock { .. }, Moment::Ago(_)) => true,
        (Moment::Clock { .. }, Moment::Clock { .. }) => {
            first.afternoon.is_none() && !second.typed.contains(':')
        }
        (Moment::Ago(_), _) => false,
    }
}

/// Says that the `second` time was kept as text.
pub(super) fn text_after_dash_doubt(first: &ParsedTime<'_>, second: &ParsedTime<'_>) -> String {
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
