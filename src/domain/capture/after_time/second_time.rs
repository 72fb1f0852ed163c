//! Finds a second time of another moment right behind the first: `13:50 (11:50 UTC)`.

use crate::domain::{parse_error::ParseError, when::When};

/// Says that the time with which `rest` begins, behind `first`, is of another moment, if it has a zone or a cell of its own;
/// `leading` parses the time at the start of a text. A clock that says the same in another zone needs no word.
pub(super) fn contradicting(
    first: &When,
    rest: &str,
    leading: impl Fn(&str) -> Option<Result<(When, usize), ParseError>>,
) -> Option<String> {
    const MARKS: &str = "([|/=,";
    let text = rest.trim_start_matches(|c: char| c.is_whitespace() || MARKS.contains(c));
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let marks = &rest[..rest.len() - text.len()];
    // A bracket behind the zone is no part of it.
    let text = text.split([')', ']', '|', '\t']).next()?;
    let (second, length) = leading(text)?.ok()?;
    let typed = text[..length].trim_end();
    let is_cell = marks.contains(['|', '\t']) && typed.len() == text.trim_end().len();
    let is_other = (second.at.to_utc() - first.at.to_utc()).num_minutes() % (24 * 60) != 0;
    (is_other && (is_cell || has_zone(typed))).then(|| {
        format!(
            "`{typed}` after the time was kept as text: it is another moment than the first time; a span is written `10:06-10:20`"
        )
    })
}

/// True if the time `typed` ends with a zone or an offset.
fn has_zone(typed: &str) -> bool {
    let last = typed.rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_name = last.chars().all(|c| c.is_ascii_uppercase()) && !matches!(last, "AM" | "PM");
    is_name || last.ends_with('Z') || last.contains(['+', '/'])
}
