//! The rows of the preview of an import, and its hit tests.

use super::choice_bar::choice_at;
use crate::{
    ops::import::grouped,
    tui::model::{Import, ImportRows, RowFilter},
};

/// The row of the page that says which rows are listed; the first is the title.
pub const FILTER_ROW: usize = 1;
/// The rows above the list.
const HEAD_ROWS: usize = 2;
/// Pages narrower than this show times without their days, and shorter words.
const NARROW: u16 = 60;
/// Columns of `[x] `.
pub const MARK_COLUMNS: usize = 4;
/// Columns of a sign and the word of a kind.
const KIND_COLUMNS: usize = 11;

/// True if a page of `width` columns shows times without their days, and shorter words.
#[must_use]
pub fn is_narrow(width: u16) -> bool {
    width < NARROW
}

/// Returns the columns of the time of a row, with the space behind it.
#[must_use]
pub fn time_columns(width: u16) -> usize {
    if is_narrow(width) { 6 } else { 13 }
}

/// Returns the choices of what is listed, with how many rows each lists.
#[must_use]
pub fn filter_words(import: &Import, rows: &ImportRows, width: u16) -> Vec<String> {
    let counts = rows.counts(&import.request);
    let words = match is_narrow(width) {
        true => ["all", "in", "out", "here", "bad"],
        false => ["all", "taken", "left out", "here already", "unreadable"],
    };
    RowFilter::ALL
        .iter()
        .zip(words)
        .map(|(filter, word)| format!("{word} {}", grouped(counts.of(*filter))))
        .collect()
}

/// Returns the filter at `column` of the row that says which rows are listed.
#[must_use]
pub fn filter_at(import: &Import, width: u16, column: u16) -> Option<RowFilter> {
    let words = filter_words(import, import.rows()?, width);
    let at = choice_at(&words, column.checked_sub(1)?)?;
    RowFilter::ALL.get(at).copied()
}

/// Returns how many rows fit in a page of `height` rows; at least 1.
#[must_use]
pub fn visible_row_count(height: u16) -> usize {
    usize::from(height).saturating_sub(HEAD_ROWS).max(1)
}

/// Returns the index of the first row in view, so that the selected one is near the middle.
#[must_use]
pub fn first_row(selected: usize, count: usize, height: u16) -> usize {
    let rows = visible_row_count(height);
    selected
        .saturating_sub(rows / 2)
        .min(count.saturating_sub(rows))
}

/// Returns the index of the listed row at row `row` of a page of `height` rows.
#[must_use]
pub fn row_at(import: &Import, row: usize, height: u16) -> Option<usize> {
    let rows = import.rows()?;
    let count = rows.shown(&import.request).len();
    let at = first_row(rows.selected, count, height) + row.checked_sub(HEAD_ROWS)?;
    (at < count).then_some(at)
}

/// True if `column` of a page of `width` columns is on the kind of a row.
#[must_use]
pub fn is_on_kind(width: u16, column: u16) -> bool {
    let from = MARK_COLUMNS + time_columns(width);
    (from..from + KIND_COLUMNS).contains(&usize::from(column))
}
