//! The rows of the lists that are searched by typing, and their hit test.

use super::areas::areas;
use crate::tui::model::{Model, Overlay, finder_rows};

/// Returns the index of the first row in view: the chosen one is near the middle.
#[must_use]
pub fn first_row(selected: Option<usize>, count: usize, height: usize) -> usize {
    selected
        .unwrap_or(0)
        .saturating_sub(height / 2)
        .min(count.saturating_sub(height))
}

/// Returns the index of the row at row `row` of the page; the first is the title.
#[must_use]
pub fn row_at(model: &Model, row: usize) -> Option<usize> {
    let Some(Overlay::Finder(finder)) = model.overlays.last() else {
        return None;
    };
    let count = finder_rows(model).len();
    let height = usize::from(areas(model).page.height).saturating_sub(1);
    let at = first_row(finder.selected, count, height) + row.checked_sub(1)?;
    (at < count).then_some(at)
}
