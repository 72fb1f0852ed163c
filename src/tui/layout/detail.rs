//! The detail of an event: the pane beside the list, or the whole page.

use ratatui::layout::Rect;

/// Returns the part of `area` with the text: below the rule with the handle, one column from the edges.
#[must_use]
pub fn text_area(area: Rect) -> Rect {
    Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(3),
        height: area.height.saturating_sub(1),
    }
}

/// Returns how many columns of a page of `columns` the pane takes.
#[must_use]
pub fn pane_columns(columns: u16) -> u16 {
    const MOST: u16 = 90;
    (columns * 3 / 8).min(MOST)
}
