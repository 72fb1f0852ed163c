//! Finds the end of a span behind marks that close its beginning or open its end: `**09:30** to **10:30** UTC`,
//! `[09:30]–[10:30]`, `09:30 → **10:30**`.

use super::part::{Found, Part, begins_time, is_closing, is_opening, is_space_or_point};
use crate::domain::{
    parse_error::ParseError,
    when::{self, When},
};

/// Reads the end of the span that begins with `time`, which was read as `first`, directly behind it in `rest`; `leading`
/// parses the time at the start of a text.
///
/// # Errors
/// It is no valid end of it; the range is that in `rest`.
pub(super) fn find(
    time: &str,
    first: &When,
    rest: &str,
    leading: impl Fn(&str) -> Option<Result<(When, usize), ParseError>>,
) -> Result<Found, ParseError> {
    let marked = rest.trim_start_matches(is_closing);
    let joined = marked.trim_start();
    let is_spaced = joined.len() < marked.len();
    let dash = joined.strip_prefix(['-', '–', '—']);
    let dash = dash.filter(|after| after.starts_with(char::is_whitespace) == is_spaced);
    let Some(after) = dash.or_else(|| when::after_span_join(joined)) else {
        return Ok(Found::Nothing);
    };
    let end = after.trim_start();
    let start = rest.len() - end.trim_start_matches(is_opening).len();
    let has_marks = marked.len() < rest.len() || start > rest.len() - end.len();
    if first.end.is_some() || !has_marks || !begins_time(&rest[start..]) {
        return Ok(Found::Nothing);
    }
    let join = match (dash, is_spaced) {
        (Some(_), true) => " - ",
        (Some(_), false) => "-",
        // The article of a text is none before marks.
        (None, _) => " to ",
    };
    let part = Part::at(rest, start);
    let before = time.len() + join.len();
    match leading(&format!("{time}{join}{}", part.plain)) {
        Some(Ok((when, length))) if when.end.is_some() && length > before => {
            let read = part.plain[..length - before].trim_end_matches(is_space_or_point);
            Ok(Found::Part {
                time: format!("{time}{join}{read}"),
                when,
                end: start + read.len(),
            })
        }
        Some(Ok((when, _))) => {
            let is_new = |doubt: &String| !first.doubts.contains(doubt);
            let doubt = when.doubts.last().cloned().filter(is_new);
            Ok(doubt.map_or(Found::Nothing, Found::Notice))
        }
        Some(Err(error)) => {
            let end = start + part.word_end(0);
            Err(ParseError::new(error.message, error.hint, start..end))
        }
        None => Ok(Found::Nothing),
    }
}
