//! The hit test of the choice of an incident.

use super::{areas::areas, finder::first_row};
use crate::tui::model::{Model, Overlay};

/// Returns the index of the choice at row `row` of the page; the first row is the title.
#[must_use]
pub fn row_at(model: &Model, row: usize) -> Option<usize> {
    let Some(Overlay::Routing(routing)) = model.overlays.last() else {
        return None;
    };
    let count = model.routing_choices().len();
    let height = usize::from(areas(model).page.height).saturating_sub(1);
    let at = first_row(routing.picked, count, height) + row.checked_sub(1)?;
    (at < count).then_some(at)
}
