//! The rows of the paste preview, and its hit test.

use crate::tui::model::{Paste, PasteDay};

/// Returns the rows above the list: the title, and the question for the day if it is asked.
#[must_use]
pub fn head_rows(paste: &Paste) -> u16 {
    1 + u16::from(paste.day != PasteDay::NotAsked)
}

/// Returns how many rows of the paste fit in a page of `height` rows; at least 1.
#[must_use]
pub fn visible_row_count(paste: &Paste, height: u16) -> usize {
    usize::from(height.saturating_sub(head_rows(paste))).max(1)
}

/// Returns the index of the first row in view, so that the selected one is near the middle.
#[must_use]
pub fn first_row(paste: &Paste, height: u16) -> usize {
    let rows = visible_row_count(paste, height);
    paste
        .selected
        .saturating_sub(rows / 2)
        .min(paste.rows.len().saturating_sub(rows))
}

/// Returns the index of the paste row at row `row` of a page of `height` rows.
#[must_use]
pub fn row_at(paste: &Paste, row: usize, height: u16) -> Option<usize> {
    let at = first_row(paste, height) + row.checked_sub(usize::from(head_rows(paste)))?;
    (at < paste.rows.len()).then_some(at)
}
