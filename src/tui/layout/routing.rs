//! The hit test of the choice of an incident.

use crate::tui::model::Model;

/// Returns the index of the choice at row `row` of the page; the first row is the title.
#[must_use]
pub fn row_at(model: &Model, row: usize) -> Option<usize> {
    let at = row.checked_sub(1)?;
    (at < model.routing_choices().len()).then_some(at)
}
