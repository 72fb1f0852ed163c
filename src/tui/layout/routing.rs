//! The hit test of the choice of an incident.

use super::{areas::areas, finder::first_row};
use crate::tui::model::{Model, Overlay};

/// Returns the rows of a page of `height` that are above the choices: the title, which gives way where all choices
/// are seen without it only.
#[must_use]
pub fn title_rows(count: usize, height: usize) -> usize {
    usize::from(count != height)
}

/// Returns the index of the choice at row `row` of the page.
#[must_use]
pub fn row_at(model: &Model, row: usize) -> Option<usize> {
    let Some(Overlay::Routing(routing)) = model.overlays.last() else {
        return None;
    };
    let count = model.routing_choices().len();
    let height = usize::from(areas(model).page.height);
    let title = title_rows(count, height);
    let first = first_row(routing.picked, count, height.saturating_sub(title));
    let at = first + row.checked_sub(title)?;
    (at < count).then_some(at)
}
