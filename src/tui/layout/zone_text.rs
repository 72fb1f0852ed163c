//! The text typed in the input zone (no time zone): its rows on the screen, and the hit test of a click in it.

use super::areas::{text_rows, zone_columns};
use crate::tui::{
    content::{
        input_text::{byte_at_column, wrap_with_cursor},
        zone::{text_column, zone_input},
    },
    model::Model,
    text::{fit, width},
};
use unicode_segmentation::UnicodeSegmentation as _;

/// The rows of the text that are in view, and where the cursor is in them.
#[derive(Clone, Debug, Default)]
pub struct ZoneText {
    pub rows: Vec<String>,
    /// Row and column of the cursor.
    pub cursor: (usize, usize),
    /// How many rows above are out of view.
    pub skipped: usize,
    /// The column where the text begins.
    pub column: usize,
}

/// Returns the text in view; `None` if nothing is typed in the zone.
#[must_use]
pub fn zone_text(model: &Model) -> Option<ZoneText> {
    let input = zone_input(model)?;
    let columns = zone_columns(model);
    let (rows, (row, column)) =
        wrap_with_cursor(input.text(), input.before_cursor().len(), columns);
    let height = usize::from(text_rows(model));
    let skipped = (row + 1).saturating_sub(height);
    let is_cut_below = rows.len() > skipped + height;
    let mut shown: Vec<String> = rows.into_iter().skip(skipped).take(height).collect();
    if let Some(first) = shown.first_mut().filter(|_| skipped > 0) {
        *first = cut_before(first);
    }
    if let Some(last) = shown.last_mut().filter(|_| is_cut_below) {
        let text = format!("{}…", last.trim_end());
        // Cut where the sign would not fit.
        *last = fit(&text, columns);
    }
    Some(ZoneText {
        rows: shown,
        cursor: (row - skipped, column),
        skipped,
        column: text_column(model),
    })
}

/// Returns a row with the sign that the rows before it are out of view, as wide as before.
fn cut_before(row: &str) -> String {
    let first = row.graphemes(true).next().unwrap_or_default();
    let spaces = width(first).saturating_sub(1);
    format!("…{}{}", " ".repeat(spaces), &row[first.len()..])
}

/// Returns the byte of the text at column `x`, row `row` of the zone; `None` where no text is typed.
#[must_use]
pub fn byte_at(model: &Model, x: u16, row: usize) -> Option<usize> {
    let input = zone_input(model)?;
    let shown = zone_text(model)?;
    let row = (row + shown.skipped).min(shown.skipped + shown.rows.len().saturating_sub(1));
    let column = usize::from(x).saturating_sub(shown.column);
    Some(byte_at_column(
        input.text(),
        zone_columns(model),
        row,
        column,
    ))
}
