//! The text typed in the input zone (no time zone): its rows on the screen, and the hit test of a click in it.

use super::areas::{text_rows, zone_columns};
use crate::tui::{
    content::{
        input_text::{byte_at_column, wrap_with_cursor},
        zone::{text_column, zone_input},
    },
    model::Model,
};

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
    Some(ZoneText {
        rows: rows.into_iter().skip(skipped).take(height).collect(),
        cursor: (row - skipped, column),
        skipped,
        column: text_column(model),
    })
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
