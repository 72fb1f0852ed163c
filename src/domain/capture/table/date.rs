//! Reads the dates that spreadsheets show in a column: `24-Nov`, `24-Nov-26`, `11/24/26`, `24.11.`

use crate::domain::when::{MONTHS, TimeContext};
use chrono::Datelike as _;
use std::borrow::Cow;

/// Returns a date in a column of dates as it is written before a time. One whose day and month may be either, or whose
/// year is neither this one nor the last, stays as it is.
pub(super) fn plain_date<'d>(date: &'d str, context: &TimeContext<'_>) -> Cow<'d, str> {
    read(date, context).map_or(Cow::Borrowed(date), Cow::Owned)
}

/// True for the mark that a cell is as the one above it.
pub(super) fn is_ditto(cell: &str) -> bool {
    matches!(cell, "\"" | "''" | "″" | "〃" | "”")
}

fn read(date: &str, context: &TimeContext<'_>) -> Option<String> {
    let separator = date.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let parts: Vec<&str> = date.trim_end_matches('.').split(separator).collect();
    let (first, second, year) = match *parts.as_slice() {
        [first, second] => (first, second, None),
        [first, second, year] if year.len() == 2 => (first, second, Some(year)),
        _ => return None,
    };
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 2);
    let (day, month) = match (number(first)?, month(second), number(second)) {
        (day, Some(month), _) => (day, month),
        (day, None, Some(month)) if separator == '.' || separator == '/' && day > 12 => {
            (day, month)
        }
        (month, None, Some(day)) if separator == '/' && day > 12 => (day, month),
        _ => return None,
    };
    let name = MONTHS.get(usize::try_from(month).ok()?.checked_sub(1)?)?;
    let Some(year) = year else {
        return Some(format!("{day} {name}"));
    };
    let this_year = context.zone.to_local(context.now).year();
    let year = 2000 + i32::try_from(number(year)?).ok()?;
    (year == this_year || year + 1 == this_year).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Returns the number of a month by its name, in full or short.
fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let is_it = |name: &str| name == word || name.get(..3) == Some(&word);
    let at = MONTHS.iter().position(|name| is_it(name))?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{time::parse_utc, zone::Zone};
    use rstest::rstest;

    #[rstest]
    #[case("24-Nov", "24 november")]
    #[case("24-Nov-26", "2026-11-24")]
    #[case("11/24/26", "2026-11-24")]
    #[case("24/11", "24 november")]
    #[case("24.11.", "24 november")]
    #[case("05.11.26", "2026-11-05")]
    #[case("05/11/26", "05/11/26")]
    #[case("26-Nov-24", "26-Nov-24")]
    #[case("2026-11-24", "2026-11-24")]
    #[case("24.13.26", "24.13.26")]
    #[case("Tue", "Tue")]
    fn dates_of_spreadsheets_are_read(#[case] cell: &str, #[case] expected: &str) {
        let zone = Zone::utc();
        let now = parse_utc("2026-11-25T15:00:00Z").unwrap();
        assert_eq!(plain_date(cell, &TimeContext::new(now, &zone)), expected);
    }
}
